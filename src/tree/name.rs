//! File names, each a pure function of what it names.
//!
//! Every name is ASCII letters, digits, `.`, `_`, `-` and `%XX`, so that no file system folds,
//! normalises or refuses it, and no name can hold a separator.

use super::hash::Hash;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// The most bytes that a file name has, the ending included.
const MAX_BYTES: usize = 200;
const ENDING: &str = ".yaml";
/// `-` and eight hexadecimal digits.
const HASH_BYTES: usize = 9;

/// What a file is named after.
#[derive(Debug, Clone)]
pub(super) struct Named<'a> {
    /// The group if Kubernetes does not serve it itself.
    pub(super) group: Option<&'a str>,
    pub(super) kind: &'a str,
    /// The namespace if it is not the target's own.
    pub(super) namespace: Option<&'a str>,
    pub(super) name: Cow<'a, str>,
}

/// `<kind>[.<group>]-<name>.yaml`; of another namespace `<kind>[.<group>]_<namespace>_<name>.yaml`.
///
/// A kind holds none of `-`, `.`, `_` and a namespace no `_`, so the parts can be told apart again;
/// only a group that continues another one behind a `-` cannot, and that is a collision.
pub(super) fn file_name(of: &Named<'_>) -> String {
    let kind = escaped(&of.kind.to_ascii_lowercase(), "");
    // `aux.example.com-x.yaml` is a device on Windows, whatever follows the first dot.
    let kind = if is_device(&kind) { kind + "_" } else { kind };
    let group = of.group.map_or_else(String::new, |group| format!(".{}", escaped(group, ".-")));
    let name = escaped(&of.name, "._-");
    let stem = match of.namespace {
        None => format!("{kind}{group}-{name}"),
        Some(namespace) => format!("{kind}{group}_{}_{name}", escaped(namespace, ".-")),
    };
    shortened(stem) + ENDING
}

/// The file's name, and the one under which two files would be one for a file system that ignores case
/// or normalises.
pub(super) fn names(of: &Named<'_>) -> (String, String) {
    let file = file_name(of);
    // Nearly all names fold to themselves.
    let is_folded = of.name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    let folded = if is_folded { file.to_ascii_lowercase() } else { folded(of) };
    (file, folded)
}

/// The name under which two files would be one for a file system that ignores case or normalises.
fn folded(of: &Named<'_>) -> String {
    let name = of.name.to_lowercase().nfc().collect::<String>();
    file_name(&Named { name: Cow::Owned(name), ..of.clone() }).to_ascii_lowercase()
}

/// A target's name as an inventory holds it: without anything that could end it.
#[must_use]
pub fn label(target: &str) -> String {
    escaped(target, "._-/")
}

/// Whether every system can have a folder of this name, and shows it.
pub(super) fn is_folder_name(name: &str) -> bool {
    escaped(name, "._-") == name
        && name.len() <= MAX_BYTES
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !is_device(name)
}

/// Letters, digits and the bytes of `also` stay; any other byte becomes `%XX`.
fn escaped(text: &str, also: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte.is_ascii_alphanumeric() || also.as_bytes().contains(&byte) {
            true => name.push(char::from(byte)),
            false => name.push_str(&format!("%{byte:02X}")),
        }
    }
    name
}

/// A stem that is too long ends in eight digits of its hash instead.
fn shortened(stem: String) -> String {
    let most = MAX_BYTES - ENDING.len();
    if stem.len() <= most {
        return stem;
    }
    let head = &stem[..most - HASH_BYTES];
    let tail = head.len() - 2;
    // An escape is not cut in two.
    let cut = head[tail..].find('%').map_or(head.len(), |at| tail + at);
    format!("{}-{}", &head[..cut], &Hash::of(stem.as_bytes()).to_string()[..HASH_BYTES - 1])
}

/// Whether Windows takes the name, up to its first dot, for a device.
fn is_device(name: &str) -> bool {
    let base = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |prefix| {
        base.strip_prefix(prefix)
            .is_some_and(|n: &str| n.len() == 1 && n.as_bytes()[0].is_ascii_digit())
    };
    matches!(&*base, "con" | "prn" | "aux" | "nul" | "conin$" | "conout$")
        || numbered("com")
        || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, Named, file_name, folded, is_folder_name, label};

    fn named<'a>(group: Option<&'a str>, kind: &'a str, name: &'a str) -> Named<'a> {
        Named { group, kind, namespace: None, name: name.into() }
    }

    fn check(of: &Named<'_>, expect: &str) {
        assert_eq!(file_name(of), expect);
    }

    #[test]
    fn a_file_is_named_after_kind_and_name() {
        check(&named(None, "Deployment", "web"), "deployment-web.yaml");
    }

    #[test]
    fn a_group_that_kubernetes_does_not_serve_stands_in_the_name() {
        let of = named(Some("cert-manager.io"), "Certificate", "web");
        check(&of, "certificate.cert-manager.io-web.yaml");
    }

    #[test]
    fn another_namespace_stands_between_kind_and_name() {
        let of = Named { namespace: Some("kube-system"), ..named(None, "Role", "reader") };
        check(&of, "role_kube-system_reader.yaml");
    }

    #[test]
    fn bytes_that_no_file_name_should_hold_are_escaped() {
        check(&named(None, "ClusterRole", "system:Node"), "clusterrole-system%3ANode.yaml");
        check(&named(None, "Role", "../../etc\0\n🦀"), "role-..%2F..%2Fetc%00%0A%F0%9F%A6%80.yaml");
        check(&named(None, "Role", "a%2Fb"), "role-a%252Fb.yaml");
    }

    #[test]
    fn a_kind_that_is_a_windows_device_gets_an_underscore() {
        check(&named(Some("example.com"), "Aux", "x"), "aux_.example.com-x.yaml");
        check(&named(None, "ConfigMap", "con"), "configmap-con.yaml");
    }

    #[test]
    fn a_long_name_ends_in_its_hash_and_stays_apart_from_its_like() {
        let names = ["a".repeat(300), "a".repeat(299) + "b", "é".repeat(150)];
        let files = names.each_ref().map(|name| file_name(&named(None, "Role", name)));
        assert!(files.iter().all(|file| file.len() <= MAX_BYTES && file.ends_with(".yaml")));
        assert_ne!(files[0], files[1]);
        assert!(!files[2].contains("%-") && !files[2].contains("%C-"));
    }

    #[test]
    fn names_that_differ_in_case_or_normalisation_only_fold_together() {
        let twins = [("Reader", "reader"), ("caf\u{e9}", "cafe\u{301}")];
        for (one, two) in twins {
            assert_eq!(folded(&named(None, "Role", one)), folded(&named(None, "Role", two)));
        }
    }

    #[test]
    fn folder_names_are_never_hidden_nor_climbing_nor_devices() {
        let wrong = ["..", ".git", "nul", "COM1", "a/b", "x.", "a b", "\u{e9}", "a\n"];
        let (long, right) = ("x".repeat(201), ["_cluster", "com", "prod-eu", "a.b"]);
        assert!(right.into_iter().all(is_folder_name));
        assert!(!wrong.iter().copied().chain([&*long]).any(is_folder_name));
    }

    #[test]
    fn a_target_cannot_end_its_line() {
        assert_eq!(label("prod/a b\n/web"), "prod/a%20b%0A/web");
    }
}
