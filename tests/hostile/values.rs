//! Values that are large, of another type than anybody expects, or not there.

use crate::Chart;

#[test]
fn values_of_50_megabytes_are_bounded() {
    let line = "k: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n";
    let many: String =
        (0..50 * 1024 * 1024 / line.len()).map(|n| format!("k{n}{}", &line[1..])).collect();
    Chart::new().with("web/values.yaml", many).refused(&["values.yaml"]);
    let one = format!("a: {}\n", "x".repeat(50 * 1024 * 1024));
    Chart::new().with("web/values.yaml", one).refused(&["values.yaml"]);
    let holes = "[],".repeat(16 * 1024 * 1024);
    Chart::new().with("web/values.yaml", format!("a: [{holes}]\n")).refused(&["values.yaml"]);
}

#[test]
fn values_as_large_as_allowed_are_survived() {
    let many: String = (0..100_000).map(|n| format!("k{n}: v{n}\n")).collect();
    Chart::new().with("web/values.yaml", format!("a: x\n{many}")).survives();
    let list = "- x\n".repeat(100_000);
    Chart::new().with("web/values.yaml", format!("a: x\nl:\n{list}")).survives();
}

/// Each file of a workspace with a root of every type.
#[test]
fn a_root_of_another_type_is_named() {
    let roots = [
        "",
        "null\n",
        "~\n",
        "[]\n",
        "[[]]\n",
        "x\n",
        "1\n",
        "- a: 1\n",
        "---\n---\n",
        "{}\n",
        "true\n",
        "\u{feff}",
        "# x",
    ];
    let files = [
        "web/chart.yaml",
        "web/values.yaml",
        "web/values.schema.json",
        "web/overlays/dev/values.yaml",
        "web/crds/crd.yaml",
        "web/templates/other.yaml",
    ];
    for file in files {
        for root in roots {
            Chart::new().with(file, root).run(&["render", "web", "-e", "dev"]).clean();
        }
    }
}

#[test]
fn a_workspace_file_of_another_type_is_named() {
    let roots = [
        "",
        "null\n",
        "[]\n",
        "x\n",
        "- a: 1\n",
        "{}\n",
        "environments:\n",
        "environments: []\n",
        "environments: {dev: }\n",
        "environments: {dev: []}\n",
    ];
    for root in roots {
        for file in [
            "jibe.yaml",
            "services/web/service.yaml",
            "services/web/values.yaml",
            "environments/dev.yaml",
            "namespaces/shop.yaml",
            "values.yaml",
        ] {
            let workspace = workspace().with(file, root);
            workspace.run(&["render", "-e", "dev"]).clean();
            workspace.run(&["check"]).clean();
            workspace.run(&["list"]).clean();
        }
    }
}

fn workspace() -> Chart {
    Chart::new()
        .with("jibe.yaml", "edition: 1\nenvironments:\n  dev: { kubernetes: \"1.35\", namespaces: { shop: shop-dev } }\n")
        .with("services/web/service.yaml", "source: web\n")
}

/// Each field of an object with a value of every type.
#[test]
fn objects_of_another_type_are_named() {
    let values =
        ["null", "[]", "{}", "1", "\"\"", "[null]", "{a: null}", "[[]]", "true", ".nan", "1e400"];
    for value in values {
        for object in [
            format!("apiVersion: {value}\nkind: ConfigMap\nmetadata: {{name: a}}\n"),
            format!("apiVersion: v1\nkind: {value}\nmetadata: {{name: a}}\n"),
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {value}\n"),
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {value}}}\n"),
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: {value}}}\n"),
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {value}\n"),
            format!("apiVersion: v1\nkind: List\nitems: {value}\n"),
            format!("apiVersion: v1\nkind: ConfigMapList\nitems: [{value}]\n"),
            format!("sops: {value}\n"),
            format!(
                "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: a.b.c}}\nspec: {value}\n"
            ),
            format!(
                "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: as.b.c}}\nspec: {{group: b.c, scope: Namespaced, names: {{kind: A, plural: as}}, versions: {value}}}\n"
            ),
            format!(
                "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: as.b.c}}\nspec: {{group: b.c, scope: Namespaced, names: {{kind: A, plural: as}}, versions: [{{name: v1, served: true, storage: true, schema: {{openAPIV3Schema: {value}}}}}]}}\n"
            ),
        ] {
            Chart::new().with("web/templates/web.yaml", object).run(&["render", "web"]).clean();
        }
    }
}
