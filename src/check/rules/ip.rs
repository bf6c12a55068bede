//! IP addresses and ranges of them, as a server reads them.
//!
//! It reads more than the standard library does: zeros in front, `010.1.2.3`, and an IPv4 address inside of an IPv6 one is
//! that IPv4 address. Fields whose rules are younger take no such ways of writing ([`is_strict`], [`Range::is_strict`]).
//!
//! Source: apimachinery `pkg/util/validation/ip.go`, `k8s.io/utils/internal/third_party/forked/golang/net`.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address that a text says; None if it says none.
pub(super) fn parse(text: &str) -> Option<IpAddr> {
    match parse_as_written(text)? {
        IpAddr::V6(six) => Some(six.to_ipv4_mapped().map_or(IpAddr::V6(six), IpAddr::V4)),
        four @ IpAddr::V4(_) => Some(four),
    }
}

/// Whether an address has no zeros in front of a number and is no IPv4 address inside of an IPv6 one.
pub(super) fn is_strict(text: &str) -> bool {
    match text.parse() {
        Ok(IpAddr::V6(six)) => six.to_ipv4_mapped().is_none(),
        Ok(IpAddr::V4(_)) => true,
        Err(_) => false,
    }
}

fn parse_as_written(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        return six_without_zeros(text)?.parse().ok().map(IpAddr::V6);
    }
    four(text).map(IpAddr::V4)
}

fn four(text: &str) -> Option<Ipv4Addr> {
    let mut parts = text.split('.').map(|part| decimal(part).and_then(|n| u8::try_from(n).ok()));
    let octets = [parts.next()??, parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then(|| octets.into())
}

/// Digits alone: no sign.
fn decimal(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let digits = text.trim_start_matches('0');
    match (is_number, digits) {
        (true, "") => Some(0),
        (true, digits) => digits.parse().ok(),
        (false, _) => None,
    }
}

/// The text of an IPv6 address without the zeros in front that the standard library does not read.
fn six_without_zeros(text: &str) -> Option<String> {
    let parts: Option<Vec<_>> = text.split(':').map(part_without_zeros).collect();
    Some(parts?.join(":"))
}

fn part_without_zeros(part: &str) -> Option<Cow<'_, str>> {
    match part {
        part if part.contains('.') => four(part).map(|four| four.to_string().into()),
        part if part.len() > 4 => match part.trim_start_matches('0') {
            "" => Some("0".into()),
            digits => Some(digits.into()),
        },
        part => Some(part.into()),
    }
}

/// A range of addresses: those that begin as its first one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    /// The address as it is written.
    address: IpAddr,
    /// How many bits count.
    bits: u32,
}

impl Range {
    /// The range that `10.0.0.0/8` says; None if a text says none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let (address, bits) = (parse_as_written(address)?, decimal(bits)?);
        (bits <= width(address)).then_some(Self { address, bits })
    }

    pub(super) fn is_six(&self) -> bool {
        self.address.is_ipv6()
    }

    /// Whether the text that it was read from has no zeros in front of a number and no bits beyond those that count.
    pub(super) fn is_strict(&self, text: &str) -> bool {
        let (address, bits) = text.split_once('/').unwrap_or((text, ""));
        let is_number = bits == "0" || !bits.starts_with('0');
        is_strict(address) && is_number && self.address == self.first()
    }

    /// The one way to write it that is short.
    pub(super) fn canonical(&self) -> String {
        format!("{}/{}", self.first(), self.bits)
    }

    /// Whether it holds all of a smaller range.
    pub(super) fn is_around(&self, inner: &Self) -> bool {
        let first = Self { bits: self.bits, ..*inner }.first();
        self.is_six() == inner.is_six() && self.bits < inner.bits && first == self.first()
    }

    /// The lowest address.
    fn first(&self) -> IpAddr {
        let beyond = width(self.address) - self.bits;
        match self.address {
            IpAddr::V4(four) => {
                let kept = u32::MAX.checked_shl(beyond).unwrap_or(0);
                IpAddr::V4(Ipv4Addr::from_bits(four.to_bits() & kept))
            }
            IpAddr::V6(six) => {
                let kept = u128::MAX.checked_shl(beyond).unwrap_or(0);
                IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & kept))
            }
        }
    }
}

/// What is odd about the way in which an address or a range is written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Odd {
    /// Kubernetes will refuse it one day; the usual way.
    Refused(String),
    /// The usual way is another.
    Spelling(String),
    /// It has bits beyond those that count: the range, and the address alone.
    Ambiguous(String, String),
}

/// What is odd about an address; nothing of what is none.
///
/// Source: `GetWarningsForIP`.
pub(super) fn odd_address(text: &str) -> Option<Odd> {
    let usual = parse(text)?;
    match text.parse::<IpAddr>() {
        _ if !is_strict(text) => Some(Odd::Refused(usual.to_string())),
        Ok(IpAddr::V6(_)) if usual.to_string() != text => Some(Odd::Spelling(usual.to_string())),
        _ => None,
    }
}

/// What is odd about a range; nothing of what is none.
///
/// Source: `GetWarningsForCIDR`.
pub(super) fn odd_range(text: &str) -> Vec<Odd> {
    let Some(range) = Range::parse(text) else { return Vec::new() };
    let (usual, (address, bits)) = (range.canonical(), text.split_once('/').unwrap_or((text, "")));
    let mut odd = Vec::new();
    if range.address != range.first() {
        let alone = format!("{}/{}", range.address, width(range.address));
        odd.push(Odd::Ambiguous(usual.clone(), alone));
    }
    if !is_strict(address) || (bits.starts_with('0') && bits != "0") {
        odd.push(Odd::Refused(usual.clone()));
    }
    if odd.is_empty() && range.is_six() && usual != text {
        odd.push(Odd::Spelling(usual));
    }
    odd
}

fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

#[cfg(test)]
mod tests {
    use super::{Range, is_strict, parse};

    #[test]
    fn zeros_in_front_and_addresses_inside_of_others_are_read() {
        for (text, expect) in [
            ("10.9.8.7", "10.9.8.7"),
            ("010.009.08.0007", "10.9.8.7"),
            ("::ffff:1.2.3.04", "1.2.3.4"),
            ("2001:DB8:00000:0::0000001", "2001:db8::1"),
            ("0:0:0:0:0:0:0:0", "::"),
            ("::1.2.3.4", "::102:304"),
        ] {
            assert_eq!(parse(text).map(|ip| ip.to_string()), Some(expect.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_address() {
        for text in [
            "",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.256",
            "1.2.3.+4",
            "1.2.3.",
            "0x1.2.3.4",
            "fe80::1%eth0",
            ":::",
            "1::2::3",
            "12345::",
            "1:2:3:4:5:6:7:8:9",
            "1.2.3.4::",
            "a",
            "00000g::",
            " 1.2.3.4",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_strict_address_has_one_meaning() {
        assert!(is_strict("1.2.3.4") && is_strict("FE80:0::1"));
        assert!(!is_strict("01.2.3.4") && !is_strict("::ffff:1.2.3.4"));
    }

    fn range(text: &str) -> Range {
        Range::parse(text).unwrap_or_else(|| panic!("{text} is a range"))
    }

    #[test]
    fn a_range_has_bits_that_count() {
        for (text, strict, canonical) in [
            ("10.0.0.0/8", true, "10.0.0.0/8"),
            ("10.0.0.1/08", false, "10.0.0.0/8"),
            ("10.0.0.0/08", false, "10.0.0.0/8"),
            ("10.0.0.1/8", false, "10.0.0.0/8"),
            ("0.0.0.0/0", true, "0.0.0.0/0"),
            ("1.2.3.4/32", true, "1.2.3.4/32"),
            ("2001:DB8:0::/32", true, "2001:db8::/32"),
            ("2001:db8::1/0", false, "::/0"),
        ] {
            let range = range(text);
            assert_eq!(
                (range.is_strict(text), range.canonical()),
                (strict, canonical.to_owned()),
                "{text}"
            );
        }
        for text in
            ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "/8", "10.0.0.0/8/8"]
        {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_range_is_around_smaller_ones() {
        let around = |outer, inner| range(outer).is_around(&range(inner));
        assert!(around("10.0.0.0/8", "10.1.0.0/16") && around("10.0.0.9/8", "10.1.2.3/9"));
        assert!(!around("10.0.0.0/8", "10.0.0.0/8") && !around("10.0.0.0/8", "11.0.0.0/16"));
        assert!(!around("::/0", "10.0.0.0/8") && around("::/0", "2001:db8::/32"));
    }
}
