//! How a scalar of a merge patch is spelled where it comes to stand: as the one that it replaces.

use crate::transform::scalar::{Lasting, is_misfit, is_untagged};
use crate::yaml::{self, Data, Node, Rules, Scalar, Style, Value, resolve};
use std::sync::Arc;

/// The tag of a string that lost its quotes to the style of what it replaced; the next patch gives them back.
const UNQUOTED_TAG: &str = "!!str-without-its-quotes";

/// A value that replaces a scalar of this style, which it takes over: in quotes it becomes a string, which takes no text
/// later that the value could not have been, without them it keeps its meaning.
pub(super) fn restyled(mut node: Node, style: Style) -> Node {
    if let Data::Scalar(scalar) = &mut node.data {
        let is_text =
            scalar.value == Value::String && !(scalar.style == Style::Plain && is_untagged(scalar));
        let tag = match style {
            Style::Plain => is_text.then_some(UNQUOTED_TAG),
            _ => Lasting::of(scalar).tag(),
        };
        let value = if style == Style::Plain { scalar.value } else { Value::String };
        *scalar = Scalar { value, style, tag: tag.map(Arc::from), text: scalar.text.clone() };
    }
    node
}

/// Whether it is a string that lost its quotes.
pub(super) fn is_unquoted(node: &Node) -> bool {
    node.as_scalar().is_some_and(|scalar| scalar.tag.as_deref() == Some(UNQUOTED_TAG))
}

/// A value that is put into a map: a bare word that YAML 1.1 takes for something else than a string gets quotes.
pub(super) fn quoted(mut node: Node) -> Node {
    if let Data::Scalar(scalar) = &mut node.data
        && is_bare_word(scalar)
    {
        (scalar.style, scalar.value) = (Style::Double, Value::String);
    }
    node
}

/// Whether it is a string without quotes that YAML 1.1 takes for something else, such as `yes`; also a text that an edit
/// has set.
pub(super) fn is_bare_word(scalar: &Scalar) -> bool {
    let is_string = scalar.value == Value::String && !is_misfit(scalar);
    (is_string || Lasting::of(scalar) == Lasting::Open)
        && scalar.style == Style::Plain
        && yaml::reads_as_no_string(&scalar.text)
}

/// A scalar's text set once more, whose meaning is found out anew unless it has quotes.
pub(super) fn reread(mut node: Node) -> Node {
    if let Data::Scalar(scalar) = &mut node.data {
        scalar.tag = None;
        scalar.value = match scalar.style {
            Style::Plain => resolve(&scalar.text, Rules::GoYamlV3).unwrap_or(Value::String),
            _ => Value::String,
        };
    }
    node
}

/// A patch whose values mean what they are written as, and whose every node says where it was set.
#[must_use]
pub fn marked(patch: &Node) -> Node {
    let mut patch = patch.clone();
    yaml::spell_out(&mut patch);
    mark(&mut patch);
    patch
}

/// A patch as it is written, whose every node says where it was set.
pub(super) fn placed(patch: &Node) -> Node {
    let mut patch = patch.clone();
    mark(&mut patch);
    patch
}

fn mark(node: &mut Node) {
    node.set_at = Some(node.place);
    match &mut node.data {
        Data::Scalar(_) => {}
        Data::List(items) => Arc::make_mut(items).iter_mut().for_each(mark),
        Data::Map(map) => Arc::make_mut(map).values_mut().for_each(mark),
    }
}
