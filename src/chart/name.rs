//! What charts, services, environments and namespaces may be called.

/// How long a name may be: that of a DNS label, because names end up in namespaces and labels.
const MAX_LENGTH: usize = 63;

/// File names that Windows keeps for devices, whatever their ending.
const DEVICES: [&str; 4] = ["aux", "con", "nul", "prn"];

/// What is wrong with a text as a name, if anything; a sentence's end such as `has an empty name`.
///
/// A name is a DNS label (RFC 1123): lower-case letters, digits and `-`. So it is a namespace, a file
/// name on every system, and two names never differ by case alone.
#[must_use]
pub fn wrong_name(text: &str) -> Option<String> {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.is_empty() {
        return Some("is empty".to_owned());
    }
    if text.len() > MAX_LENGTH {
        return Some(format!("is longer than {MAX_LENGTH} characters"));
    }
    if let Some(c) = text.chars().find(|c| !legal(*c)) {
        return Some(format!("cannot hold `{}`", c.escape_debug()));
    }
    if text.starts_with('-') || text.ends_with('-') {
        return Some("begins or ends with `-`".to_owned());
    }
    is_device(text).then(|| "is a device on Windows, where no file can have that name".to_owned())
}

/// The hint that goes with [`wrong_name`].
pub const NAME_RULE: &str = "a name has lower-case letters, digits and `-`, begins and ends with a letter or digit, and is at most 63 characters long";

fn is_device(text: &str) -> bool {
    let numbered = text.strip_prefix("com").or(text.strip_prefix("lpt"));
    DEVICES.contains(&text) || numbered.is_some_and(|n| matches!(n.as_bytes(), [b'1'..=b'9']))
}

#[cfg(test)]
mod tests {
    use super::wrong_name;

    fn check(text: &str, expect: Option<&str>) {
        assert_eq!(wrong_name(text).as_deref(), expect, "of {text:?}");
    }

    #[test]
    fn a_dns_label_is_a_name() {
        for name in ["web", "7", "a-b-3", "x".repeat(63).as_str(), "com10", "console"] {
            check(name, None);
        }
    }

    #[test]
    fn what_cannot_be_a_folder_or_a_namespace_is_no_name() {
        check("", Some("is empty"));
        check(".", Some("cannot hold `.`"));
        check("..", Some("cannot hold `.`"));
        check("a/b", Some("cannot hold `/`"));
        check("Web", Some("cannot hold `W`"));
        check("a b", Some("cannot hold ` `"));
        check("a\nb", Some("cannot hold `\\n`"));
        check("-a", Some("begins or ends with `-`"));
        check("a-", Some("begins or ends with `-`"));
        check(&"x".repeat(64), Some("is longer than 63 characters"));
        check("con", Some("is a device on Windows, where no file can have that name"));
        check("lpt1", Some("is a device on Windows, where no file can have that name"));
    }
}
