//! Services, what routes to them, and addresses.

pub(super) mod addresses;
pub(super) mod endpoints;
pub(super) mod ingress;
pub(super) mod policy;
pub(super) mod service;

#[cfg(test)]
mod tests;

use super::grammar::{CIDR, IP, PORT_NAME};
use super::metadata::judge_labels as labels;
use super::{At, CodeRule, Found, ip};
use std::net::IpAddr;

/// The first version whose servers refuse addresses that other programs read as another one: zeros in front, IPv4 inside of
/// IPv6, bits of a range beyond those that count.
const STRICT_SINCE: u32 = 36;

fn is_strict(at: &At<'_>) -> bool {
    at.object().version.minor() >= STRICT_SINCE
}

/// The address of a field that may be written in any way; None if it is none, which is said.
///
/// Source: `IsValidIPForLegacyField`.
fn address(at: &At<'_>, found: &mut Found) -> Option<IpAddr> {
    let address = ip::parse(at.text());
    if address.is_none() {
        found.not_of(at, &IP);
    } else if is_strict(at) && !ip::is_strict(at.text()) {
        one_meaning(at, found);
        return None;
    }
    address
}

/// Source: `IsValidCIDRForLegacyField`; `text` is the field's, or part of it.
fn range(at: &At<'_>, text: &str, found: &mut Found) -> Option<ip::Range> {
    let range = ip::Range::parse(text);
    match &range {
        None => {
            found.not_of(at, &CIDR);
        }
        Some(range) if is_strict(at) && !range.is_strict(text) => {
            let what = "must have no zeros in front of a number, no IPv4 address inside of an IPv6 one and no bits beyond those that count";
            found.invalid(at, what).hint(format!("write `{}`", range.canonical()));
        }
        Some(_) => {}
    }
    range
}

fn one_meaning(at: &At<'_>, found: &mut Found) {
    let what = "must have no zeros in front of a number and no IPv4 address inside of an IPv6 one";
    let broken = found.invalid(at, what);
    if let Some(address) = ip::parse(at.text()) {
        broken.hint(format!("write `{address}`"));
    }
}

/// An address that packets can be sent to. Source: `ValidateEndpointIP`.
fn reachable(at: &At<'_>, address: IpAddr, found: &mut Found) {
    let (is_link_local, is_link_local_group) = match address {
        IpAddr::V4(four) => (four.is_link_local(), matches!(four.octets(), [224, 0, 0, _])),
        IpAddr::V6(six) => (six.is_unicast_link_local(), six.segments()[0] & 0xff0f == 0xff02),
    };
    let wrong = [
        (address.is_unspecified(), "the address of no host"),
        (address.is_loopback(), "of the loopback range"),
        (is_link_local, "of the link-local range"),
        (is_link_local_group, "of the link-local multicast range"),
    ];
    if let Some((_, what)) = wrong.iter().find(|(is_wrong, _)| *is_wrong) {
        found.invalid(at, &format!("must not be {what}"));
    }
}

/// A port's number or name. Source: `ValidatePortNumOrName`.
fn port(at: &At<'_>, found: &mut Found) {
    let is_name = at.node().is_some_and(|node| node.as_str().is_some());
    match at.number() {
        _ if is_name => {
            if !(PORT_NAME.holds)(at.text()) {
                found.not_of(at, &PORT_NAME);
            }
        }
        Some(1..=65535) => {}
        _ => {
            found.invalid(at, "must be between 1 and 65535");
        }
    }
}

/// What stands for `of` where nothing or `""` does.
fn or<'m>(at: &At<'m>, of: &'m str) -> &'m str {
    match at.text() {
        "" => of,
        text => text,
    }
}
