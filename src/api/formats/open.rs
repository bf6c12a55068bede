//! The formats of custom resources that are grammars of their own, as `kube-openapi` and what it calls take them.

use super::{Format, is_base64, is_uuid};
use crate::cel::Url;

pub(super) const FORMATS: &[Format] = &[
    ("openapi-byte", |text| !text.is_empty() && !text.contains(['\r', '\n']) && is_base64(text)),
    ("openapi-bsonobjectid", |text| text.len() == 24 && is_hex(text)),
    ("openapi-creditcard", is_card),
    ("openapi-email", is_mail),
    ("openapi-hexcolor", is_hex_colour),
    ("openapi-hostname", is_host),
    ("openapi-isbn", |text| is_isbn10(text) || is_isbn13(text)),
    ("openapi-isbn10", is_isbn10),
    ("openapi-isbn13", is_isbn13),
    ("openapi-mac", is_mac),
    ("openapi-rgbcolor", is_rgb_colour),
    ("openapi-ssn", is_ssn),
    ("openapi-uri", |text| Url::parse(text).is_some()),
    ("openapi-uuid3", |text| is_uuid(text) && uuid_digits(text).0 == '3'),
    ("openapi-uuid4", |text| is_uuid(text) && is_random(uuid_digits(text), '4')),
    ("openapi-uuid5", |text| is_uuid(text) && is_random(uuid_digits(text), '5')),
];

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '-')).collect()
}

/// A number whose last digit checks the others, of a length that cards have.
fn is_card(text: &str) -> bool {
    let Some(digits) = digits(&plain(text)) else { return false };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, digit)| if i % 2 == 0 { *digit } else { digit * 2 / 10 + digit * 2 % 10 })
        .sum();
    (13..=16).contains(&digits.len()) && (2..=6).contains(&digits[0]) && sum.is_multiple_of(10)
}

/// An address, with a name before it or without.
fn is_mail(text: &str) -> bool {
    let address = match text.trim().strip_suffix('>') {
        Some(rest) => rest.rsplit_once('<').map_or("", |(_, address)| address),
        None => text.trim(),
    };
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.split('.').any(str::is_empty)
            && !part.contains(|c: char| c.is_whitespace() || "()<>[]:;@\\,\"".contains(c))
    };
    address.rsplit_once('@').is_some_and(|(local, domain)| is_part(local) && is_part(domain))
}

fn is_hex_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or(text);
    matches!(digits.len(), 3 | 6) && is_hex(digits)
}

fn is_rgb_colour(text: &str) -> bool {
    let inner = text.strip_prefix("rgb(").and_then(|rest| rest.strip_suffix(')'));
    let is_number = |part: &str| {
        let part = part.trim();
        part.parse::<u8>().is_ok()
            && !part.starts_with('+')
            && (part == "0" || !part.starts_with('0'))
    };
    inner.is_some_and(|inner| {
        let parts: Vec<&str> = inner.split(',').collect();
        parts.len() == 3 && parts.into_iter().all(is_number)
    })
}

/// Labels of letters, digits and inner dashes; behind the last dot letters only.
fn is_host(text: &str) -> bool {
    let is_inner = |c: char| c.is_alphanumeric() && (c.is_ascii() || c.is_alphabetic());
    let is_label = |label: &str| {
        label.starts_with(is_inner)
            && label.ends_with(is_inner)
            && label.chars().count() <= 63
            && label.chars().all(|c| is_inner(c) || c == '-')
    };
    text.len() <= 255 && text.split('.').all(is_label)
}

fn is_isbn10(text: &str) -> bool {
    let text = plain(text);
    let value = |(i, c): (usize, char)| match c {
        'X' if i == 9 => Some(10),
        c => c.to_digit(10),
    };
    let digits: Option<Vec<u32>> = text.chars().enumerate().map(value).collect();
    digits.is_some_and(|digits| {
        let sum: u32 = (1..).zip(&digits).map(|(factor, digit): (u32, _)| factor * digit).sum();
        digits.len() == 10 && sum.is_multiple_of(11)
    })
}

fn is_isbn13(text: &str) -> bool {
    digits(&plain(text)).is_some_and(|digits| {
        let sum: u32 =
            digits.iter().enumerate().map(|(i, digit)| digit * (1 + 2 * (i as u32 % 2))).sum();
        digits.len() == 13 && sum.is_multiple_of(10)
    })
}

/// Six, eight or twenty bytes: pairs of digits with colons or dashes, or fours with dots.
fn is_mac(text: &str) -> bool {
    [(':', 2), ('-', 2), ('.', 4)].into_iter().any(|(between, width)| {
        let parts: Vec<&str> = text.split(between).collect();
        let bytes = parts.len() * width / 2;
        matches!(bytes, 6 | 8 | 20) && parts.iter().all(|part| part.len() == width && is_hex(part))
    })
}

fn is_ssn(text: &str) -> bool {
    let digits = plain(text);
    let kept: Vec<usize> = text.match_indices([' ', '-']).map(|(at, _)| at).collect();
    let fits = kept.iter().all(|at| matches!(at, 3 | 5 | 6));
    digits.len() == 9 && fits && kept.len() <= 2 && digits.bytes().all(|it| it.is_ascii_digit())
}

/// The digits that tell a UUID's version and variant.
fn uuid_digits(text: &str) -> (char, char) {
    let mut hex = text.chars().filter(|c| *c != '-').skip(12);
    let version = hex.next().unwrap_or('0');
    (version, hex.nth(3).unwrap_or('0'))
}

fn is_random((version, variant): (char, char), wanted: char) -> bool {
    version == wanted && matches!(variant.to_ascii_lowercase(), '8' | '9' | 'a' | 'b')
}

#[cfg(test)]
mod tests {
    use super::FORMATS;

    fn check(name: &str, good: &[&str], bad: &[&str]) {
        let (_, fits) = FORMATS.iter().find(|(known, _)| *known == name).expect("a format");
        assert!(good.iter().all(|text| fits(text)), "{name} must take {good:?}");
        assert!(!bad.iter().any(|text| fits(text)), "{name} must refuse {bad:?}");
    }

    #[test]
    fn formats_are_taken_and_refused_as_a_real_server_does_it() {
        check("openapi-isbn", &["978-3-16-148410-0"], &["123", "978-3-16-148410-1"]);
        check("openapi-uri", &["https://a.example/b", "/a"], &["", "a/b"]);
        check("openapi-email", &["a@b.example", "Ann <a@b.example>"], &["a.b.example"]);
        check("openapi-hostname", &["a-b.example.com"], &["a_b", "a..b"]);
        check("openapi-mac", &["01:23:45:67:89:ab"], &["01:23:45:67:89"]);
        check("openapi-creditcard", &["4111111111111111"], &["4111111111111112"]);
        let version_1 = "123e4567-e89b-12d3-a456-426614174000";
        check("openapi-uuid4", &["123e4567-e89b-42d3-a456-426614174000"], &[version_1]);
    }
}
