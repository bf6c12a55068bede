//! What must hold for any bytes at all: the properties that the fuzz targets look for and that
//! `tests/corpus.rs` of the library replays. Each panics when its property does not hold.

use jibe::api::{Api, Version};
use jibe::cel::{self, Budget, Declared, Type, Value};
use jibe::diag::Sink;
use jibe::lint::{Input, Linter, Origin};
use jibe::manifest::{Placement, Stamp, drafts, identify};
use jibe::source::{Files, RelPath, Source};
use jibe::yaml::{self, Data, Node};
use std::sync::Arc;

/// The parts of an input that consists of several texts.
const BORDER: &str = "\n=====\n";

/// A property of any bytes.
pub type Property = fn(&[u8]);

/// All of them by name.
pub const PROPERTIES: [(&str, Property); 7] = [
    ("yaml_read", yaml_read),
    ("yaml_round_trip", yaml_round_trip),
    ("template_render", template_render),
    ("manifest_identify", manifest_identify),
    ("path_mapping", path_mapping),
    ("cel_run", cel_run),
    ("definition_lint", definition_lint),
];

fn source_of(data: &[u8]) -> Option<(Files, Arc<Source>)> {
    let files = Files::memory::<&str, &str>([]).expect("no paths");
    let source = files.add("input.yaml", data.to_vec()).ok()?;
    Some((files, source))
}

/// YAML is read or refused; each node lies within the text, its parts within each other's file.
pub fn yaml_read(data: &[u8]) {
    let Some((files, source)) = source_of(data) else { return };
    let mut sink = Sink::new(&files);
    match yaml::read(&source, &mut sink) {
        Ok(documents) => {
            documents.iter().for_each(|document| assert_places(&document.root, source.text()));
            sink.finish().expect("what was read without an error has none");
        }
        Err(_) => {
            let failure = sink.finish().expect_err("a failed read says why");
            assert!(failure.diagnostics().iter().all(|found| found.at.is_some()));
            let _ = failure.to_string();
        }
    }
}

fn assert_places(node: &Node, text: &str) {
    let range = node.place.span.range();
    assert!(range.start <= range.end, "a place ends before it begins");
    assert!(text.get(range).is_some(), "a place lies outside of the text or within a character");
    match &node.data {
        Data::Scalar(_) => {}
        Data::List(items) => items.iter().for_each(|item| assert_places(item, text)),
        Data::Map(map) => map.values().for_each(|value| assert_places(value, text)),
    }
}

/// What was read and written reads back as the same data, and is written in the same way again.
pub fn yaml_round_trip(data: &[u8]) {
    let Some((files, source)) = source_of(data) else { return };
    let mut sink = Sink::new(&files);
    let Ok(documents) = yaml::read(&source, &mut sink) else { return };
    for document in &documents {
        let written = yaml::write(&document.root);
        let again = files.add("written.yaml", written.clone().into_bytes()).expect("text");
        let read = yaml::read(&again, &mut sink).expect("what was written can be read");
        let [again] = read.as_slice() else {
            assert!(document.root.is_null() && read.is_empty(), "one document is one: {written:?}");
            continue;
        };
        assert!(yaml::same_data(&document.root, &again.root), "other data: {written:?}");
        assert_eq!(yaml::write(&again.root), written, "written in another way");
    }
}

/// A template and values give manifests or findings. Whatever a value holds, it is no structure: the
/// same template gives the same keys for it.
pub fn template_render(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (template, values) = text.split_once(BORDER).unwrap_or((text, ""));
    let files = [
        (
            "jibe.yaml",
            "environments: { dev: { kubernetes: \"1.35\", namespaces: { shop: shop } } }",
        ),
        ("services/web/service.yaml", "source: charts/web"),
        ("charts/web/chart.yaml", "{ name: web, version: 1.0.0 }"),
        ("charts/web/values.yaml", values),
        ("charts/web/templates/web.yaml", template),
        ("charts/web/templates/_text.j2", "{% macro text(x) %}{{ x }}{% endmacro %}"),
        ("charts/web/files/text.j2", "{{ values }}"),
    ];
    let once = built(&files);
    if let Ok(tree) = &once {
        for text in tree.values() {
            yaml_round_trip(text.as_bytes());
        }
    }
    assert_eq!(once, built(&files), "another result the second time");
}

/// Texts by path.
type Written = std::collections::BTreeMap<String, String>;

/// The tree, or the report of what is wrong.
fn built(files: &[(&str, &str)]) -> Result<Written, String> {
    let files = Files::memory(files.iter().copied()).expect("plain paths");
    let workspace = jibe::Workspace::memory(&files).map_err(|failure| failure.to_string())?;
    let Some(target) = workspace.targets().first() else { return Ok(Written::new()) };
    let built = jibe::build(&workspace, target).map_err(|failure| failure.to_string())?;
    let files = built.tree.files();
    Ok(files.map(|(path, text)| (path.to_string(), text.to_string())).collect())
}

/// Documents are objects with an identity of their own, or findings.
pub fn manifest_identify(data: &[u8]) {
    let Some((files, source)) = source_of(data) else { return };
    let mut sink = Sink::new(&files);
    let Ok(drafts) = drafts(&source, &mut sink) else { return };
    let apis = [Api::new(Version::parse("1.35").expect("a version"))];
    let other = ["kube-system".to_owned()];
    for stamp in [Stamp::Absent, Stamp::Never] {
        let mut sink = Sink::new(&files);
        let placement =
            Placement { apis: &apis, namespace: Some("shop"), other_namespaces: &other, stamp };
        let Ok(manifests) = identify(drafts.clone(), &placement, &mut sink) else {
            sink.finish().expect_err("a failure says why");
            continue;
        };
        let ids: Vec<_> = manifests.iter().map(|manifest| &manifest.id).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "in order, each once");
        for id in ids {
            let namespaces = ["shop", "kube-system"];
            assert!(id.namespace.as_deref().is_none_or(|name| namespaces.contains(&name)));
            assert!(!id.name.is_empty() && !id.name.contains(['/', '%', '\0']));
        }
    }
}

/// Whatever things are called, their files lie below the output folder, under names that every file
/// system takes.
pub fn path_mapping(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(path) = RelPath::parse(text) {
        assert!(!path.as_str().starts_with('/') && !path.parts().any(|part| part == ".."));
        assert_eq!(RelPath::parse(path.as_str()).as_ref(), Ok(&path), "read again");
    }
    let mut names = text.split(BORDER).map(quoted);
    let mut next = |other: &str| names.next().unwrap_or_else(|| quoted(other));
    let manifest = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n  namespace: {}\n---\n\
         apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: {}\nrules: []\n",
        next("web"),
        next("shop"),
        next("web")
    );
    let settings = format!(
        "environments: {{ {}: {{ kubernetes: \"1.35\", namespaces: {{ {}: shop }} }} }}\noutput: {{ path: {} }}",
        next("dev"),
        next("shop"),
        next("out/{env}/{namespace}/{service}")
    );
    let service = format!("source: m\notherNamespaces: [{}]\n", next("shop"));
    let files = [
        ("jibe.yaml", &*settings),
        ("services/web/service.yaml", &service),
        ("m/all.yaml", &manifest),
    ];
    for path in built(&files).into_iter().flat_map(Written::into_keys) {
        assert!(path.split('/').all(is_plain), "{path:?}");
    }
}

/// An expression is refused at a place of its own, or has a value of the type that was judged, the same each time, or says why
/// it has none.
pub fn cel_run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let declared = |kind| Declared { kind, most: 100, least_bytes: 2, inner: None };
    let variables = [
        ("x", declared(Type::List(Box::new(Type::Int)))),
        ("m", declared(Type::Map(Box::new(Type::String), Box::new(Type::String)))),
        ("s", declared(Type::String)),
        ("d", declared(Type::Dyn)),
    ];
    let program = match cel::compile(text, &variables) {
        Ok(program) => program,
        Err(fault) => {
            let is_within = fault.span.is_empty() || text.get(fault.span.clone()).is_some();
            assert!(is_within && !fault.message.is_empty(), "{fault:?}");
            return;
        }
    };
    let map = |value: Value| Value::Map(Arc::new([("a".into(), value)].into()));
    let numbers = || Value::list(vec![Value::Int(3), Value::Int(-1), Value::Int(0)]);
    let values = [numbers(), map(Value::string("b")), Value::string("añb c"), map(numbers())];
    let run = || program.run(&values, &mut Budget::default());
    let (once, again) = (run(), run());
    assert_eq!(format!("{once:?}"), format!("{again:?}"), "another value the second time");
    if let Ok(value) = once {
        assert!(is_of(&value, program.kind()), "{value:?} is no {:?}", program.kind());
    }
}

fn is_of(value: &Value, kind: &Type) -> bool {
    match kind {
        Type::Bool => matches!(value, Value::Bool(_)),
        Type::Int => matches!(value, Value::Int(_)),
        Type::Uint => matches!(value, Value::Uint(_)),
        Type::Double => matches!(value, Value::Double(_)),
        Type::String => matches!(value, Value::String(_)),
        Type::Bytes => matches!(value, Value::Bytes(_)),
        Type::Duration => matches!(value, Value::Duration(_)),
        Type::Timestamp => matches!(value, Value::Timestamp(_)),
        Type::List(_) => matches!(value, Value::List(_)),
        Type::Map(..) => matches!(value, Value::Map(_)),
        _ => true,
    }
}

/// A definition with this schema of `spec`, and an object with this `spec`, are taken or refused, the same each time.
pub fn definition_lint(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (schema, spec) = text.split_once(BORDER).unwrap_or((text, "{}"));
    let below = |text: &str, indent: &str| text.replace('\n', &format!("\n{indent}"));
    let definition = format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: as.b.example}}\nspec:\n  \
         group: b.example\n  scope: Namespaced\n  names: {{kind: A, plural: as}}\n  versions:\n  - name: v1\n    \
         served: true\n    storage: true\n    schema:\n      openAPIV3Schema:\n        type: object\n        \
         properties:\n          spec:\n            {}\n",
        below(schema, "            ")
    );
    let object = format!(
        "apiVersion: b.example/v1\nkind: A\nmetadata: {{name: a}}\nspec:\n  {}\n",
        below(spec, "  ")
    );
    let once = linted(&definition, &object);
    assert_eq!(once, linted(&definition, &object), "another result the second time");
}

/// What is found in a definition and in an object.
fn linted(definition: &str, object: &str) -> Vec<String> {
    let files = Files::memory::<&str, &str>([]).expect("no paths");
    let input = |name: &str, text: &str| {
        let source = files.add(name, text.as_bytes().to_vec()).ok()?;
        Some(vec![Input { source, origin: Origin::Named }])
    };
    let (Some(definition), Some(object)) = (input("d.yaml", definition), input("o.yaml", object))
    else {
        return Vec::new();
    };
    let mut sink = Sink::new(&files);
    let mut linter = Linter::new(&[Version::parse("1.35").expect("a version")]);
    linter.define(&definition, &mut sink);
    linter.lint(&object, &mut sink);
    let found = sink.finish().unwrap_or_else(|failure| failure.diagnostics().to_vec());
    assert!(found.iter().all(|one| one.at.is_some()), "a finding without a place");
    found.iter().map(ToString::to_string).collect()
}

fn quoted(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        ' '..='~' => c.to_string(),
        c => format!("\\U{:08x}", u32::from(c)),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

fn is_plain(part: &str) -> bool {
    let base = part.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_device = matches!(&*base, "con" | "prn" | "aux" | "nul");
    let letters = |c: char| c.is_ascii_alphanumeric() || "._-%".contains(c);
    !part.is_empty()
        && part.len() <= 255
        && !is_device
        && part.chars().all(letters)
        && !part.starts_with('.')
        && !part.ends_with('.')
}
