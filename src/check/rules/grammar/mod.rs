//! The texts that Kubernetes knows by name: names, labels, keys.
//!
//! Source: apimachinery `pkg/util/validation/validation.go`.

pub(super) mod pods;

use super::ip;

/// A set of texts.
#[derive(Debug)]
pub(super) struct Grammar {
    pub(super) name: &'static str,
    /// What a text must be, behind "must be".
    pub(super) what: &'static str,
    pub(super) holds: fn(&str) -> bool,
    /// The next step.
    pub(super) hint: &'static str,
}

const GRAMMARS: &[Grammar] = &[
    CIDR,
    CONFIG_KEY,
    DNS_1035,
    DNS_LABEL,
    DNS_SUBDOMAIN,
    DRIVER,
    IP,
    LABEL_KEY,
    LABEL_VALUE,
    PATH_SEGMENT,
    POOL,
    PORT_NAME,
    SEMVER,
    WEBHOOK,
];

pub(super) const CIDR: Grammar = Grammar {
    name: "cidr",
    what: "a range of IP addresses",
    holds: |text| ip::Range::parse(text).is_some(),
    hint: "write an address, `/` and how many of its bits count, such as `10.9.8.0/24`",
};

pub(super) const CONFIG_KEY: Grammar = Grammar {
    name: "config-key",
    what: "a file's name of at most 253 letters, digits, `-`, `_` and `.`",
    holds: is_config_key,
    hint: "rename the key, such as `app.properties`",
};

pub(super) const DNS_1035: Grammar = Grammar {
    name: "dns-1035",
    what: "a DNS label of at most 63 small letters, digits and `-` that begins with a letter",
    holds: is_dns_1035,
    hint: "begin with a small letter, with `-` only between letters and digits, such as `my-name`",
};

pub(super) const DNS_LABEL: Grammar = Grammar {
    name: "dns-label",
    what: "a DNS label of at most 63 small letters, digits and `-`",
    holds: is_dns_label,
    hint: "write small letters and digits, with `-` only between them, such as `my-name`",
};

pub(super) const DNS_SUBDOMAIN: Grammar = Grammar {
    name: "dns-subdomain",
    what: "a DNS name of at most 253 small letters, digits, `-` and `.`",
    holds: is_dns_subdomain,
    hint: "write small letters and digits, with `-` and `.` only between them, such as `my-name`",
};

pub(super) const IP: Grammar = Grammar {
    name: "ip",
    what: "an IP address",
    holds: |text| ip::parse(text).is_some(),
    hint: "write an address such as `10.9.8.7` or `2001:db8::ffff`",
};

pub(super) const LABEL_KEY: Grammar = Grammar {
    name: "label-key",
    what: "the key of a label",
    holds: is_label_key,
    hint: "write at most 63 letters, digits, `-`, `_` and `.`, with a DNS name and `/` before them if they are not yours alone: `example.com/name`",
};

pub(super) const LABEL_VALUE: Grammar = Grammar {
    name: "label-value",
    what: "the value of a label",
    holds: is_label_value,
    hint: "write at most 63 letters, digits, `-`, `_` and `.`, the first and the last a letter or digit",
};

/// Source: `ValidateCSIDriverName`; the length is told apart.
pub(super) const DRIVER: Grammar = Grammar {
    name: "driver",
    what: "a DNS name, in small or large letters",
    holds: |text| is_dns_subdomain(&text.to_lowercase()),
    hint: "write the name that the driver registers, such as `gpu.example.com`",
};

pub(super) const PATH_SEGMENT: Grammar = Grammar {
    name: "path-segment",
    what: "a part of a path: without `/` and `%`, and neither `.` nor `..`",
    holds: |text| !text.contains(['/', '%']) && !matches!(text, "." | ".."),
    hint: "remove `/` and `%`",
};

/// Source: `validatePoolName`.
pub(super) const POOL: Grammar = Grammar {
    name: "pool",
    what: "DNS names with `/` between them, of at most 253 bytes",
    holds: |text| text.len() <= 253 && text.split('/').all(is_dns_subdomain),
    hint: "write small letters and digits, such as `node-1`",
};

/// Source: the pattern `semverRe` of resource.k8s.io.
pub(super) const SEMVER: Grammar = Grammar {
    name: "semver",
    what: "a version of three numbers, as semver.org says",
    holds: |text| semver::Version::parse(text).is_ok(),
    hint: "write all three numbers, such as `1.2.0`",
};

/// Source: `IsFullyQualifiedName`.
pub(super) const WEBHOOK: Grammar = Grammar {
    name: "webhook",
    what: "a DNS name of at least three parts",
    holds: |text| is_dns_subdomain(text) && text.split('.').count() > 2,
    hint: "put a domain of yours behind it, such as `check.example.com`",
};

pub(super) const PORT_NAME: Grammar = Grammar {
    name: "port-name",
    what: "a port's name of at most 15 small letters, digits and `-`, a letter among them",
    holds: is_port_name,
    hint: "write the name of a container's port, such as `http`, or its number without quotes",
};

/// The grammar of this name.
pub(super) fn named(name: &str) -> Option<&'static Grammar> {
    GRAMMARS.iter().chain(pods::GRAMMARS).find(|grammar| grammar.name == name)
}

/// What can be a file below a mounted volume.
pub(super) fn is_config_key(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    (1..=253).contains(&text.len())
        && text.bytes().all(inner)
        && text != "."
        && !text.starts_with("..")
}

/// RFC 1035 label.
pub(super) fn is_dns_1035(text: &str) -> bool {
    is_dns_label(text) && text.starts_with(|c: char| c.is_ascii_lowercase())
}

/// Source: `IsValidPortName`.
fn is_port_name(text: &str) -> bool {
    let has_letter = text.bytes().any(|b| b.is_ascii_lowercase());
    text.len() <= 15 && is_dns_label(text) && has_letter && !text.contains("--")
}

/// RFC 1123 label.
pub(super) fn is_dns_label(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    text.len() <= 63 && text.bytes().all(inner) && has_ends(text, |b| b != b'-')
}

/// RFC 1123 subdomain.
pub(super) fn is_dns_subdomain(text: &str) -> bool {
    let is_part = |part: &str| {
        let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        part.bytes().all(inner) && has_ends(part, |b| b != b'-')
    };
    text.len() <= 253 && text.split('.').all(is_part)
}

/// A qualified name: `NAME` or `DNS-SUBDOMAIN/NAME`.
pub(super) fn is_label_key(text: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && is_label_value(name);
    match text.split_once('/') {
        Some((prefix, name)) => is_dns_subdomain(prefix) && is_name(name),
        None => is_name(text),
    }
}

/// Empty, or a name of at most 63 bytes.
pub(super) fn is_label_value(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let is_name = text.bytes().all(inner) && has_ends(text, |b| b.is_ascii_alphanumeric());
    text.len() <= 63 && (text.is_empty() || is_name)
}

/// Whether a text's first and last byte are of a sort; an empty text has none.
fn has_ends(text: &str, of: fn(u8) -> bool) -> bool {
    let ends = [text.bytes().next(), text.bytes().next_back()];
    ends.into_iter().all(|end| end.is_some_and(of))
}

#[cfg(test)]
mod tests {
    use super::named;

    fn check(grammar: &str, texts: &[(&str, bool)]) {
        let grammar = named(grammar).expect("a grammar");
        for (text, expect) in texts {
            assert_eq!((grammar.holds)(text), *expect, "{} {text:?}", grammar.name);
        }
    }

    #[test]
    fn a_dns_label_has_no_dot_and_no_dash_at_its_ends() {
        let long = "a".repeat(64);
        check(
            "dns-label",
            &[
                ("a", true),
                ("1a-b", true),
                ("", false),
                ("a.b", false),
                ("-a", false),
                ("a-", false),
                ("A", false),
                (&long, false),
            ],
        );
    }

    #[test]
    fn a_ports_name_has_a_letter_and_is_short() {
        check(
            "port-name",
            &[
                ("http", true),
                ("8a", true),
                ("80", false),
                ("a--b", false),
                ("-a", false),
                ("Http", false),
                ("abcdefghijklmnop", false),
                ("", false),
            ],
        );
    }

    #[test]
    fn a_subdomain_is_labels_between_dots() {
        check(
            "dns-subdomain",
            &[("a.b-c.1", true), ("a..b", false), (".a", false), ("a.-b", false), ("a_b", false)],
        );
    }

    #[test]
    fn a_label_key_may_have_one_prefix() {
        check(
            "label-key",
            &[
                ("a_B.c", true),
                ("example.com/a", true),
                ("a/b/c", false),
                ("/a", false),
                ("Example.com/a", false),
                ("a/", false),
                ("", false),
            ],
        );
    }

    #[test]
    fn a_1035_label_begins_with_a_letter() {
        check(
            "dns-1035",
            &[("a1", true), ("1a", false), ("a.b", false), ("", false), ("A", false)],
        );
    }

    #[test]
    fn a_driver_may_have_large_letters_and_a_pool_has_parts() {
        check("driver", &[("A.b", true), ("a b", false), ("a/b", false)]);
        check("pool", &[("a/b.c", true), ("a//b", false), ("A", false), ("", false)]);
    }

    #[test]
    fn a_part_of_a_path_may_be_nearly_anything() {
        check(
            "path-segment",
            &[("system:a B", true), ("...", true), ("..", false), ("a/b", false), ("a%b", false)],
        );
    }

    #[test]
    fn a_version_has_three_numbers_without_zeros_before_them() {
        check(
            "semver",
            &[
                ("1.2.3-a.b+c", true),
                ("1.2.3+01", true),
                ("1.2", false),
                ("01.2.3", false),
                ("1.2.3-01", false),
                ("v1.2.3", false),
                ("1.2.3 ", false),
            ],
        );
    }

    #[test]
    fn a_webhook_has_a_name_of_three_parts() {
        check("webhook", &[("a.b.c", true), ("1.2.3", true), ("a.b", false), ("a.b.c.", false)]);
    }

    #[test]
    fn a_label_value_may_be_empty() {
        check(
            "label-value",
            &[("", true), ("1.2_3-x", true), ("a+b", false), ("abc-", false), ("a/b", false)],
        );
    }
}
