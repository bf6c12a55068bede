//! How fields of a kustomization file are written: what a message about a value of another type shows.
//!
//! What the user wrote is shown in the right form where it is one plain word; else an example stands for it.

use crate::yaml::{Node, Rules, Value, resolve};

/// Lists of maps, and an entry of each.
const ENTRIES: [(&str, &str); 11] = [
    ("configMapGenerator", "{ name: settings, literals: [LEVEL=info] }"),
    ("images", "{ name: web, newTag: 1.4.0 }"),
    ("imageTags", "{ name: web, newTag: 1.4.0 }"),
    ("labels", "{ pairs: { team: shop } }"),
    ("patches", "{ path: patch.yaml }"),
    ("patchesJson6902", "{ path: patch.yaml, target: { kind: Deployment, name: web } }"),
    ("replacements", "{ path: replacement.yaml }"),
    ("replicas", "{ name: web, count: 2 }"),
    ("secretGenerator", "{ name: login, envs: [login.env] }"),
    ("fieldSpecs", "{ kind: Deployment, path: spec/replicas }"),
    ("fields", "{ kind: Deployment, path: spec/replicas }"),
];

/// Lists of texts, and an entry of each.
const TEXTS: [(&str, &str); 13] = [
    ("bases", "../base"),
    ("buildMetadata", "originAnnotations"),
    ("components", "../components/tls"),
    ("configurations", "fields.yaml"),
    ("crds", "crd.json"),
    ("envs", "settings.env"),
    ("files", "app.conf"),
    ("generators", "generator.yaml"),
    ("literals", "LEVEL=info"),
    ("patchesStrategicMerge", "patch.yaml"),
    ("resources", "deployment.yaml"),
    ("transformers", "transformer.yaml"),
    ("validators", "validator.yaml"),
];

/// Maps, and what one holds.
const MAPS: [(&str, &str); 14] = [
    ("commonAnnotations", "{ team: shop }"),
    ("commonLabels", "{ team: shop }"),
    ("fieldref", "{ fieldPath: metadata.name }"),
    ("generatorOptions", "{ disableNameSuffixHash: true }"),
    ("imageTag", "{ name: web, newTag: 1.4.0 }"),
    ("legacySortOptions", "{ orderFirst: [Namespace] }"),
    ("metadata", "{ name: web }"),
    ("objref", "{ apiVersion: v1, kind: Service, name: web }"),
    ("openapi", "{ path: schema.json }"),
    ("pairs", "{ team: shop }"),
    ("select", "{ kind: Deployment, name: web }"),
    ("sortOptions", "{ order: fifo }"),
    ("source", "{ kind: Service, name: web, fieldPath: metadata.name }"),
    ("target", "{ kind: Deployment, name: web }"),
];

fn known(table: &[(&'static str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == name).map(|(_, example)| *example)
}

/// Whether a field, wherever it stands, is a map.
pub(super) fn is_map(name: &str) -> bool {
    known(&MAPS, name).is_some()
}

/// A list that takes the place of what a user wrote.
pub(super) fn list(name: &str, written: &Node) -> Option<String> {
    let entry = match (plain(written), first_pair(written)) {
        (Some(text), _) if known(&TEXTS, name).is_some() => text.to_owned(),
        (Some(text), _) if name == "patches" => format!("{{ path: {text} }}"),
        (_, Some((key, value))) if name == "replicas" => {
            format!("{{ name: {key}, count: {value} }}")
        }
        (_, Some((key, value))) if name == "images" => {
            format!("{{ name: {key}, newTag: {value} }}")
        }
        _ => known(&ENTRIES, name).or_else(|| known(&TEXTS, name))?.to_owned(),
    };
    Some(format!("{name}: [{entry}]"))
}

/// An entry of a list that takes the place of what a user wrote.
pub(super) fn entry(name: &str, written: &Node) -> Option<String> {
    let entry = match plain(written) {
        Some(text) if matches!(name, "patches" | "patchesJson6902") => format!("path: {text}"),
        _ => match (name, written.as_str().and_then(image)) {
            ("images" | "imageTags", Some((name, tag))) => {
                format!("{{ name: {name}, newTag: \"{tag}\" }}")
            }
            _ => known(&ENTRIES, name).or_else(|| known(&TEXTS, name))?.to_owned(),
        },
    };
    Some(format!("- {entry}"))
}

/// A map that takes the place of what a user wrote.
pub(super) fn map(name: &str) -> Option<String> {
    known(&MAPS, name).map(|example| format!("{name}: {example}"))
}

/// What takes the place of a field that kustomize warns of; none if it warns of no such field.
pub(super) fn instead_of(name: &str, written: &Node) -> Option<String> {
    Some(match name {
        "bases" => "write `resources`".to_owned(),
        "imageTags" => "write `images`".to_owned(),
        "patchesJson6902" => "write `patches`; the entries stay as they are".to_owned(),
        "commonLabels" => {
            let pair = first_pair(written).filter(|_| written.as_map().is_some_and(|map| map.len() == 1));
            let pair = pair.map_or("app: web".to_owned(), |(key, value)| format!("{key}: {value}"));
            format!("write `labels: [{{ pairs: {{ {pair} }}, includeSelectors: true }}]`")
        }
        "patchesStrategicMerge" => {
            let first = written.as_list().and_then(|items| items.iter().find_map(plain));
            match first {
                Some(path) => format!("write `patches`, and each entry as `- path: {path}`"),
                None => "write `patches`, and each entry as `- path: patch.yaml`, or as `- patch: |-` with the patch below it".to_owned(),
            }
        }
        "vars" => "write `replacements`: `source` says which field of which object, `targets` where its value goes".to_owned(),
        _ => return None,
    })
}

/// A text that needs no quotes, and holds no more than a path or a name does.
fn plain(node: &Node) -> Option<&str> {
    node.as_str().filter(|text| is_plain(text))
}

fn is_plain(text: &str) -> bool {
    let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
    text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '.')
        && text.bytes().all(is_usual)
        && resolve(text, Rules::GoYamlV2) == Ok(Value::String)
}

/// The first key and value of a map, if they can be shown as they are.
fn first_pair(node: &Node) -> Option<(&str, String)> {
    let (key, value) = node.as_map()?.first()?;
    let scalar = value.as_scalar()?;
    let value = match (scalar.value, plain(value)) {
        (_, Some(text)) => text.to_owned(),
        (Value::Int(number), None) => number.to_string(),
        _ => return None,
    };
    is_plain(&key.name).then_some((&*key.name, value))
}

/// The name and tag of an image.
fn image(text: &str) -> Option<(&str, &str)> {
    let (name, tag) = text.rsplit_once(':')?;
    let is_tag = !tag.is_empty()
        && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    (is_plain(name) && is_tag).then_some((name, tag))
}
