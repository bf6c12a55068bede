//! Which images an entry means.

use super::{Image, ImageNames};
use crate::diag::{Code, Diagnostic};
use crate::transform::simple::{behind, is_simple};
use regex::Regex;

/// How the name of an image looks that an entry means; a tag and a digest may stand behind it.
pub(super) enum Meant<'a> {
    /// It is this one.
    Name(&'a str),
    /// A regular expression of letters, digits, `-_:@/` and dots matches it.
    Simple(&'a str),
    /// The regular expression matches it, its tag and its digest.
    Pattern(Regex),
}

impl<'a> Meant<'a> {
    pub(super) fn by(image: &'a Image, names: &ImageNames<'_>) -> Result<Self, Box<Diagnostic>> {
        let name = &*image.name.text;
        match names {
            ImageNames::Exact { .. } => Ok(Self::Name(name)),
            ImageNames::Patterns if is_simple(name) => Ok(Self::Simple(name)),
            ImageNames::Patterns => pattern(image).map(Self::Pattern),
        }
    }

    /// Whether an image is meant.
    pub(super) fn is(&self, image: &str) -> bool {
        match self {
            Self::Name(name) => image.strip_prefix(name).is_some_and(is_tag_and_digest),
            Self::Simple(name) => behind(name, image).is_some_and(is_tag_and_digest),
            Self::Pattern(pattern) => pattern.is_match(image),
        }
    }
}

fn pattern(image: &Image) -> Result<Regex, Box<Diagnostic>> {
    let name = &image.name.text;
    let tag = "(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?";
    Regex::new(&format!("^{name}{tag}$")).map_err(|_| {
        let message =
            format!("`{name}` is no name of an image: kustomize takes it for a regular expression");
        let finding = Diagnostic::error(Code::KustomizeValue, message).at(image.name.place, "");
        Box::new(finding.hint("put a backslash before each of `( ) [ ] { } * + ? |`"))
    })
}

/// Whether this is what may stand behind the name of an image: a tag, a digest, the two of them or nothing.
fn is_tag_and_digest(text: &str) -> bool {
    let rest = [":", "@sha256:"].into_iter().fold(text, |text, mark| {
        text.strip_prefix(mark).map_or(text, |part| part.trim_start_matches(is_of_tag))
    });
    rest.is_empty()
}

/// Whether a character may stand in a tag, as kustomize has it.
pub(super) fn is_of_tag(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_.{}-".contains(c)
}
