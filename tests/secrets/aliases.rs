//! A secret is one under every name that a template gives it.

use super::{CONFIG, config, put, run, workspace};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    Refused,
    Rendered,
}

/// A workspace with this template, and another one that it may import.
#[track_caller]
fn check(template: &str, parts: &str, expect: Is) {
    let folder = workspace();
    let root = folder.path();
    put(root, "charts/web/templates/config.yaml", template);
    put(root, "charts/web/templates/_parts.yaml", parts);
    let seen = run(root, &["render", "web", "-e", "prod"], template);
    let is = if seen.contains("check/secret-inline") { Is::Refused } else { Is::Rendered };
    assert_eq!(is, expect, "{template}\n{seen}");
    assert_eq!(seen.contains("kind: ConfigMap"), expect == Is::Rendered, "{template}\n{seen}");
}

#[test]
fn what_is_made_of_a_secret_under_another_name_is_refused() {
    let before = |tag: &str, line: &str| format!("{tag}\n{}", config(line));
    check(&before("{% set p = values.db.password %}", "a: {{ p | sha256 }}"), "", Is::Refused);
    check(&before("{% set p = values.db.password %}", "a: x-{{ p[3:] }}"), "", Is::Refused);
    let two = "{% set p = values.db.password %}{% set q = p %}";
    check(&before(two, "b: {{ target.env }}\n  a: {{ q | reverse }}"), "", Is::Refused);
    let looped = "{% for k in values.db['keys'] %}\n  a{{ loop.index }}: {{ k | b64encode | sha256 }}\n  {% endfor %}";
    check(&config(looped), "", Is::Refused);
    let pairs = "{% for name, word in values.db.users | items %}\n  {{ name }}: {{ word | sha512 }}\n  {% endfor %}";
    check(&config(pairs), "", Is::Refused);
    let with = "{% with p = values.db.password %}\n  a: {{ p | trunc(4) }}\n  {% endwith %}";
    check(&config(with), "", Is::Refused);
}

#[test]
fn what_is_made_of_a_secret_that_a_macro_gets_is_refused() {
    let parts = "{% macro line(p, other='') %}\na: {{ p | sha256 }}\n{% endmacro %}\n";
    let template = |call: &str| {
        format!("{{% from '_parts.yaml' import line %}}\n{CONFIG}  {{{{ {call} }}}}\n")
    };
    check(&template("line(values.db.password)"), parts, Is::Refused);
    check(&template("line(p=values.db.password)"), parts, Is::Refused);
    check(&template("line(values.url, other=values.db.host)"), parts, Is::Refused);
    check(&template("line(values.db.host)"), parts, Is::Rendered);
    check(&template("line(values.db.host, other=values.db.password)"), parts, Is::Rendered);
}

#[test]
fn what_only_stands_near_a_secret_passes() {
    let near = "{% set p = values.db.password %}{% set h = values.db.host %}";
    let decided = "{% if p %}\n  a: {{ h | upper }}\n  {% endif %}";
    check(&format!("{near}\n{}", config(decided)), "", Is::Rendered);
    let twice = "{% for p in [values.db.password, values.db.host] %}{% if loop.last %}\n  a: {{ p | sha256 }}\n  {% endif %}{% endfor %}";
    check(&config(twice), "", Is::Rendered);
}
