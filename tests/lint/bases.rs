//! The manifests that edits start from. The API server takes each as it is.

use jibe::source::{Files, Inputs, RelPath};
use jibe::yaml;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One manifest of `bases/`.
pub(crate) struct Base {
    /// Its kind and name: `Deployment/checkout`, unique among the bases.
    pub(crate) id: String,
    /// Such as `apps/v1 Deployment`.
    pub(crate) kind: String,
    pub(crate) manifest: Value,
    /// The name of its file: what it is about.
    pub(crate) area: String,
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint")
}

/// All bases, by the name of their file and in its order.
pub(crate) fn bases() -> Vec<Base> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder().join("bases"))
        .expect("the folder of bases")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let all: Vec<Base> = files.iter().flat_map(|file| in_file(file)).collect();
    let ids: BTreeMap<&str, &Base> = all.iter().map(|base| (base.id.as_str(), base)).collect();
    assert_eq!(ids.len(), all.len(), "two bases have one kind and name");
    all
}

fn in_file(file: &Path) -> Vec<Base> {
    let text = std::fs::read_to_string(file).expect("a base file");
    let files = Files::memory([("bases.yaml", text.as_str())]).expect("a path");
    let path = RelPath::parse("bases.yaml").expect("a path");
    let source = files.read(&path, &mut Inputs::default()).expect("a text");
    let documents = yaml::parse(source.text(), source.id(), yaml::Options::default());
    let documents = documents.unwrap_or_else(|_| panic!("{} is no YAML", file.display()));
    let area = file.file_stem().unwrap_or_default().to_string_lossy();
    documents.iter().map(|document| base(yaml::to_json(&document.root), &area)).collect()
}

fn base(manifest: Value, area: &str) -> Base {
    let text = |pointer: &str| manifest.pointer(pointer).and_then(Value::as_str).expect(pointer);
    let (version, kind, name) = (text("/apiVersion"), text("/kind"), text("/metadata/name"));
    Base {
        id: format!("{kind}/{name}"),
        kind: format!("{version} {kind}"),
        manifest,
        area: area.to_owned(),
    }
}
