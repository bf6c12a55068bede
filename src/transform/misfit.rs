//! Texts in fields of another type, such as `x` where an integer stood.
//!
//! A replacement leaves them there as kustomize does: one that another text takes the place of, or whose object goes, does
//! no harm. Who prints an object, or takes it through JSON, refuses those that are left.

use super::Fault;
use super::scalar::{Lasting, is_misfit};
use crate::diag::{Code, Diagnostic};
use crate::source::Place;
use crate::yaml::{Data, Node, Scalar};

/// Why a field of one type does not hold a text that is of another.
pub(super) fn wrong_type(old: &Scalar, text: &str, place: Place) -> Fault {
    let (message, hint) = match Lasting::of(old) {
        Lasting::Null => (
            format!("the field is null, and `{text}` cannot take its place"),
            "give the field a value, or leave it out and let `options: { create: true }` make it",
        ),
        kind => (
            format!("the field is {}, and `{text}` is none", kind.name()),
            "take a value that fits, or make the field a string with quotes",
        ),
    };
    Fault { message, place, hint }
}

/// Refuses an object with a text in a field of another type; it is told where the text was set, and where the field is.
///
/// # Errors
/// When there is such a text.
pub fn refuse_misfits(object: &Node) -> Result<(), Box<Diagnostic>> {
    let Some((fault, field)) = misfit_in(object) else { return Ok(()) };
    let finding = Diagnostic::error(Code::KustomizeReplacement, fault.message);
    Err(Box::new(finding.at(fault.place, "").also(field, "this field").hint(fault.hint)))
}

/// What is wrong with the first text that its field cannot hold, told where it was set, and the place of the field.
pub(super) fn misfit_in(node: &Node) -> Option<(Fault, Place)> {
    match &node.data {
        Data::Scalar(scalar) if is_misfit(scalar) => {
            let set_at = node.set_at.unwrap_or(node.place);
            Some((wrong_type(scalar, &scalar.text, set_at), node.place))
        }
        Data::Scalar(_) => None,
        Data::List(items) => items.iter().find_map(misfit_in),
        Data::Map(map) => map.values().find_map(misfit_in),
    }
}
