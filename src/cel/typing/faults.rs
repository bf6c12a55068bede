//! What is wrong with names and types, in words.

use crate::cel::Fault;
use crate::cel::kinds::Type;
use crate::cel::signatures::{Style, names};
use crate::diag::nearest;
use std::ops::Range;

pub(super) fn no_field<'n>(
    field: &str,
    known: impl Iterator<Item = &'n String>,
    span: &Range<usize>,
) -> Fault {
    let near = nearest(field, known.map(String::as_str));
    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Fault::new(span.clone(), format!("the schema declares no field `{field}` here{near}"))
}

pub(super) fn no_function(style: Style, name: &str, span: &Range<usize>) -> Fault {
    let near = nearest(name, names(style)).map(|near| format!("; did you mean `{near}`?"));
    let message = format!("there is no function `{name}`{}", near.unwrap_or_default());
    Fault::new(span.clone(), message)
}

pub(super) fn no_overload(style: Style, name: &str, kinds: &[Type], span: &Range<usize>) -> Fault {
    let shown: Vec<_> = kinds.iter().map(Type::name).collect();
    let plain = name.trim_matches('_').trim_start_matches('@');
    let message = match (style, shown.as_slice()) {
        (Style::Global, [a, b]) if plain.len() < name.len() => {
            format!("`{plain}` does not take `{a}` and `{b}`")
        }
        (Style::Method, [target, rest @ ..]) => {
            format!("a `{target}` has no `{name}({})`", rest.join(", "))
        }
        _ => format!("`{name}` does not take `({})`", shown.join(", ")),
    };
    Fault::new(span.clone(), message)
}
