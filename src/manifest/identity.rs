//! `apiVersion`, `kind` and `metadata.name`, read and judged.

use super::point_at;
use crate::api;
use crate::diag::{Code, Diagnostic, IN_QUOTES, Reported, Sink, nearest};
use crate::yaml::Node;
use std::sync::Arc;

/// The longest name and group that a server takes, in bytes.
const MAX_NAME: usize = 253;
/// The longest kind and version, in bytes.
const MAX_LABEL: usize = 63;

/// What a document says it is.
pub(super) struct Identity {
    pub(super) api_version: Arc<str>,
    pub(super) group: Arc<str>,
    pub(super) kind: Arc<str>,
    pub(super) name: Arc<str>,
}

/// Reads a document's identity.
///
/// # Errors
/// When it is no map, or a part of its identity is missing or cannot be one; every part is reported.
pub(super) fn read(node: &Node, sink: &mut Sink) -> Result<Identity, Reported> {
    let kind = read_kind(node, sink);
    if node.as_map().is_none() {
        return Err(kind.err().expect("what is no map has no kind"));
    }
    let name = name_field(node, sink).and_then(|text| name(text, sink));
    let (Recognised { api_version, group, kind }, name) = (kind?, name?);
    Ok(Identity { api_version, group, kind, name })
}

/// What sort of object a document says it is.
pub(super) struct Recognised {
    pub(super) api_version: Arc<str>,
    pub(super) group: Arc<str>,
    pub(super) kind: Arc<str>,
}

/// Reads a document's kind.
///
/// # Errors
/// When it is no map, or `apiVersion` or `kind` is missing or cannot be one; both are reported.
pub(super) fn read_kind(node: &Node, sink: &mut Sink) -> Result<Recognised, Reported> {
    if node.as_map().is_none() {
        let message = format!("a Kubernetes object is a map, but this is {}", node.kind());
        let finding = point_at(Diagnostic::error(Code::ManifestNotAnObject, message), node);
        return Err(
            sink.error(finding.hint("an object starts with `apiVersion`, `kind` and `metadata`"))
        );
    }
    let api_version = field(node, "apiVersion", "such as `apiVersion: v1`", sink)
        .and_then(|text| api_version(text, sink));
    let kind =
        field(node, "kind", "such as `kind: ConfigMap`", sink).and_then(|text| kind(text, sink));
    let (api_version, kind) = (api_version?, kind?);
    let group = api::split(&api_version).0.into();
    Ok(Recognised { api_version, group, kind })
}

/// A string of the identity, with the node it came from.
type Part<'n> = (&'n Node, &'n Arc<str>);

/// The string under a key of a map.
fn field<'n>(
    map: &'n Node,
    key: &str,
    example: &str,
    sink: &mut Sink,
) -> Result<Part<'n>, Reported> {
    match map.get(key).filter(|node| !node.is_null()) {
        Some(node) => string(node, key, sink),
        None => Err(sink.error(missing(map, key, example))),
    }
}

fn missing(map: &Node, key: &str, example: &str) -> Diagnostic {
    let finding = Diagnostic::error(Code::ManifestIdentity, format!("`{key}` is missing"));
    let keys = map.as_map().into_iter().flat_map(|map| map.keys());
    match nearest(key, keys.clone().map(|key| &*key.name)) {
        Some(near) if near != key => {
            let place = keys.into_iter().find(|key| &*key.name == near).map(|key| key.place);
            let finding = finding.at(place.unwrap_or(map.place), "");
            finding.hint(format!("write `{key}` instead of `{near}`"))
        }
        _ => finding.at(map.place, "").hint(format!("add it, {example}")),
    }
}

fn string<'n>(node: &'n Node, path: &str, sink: &mut Sink) -> Result<Part<'n>, Reported> {
    match node.as_scalar() {
        Some(scalar) if scalar.as_str().is_some() => Ok((node, &scalar.text)),
        Some(scalar) => {
            let (kind, text) = (node.kind(), &scalar.text);
            let message = format!("`{path}` must be a string, but `{text}` is {kind}");
            let finding = Diagnostic::error(Code::ManifestIdentity, message);
            Err(sink.error(point_at(finding, node).hint(format!("{IN_QUOTES}: `\"{text}\"`"))))
        }
        None => {
            let message = format!("`{path}` must be a string, but is {}", node.kind());
            Err(sink.error(point_at(Diagnostic::error(Code::ManifestIdentity, message), node)))
        }
    }
}

fn name_field<'n>(node: &'n Node, sink: &mut Sink) -> Result<Part<'n>, Reported> {
    let Some(metadata) = node.get("metadata").filter(|metadata| !metadata.is_null()) else {
        let finding = Diagnostic::error(Code::ManifestIdentity, "`metadata.name` is missing");
        let finding = finding.at(node.place, "");
        return Err(sink.error(finding.hint("add `metadata:` with a `name:` under it")));
    };
    if metadata.as_map().is_none() {
        let message = format!("`metadata` must be a map, but is {}", metadata.kind());
        let finding = point_at(Diagnostic::error(Code::ManifestIdentity, message), metadata);
        return Err(sink.error(finding.hint("write `metadata:` with a `name:` under it")));
    }
    match (metadata.get("name").filter(|name| !name.is_null()), metadata.get("generateName")) {
        (Some(name), _) => string(name, "metadata.name", sink),
        (None, Some(generated)) => {
            let message = "the object has only a `metadata.generateName`: every apply would make \
                           another object of it";
            let finding = point_at(Diagnostic::error(Code::ManifestIdentity, message), generated);
            Err(sink.error(finding.hint("give it a `metadata.name`")))
        }
        (None, None) => {
            let finding = missing(metadata, "name", "such as `name: web`");
            let message = "`metadata.name` is missing".to_owned();
            Err(sink.error(Diagnostic { message, ..finding }))
        }
    }
}

/// `GROUP/VERSION` or `VERSION`: a DNS subdomain and a DNS label, as the server demands of them.
fn api_version((node, text): Part<'_>, sink: &mut Sink) -> Result<Arc<str>, Reported> {
    let (group, version) = api::split(text);
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_group = group.len() <= MAX_NAME
        && group.chars().all(|c| lower(c) || c == '.')
        && (group.is_empty() != text.contains('/'))
        && group.split('.').all(|part| group.is_empty() || !part.is_empty());
    let is_version = (1..=MAX_LABEL).contains(&version.len()) && version.chars().all(lower);
    match is_group && is_version {
        true => Ok(Arc::clone(text)),
        false => {
            let message = format!("`apiVersion` cannot be `{text}`");
            let finding = point_at(Diagnostic::error(Code::ManifestIdentity, message), node);
            Err(sink.error(
                finding.hint("write a version such as `v1`, or `GROUP/VERSION` such as `apps/v1`"),
            ))
        }
    }
}

fn kind((node, text): Part<'_>, sink: &mut Sink) -> Result<Arc<str>, Reported> {
    let fits = (1..=MAX_LABEL).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    match fits {
        true => Ok(Arc::clone(text)),
        false => {
            let message = format!("`kind` cannot be `{text}`: it is letters and digits");
            let finding = point_at(Diagnostic::error(Code::ManifestIdentity, message), node);
            Err(sink.error(finding.hint("write a kind such as `Deployment`")))
        }
    }
}

/// What every kind's name must be, because it is a part of a URL: upstream's path segment rule. Most
/// kinds ask for more; the names of roles may hold `:`.
fn name((node, text): Part<'_>, sink: &mut Sink) -> Result<Arc<str>, Reported> {
    let Some(wrong) = wrong_name(text) else { return Ok(Arc::clone(text)) };
    let message = format!("`metadata.name` cannot be `{text}`: a name {wrong}");
    let finding = point_at(Diagnostic::error(Code::ManifestName, message), node);
    let hint = match text.starts_with("ENC[") {
        true => {
            "SOPS encrypted it: encrypt only the data, with `encrypted_regex: ^(data|stringData)$`"
        }
        false => "write a name of small letters, digits and `-`, such as `web`",
    };
    Err(sink.error(finding.hint(hint)))
}

/// What a name may not be, if it is that.
pub(super) fn wrong_name(text: &str) -> Option<&'static str> {
    match text {
        "" => Some("is not empty"),
        "." | ".." => Some("is neither `.` nor `..`"),
        _ if text.len() > MAX_NAME => Some("has at most 253 bytes"),
        _ if text.contains(['/', '%']) => Some("holds neither `/` nor `%`"),
        _ if text.chars().any(char::is_control) => Some("holds no control characters"),
        _ => None,
    }
}
