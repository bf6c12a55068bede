//! Requests to sign a certificate.
//!
//! Source: upstream's `pkg/apis/certificates/validation/validation.go`.

use super::super::grammar::{is_dns_label, is_dns_subdomain};
use super::{At, CodeRule, Found};
use crate::check::rules::config::decoded;

pub(super) const RULES: &[CodeRule] =
    &[CodeRule { on: "certificates/v1.CertificateSigningRequest", judge: request }];

/// `ValidateCertificateSigningRequestCreate`.
fn request(request: &At<'_>, found: &mut Found) {
    let body = request.get("spec.request");
    if !is_request(body.text()) {
        found
            .invalid_whole(&body, "must be a `CERTIFICATE REQUEST` in PEM, encoded in base64")
            .hint("write what `openssl req -new` prints, through `base64`");
    }
    signer(&request.get("spec.signerName"), found);
}

/// `ValidateSignerName`: a domain and a name of dotted labels.
fn signer(name: &At<'_>, found: &mut Found) {
    let text = name.text();
    let what = match text.split_once('/') {
        _ if text.is_empty() => return,
        Some(("kubernetes.io", "legacy-unknown")) => {
            "must be another: this one signs no requests of this version"
        }
        Some((domain, path)) if is_domain(domain) && is_path(path, domain) => return,
        _ => "must be a domain, `/` and a name",
    };
    found.invalid(name, what).hint("write it as `example.com/signer-name`");
}

fn is_domain(text: &str) -> bool {
    text.len() <= 253 && text.contains('.') && text.split('.').all(is_dns_label)
}

fn is_path(text: &str, domain: &str) -> bool {
    domain.len() + 1 + text.len() <= LONGEST && text.split('.').all(is_dns_subdomain)
}

/// A domain, `/` and what names a resource in a namespace.
const LONGEST: usize = 253 + 1 + 63 + 1 + 253;

fn is_request(encoded: &str) -> bool {
    const BEGIN: &str = "-----BEGIN CERTIFICATE REQUEST-----";
    const END: &str = "-----END CERTIFICATE REQUEST-----";
    let text = decoded(encoded);
    let text = String::from_utf8_lossy(&text);
    let is_first = text.find("-----BEGIN ").is_some_and(|at| text[at..].starts_with(BEGIN));
    let body = text.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END));
    let body: String = body.map_or("", |(body, _)| body).split_ascii_whitespace().collect();
    is_first && is_sequence(&decoded(&body))
}

/// Whether bytes are one DER sequence to their end; what is in it is not looked at.
fn is_sequence(der: &[u8]) -> bool {
    let (Some(0x30), Some(length)) = (der.first(), der.get(1)) else { return false };
    let more = if *length < 0x80 { 0 } else { usize::from(length & 0x7f) };
    let Some(bytes) = der.get(2..2 + more).filter(|bytes| bytes.len() <= 4) else { return false };
    let long = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
    let length = if more == 0 { usize::from(*length) } else { long };
    der.len() == 2 + more + length
}
