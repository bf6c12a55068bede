//! URLs, IP addresses and address ranges.

use super::{Row, Trouble};
use crate::cel::Value;
use crate::cel::signatures::Style::{Global, Method};
use crate::cel::value::Key;
use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Row] = &[
    (Global, "url", |args| match Url::parse(text(&args[0])?) {
        Some(url) => Ok(Value::Url(Arc::new(url))),
        None => Trouble::told("it is no absolute URL"),
    }),
    (Global, "isURL", |args| Ok(Value::Bool(Url::parse(text(&args[0])?).is_some()))),
    (Method, "getScheme", |args| Ok(Value::string(&*url(args)?.scheme))),
    (Method, "getHost", |args| Ok(Value::string(&*url(args)?.host))),
    (Method, "getHostname", |args| Ok(Value::string(url(args)?.host_and_port().0))),
    (Method, "getPort", |args| Ok(Value::string(url(args)?.host_and_port().1))),
    (Method, "getEscapedPath", |args| Ok(Value::string(&*url(args)?.path))),
    (Method, "getQuery", |args| Ok(query(&url(args)?.query))),
    (Global, "ip", |args| match parse_ip(text(&args[0])?) {
        Some(address) => Ok(Value::Ip(address)),
        None => Trouble::told("it is no IP address"),
    }),
    (Global, "isIP", |args| Ok(Value::Bool(parse_ip(text(&args[0])?).is_some()))),
    (Global, "ip.isCanonical", |args| {
        let text = text(&args[0])?;
        match parse_ip(text) {
            Some(address) => Ok(Value::Bool(address.to_string() == text)),
            None => Trouble::told("it is no IP address"),
        }
    }),
    (Method, "family", |args| Ok(Value::Int(if address(args)?.is_ipv4() { 4 } else { 6 }))),
    (Method, "isUnspecified", |args| Ok(Value::Bool(address(args)?.is_unspecified()))),
    (Method, "isLoopback", |args| Ok(Value::Bool(address(args)?.is_loopback()))),
    (Method, "isLinkLocalMulticast", |args| Ok(Value::Bool(is_local_multicast(address(args)?)))),
    (Method, "isLinkLocalUnicast", |args| Ok(Value::Bool(is_local_unicast(address(args)?)))),
    (Method, "isGlobalUnicast", |args| Ok(Value::Bool(is_global_unicast(address(args)?)))),
    (Global, "cidr", |args| match Cidr::parse(text(&args[0])?) {
        Some(range) => Ok(Value::Cidr(range)),
        None => Trouble::told("it is no address range such as `10.0.0.0/8`"),
    }),
    (Global, "isCIDR", |args| Ok(Value::Bool(Cidr::parse(text(&args[0])?).is_some()))),
    (Method, "containsIP", contains_ip),
    (Method, "containsCIDR", contains_cidr),
    (Method, "ip", |args| Ok(Value::Ip(range(args)?.address))),
    (Method, "masked", |args| Ok(Value::Cidr(range(args)?.masked()))),
    (Method, "prefixLength", |args| Ok(Value::Int(range(args)?.bits.into()))),
];

fn text(value: &Value) -> Result<&str, Trouble> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(Trouble::NoOverload),
    }
}

fn url(args: &[Value]) -> Result<&Url, Trouble> {
    match &args[0] {
        Value::Url(url) => Ok(url),
        _ => Err(Trouble::NoOverload),
    }
}

fn address(args: &[Value]) -> Result<IpAddr, Trouble> {
    match &args[0] {
        Value::Ip(address) => Ok(*address),
        _ => Err(Trouble::NoOverload),
    }
}

fn range(args: &[Value]) -> Result<Cidr, Trouble> {
    match &args[0] {
        Value::Cidr(range) => Ok(*range),
        _ => Err(Trouble::NoOverload),
    }
}

/// A URL, its parts as they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    scheme: String,
    host: String,
    path: String,
    query: String,
    fragment: String,
    user: String,
}

impl Url {
    /// An absolute URL or a path that begins with a slash, as Go's `url.ParseRequestURI` takes them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() || text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
            return None;
        }
        let (scheme, rest) = scheme(text)?;
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        if !rest.starts_with('/') {
            // `mailto:a@b.example` is a URL whose rest is opaque.
            return (!scheme.is_empty()).then(|| Self::of(scheme, "", "", query, fragment));
        }
        let authority =
            rest.strip_prefix("//").filter(|_| !scheme.is_empty() || !rest.starts_with("///"));
        let (authority, path) = match authority {
            Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
            None => ("", rest),
        };
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        if !is_host(host) || !has_good_escapes(path) {
            return None;
        }
        let mut found = Self::of(scheme, host, &escaped_path(path), query, fragment);
        user.clone_into(&mut found.user);
        Some(found)
    }

    fn of(scheme: &str, host: &str, path: &str, query: &str, fragment: &str) -> Self {
        let [host, path, query, fragment] = [host, path, query, fragment].map(str::to_owned);
        Self {
            scheme: scheme.to_ascii_lowercase(),
            host,
            path,
            query,
            fragment,
            user: String::new(),
        }
    }

    fn host_and_port(&self) -> (&str, &str) {
        let after = self.host.rfind(']').map_or(0, |at| at + 1);
        let (host, port) = match self.host[after..].rfind(':') {
            Some(at) => (&self.host[..after + at], &self.host[after + at + 1..]),
            None => (&*self.host, ""),
        };
        (host.trim_start_matches('[').trim_end_matches(']'), port)
    }
}

fn scheme(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-' | '.'));
    match end {
        Some(0) if text.starts_with(':') => None,
        Some(end)
            if text[end..].starts_with(':')
                && text.starts_with(|c: char| c.is_ascii_alphabetic()) =>
        {
            Some((&text[..end], &text[end + 1..]))
        }
        _ if text.starts_with('/') || text == "*" => Some(("", text)),
        _ => None,
    }
}

fn is_host(host: &str) -> bool {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((_, port)) => ("", port),
            None => return false,
        },
        None => host.split_at(host.rfind(':').unwrap_or(host.len())),
    };
    let port = port.strip_prefix(':').unwrap_or(port);
    let is_plain =
        |c: char| !matches!(c, ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}');
    port.bytes().all(|byte| byte.is_ascii_digit())
        && !name.contains(':')
        && name.chars().all(|c| is_plain(c) && c != '%')
}

fn has_good_escapes(text: &str) -> bool {
    text.split('%').skip(1).all(|rest| {
        rest.get(..2).is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
    })
}

/// What no path holds as it is stands there as `%20`.
fn escaped_path(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"$&+,/:;=@-_.~!'()*%[]".contains(&byte);
        if is_plain { out.push(byte.into()) } else { out.push_str(&format!("%{byte:02X}")) }
    }
    out
}

fn query(text: &str) -> Value {
    let mut found: BTreeMap<Key, Vec<Value>> = BTreeMap::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty() && !pair.contains(';')) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if let (Some(key), Some(value)) = (unescaped(key), unescaped(value)) {
            found.entry(Key::String(key.into())).or_default().push(Value::string(value));
        }
    }
    Value::Map(Arc::new(found.into_iter().map(|(key, list)| (key, Value::list(list))).collect()))
}

fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let code = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&code).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// An address without a zone, and no IPv4 address written as IPv6.
fn parse_ip(text: &str) -> Option<IpAddr> {
    let address: IpAddr = text.parse().ok()?;
    match address {
        IpAddr::V6(address) if address.to_ipv4_mapped().is_some() => None,
        address => Some(address),
    }
}

fn is_local_multicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.octets()[..3] == [224, 0, 0],
        IpAddr::V6(address) => address.segments()[0] & 0xff0f == 0xff02,
    }
}

fn is_local_unicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.segments()[0] & 0xffc0 == 0xfe80,
    }
}

fn is_global_unicast(address: IpAddr) -> bool {
    let is_broadcast = matches!(address, IpAddr::V4(address) if address.is_broadcast());
    !is_broadcast
        && !address.is_unspecified()
        && !address.is_loopback()
        && !address.is_multicast()
        && !is_local_unicast(address)
}

/// An address range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    address: IpAddr,
    bits: u8,
}

impl Cidr {
    /// `10.0.0.0/8`; bits behind the prefix may be set.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let is_number = bits == "0" || !bits.starts_with('0');
        let is_number = is_number && bits.bytes().all(|byte| byte.is_ascii_digit());
        let (address, bits) = (parse_ip(address)?, bits.parse::<u8>().ok().filter(|_| is_number)?);
        (bits <= if address.is_ipv4() { 32 } else { 128 }).then_some(Self { address, bits })
    }

    fn masked(self) -> Self {
        let address = match self.address {
            IpAddr::V4(address) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                IpAddr::V4((u32::from(address) & mask).into())
            }
            IpAddr::V6(address) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
                IpAddr::V6(Ipv6Addr::from(u128::from(address) & mask))
            }
        };
        Self { address, ..self }
    }

    fn contains(self, address: IpAddr) -> bool {
        let other = Self { address, bits: self.bits };
        address.is_ipv4() == self.address.is_ipv4() && other.masked() == self.masked()
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

fn contains_ip(args: &[Value]) -> Result<Value, Trouble> {
    let address = match &args[1] {
        Value::Ip(address) => *address,
        Value::String(text) => match parse_ip(text) {
            Some(address) => address,
            None => return Trouble::told(format!("`{text}` is no IP address")),
        },
        _ => return Err(Trouble::NoOverload),
    };
    Ok(Value::Bool(range(args)?.contains(address)))
}

fn contains_cidr(args: &[Value]) -> Result<Value, Trouble> {
    let other = match &args[1] {
        Value::Cidr(other) => *other,
        Value::String(text) => match Cidr::parse(text) {
            Some(other) => other,
            None => return Trouble::told(format!("`{text}` is no address range")),
        },
        _ => return Err(Trouble::NoOverload),
    };
    let range = range(args)?;
    Ok(Value::Bool(range.bits <= other.bits && range.contains(other.masked().address)))
}
