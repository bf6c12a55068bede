//! URLs, as a server reads them.
//!
//! Source: `net/url` of Go's standard library. It takes more than RFC 3986 does and less than browsers do, so a library that
//! follows either says other things.

/// The parts of a URL that matter.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::check::rules) struct Url<'t> {
    /// In small letters; empty if there is none.
    pub(in crate::check::rules) scheme: String,
    pub(in crate::check::rules) host: &'t str,
    pub(super) has_user: bool,
    pub(super) has_query: bool,
    pub(super) has_fragment: bool,
}

/// Reads a URL.
///
/// # Errors
/// With what is wrong with it.
pub(in crate::check::rules) fn read(text: &str) -> Result<Url<'_>, &'static str> {
    if text.chars().any(|c| c.is_ascii_control()) {
        return Err("it has a control character");
    }
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (scheme, rest) = scheme(text)?;
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    are_escapes(fragment)?;
    let mut url = Url {
        scheme: scheme.to_ascii_lowercase(),
        has_query: !query.is_empty(),
        has_fragment: !fragment.is_empty(),
        ..Url::default()
    };
    if !rest.starts_with('/') {
        let first = rest.split('/').next().unwrap_or_default();
        return match (scheme, first.contains(':')) {
            ("", true) => Err("there is a colon before the first slash"),
            ("", false) => are_escapes(rest).map(|()| url),
            _ => Ok(url),
        };
    }
    let is_path = scheme.is_empty() && rest.starts_with("///");
    let path = match rest.strip_prefix("//").filter(|_| !is_path) {
        Some(rest) => {
            let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
            url.has_user = authority.contains('@');
            url.host = host(authority)?;
            path
        }
        None => rest,
    };
    are_escapes(path).map(|()| url)
}

/// The scheme and what is behind it.
fn scheme(text: &str) -> Result<(&str, &str), &'static str> {
    let inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    let end = text.bytes().position(|b| !inner(b));
    match end.filter(|end| text.as_bytes()[*end] == b':') {
        Some(0) => Err("it begins with a colon"),
        Some(end) if text.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            Ok((&text[..end], &text[end + 1..]))
        }
        _ => Ok(("", text)),
    }
}

fn host(authority: &str) -> Result<&str, &'static str> {
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let of_user = |b: u8| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&b);
    if !user.bytes().all(of_user) {
        return Err("its user has a character that none has");
    }
    are_escapes(user)?;
    let port = match host.strip_prefix('[') {
        Some(inner) => inner.rsplit_once(']').ok_or("a `]` is missing")?.1,
        None => host.rfind(':').map_or("", |at| &host[at..]),
    };
    let digits = port.strip_prefix(':');
    if !port.is_empty() && !digits.is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit())) {
        return Err("its port is no number");
    }
    let of_host = |b: u8| {
        b.is_ascii_alphanumeric() || !b.is_ascii() || b"-_.~!$&'()*+,;=:[]<>\"%".contains(&b)
    };
    // What is a character of ASCII must stand there as it is.
    let is_plain = |rest: &str| !rest.starts_with(|c: char| ('0'..'8').contains(&c));
    if !host.bytes().all(of_host)
        || !host.split('%').skip(1).all(|it| it.starts_with("25") || is_plain(it))
    {
        return Err("its host has a character that none has");
    }
    are_escapes(host).map(|()| host)
}

/// Two digits behind every `%`.
fn are_escapes(text: &str) -> Result<(), &'static str> {
    let is_escape = |rest: &str| {
        rest.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
    };
    match text.split('%').skip(1).all(is_escape) {
        true => Ok(()),
        false => Err("behind `%` are no two hexadecimal digits"),
    }
}
