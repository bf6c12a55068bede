//! The hash behind the name of a generated object, so that whoever uses it starts anew when its data changes.
//!
//! Source of the rule: `api/hasher` of kustomize, observed. It means to put the name into the hash but looks it up under a
//! key that no object has, so that the name is always empty there.

use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::transform::{Resource, Resources, Text, set_scalar};
use crate::yaml::{self, Data, Node};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// How many digits of the hash a name gets.
const DIGITS: usize = 10;
/// The annotation by which kustomize itself remembers that a name gets a hash.
pub(super) const ASKED: &str = "internal.config.kubernetes.io/needsHashSuffix";

/// Puts a hash of its content behind the name of each object that was made with one.
///
/// # Errors
/// When such an object was made something else than a ConfigMap or a Secret since.
pub fn hash_names(resources: &mut Resources, sink: &mut Sink) -> Result<(), Reported> {
    resources.change_each(sink, |resource| {
        if !asks_for_hash(resource) {
            return Ok(());
        }
        let Some(hash) = hash(&resource.node) else { return Err(refuse(resource)) };
        resource.remember_id();
        let text = Text::new(format!("{}-{hash}", resource.id().name), resource.place());
        let name = resource.node.at_mut(&["metadata", "name"]);
        let name = name.expect("an object with a hash has a name");
        set_scalar(name, &text).expect("the name of an object is a scalar");
        Ok(())
    })
}

/// Whether the name of an object gets a hash.
pub(super) fn asks_for_hash(resource: &Resource) -> bool {
    let annotation = || resource.node.at(&["metadata", "annotations", ASKED]);
    resource.generated.is_some_and(|generated| generated.needs_hash)
        || annotation().and_then(Node::as_scalar).is_some_and(|asked| &*asked.text == "enabled")
}

fn refuse(resource: &Resource) -> Box<Diagnostic> {
    let message =
        format!("jibe knows no hash of {}, which is no ConfigMap and no Secret", resource.id());
    let finding = Diagnostic::error(Code::KustomizeUnsupported, message).at(resource.place(), "");
    Box::new(finding.hint("write `disableNameSuffixHash: true` into its `options`"))
}

/// The hash of a ConfigMap or Secret.
fn hash(node: &Node) -> Option<String> {
    let kind = node.get("kind").and_then(Node::as_str)?;
    let (maps, texts): (&[&str], &[&str]) = match kind {
        "ConfigMap" => (&["binaryData", "data"], &[]),
        "Secret" => (&["data", "stringData"], &["type"]),
        _ => return None,
    };
    let mut fields = vec![("kind", Some(json_text(kind))), ("name", Some(json_text("")))];
    fields.extend(maps.iter().map(|key| (*key, field(node, key))));
    fields.extend(texts.iter().map(|key| (*key, field(node, key))));
    fields.sort_unstable_by_key(|(key, _)| *key);
    let fields = fields.into_iter().filter_map(|(key, json)| Some((key, json?)));
    let fields: Vec<_> = fields.map(|(key, json)| format!("\"{key}\":{json}")).collect();
    Some(encoded(&Sha256::digest(format!("{{{}}}", fields.join(",")))))
}

/// The JSON of a field; none for one that is left out unless it is a map.
fn field(node: &Node, key: &str) -> Option<String> {
    let is_optional = matches!(key, "binaryData" | "stringData");
    match node.get(key).map(|node| (node, &node.data)) {
        None | Some((_, Data::Scalar(_))) if is_optional => None,
        None => Some(json_text("")),
        Some((_, Data::Scalar(scalar))) => Some(json_text(&scalar.text)),
        // What is no map is lost on the way.
        Some((_, Data::List(_))) => Some("null".to_owned()),
        Some((node, Data::Map(_))) => {
            let mut node = node.clone();
            yaml::spell_out(&mut node);
            Some(yaml::go_json(&node))
        }
    }
}

fn json_text(text: &str) -> String {
    let mut out = String::new();
    yaml::write_go_text(&mut out, text);
    out
}

/// The first digits, of which those that could make a word are others.
fn encoded(digest: &[u8]) -> String {
    let mut hex = String::new();
    for byte in digest.iter().take(DIGITS.div_ceil(2)) {
        let _ = write!(hex, "{byte:02x}");
    }
    let other = |digit| match digit {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        digit => digit,
    };
    hex.chars().take(DIGITS).map(other).collect()
}

#[cfg(test)]
mod tests {
    use super::hash;
    use crate::source::Files;
    use crate::yaml::{Options, Rules, parse};

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let files = Files::memory([("x", "")]).expect("a path");
        let file = files.add("x", Vec::new()).expect("a text").id();
        let options = Options { rules: Rules::GoYamlV3, ..Options::default() };
        let root = parse(text, file, options).expect("YAML").remove(0).root;
        assert_eq!(hash(&root).as_deref(), Some(expect));
    }

    #[test]
    fn without_data_the_data_is_an_empty_text() {
        check("kind: ConfigMap", "6ct58987ht");
    }

    #[test]
    fn a_secret_without_entries_has_an_empty_map() {
        check("{kind: Secret, type: Opaque, data: {}}", "46f8b28mk5");
    }

    #[test]
    fn all_numbers_are_floats_and_null_and_dates_are_what_they_mean() {
        let data = r#"{a: 1, c: d, e: "5", f: 1.50, g: 1e21, h: 123456789012345678901, i: 2020-01-01, k: {x: [1,2]}, l: 12345678901234567, m: 0.0000001, n: yes, o: true, p: "<&>\b\u2028\u0001"}"#;
        check(&format!("{{kind: ConfigMap, data: {data}}}"), "74476tcdgc");
    }
}
