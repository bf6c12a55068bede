//! What a template makes of a secret is one, wherever it was made; what only stands near one is none.

use super::{CONFIG, config, put, run, workspace};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    Refused,
    Rendered,
}

const MACROS: &str = "{% macro angled(x, y='') %}<{{ x }}>{% endmacro %}
{% macro hashed(x) %}{{ x | sha256 }}{% endmacro %}
{% macro says(x) %}{% if x %}yes{% endif %}{% endmacro %}
";

/// A workspace with this template, and text files to read.
#[track_caller]
fn check(template: &str, expect: Is) {
    let folder = workspace();
    let root = folder.path();
    put(root, "charts/web/templates/config.yaml", template);
    put(root, "charts/web/templates/_text.j2", MACROS);
    put(root, "charts/web/files/hash.conf.j2", "pw={{ values.db.password | sha256 }}\n");
    put(root, "charts/web/files/plain.conf.j2", "pw={{ values.db.password }}\n");
    let cut =
        "{% set q = values.db.password | sha256 %}{% for c in q | list %}{{ c }} {% endfor %}\n";
    put(root, "charts/web/files/cut.conf.j2", cut);
    let decided = "{% if values.db.password %}requirepass{% endif %}\nhost={{ values.db.host }}\n";
    put(root, "charts/web/files/decided.conf.j2", decided);
    let seen = run(root, &["render", "web", "-e", "prod"], template);
    let is = if seen.contains("check/secret-inline") { Is::Refused } else { Is::Rendered };
    assert_eq!(is, expect, "{template}\n{seen}");
    assert_eq!(seen.contains("kind: ConfigMap"), expect == Is::Rendered, "{template}\n{seen}");
}

/// A template with tags in front and a line of data.
#[track_caller]
fn check_line(tags: &str, line: &str, expect: Is) {
    check(&format!("{tags}\n{}", config(line)), expect);
}

#[test]
fn what_a_name_was_made_of_is_known_where_it_is_printed() {
    let secret = "values.db.password";
    check_line(&format!("{{% set p = {secret} | sha256 %}}"), "a: {{ p }}", Is::Refused);
    check_line(&format!("{{% set p = {secret} | sha256 %}}"), "a: x-{{ p | upper }}", Is::Refused);
    check_line(&format!("{{% set p = {secret}[3:] %}}"), "a: {{ p }}", Is::Refused);
    check_line(&format!("{{% set p = {secret} | sha256 | quote %}}"), "a: {{ p }}", Is::Refused);
    check_line(&format!("{{% set p, q = 'x', {secret} | sha256 %}}"), "a: {{ q }}", Is::Refused);
    check_line(
        &format!("{{% set p %}}{{{{ {secret} | sha256 }}}}{{% endset %}}"),
        "a: {{ p }}",
        Is::Refused,
    );
    let space = format!("{{% set ns = namespace(p='') %}}{{% set ns.p = {secret} | sha256 %}}");
    check_line(&space, "a: {{ ns.p }}", Is::Refused);
    check_line(&space, "a: {{ ns.p | trunc(8) }}", Is::Refused);
    let with = "{% with p = values.db.password | sha256 %}\n  a: {{ p }}\n  {% endwith %}";
    check_line("", with, Is::Refused);
    let looped =
        "{% for c in values.db.password | list %}\n  a{{ loop.index }}: {{ c }}\n  {% endfor %}";
    check_line("", looped, Is::Refused);
}

#[test]
fn what_is_made_of_a_secret_is_known_within_lists_and_maps() {
    let list = "{% set p = [values.db.password | sha256, 'open'] %}";
    check_line(list, "a: {{ p[0] }}", Is::Refused);
    check_line(list, "a: {{ p | join('-') }}", Is::Refused);
    check_line(list, "a: {{ p[1] }}", Is::Rendered);
    let map = "{% set p = {'hash': values.db.password | sha256, 'where': 'x' ~ values.db.host} %}";
    check_line(map, "a: '{{ p | to_json }}'", Is::Refused);
    check_line(map, "a: {{ p.hash }}", Is::Refused);
    check_line(map, "a: {{ p.where }}", Is::Rendered);
    check_line(map, "<<: {{ p }}", Is::Refused);
    check_line(map, "{{ p | to_yaml | indent(2) }}", Is::Refused);
    let merged = "{% set c = values.db | merge({'mode': 'ro', 'url': 'db://' ~ values.db.host}) %}";
    check_line(merged, "a: '{{ c.mode }} {{ c.url }} {{ c.host | upper }}'", Is::Rendered);
    check_line(merged, "a: '{{ c.password | sha256 }}'", Is::Refused);
    check_line(merged, "a: '{{ c | length }} {{ c | keys | join(\" \") }}'", Is::Rendered);
    let picked =
        "{{ values.db | merge({'mode': 'ro'}) | pick('host', 'mode') | to_yaml | indent(2) }}";
    check_line("", picked.replace("'host'", "'mode'").as_str(), Is::Rendered);
    let whole = "{{ {'h': values.db.password | sha256} | to_yaml | indent(2) }}";
    check_line("", whole, Is::Refused);
    let named = "{% macro m(target) %}a: {{ target.h | trunc(9) }}{% endmacro %}";
    check_line(named, "{{ m({'h': values.db.password | sha256}) }}", Is::Refused);
    check_line(named, "{{ m({'h': values.db.host, 'p': values.db.password}) }}", Is::Rendered);
}

#[test]
fn a_whole_that_holds_a_secret_is_one_once_it_is_turned_into_something_else() {
    check_line("", "a: {{ values.db | to_json | sha256 }}", Is::Refused);
    check_line("", "a: {{ values | to_json | sha256 }}", Is::Refused);
    check_line("", "a: {{ values.db.users | items | list | last | last | sha256 }}", Is::Refused);
    check_line("", "a: {{ coalesce(values.db.password, 'x') | sha256 }}", Is::Refused);
    check_line("", "a: {{ values.db.users | keys | join(',') }}", Is::Rendered);
    check_line("", "a: '{{ values.db.users | length }}'", Is::Rendered);
    check_line("", "a: {{ values.db | pick('host') | to_json | sha256 }}", Is::Rendered);
}

#[test]
fn what_a_text_file_makes_of_a_secret_is_one() {
    check_line("", "a: {{ files.get('hash.conf') }}", Is::Refused);
    check_line("", "a: {{ files.get('cut.conf') }}", Is::Refused);
    check_line("", "a: {{ files.get('plain.conf') | sha256 }}", Is::Refused);
    check_line("", "a: {{ files.get('decided.conf') }}", Is::Rendered);
    check_line("", "a: {{ \"{{ values.db.password | sha256 }}\" | tpl }}", Is::Refused);
}

#[test]
fn of_a_map_of_files_each_is_known_by_itself() {
    let files = "{% set data = files.glob('*.conf') %}";
    check_line(files, "a: {{ data['decided.conf'] }}", Is::Rendered);
    check_line(files, "a: {{ data['decided.conf'] | sha256 }}", Is::Rendered);
    check_line(files, "a: {{ data | length }} {{ data | keys | join(',') }}", Is::Rendered);
    check_line(files, "a: {{ data['hash.conf'] | sha256 }}", Is::Refused);
    check_line(files, "a: {{ data | to_json | sha256 }}", Is::Refused);
    check_line("", "a: {{ files.glob('dec*.conf') | to_json | sha256 }}", Is::Rendered);
    for all in
        ["<<: {{ files.glob('*.conf') }}", "{{ files.glob('*.conf') | to_yaml | indent(2) }}"]
    {
        let folder = workspace();
        let root = folder.path();
        put(root, "charts/web/files/open.conf.j2", "{{ values.db.host }}\n");
        put(root, "charts/web/files/plain.conf", "User-agent: *\n");
        put(root, "charts/web/files/hash.conf.j2", "{{ values.db.password | sha256 }}\n");
        put(root, "charts/web/templates/config.yaml", &config(all));
        let seen = run(root, &["render", "web", "-e", "prod"], all);
        assert!(seen.contains("`data[hash.conf]` is made of the value `db.password`"), "{seen}");
        assert!(!seen.contains("open.conf]") && !seen.contains("plain.conf]"), "{seen}");
    }
}

#[test]
fn a_map_that_holds_one_is_not_printed_in_quotes() {
    for made in ["values.db.password", "values.db.password | sha256"] {
        let folder = workspace();
        let template = format!("{{% set p = {{'h': {made}}} %}}\n{}", config("a: '{{ p }}'"));
        put(folder.path(), "charts/web/templates/config.yaml", &template);
        let seen = run(folder.path(), &["render", "web", "-e", "prod"], &template);
        assert!(seen.contains("error[template/hole]: a map cannot stand within text"), "{seen}");
        assert!(!seen.contains("kind: ConfigMap"), "{seen}");
    }
}

#[test]
fn a_name_that_is_not_there_is_not_shown_if_it_may_be_secret() {
    let folder = workspace();
    let template = config("a: '{{ values[values.db.password | lower] }}'");
    put(folder.path(), "charts/web/templates/config.yaml", &template);
    let seen = run(folder.path(), &["render", "web", "-e", "prod"], &template);
    assert!(seen.contains("nothing has the name between the brackets"), "{seen}");
}

#[test]
fn what_a_macro_is_given_is_known_where_it_prints_it() {
    let printed = "{% macro line(x, y='') %}a: {{ x }}{% endmacro %}";
    check_line(printed, "{{ line(values.db.password | sha256) }}", Is::Refused);
    check_line(printed, "{{ line('x', y=values.db.password | sha256) }}", Is::Rendered);
    let text = "{% from '_text.j2' import angled, hashed, says %}";
    check_line(text, "a: {{ angled(values.db.password | sha256) }}", Is::Refused);
    check_line(text, "a: {{ hashed(values.db.password) }}", Is::Refused);
    check_line(text, "a: {{ angled(values.db.host, y=values.db.password) }}", Is::Rendered);
    check_line(text, "a: {{ says(values.db.password) }}", Is::Rendered);
    let named = format!("{text}{{% set p = hashed(values.db.password) %}}");
    check_line(&named, "a: {{ p }}", Is::Refused);
}

#[test]
fn a_key_that_is_made_of_a_secret_is_refused_and_not_shown() {
    check_line("", "{{ values.db.password | sha256 }}: x", Is::Refused);
    let folder = workspace();
    let root = folder.path();
    let line = "{{ values.db.password | reverse }}: x";
    put(root, "charts/web/templates/config.yaml", &config(line));
    let seen = run(root, &["render", "web", "-e", "prod"], line);
    assert!(seen.contains("check/secret-inline") && !seen.contains("rekraM7qZ"), "{seen}");
}

#[test]
fn what_only_decides_passes() {
    check_line("", "a: {{ 'with' if values.db.password else 'without' }}", Is::Rendered);
    check_line(
        "{% set p = values.db.password %}",
        "a: {{ 'with' if p else 'without' }}",
        Is::Rendered,
    );
    check_line("{% set p = values.db.password != '' %}", "a: '{{ p }}'", Is::Rendered);
    check_line("", "a: '{{ values.db.password is defined }}'", Is::Rendered);
    check_line("", "a: '{{ values.db.password | length > 8 and true }}'", Is::Rendered);
    check_line("", "a: '{{ \"password\" in values.db }}'", Is::Rendered);
    check_line("", "a: '{{ dict(a=values.db.password is defined) | to_json }}'", Is::Rendered);
    check_line("", "a: '{{ values.db.password | length }}'", Is::Refused);
    let other = "{% for k, v in values.db.users | items %}\n  a: {{ k | sha256 }}\n  {% endfor %}";
    check_line("", other, Is::Rendered);
    check_line(
        "{% if values.db.password %}{% set p = 'x' %}{% endif %}",
        "a: {{ p }}",
        Is::Rendered,
    );
}

#[test]
fn a_name_is_what_it_was_given_last() {
    let again = "{% set p = values.db.password | sha256 %}{% set p = values.db.host %}";
    check_line(again, "a: {{ p | upper }}", Is::Rendered);
    let inner = "{% set p = 'x' %}{% with p = values.db.password | sha256 %}{% endwith %}";
    check_line(inner, "a: {{ p }}", Is::Rendered);
}

#[test]
fn a_derived_secret_is_named_by_the_value_that_it_is_made_of() {
    let folder = workspace();
    let root = folder.path();
    let template =
        format!("{{% set p = values.db.password | sha256 %}}\n{CONFIG}  a: {{{{ p }}}}\n");
    put(root, "charts/web/templates/config.yaml", &template);
    let seen = run(root, &["render", "web", "-e", "prod"], &template);
    let said =
        "`data.a` is made of the value `db.password`, which is secret as the chart's schema says";
    assert!(seen.contains(said), "{seen}");
}
