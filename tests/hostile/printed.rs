//! Control characters in whatever a message repeats.

use crate::Chart;

/// Ways to move the cursor, to set the title and to turn the text around; YAML escapes.
const EVIL: &str = "x\\e[2J\\e]0;owned\\a\\r\\u202e\\u009b31m\\x7f\\u2028";

#[test]
fn messages_never_carry_control_characters() {
    let evil = EVIL;
    for (file, text) in [
        ("web/values.yaml", format!("\"{evil}\": 1\n\"{evil}\": 2\n")),
        ("web/values.yaml", format!("a: {{\"{evil}\": 1}}\n")),
        ("web/values.yaml", format!("a: [\"{evil}\"\n")),
        ("web/values.yaml", format!("a: !<{evil}> x\n")),
        ("web/chart.yaml", format!("name: \"{evil}\"\nversion: 1.0.0\n")),
        ("web/chart.yaml", format!("name: web\nversion: \"{evil}\"\n")),
        ("web/chart.yaml", format!("name: web\nversion: 1.0.0\n\"{evil}\": 1\n")),
        ("web/chart.yaml", format!("name: web\nversion: 1.0.0\ntype: \"{evil}\"\n")),
        (
            "web/chart.yaml",
            format!("name: web\nversion: 1.0.0\ndependencies: [{{path: \"{evil}\"}}]\n"),
        ),
        (
            "web/templates/web.yaml",
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: \"{evil}\"}}\n"),
        ),
        (
            "web/templates/web.yaml",
            format!("apiVersion: v1\nkind: \"{evil}\"\nmetadata: {{name: a}}\n"),
        ),
        (
            "web/templates/web.yaml",
            format!("apiVersion: \"{evil}\"\nkind: A\nmetadata: {{name: a}}\n"),
        ),
        (
            "web/templates/web.yaml",
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: \"{evil}\"}}\n"
            ),
        ),
        (
            "web/templates/web.yaml",
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n\"{evil}\": 1\n"),
        ),
        (
            "web/templates/web.yaml",
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, labels: {{\"{evil}\": 1}}}}\n"
            ),
        ),
        ("web/templates/web.yaml", format!("{{{{ fail(\"{evil}\") }}}}")),
        ("web/templates/web.yaml", format!("{{{{ values[\"{evil}\"] }}}}")),
        ("web/templates/web.yaml", "{{ \u{1b}[2J }}".to_owned()),
        ("web/templates/web.yaml", "a: \u{202e}{{ nowhere }} \u{2066}".to_owned()),
        ("web/templates/web.yaml", "\u{1b}[2J: {{ nowhere }}\u{7}\u{9b}\r\n\rx".to_owned()),
        (
            "web/values.schema.json",
            format!("{{\"properties\": {{\"a\": {{\"const\": \"{}\"}}}}}}", json()),
        ),
        ("web/values.schema.json", format!("{{\"required\": [\"{}\"]}}", json())),
        ("web/values.schema.json", format!("{{\"$ref\": \"{}\"}}", json())),
        (
            "web/values.schema.json",
            format!("{{\"properties\": {{\"a\": {{\"pattern\": \"{}(\"}}}}}}", json()),
        ),
        ("web/values.schema.json", format!("{{\"{}\": ", json())),
    ] {
        println!("{file}: {text}");
        Chart::new().with(file, &text).refused(&[]);
        let seen = Chart::new().with(file, &text).run(&["render", "web", "--format", "json"]);
        assert!(matches!(seen.status.code(), Some(1 | 2)), "{text}");
        let odd = |c: char| c.is_control() && c != '\n';
        assert!(
            !seen.stdout.contains(odd) && !seen.stderr.contains(odd),
            "{text}: {}",
            seen.stdout
        );
    }
}

fn json() -> String {
    EVIL.replace("\\e", "\\u001b").replace("\\a", "\\u0007").replace("\\x7f", "\\u007f")
}

#[test]
fn arguments_are_repeated_without_control_characters() {
    let evil = "x\u{1b}[2J\u{1b}]0;owned\u{7}\r\u{202e}\u{9b}";
    let chart = Chart::new().with("jibe.yaml", "edition: 1\nenvironments:\n  dev: { kubernetes: \"1.35\", namespaces: { shop: shop-dev } }\n");
    let set = format!("{evil}=1,=");
    for arguments in [
        &["render", evil][..],
        &["render", "-e", evil],
        &["render", "-n", evil],
        &["render", "-l", evil],
        &["render", "web", "-f", evil],
        &["render", "web", "--set", evil],
        &["render", "web", "--set", &set],
        &["render", "web", "--set-json", evil],
        &["render", "web", "--set-file", &set],
        &["render", "web", "--kube-version", evil],
        &["render", "web", "--show-only", evil],
        &["render", "-C", evil],
        &["new", "chart", evil],
        &["new", "service", evil],
        &["new", "service", "a", "--chart", evil],
        &["new", "env", evil],
        &["new", "env", "a", "--extends", evil],
        &["list", evil],
        &["schema", evil],
        &[evil],
        &["render", "--", evil],
        &["render", &format!("--{evil}")],
    ] {
        chart.run(arguments).refused(&[]);
    }
}
