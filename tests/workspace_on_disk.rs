//! Workspaces and charts in real folders: where they begin, and what they may not read.

use jibe::workspace::{Alone, Workspace, locate};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
    }
    root
}

const SHOP: &[(&str, &str)] = &[
    ("shop/jibe.yaml", "environments: { dev: }\n"),
    (
        "shop/charts/web/chart.yaml",
        "name: web\nversion: 1.0.0\ndependencies: [{ path: ../base }]\n",
    ),
    ("shop/charts/web/templates/a.yaml", "kind: A\n"),
    ("shop/charts/base/chart.yaml", "name: base\nversion: 1.0.0\ntype: library\n"),
    ("shop/services/web/service.yaml", "source: charts/web\n"),
];

fn failure(path: &Path) -> String {
    Workspace::open(path).expect_err("no workspace").to_string()
}

#[test]
fn a_workspace_is_found_from_any_folder_below_it() {
    let root = folder(SHOP);
    for below in ["shop", "shop/services/web", "shop/jibe.yaml"] {
        let workspace = Workspace::open(root.path().join(below)).expect("a workspace");
        assert_eq!(workspace.targets()[0].to_string(), "dev/default/web");
        assert_eq!(workspace.files().root(), Some(root.path().join("shop").as_path()));
    }
}

#[test]
fn a_chart_by_itself_finds_libraries_beside_it_with_and_without_a_workspace_around() {
    let root = folder(SHOP);
    let check = |chart: &str, below: &str| {
        let (files, folder) = locate(&root.path().join(chart)).expect("a folder");
        assert_eq!(folder.as_str(), below);
        let workspace = Workspace::of_folder(&files, &folder, &Alone::default());
        assert_eq!(workspace.expect("a chart").targets().len(), 1);
    };
    check("shop/charts/web", "charts/web");
    fs::remove_file(root.path().join("shop/jibe.yaml")).expect("it was there");
    check("shop/charts/web", "web");
    fs::create_dir(root.path().join(".git")).expect("a new folder");
    check("shop/charts/web", "shop/charts/web");
}

#[test]
fn a_folder_without_a_workspace_is_named_with_the_next_step() {
    let root = folder(&[("chart/chart.yaml", ""), ("helm/Chart.yaml", ""), ("empty/x", "")]);
    let check = |name: &str, expect: &[&str]| {
        let report = failure(&root.path().join(name));
        for part in expect {
            assert!(report.contains(part), "{report}");
        }
    };
    check("empty", &["there is no `jibe.yaml` in", "`jibe init` makes a workspace"]);
    check("chart", &["is a chart: `jibe render", "renders it by itself"]);
    check("helm", &["is a chart for Helm", "docs/from-helm.md"]);
    check("nowhere", &["nowhere` is not there"]);
}

#[test]
fn everything_in_the_example_belongs_somewhere() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("charts-example");
    let workspace = Workspace::open(example).expect("a workspace");
    let mut sink = jibe::diag::Sink::new(workspace.files());
    for target in workspace.targets() {
        drop(workspace.gather(target, &mut sink));
    }
    workspace.schemas(&mut jibe::source::Inputs::default(), &mut sink).expect("files");
    assert!(sink.finish().expect("nothing wrong").is_empty());
    for service in workspace.services() {
        let runs = workspace.targets().iter().any(|target| target.service == service);
        assert!(runs, "{service} runs somewhere");
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_a_workspace_is_followed_and_one_out_of_it_is_refused() {
    let root = folder(SHOP);
    let link = |to: &str, from: &str| {
        let (to, from) = (root.path().join(to), root.path().join(from));
        std::os::unix::fs::symlink(to, from).expect("a new link");
    };
    link("shop/services/web", "short");
    let workspace = Workspace::open(root.path().join("short")).expect("a workspace");
    assert_eq!(workspace.targets().len(), 1);

    fs::write(root.path().join("secret.yaml"), "a: 1\n").expect("a new file");
    link("secret.yaml", "shop/values.yaml");
    let workspace = Workspace::open(root.path().join("shop")).expect("a workspace");
    let mut sink = jibe::diag::Sink::new(workspace.files());
    assert!(workspace.gather(&workspace.targets()[0], &mut sink).is_err());
    let report = sink.finish().expect_err("an error").to_string();
    assert!(report.contains("shop/values.yaml` is a link that leads out of the root"), "{report}");
}

#[test]
fn the_order_of_files_on_disk_decides_nothing() {
    let names = ["c", "a", "b"];
    let text = "source: charts/web\n";
    let paths: Vec<_> =
        names.iter().map(|name| format!("shop/services/{name}/service.yaml")).collect();
    let mut more: Vec<_> = paths.iter().map(|path| (path.as_str(), text)).collect();
    let listed = |more: &[(&str, &str)]| {
        let files: Vec<_> = SHOP.iter().chain(more).copied().collect();
        let root = folder(&files);
        let workspace = Workspace::open(root.path().join("shop")).expect("a workspace");
        workspace.targets().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let first = listed(&more);
    more.reverse();
    assert_eq!(first, listed(&more));
    assert_eq!(first, ["dev/default/a", "dev/default/b", "dev/default/c", "dev/default/web"]);
}
