//! Links, fifos, devices and paths that lead out of the workspace.

use crate::Chart;
use std::os::unix::fs::symlink;
use std::process::Command;

const FILES: [&str; 6] = [
    "web/values.yaml",
    "web/chart.yaml",
    "web/templates/web.yaml",
    "web/values.schema.json",
    "web/files/x",
    "web/crds/a.yaml",
];

/// A chart whose file is a link.
fn linked(file: &str, to: &str) -> Chart {
    let chart = Chart::new().with(file, "");
    let path = chart.path(file);
    std::fs::remove_file(&path).expect("a file");
    symlink(to, path).expect("a link");
    chart
}

#[test]
fn links_out_of_the_workspace_are_refused() {
    for file in FILES {
        for to in
            ["/etc/passwd", "/etc/shadow", "../../../../../../etc/passwd", "/proc/self/environ"]
        {
            let seen = linked(file, to).run(&["render", "web"]);
            seen.refused(&[file.rsplit('/').next().expect("a name")]);
            assert!(!seen.stderr.contains("root:"), "{}", seen.shown());
        }
    }
}

#[test]
fn devices_and_fifos_are_never_read() {
    for file in FILES {
        for to in ["/dev/zero", "/dev/urandom", "/dev/stdin", "/dev/tty", "/dev/full"] {
            linked(file, to).refused(&[]);
        }
        let chart = Chart::new().with(file, "");
        let path = chart.path(file);
        std::fs::remove_file(&path).expect("a file");
        assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
        chart.refused(&["fifo"]);
        let socket = Chart::new().with(file, "");
        let path = socket.path(file);
        std::fs::remove_file(&path).expect("a file");
        let _bound = std::os::unix::net::UnixListener::bind(&path).expect("a socket");
        socket.refused(&["socket"]);
    }
}

#[test]
fn links_that_lead_to_themselves_end() {
    for file in FILES {
        let name = file.rsplit('/').next().expect("a name");
        linked(file, name).refused(&[name]);
    }
    for folder in ["web/templates/again", "web/files/again", "web/crds/again", "web/again"] {
        for to in ["..", ".", "../.."] {
            let chart = Chart::new().with(&format!("{folder}-/x.yaml"), "a: 1\n");
            symlink(to, chart.path(folder)).expect("a link");
            chart.run(&["render", "web"]).clean();
        }
    }
}

#[test]
fn paths_that_climb_out_are_refused() {
    for path in [
        "../../../../etc",
        "/etc",
        "..",
        "../..",
        "C:\\x",
        "a\\..\\..\\b",
        "a/../../../..",
        "//etc",
        "\\\\host\\share",
    ] {
        Chart::new()
            .with(
                "web/chart.yaml",
                format!("name: web\nversion: 1.0.0\ndependencies:\n- path: '{path}'\n"),
            )
            .refused(&["chart.yaml"]);
    }
    for source in [
        "../../../../etc",
        "/etc",
        "\\\\host",
        "web/../../../..",
        "{env}/../../../../etc",
        "http://example.org/x",
        "git::https://example.org/x",
    ] {
        Chart::new()
            .with("jibe.yaml", "edition: 1\nenvironments:\n  dev: { kubernetes: \"1.35\", namespaces: { shop: shop-dev } }\n")
            .with("services/web/service.yaml", format!("source: '{source}'\n"))
            .run(&["render", "-e", "dev"])
            .refused(&["service.yaml"]);
    }
    for file in [
        "../chart.yaml",
        "/etc/passwd",
        "../../../../etc/passwd",
        "..\\x",
        "%2e%2e/chart.yaml",
        "a\0b",
    ] {
        let hole =
            format!("data: {{a: \"{{{{ files.get({file:?}) }}}}\"}}").replace("\\0", "\\u0000");
        let chart = Chart::template(&hole).with("web/files/x", "x");
        let seen = chart.run(&["render", "web"]);
        seen.refused(&["web.yaml"]);
        assert!(!seen.stderr.contains("root:"), "{}", seen.shown());
    }
    for name in ["../../x.yaml", "/etc/passwd", "../values.yaml", "//x", "web.yaml/"] {
        Chart::template(&format!("{{% include \"{name}\" %}}")).refused(&["web.yaml"]);
        Chart::template(&format!("{{% import \"{name}\" as x %}}")).refused(&["web.yaml"]);
    }
}

#[test]
fn charts_that_depend_on_each_other_in_a_circle_are_refused() {
    let library = |name: &str, on: &str| {
        format!("name: {name}\nversion: 1.0.0\ntype: library\ndependencies:\n- path: ../{on}\n")
    };
    Chart::new()
        .with("jibe.yaml", "edition: 1\nenvironments:\n  dev: { kubernetes: \"1.35\", namespaces: { shop: shop-dev } }\n")
        .with("services/web/service.yaml", "source: web\n")
        .with("web/chart.yaml", "name: web\nversion: 1.0.0\ndependencies:\n- path: ../a\n")
        .with("a/chart.yaml", library("a", "b"))
        .with("b/chart.yaml", library("b", "a"))
        .run(&["render", "-e", "dev"])
        .refused(&["chart.yaml"]);
}

#[test]
fn libraries_that_double_at_every_level_end() {
    let mut chart = Chart::new()
        .with("jibe.yaml", "edition: 1\nenvironments:\n  dev: { kubernetes: \"1.35\", namespaces: { shop: shop-dev } }\n")
        .with("services/web/service.yaml", "source: web\n")
        .with("web/chart.yaml", "name: web\nversion: 1.0.0\ndependencies:\n- path: ../l0\n- path: ../r0\n");
    for level in 0..30 {
        for side in ["l", "r"] {
            let on = match level {
                29 => String::new(),
                _ => format!("dependencies:\n- path: ../l{0}\n- path: ../r{0}\n", level + 1),
            };
            chart = chart
                .with(
                    &format!("{side}{level}/chart.yaml"),
                    format!("name: {side}{level}\nversion: 1.0.0\ntype: library\n{on}"),
                )
                .with(
                    &format!("{side}{level}/templates/_m.yaml"),
                    "{% macro m() %}a: 1{% endmacro %}",
                );
        }
    }
    chart.run(&["render", "-e", "dev"]).clean();
}

#[test]
fn environments_that_extend_each_other_in_a_circle_are_refused() {
    Chart::new()
        .with(
            "jibe.yaml",
            "edition: 1\nenvironments:\n  dev: { extends: prod }\n  prod: { extends: dev }\n",
        )
        .with("services/web/service.yaml", "source: web\n")
        .run(&["render", "-e", "dev"])
        .refused(&["jibe.yaml"]);
}

#[test]
fn files_without_number_and_folders_without_an_end_are_bounded() {
    let chart = Chart::new();
    let deep = format!("web/templates/{}x.yaml", "d/".repeat(1000));
    chart.with(&deep, "a: 1\n").run(&["render", "web"]).clean();
    let mut chart = Chart::new();
    for n in 0..3000 {
        chart = chart.with(&format!("web/files/f{n}"), "x");
    }
    chart.run(&["render", "web"]).clean();
}

#[test]
fn names_that_are_no_text_are_refused() {
    use std::os::unix::ffi::OsStrExt;
    for name in [&b"\xff\xfe.yaml"[..], b"a\x1b[2Jb.yaml", b"a\nb.yaml", b"a\\b.yaml", b"C:a.yaml"]
    {
        for folder in ["web/templates", "web/files", "web/crds", "web"] {
            let chart = Chart::new().with(&format!("{folder}/x.yaml"), "");
            let path = chart.path(folder).join(std::ffi::OsStr::from_bytes(name));
            std::fs::write(path, "a: {{ nowhere }}").expect("a file");
            chart.run(&["render", "web"]).clean();
        }
    }
}
