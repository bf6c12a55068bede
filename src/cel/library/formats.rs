//! Named formats: `format.dns1123Label().validate(name)`.

use super::{Row, Trouble, Url};
use crate::cel::Value;
use crate::cel::signatures::Style::{Global, Method};
use crate::cel::time::Timestamp;

/// A named format.
#[derive(Debug, Clone, Copy)]
pub struct Format(&'static Grammar);

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

#[derive(Debug)]
struct Grammar {
    name: &'static str,
    fits: fn(&str) -> bool,
    asks: &'static str,
}

const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const LABEL_1035: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const QUALIFIED: &str = "a qualified name must consist of alphanumeric characters, '-', '_' or '.', with an optional DNS subdomain prefix and '/'";
const VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

static GRAMMARS: [Grammar; 13] = [
    Grammar { name: "dns1123Label", fits: is_label, asks: LABEL },
    Grammar { name: "dns1123Subdomain", fits: is_subdomain, asks: SUBDOMAIN },
    Grammar { name: "dns1035Label", fits: is_label_1035, asks: LABEL_1035 },
    Grammar { name: "qualifiedName", fits: is_qualified, asks: QUALIFIED },
    Grammar { name: "dns1123LabelPrefix", fits: |it| is_label(&end(it)), asks: LABEL },
    Grammar { name: "dns1123SubdomainPrefix", fits: |it| is_subdomain(&end(it)), asks: SUBDOMAIN },
    Grammar { name: "dns1035LabelPrefix", fits: |it| is_label_1035(&end(it)), asks: LABEL_1035 },
    Grammar { name: "labelValue", fits: is_label_value, asks: VALUE },
    Grammar { name: "uri", fits: |it| Url::parse(it).is_some(), asks: "invalid URI for request" },
    Grammar { name: "uuid", fits: is_uuid, asks: "does not match the UUID format" },
    Grammar { name: "byte", fits: is_base64, asks: "invalid base64" },
    Grammar { name: "date", fits: |it| Timestamp::parse_date(it).is_some(), asks: "invalid date" },
    Grammar {
        name: "datetime",
        fits: |it| Timestamp::parse(it).is_some(),
        asks: "invalid datetime",
    },
];

pub(super) const FUNCTIONS: &[Row] =
    &[
        (Global, "format.named", |args| match &args[0] {
            Value::String(name) => Ok(Format::named(name)
                .map_or(Value::Optional(None), |it| Value::some(Value::Format(it)))),
            _ => Err(Trouble::NoOverload),
        }),
        (Global, "format.dns1123Label", |_| one("dns1123Label")),
        (Global, "format.dns1123Subdomain", |_| one("dns1123Subdomain")),
        (Global, "format.dns1035Label", |_| one("dns1035Label")),
        (Global, "format.qualifiedName", |_| one("qualifiedName")),
        (Global, "format.dns1123LabelPrefix", |_| one("dns1123LabelPrefix")),
        (Global, "format.dns1123SubdomainPrefix", |_| one("dns1123SubdomainPrefix")),
        (Global, "format.dns1035LabelPrefix", |_| one("dns1035LabelPrefix")),
        (Global, "format.labelValue", |_| one("labelValue")),
        (Global, "format.uri", |_| one("uri")),
        (Global, "format.uuid", |_| one("uuid")),
        (Global, "format.byte", |_| one("byte")),
        (Global, "format.date", |_| one("date")),
        (Global, "format.datetime", |_| one("datetime")),
        (Method, "validate", |args| match (&args[0], &args[1]) {
            (Value::Format(format), Value::String(text)) if (format.0.fits)(text) => {
                Ok(Value::Optional(None))
            }
            (Value::Format(format), Value::String(_)) => {
                Ok(Value::some(Value::list(vec![Value::string(format.0.asks)])))
            }
            _ => Err(Trouble::NoOverload),
        }),
    ];

impl Format {
    fn named(name: &str) -> Option<Self> {
        GRAMMARS.iter().find(|grammar| grammar.name == name).map(Self)
    }
}

fn one(name: &str) -> Result<Value, Trouble> {
    Format::named(name).map(Value::Format).ok_or(Trouble::NoOverload)
}

/// A prefix may end with a dash, behind which a name goes on.
fn end(prefix: &str) -> String {
    match prefix.strip_suffix('-') {
        Some(rest) if prefix.len() > 1 => format!("{rest}a"),
        _ => prefix.to_owned(),
    }
}

fn is_lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn has_ends(text: &str, fits: fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(|byte| fits(*byte)) && bytes.last().is_some_and(|byte| fits(*byte))
}

fn is_label(text: &str) -> bool {
    text.len() <= 63
        && has_ends(text, is_lower)
        && text.bytes().all(|byte| is_lower(byte) || byte == b'-')
}

fn is_label_1035(text: &str) -> bool {
    is_label(text) && text.starts_with(|c: char| c.is_ascii_lowercase())
}

fn is_subdomain(text: &str) -> bool {
    let is_part = |part: &str| {
        has_ends(part, is_lower) && part.bytes().all(|byte| is_lower(byte) || byte == b'-')
    };
    text.len() <= 253 && text.split('.').all(is_part)
}

fn is_word(text: &str) -> bool {
    text.len() <= 63
        && has_ends(text, |byte| byte.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn is_label_value(text: &str) -> bool {
    text.is_empty() || is_word(text)
}

fn is_qualified(text: &str) -> bool {
    match text.split_once('/') {
        Some((prefix, name)) => is_subdomain(prefix) && is_word(name),
        None => is_word(text),
    }
}

fn is_uuid(text: &str) -> bool {
    let hex: String = text.chars().filter(|c| *c != '-').collect();
    let is_length = text.len() == 32 || text.len() == 36;
    is_length && hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_base64(text: &str) -> bool {
    use base64::Engine;
    !text.is_empty() && base64::engine::general_purpose::STANDARD.decode(text).is_ok()
}
