//! The texts that only pods and jobs know: names of ports and variables, paths inside a volume.

use super::{Grammar, is_dns_subdomain};

pub(super) const GRAMMARS: &[Grammar] = &[
    ENV_NAME,
    HTTP_HEADER,
    SYSCTL,
    SUBDOMAIN_PREFIX,
    PLAIN_PATH,
    RELATIVE_PATH,
    FILE_PATH,
    ABSOLUTE_PATH,
    ISCSI_NAME,
    HOST_PORTS,
    DOMAIN_PATH,
];

pub(in crate::check::rules) const ENV_NAME: Grammar = Grammar {
    name: "env-name",
    what: "printable ASCII characters other than `=`",
    holds: is_env_name,
    hint: "write a name such as `LOG_LEVEL`",
};

const HTTP_HEADER: Grammar = Grammar {
    name: "http-header",
    what: "the name of an HTTP header: letters, digits and `-`",
    holds: |text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'),
    hint: "write a name such as `X-Custom-Header`",
};

const SYSCTL: Grammar = Grammar {
    name: "sysctl",
    what: "the name of a kernel parameter",
    holds: is_sysctl,
    hint: "write a name such as `net.core.somaxconn`",
};

const SUBDOMAIN_PREFIX: Grammar = Grammar {
    name: "dns-subdomain-prefix",
    what: "a DNS name of at most 253 small letters, digits, `-` and `.`",
    holds: is_subdomain_prefix,
    hint: "write small letters and digits, with `-` and `.` only between them, such as `my-name`",
};

const PLAIN_PATH: Grammar = Grammar {
    name: "plain-path",
    what: "a path without `..`",
    holds: is_plain_path,
    hint: "write the path without going up",
};

const RELATIVE_PATH: Grammar = Grammar {
    name: "relative-path",
    what: "a path without `..` that does not begin with `/`",
    holds: is_relative_path,
    hint: "write it relative to the volume, such as `conf/app.yaml`",
};

const FILE_PATH: Grammar = Grammar {
    name: "file-path",
    what: "a path that neither begins with `/` or `..` nor goes up",
    holds: |text| is_relative_path(text) && !text.starts_with(".."),
    hint: "write it relative to the volume, such as `conf/app.yaml`",
};

const ABSOLUTE_PATH: Grammar = Grammar {
    name: "absolute-path",
    what: "a path that begins with `/`",
    holds: |text| text.starts_with('/'),
    hint: "write it from the root, such as `/exports/data`",
};

pub(in crate::check::rules) const ISCSI_NAME: Grammar = Grammar {
    name: "iscsi-name",
    what: "an iSCSI name that begins with `iqn.`, `eui.` or `naa.`",
    holds: is_iscsi_name,
    hint: "write a name such as `iqn.2001-04.com.example:storage.disk`",
};

const HOST_PORTS: Grammar = Grammar {
    name: "host-ports",
    what: "pairs `host:port` with commas between them",
    holds: |text| text.split(',').all(is_host_port),
    hint: "write pairs such as `registry:7861`",
};

const DOMAIN_PATH: Grammar = Grammar {
    name: "domain-path",
    what: "a path behind a DNS name",
    holds: is_domain_path,
    hint: "write a name such as `example.com/controller`",
};

/// `IsRelaxedEnvVarName`: what is a name since Kubernetes 1.32.
pub(in crate::check::rules) fn is_env_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'=')
}

/// `IsEnvVarName`: what was a name before.
pub(in crate::check::rules) fn is_old_env_name(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let is_dots = text == "." || text.starts_with("..");
    text.bytes().all(inner) && !is_dots && !text.starts_with(|c: char| c.is_ascii_digit())
}

fn is_sysctl(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
    let is_end = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let is_part = |part: &str| {
        part.bytes().all(inner) && is_end(part.bytes().next()) && is_end(part.bytes().next_back())
    };
    text.len() <= 253 && text.split(['.', '/']).all(is_part)
}

/// A name that something may still be put behind: a `-` at its end is none that counts.
fn is_subdomain_prefix(text: &str) -> bool {
    match text.strip_suffix('-').and_then(|rest| rest.get(..rest.len().checked_sub(1)?)) {
        Some(rest) => is_dns_subdomain(&format!("{rest}a")),
        None => is_dns_subdomain(text),
    }
}

fn is_plain_path(text: &str) -> bool {
    text.split('/').all(|step| step != "..")
}

fn is_relative_path(text: &str) -> bool {
    !text.starts_with('/') && is_plain_path(text)
}

/// `iscsiInitiatorIqnRegex` and its like.
fn is_iscsi_name(text: &str) -> bool {
    let is_word =
        |text: &str, len| text.len() == len && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if let Some(rest) = text.strip_prefix("eui") {
        return rest.get(1..).is_some_and(|rest| is_word(rest, 16));
    }
    if let Some(rest) = text.strip_prefix("naa") {
        return rest.get(1..).is_some_and(|rest| is_word(rest, 32));
    }
    text.strip_prefix("iqn.").is_some_and(is_qualified)
}

/// What stands behind `iqn.`: `2001-04.com.example:storage`.
fn is_qualified(text: &str) -> bool {
    let (Some(date), Some(rest)) = (text.get(..8), text.get(8..)) else { return false };
    let is_date = date.bytes().enumerate().all(|(at, b)| match at {
        4 => b == b'-',
        7 => b == b'.',
        _ => b.is_ascii_digit(),
    });
    let Some((name, tail)) = rest.split_once(':') else { return false };
    let inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.');
    let is_outside = |c: char| c.is_ascii_whitespace() || ",;*&$|".contains(c);
    is_date
        && !name.is_empty()
        && name.bytes().all(inner)
        && !tail.is_empty()
        && !tail.contains(is_outside)
}

/// Go's `net.SplitHostPort`.
fn is_host_port(text: &str) -> bool {
    match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => {
            !host.contains(['[', ']'])
                && rest.strip_prefix(':').is_some_and(|port| !port.contains([':', '[', ']']))
        }
        None => text.matches(':').count() == 1 && !text.contains(['[', ']']),
    }
}

/// `IsDomainPrefixedPath`.
fn is_domain_path(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:".contains(&b);
    text.split_once('/').is_some_and(|(host, path)| {
        is_dns_subdomain(host) && !path.is_empty() && path.bytes().all(inner)
    })
}

/// `IsDNS1123SubdomainWithUnderscore`.
pub(in crate::check::rules) fn is_search_domain(text: &str) -> bool {
    let is_end = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let inner = |b: u8| is_end(b) || matches!(b, b'-' | b'_');
    let is_part = |part: &str| {
        let part = part.strip_prefix('_').unwrap_or(part).as_bytes();
        let ends = [part.first(), part.last()];
        part.iter().all(|b| inner(*b)) && ends.iter().all(|end| end.is_some_and(|b| is_end(*b)))
    };
    text.len() <= 253 && text.split('.').all(is_part)
}
