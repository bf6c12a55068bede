//! The embedded Kubernetes data is what its tool writes.

use std::collections::BTreeSet;
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

/// The lines of the tables in a folder, as type and first word.
fn lines(folder: &str) -> BTreeSet<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(folder);
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|end| end != "txt") || path.ends_with("scopes.txt") {
            continue;
        }
        let text = std::fs::read_to_string(path).expect("a text");
        let mut name = String::new();
        for line in text.lines() {
            let word = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
            match line.strip_prefix("  ") {
                Some(field) => drop(found.insert((name.clone(), word(field)))),
                None => name = word(line),
            }
        }
    }
    found
}

#[test]
fn the_rules_say_of_every_field_that_is_published_as_required_whether_it_is() {
    let rules = lines("rules");
    let published = lines("kubernetes").into_iter().filter_map(|(name, field)| {
        let field = field.strip_suffix('!')?;
        Some((name, field.to_owned()))
    });
    // Who owns an object is judged in code, for a template's owners are not judged.
    let in_code = |(name, _): &(String, String)| name == "meta/v1.OwnerReference";
    let unsaid: Vec<_> =
        published.filter(|field| !rules.contains(field) && !in_code(field)).collect();
    assert!(unsaid.is_empty(), "no line in schema/rules, see required.txt there: {unsaid:?}");
}
