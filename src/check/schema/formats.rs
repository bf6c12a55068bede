//! What the string formats of `crate::api` ask for, in words.

use crate::api::is_of_format;

/// What a format asks for, with an example.
pub(super) fn described(format: &str) -> String {
    let known = match format {
        "kubernetes-quantity" => "a quantity such as `500m`, `1.5` or `2Gi`",
        "kubernetes-base64" | "openapi-byte" => "base64",
        "kubernetes-date-time" => "a time such as `2026-01-31T12:00:00Z`",
        "kubernetes-micro-time" => "a time such as `2026-01-31T12:00:00.000000Z`",
        "openapi-datetime" => "a time such as `2026-01-31T12:00:00Z`",
        "openapi-date" => "a date such as `2026-01-31`",
        "openapi-duration" => "a duration such as `30s` or `1h30m`",
        "openapi-ipv4" => "an IPv4 address",
        "openapi-ipv6" => "an IPv6 address",
        "openapi-cidr" => "an address range such as `10.0.0.0/8`",
        "openapi-uuid" | "openapi-uuid3" | "openapi-uuid4" | "openapi-uuid5" => "a UUID",
        "openapi-bsonobjectid" => "an object ID of 24 hexadecimal digits",
        "openapi-creditcard" => "the number of a card",
        "openapi-email" => "an e-mail address",
        "openapi-hexcolor" => "a colour such as `#ff8800`",
        "openapi-hostname" => "a host name",
        "openapi-isbn" | "openapi-isbn10" | "openapi-isbn13" => "an ISBN",
        "openapi-mac" => "a MAC address such as `01:23:45:67:89:ab`",
        "openapi-rgbcolor" => "a colour such as `rgb(255, 136, 0)`",
        "openapi-ssn" => "a number such as `123-45-6789`",
        "openapi-uri" => "an absolute URL or path such as `https://example.com/a`",
        other => return format!("a value of the format `{other}`"),
    };
    known.to_owned()
}

/// The next step for a value that is not of a format.
pub(super) fn advice(format: &str, text: &str) -> String {
    let meant = meant(text).filter(|_| format == "kubernetes-quantity");
    let known = match (format, meant) {
        (_, Some(meant)) => return format!("did you mean `{meant}`?"),
        ("kubernetes-quantity", _) => {
            "write a number, then one of `n`, `u`, `m`, `k`, `M`, `G`, `T`, `P`, `E`, `Ki`, `Mi`, `Gi`, `Ti`, `Pi`, `Ei`, or nothing"
        }
        ("kubernetes-base64" | "openapi-byte", _) => {
            "encode it (`base64 -w0`, or the filter `b64encode`); a Secret takes plain text in `stringData`"
        }
        ("openapi-ipv4", _) => "write four numbers, such as `10.0.0.1`",
        ("openapi-ipv6", _) => "write an address such as `2001:db8::1`",
        ("openapi-uuid", _) => "write one such as `123e4567-e89b-12d3-a456-426614174000`",
        _ => "write it in this format",
    };
    known.to_owned()
}

/// The quantity that somebody means who writes `1Gb`, `1GB`, `1g` or `1 Gi`.
fn meant(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(end);
    let unit = unit.trim().to_ascii_lowercase();
    let prefix = unit.trim_end_matches('b').trim_end_matches('i');
    let suffix = match prefix {
        "k" => "Ki",
        "m" => "Mi",
        "g" => "Gi",
        "t" => "Ti",
        "p" => "Pi",
        "e" => "Ei",
        _ => return None,
    };
    let meant = format!("{number}{suffix}");
    (number.parse::<f64>().is_ok() && is_of_format("kubernetes-quantity", &meant)).then_some(meant)
}
