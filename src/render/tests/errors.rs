//! What goes wrong says which value, which line and what to do.

use super::{check, check_chart, check_error};

#[test]
fn a_value_that_is_not_set_is_named_with_its_neighbours_and_its_file() {
    check(
        "a: 1\nb: {{ values.image.tga }}",
        "image:\n  tag: x",
        "web.yaml:2 'values.image.tga': `values.image.tga` is not set [values.yaml:2 'tag' this one is set] (did you mean `values.image.tag`?; set `image.tga` in `web/values.yaml`, or give it a default here: `values.image.tga | default(…)`)",
    );
    check(
        "b: {{ values.image.pullPolicy }}",
        "image:\n  tag: x",
        "web.yaml:1 'values.image.pullPolicy': `values.image.pullPolicy` is not set [values.yaml:2 'tag: x' `values.image` is set here] (set `image.pullPolicy` in `web/values.yaml`, or give it a default here: `values.image.pullPolicy | default(…)`)",
    );
}

#[test]
fn a_loop_variable_is_traced_to_the_value_that_it_stands_for() {
    check(
        "l:\n{% for e in values.env %}\n- {{ e.nmae }}\n{% endfor %}\nz: 1",
        "env:\n- name: a",
        "web.yaml:3 'e.nmae': `values.env[0].nmae` is not set (`e.nmae` in the template) [values.yaml:2 'name' this one is set] (did you mean `values.env[0].name`?; set `env[0].nmae` in `web/values.yaml`, or give it a default here: `e.nmae | default(…)`)",
    );
}

#[test]
fn a_name_that_was_worked_out_is_told() {
    check(
        "a: {{ values.ports[values.name] }}",
        "name: htpp\nports:\n  http: 80",
        "web.yaml:1 'values.ports[values.name]': `values.ports.htpp` is not set (`values.ports[values.name]` in the template) [values.yaml:3 'http' this one is set] (did you mean `values.ports.http`?; set `ports.htpp` in `web/values.yaml`, or give it a default here: `values.ports[values.name] | default(…)`)",
    );
    check(
        "a: {{ fail(values.name) }}",
        "name: ''",
        "web.yaml:1 'fail(values.name)': the template calls `fail` without a message [values.yaml:1 '''' `values.name` is set here] (the chart's author stops here: give `fail` the words that say what to change)",
    );
}

#[test]
fn a_missing_map_on_the_way_is_what_is_named() {
    check(
        "b: {{ values.ingress.host | default('x') }}",
        "a: 1",
        "web.yaml:1 'values.ingress': `values.ingress` is not set (set `ingress` in `web/values.yaml`, or give it a default here: `values.ingress | default(…)`)",
    );
}

#[test]
fn a_key_that_yaml_reads_as_a_boolean_is_explained() {
    check(
        "b: {{ values.on }}",
        "on: 1",
        "web.yaml:1 'values.on': `values.on` is not set [values.yaml:1 'on' YAML reads this key as `true`] (put the key in quotes: \"on\")",
    );
}

#[test]
fn an_unknown_name_leads_to_the_known_ones() {
    check(
        "a: {{ value.x }}",
        "",
        "web.yaml:1 'value': `value` is not defined (did you mean `values`?)",
    );
    check(
        "a: {{ Values.x }}",
        "",
        "web.yaml:1 'Values': `Values` is not defined (did you mean `values`?)",
    );
    check(
        "a: {{ target.environment }}",
        "",
        "web.yaml:1 'target.environment': `target.environment` is not defined (`target` has the texts `env`, `namespace` and `service`, and the map `labels`)",
    );
}

#[test]
fn undefined_values_are_errors_in_filters_conditions_and_loops_too() {
    let hint = "(set `b` in `web/values.yaml`, or give it a default here: `values.b | default(…)`)";
    for template in [
        "{{ values.b | upper }}",
        "{% if values.b == 1 %}{% endif %}",
        "{% for x in values.b %}{% endfor %}",
        "{{ 'x' ~ values.b }}",
        "{{ values.b | to_yaml }}",
        "{{ values.b | to_json }}",
        "{{ values.b * 2 }}",
    ] {
        let found = super::outcome(&[
            ("templates/web.yaml", &format!("a: 1\nb: {template}")),
            ("values.yaml", "a: 1"),
        ]);
        assert!(found.contains(&format!("`values.b` is not set {hint}")), "{template}: {found}");
    }
}

#[test]
fn the_errors_of_all_templates_are_reported() {
    check_chart(
        &[
            ("templates/a.yaml", "a: {{ values.a }}"),
            ("templates/b.yaml", "b: {{ values.b }}\nc: x: y"),
            ("templates/c.yaml", "a: 1\nb: x: {{ 1 }}"),
            ("values.yaml", ""),
        ],
        "a.yaml:1 'values.a': `values.a` is not set (set `a` in `web/values.yaml`, or give it a default here: `values.a | default(…)`)\nb.yaml:1 'values.b': `values.b` is not set (set `b` in `web/values.yaml`, or give it a default here: `values.b | default(…)`)\nc.yaml:2 ':': a `:` stands where no key can be (put the value in quotes: a text that holds `: ` needs them)",
    );
}

#[test]
fn yaml_that_is_none_is_shown_at_the_line_of_the_template() {
    check_error(
        &[(
            "templates/web.yaml",
            "a: 1\n{% for x in [1, 2] %}\nb{{ x }}:\n  - [x\n{% endfor %}\nc: 1",
        )],
        "web.yaml:3 ':': a `:` stands where no key can be",
    );
    check_error(
        &[
            ("templates/web.yaml", "{% from \"_m.yaml\" import m %}\na:\n  {{ m() | indent(2) }}"),
            ("templates/_m.yaml", "{% macro m() %}\nb: 1\nc: {{ 2 }}: 3\n{% endmacro %}"),
        ],
        "_m.yaml:3 ':': a `:` stands where no key can be",
    );
}

#[test]
fn an_error_in_an_included_template_names_both_places() {
    check_chart(
        &[
            ("templates/web.yaml", "a: 1\n{% include \"_part.yaml\" %}"),
            ("templates/_part.yaml", "b: {{ values.nope }}\n"),
            ("values.yaml", ""),
        ],
        "_part.yaml:1 'values.nope': `values.nope` is not set [web.yaml:2 'include \"_part.yaml\"' while doing this] (set `nope` in `web/values.yaml`, or give it a default here: `values.nope | default(…)`)",
    );
}

#[test]
fn an_error_in_a_text_file_is_said_once_with_the_line_that_reads_the_file() {
    let lines = "{% from \"_m.yaml\" import m %}\na:\n  {{ m() | indent(2) }}\nb: {{ files.glob(\"*\") | sha256 }}";
    check_chart(
        &[
            ("templates/a.yaml", lines),
            ("templates/b.yaml", "data: {{ files.glob(\"*\") }}"),
            ("templates/_m.yaml", "{% macro m() %}\nx: 1\n{% endmacro %}"),
            ("files/c.ini.j2", "{{ values.nope }}"),
            ("values.yaml", ""),
        ],
        "files/c.ini.j2:1 'values.nope': `values.nope` is not set [a.yaml:4 '{{ files.glob(\"*\") | sha256 }}' called here] (set `nope` in `web/values.yaml`, or give it a default here: `values.nope | default(…)`)",
    );
}

#[test]
fn an_error_in_a_macro_is_at_the_macro_s_line() {
    check_chart(
        &[
            ("templates/web.yaml", "{% from \"_m.j2\" import name %}\na: {{ name(values.x) }}"),
            ("templates/_m.j2", "{% macro name(v) %}\n{{ v.y }}{% endmacro %}\n"),
            ("values.yaml", "x: {z: 1}"),
        ],
        "_m.j2:2 'v.y': `values.x.y` is not set (`v.y` in the template) [values.yaml:1 '{z: 1}' `values.x` is set here] [web.yaml:2 '{{ name(values.x) }}' called here] (set `x.y` in `web/values.yaml`, or give it a default here: `v.y | default(…)`)",
    );
}

#[test]
fn fail_and_required_say_what_the_author_wrote() {
    check(
        "a: {{ fail('no ' ~ values.a) }}",
        "a: luck",
        "web.yaml:1 'fail('no ' ~ values.a)': no luck [values.yaml:1 'luck' `values.a` is set here] (the chart's author stops here; change the value that the message speaks of)",
    );
    check(
        "a: {{ values.b | required('b is needed') }}",
        "a: 1",
        "web.yaml:1 'required('b is needed')': b is needed (set the value that the message speaks of; `values.b` is not set: set `b` in `web/values.yaml`)",
    );
    check(
        "a: {{ required('b is needed', values.b) }}",
        "b: \"\"",
        "web.yaml:1 'required('b is needed', values.b)': b is needed [values.yaml:1 '\"\"' its value is set here] (set the value that the message speaks of)",
    );
}

#[test]
fn unknown_filters_and_functions_lead_to_ours() {
    check(
        "a: {{ values | toYaml }}",
        "",
        "web.yaml:1 'toYaml': there is no filter `toYaml` (did you mean `to_yaml`?)",
    );
    check(
        "a: {{ values | to_yml }}",
        "",
        "web.yaml:1 'to_yml': there is no filter `to_yml` (did you mean `to_yaml`?)",
    );
    check(
        "a: {{ now() }}",
        "",
        "web.yaml:1 'now()': there is no function `now` (the same input must give the same output: make it once and put it into the values, or let the cluster make it)",
    );
    check(
        "a: {{ include('x', values) }}",
        "",
        "web.yaml:1 'include('x', values)': there is no function `include` (write a macro and import it: `{% from \"_names.j2\" import name %}`, then `{{ name() }}`)",
    );
}

#[test]
fn a_missing_template_has_a_near_name() {
    check_chart(
        &[
            ("templates/web.yaml", "{% from \"_lables.yaml\" import a %}\na: 1"),
            ("templates/_labels.yaml", "{% macro a() %}{% endmacro %}"),
        ],
        "web.yaml:1 'from \"_lables.yaml\" import a': there is no template `_lables.yaml` (did you mean `_labels.yaml`?)",
    );
}

#[test]
fn a_template_that_does_not_parse_is_shown_where_it_breaks() {
    let broken =
        |template: &str, expect: &str| check_error(&[("templates/web.yaml", template)], expect);
    broken(
        "a: {{ values. }}",
        "web.yaml:1 '}}': the hole ends where a name is expected (a hole is one expression: `{{ values.name }}`, `{{ values.name | upper }}`, `{{ a ~ \"-\" ~ b }}`)",
    );
    broken(
        "{% if a %}
a: 1",
        "web.yaml:1 '{% if a %}': this `if` is never closed (write `{% endif %}` where it ends)",
    );
    broken("a: {{ values.a", "web.yaml:1 '{{': `{{` is never closed by `}}` (close it)");
    broken(
        "a: 1\n{% endfor %}",
        "web.yaml:2 '{% endfor %}': `endfor` stands where no `for` is open",
    );
}

#[test]
fn a_number_that_would_change_as_text_asks_for_quotes() {
    let expect = |spelled: &str, text: &str| {
        format!(
            "web.yaml:1 '{{{{ values.tag }}}}': the number `{spelled}` would become the text `{text}`, because it is a number and not a string [values.yaml:1 '{spelled}' `{spelled}` is set here] (write it in quotes where it is set: \"{spelled}\")"
        )
    };
    check("a: app:{{ values.tag }}", "tag: 1.10", &expect("1.10", "1.1"));
    check("a: \"{{ values.tag }}\"", "tag: 0123456", &expect("0123456", "42798"));
    check("a: app:{{ values.tag }}", "tag: 12345e6", &expect("12345e6", "12345000000"));
    check("a: {{ values.tag }}\nb: x{{ values.ok }}", "tag: 1.10\nok: 8080", "a: 1.1\nb: x8080");
    for text in [
        "{{ 'a' ~ values.tag }}",
        "{{ values.tag | string }}",
        "{{ [values.tag] | join('') }}",
        "{{ values.tag | quote }}",
        "{{ '%s' | format(values.tag) }}",
        "{{ 'x' | replace('x', values.tag) }}",
    ] {
        let found = super::outcome(&[
            ("templates/web.yaml", &format!("a: {text}")),
            ("values.yaml", "tag: 1.10"),
        ]);
        assert!(found.contains("the number `1.10` would become the text `1.1`"), "{text}: {found}");
    }
}

#[test]
fn wrong_arguments_are_explained() {
    let wrong = |template: &str, expect: &str| {
        check_error(&[("templates/web.yaml", template), ("values.yaml", "a: text")], expect);
    };
    wrong(
        "a: {{ values.a | trunc('x') }}",
        "web.yaml:1 'trunc('x')': `trunc` needs a whole number, but is given a string",
    );
    wrong("a: {{ 'a' + 1 }}", "web.yaml:1 ''a' + 1': `+` cannot work on a string and a number");
    wrong(
        "a: {{ values.a.b }}",
        "web.yaml:1 'values.a.b': `values.a.b` is not there: `values.a` is a string, which has no parts [values.yaml:1 'text' `values.a` is set here]",
    );
    wrong("a: {{ values.a() }}", "web.yaml:1 '.a()': a string is no function that could be called");
    wrong("a: {{ cluster.serves('v1') }}", "write `cluster.serves(\"apps/v1\", \"Deployment\")`");
    wrong("a: {{ files.got('x') }}", "`files` has `get(name)`");
}

#[test]
fn a_step_that_leads_nowhere_names_what_stands_there() {
    let values = "hosts: [a, b]\nname: web\nimage: {tag: x}\nnone: []";
    for (template, expect) in [
        (
            "a: {{ values.hosts[7] }}",
            "web.yaml:1 'values.hosts[7]': `values.hosts[7]` is not there: `values.hosts` has 2 items [values.yaml:1 '[a, b]' `values.hosts` is set here] (positions count from 0, so the last item is `values.hosts[1]`;",
        ),
        (
            "{% set h = values.hosts %}\na: {{ h[7] }}",
            "web.yaml:2 'h[7]': `values.hosts[7]` is not there (`h[7]` in the template): `values.hosts` has 2 items",
        ),
        ("a: {{ values.none[0] }}", "`values.none` is an empty list"),
        ("a: {{ values.hosts.x }}", "`values.hosts` is a list, which has no keys"),
        (
            "a: {{ values.name.foo.bar }}",
            "web.yaml:1 'values.name.foo': `values.name.foo` is not there: `values.name` is a string, which has no parts [values.yaml:2 'web' `values.name` is set here]",
        ),
        (
            "{% set i = values.image %}\na: {{ i.tag.foo }}",
            "web.yaml:2 'i.tag.foo': `values.image.tag.foo` is not there (`i.tag.foo` in the template): `values.image.tag` is a string",
        ),
        (
            "a:\n{% for h in values.hosts %}\n- {{ h.name }}\n{% endfor %}",
            "web.yaml:3 'h.name': `h.name` is not there: what stands before its last step has no such part [values.yaml:1 '[a, b]' `h` is an item of `values.hosts`]",
        ),
    ] {
        check_error(&[("templates/web.yaml", template), ("values.yaml", values)], expect);
    }
}

#[test]
fn fail_and_required_point_at_the_value() {
    let values = "port: 80\nhosts: [a, b]\nempty: null\n";
    for (template, expect) in [
        (
            "a: {{ fail('too low', values.port) }}",
            "too low [values.yaml:1 '80' set here] (the chart's author stops here",
        ),
        ("a: {{ 'bad' | fail(values.hosts) }}", "bad [values.yaml:2 '[a, b]' set here]"),
        (
            "a:\n{% for h in values.hosts %}\n- {{ fail('no host', h) }}\n{% endfor %}",
            "no host [values.yaml:2 'a' set here]",
        ),
        (
            "a: {{ values.empty | required('name one') }}",
            "name one [values.yaml:3 'null' its value is set here]",
        ),
        (
            "a: {{ values.gone | required('name one') }}",
            "name one (set the value that the message speaks of; `values.gone` is not set: set `gone` in `web/values.yaml`)",
        ),
    ] {
        check_error(&[("templates/web.yaml", template), ("values.yaml", values)], expect);
    }
}

#[test]
fn null_is_no_text_in_a_text_file_either() {
    let chart = |hole: &str| {
        super::outcome(&[
            ("templates/web.yaml", "a: {{ files.get(\"c\") }}"),
            ("files/c.j2", &format!("x={{{{ {hole} }}}}")),
            ("values.yaml", "empty: null\nmap: {a: null}"),
        ])
    };
    let found = chart("values.empty");
    assert!(
        found.contains("files/c.j2:1 'values.empty': null cannot stand within text [values.yaml:1 'null' its value is set here]"),
        "{found}"
    );
    assert_eq!(chart("values.empty | default(\"\")"), "a: x=\n");
    assert_eq!(chart("values.empty | to_json"), "a: x=null\n");
    assert_eq!(chart("values.map"), "a: x={\"a\":null}\n");
}

#[test]
fn a_loop_over_null_goes_nowhere() {
    check(
        "a:\n{% for x in values.hosts %}\n- {{ x }}\n{% else %}\n- none\n{% endfor %}",
        "hosts:",
        "a:\n- none",
    );
}

#[test]
fn a_list_whose_items_lack_a_key_is_told_with_the_item() {
    let values = "rows: [{size: 1}, {name: 2}]\ntexts: [a]";
    for (expression, expect) in [
        (
            "values.rows | groupby('size')",
            "`groupby` finds no `size` in item 1, which is a map [values.yaml:1 '{name: 2}'",
        ),
        ("values.rows | groupby(attribute='size')", "`groupby` finds no `size` in item 1"),
        ("values.rows | sum(attribute='size')", "`sum` finds no `size` in item 1"),
        ("values.texts | sum", "`sum` adds numbers, but item 0 is a string [values.yaml:2 'a'"),
    ] {
        let template = format!("a: {{{{ {expression} }}}}");
        check_error(&[("templates/web.yaml", &template), ("values.yaml", values)], expect);
    }
    check(
        "a: {{ values.rows | groupby('size', default=0) | map('first') | list }}",
        values,
        "a:\n- 0\n- 1",
    );
    check("a: {{ [true, 2] | sum }}", "", "a: 3");
    check("a: {{ ['a', 'b'] | sum(start='') }}", "", "a: ab");
}

#[test]
fn steps_that_run_out_are_told_at_the_loop_that_ran() {
    check_error(
        &[(
            "templates/web.yaml",
            "a: 1\n{% for x in [1] %}\nb: 1\n{% endfor %}\n{% for i in range(100000) %}\n{% for j in range(100000) %}\n{% endfor %}\n{% endfor %}",
        )],
        "web.yaml:6 '{% for j in range(100000) %}': the template takes more than the 1048576 steps that are allowed; 64 bytes of text are one, too [web.yaml:5 '{% for i in range(100000) %}' within this loop]",
    );
}
