//! The arguments of `format`, held to what its text asks for.
//!
//! Source: `stringFormatValidator` of cel-go: texts and lists that are written out are judged before they run.

use super::{Checked, Checker};
use crate::cel::expression::{Expression, Form, Item};
use crate::cel::kinds::Type;
use crate::cel::library::{Clause, Piece, pieces};
use crate::cel::{Fault, Value};
use std::ops::Range;

impl Checker {
    /// The arguments of a call; those of `format` may be of different types.
    pub(super) fn arguments(
        &mut self,
        name: &str,
        given: &[Expression],
        span: &Range<usize>,
    ) -> Result<Vec<Checked>, Fault> {
        let outer = self.may_mix;
        self.may_mix |= name == "format";
        let checked = match (name, given) {
            ("format", [text, Expression { form: Form::List(items), .. }]) => {
                let target = self.expression(text)?;
                let (list, kinds) = self.list_and_kinds(items)?;
                if let Form::Literal(Value::String(text)) = &text.form {
                    check(text, items, &kinds, span)?;
                }
                vec![target, list]
            }
            _ => given.iter().map(|one| self.expression(one)).collect::<Result<_, _>>()?,
        };
        self.may_mix = outer;
        Ok(checked)
    }
}

fn check(text: &str, items: &[Item], kinds: &[Type], span: &Range<usize>) -> Result<(), Fault> {
    let pieces = pieces(text).map_err(|reason| Fault::new(span.clone(), reason))?;
    let clauses: Vec<Clause> = pieces.into_iter().filter_map(Piece::clause).collect();
    if clauses.len() != items.len() {
        let message = format!(
            "the text of `format` asks for {} values, but is given {}",
            clauses.len(),
            items.len()
        );
        return Err(Fault::new(span.clone(), message));
    }
    for ((clause, item), kind) in clauses.iter().zip(items).zip(kinds) {
        if let Some(wrong) = untaken(clause, &item.value, kind) {
            let message = format!("`{clause}` does not take `{}`", wrong.name());
            return Err(Fault::new(item.value.span.clone(), message));
        }
    }
    Ok(())
}

/// The type that a clause does not take: of a list or map that is written out, that of its parts.
fn untaken<'k>(clause: &Clause, given: &Expression, kind: &'k Type) -> Option<&'k Type> {
    if !clause.takes(kind) {
        return Some(kind);
    }
    match (&given.form, kind) {
        (Form::List(items), Type::List(inner)) => {
            items.iter().find_map(|item| untaken(clause, &item.value, inner))
        }
        (Form::Map(entries), Type::Map(keys, values)) => entries.iter().find_map(|(key, item)| {
            untaken(clause, key, keys).or_else(|| untaken(clause, &item.value, values))
        }),
        _ => None,
    }
}
