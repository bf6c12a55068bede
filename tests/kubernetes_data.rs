//! The embedded Kubernetes data is what its tool writes.

use std::path::Path;
use std::process::Command;

#[test]
fn the_embedded_text_is_what_the_tool_writes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let package = root.join("target/kubernetes-validate/kubernetes_validate");
    if !package.is_dir() {
        eprintln!("skipped: {} is absent, see schema/kubernetes/README.md", package.display());
        return;
    }
    let out = tempfile::tempdir().expect("a folder");
    let script = root.join("schema/kubernetes/normalise.py");
    let run = Command::new("python3").arg(script).arg(package).arg(out.path()).status();
    assert!(run.expect("python3 runs").success());
    for entry in std::fs::read_dir(out.path()).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name");
        let committed =
            std::fs::read(root.join("schema/kubernetes").join(name)).expect("a file of that name");
        assert!(committed == std::fs::read(&path).expect("a file"), "{} differs", path.display());
    }
}
