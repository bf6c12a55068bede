//! Values of the types that patches are made of.
//!
//! Sources: apiserver `pkg/cel/mutation/jsonpatch.go`, `pkg/cel/mutation/dynamic/objects.go`: what a path of `Object` means
//! is known when an object is there, so that any field of it can be any value.

use super::{Checked, Checker};
use crate::cel::compiled::{Code, Item as Entry};
use crate::cel::cost::{self, Estimate, Size};
use crate::cel::expression::Item;
use crate::cel::kinds::Type;
use crate::cel::typing::faults::no_field;
use crate::cel::{Fault, Purpose, Value};
use std::ops::Range;

/// What the functions of patches are called before their dot.
pub(super) const LIBRARY: &str = "jsonpatch";

const PATCH: &str = "JSONPatch";
const FIELDS: [(&str, Type); 4] =
    [("from", Type::String), ("op", Type::String), ("path", Type::String), ("value", Type::Dyn)];

/// The type of a field of a value that was made.
pub(super) fn field(made: &str, field: &str, span: &Range<usize>) -> Result<Type, Fault> {
    if made != PATCH {
        return Ok(Type::Dyn);
    }
    let known = FIELDS.into_iter().find(|(name, _)| *name == field);
    let names = FIELDS.map(|(name, _)| name.to_owned());
    known.map(|(_, kind)| kind).ok_or_else(|| no_field(field, names.iter(), span))
}

fn is_made(name: &str) -> bool {
    name == PATCH || name == "Object" || name.starts_with("Object.")
}

impl Checker {
    pub(super) fn made(
        &mut self,
        name: &str,
        fields: &[(String, Item)],
        span: &Range<usize>,
    ) -> Result<Checked, Fault> {
        if self.purpose != Purpose::Patching || !is_made(name) || self.is_known(name) {
            return Err(Fault::new(span.clone(), format!("there is no type `{name}`")));
        }
        let mut cost = cost::MAP;
        let mut entries = Vec::new();
        for (key, item) in fields {
            let wanted = field(name, key, &item.value.span)?;
            let found = self.item(item)?;
            if !wanted.takes(&found.kind) {
                let (wanted, kind) = (wanted.name(), found.kind.name());
                let message = format!("the field `{key}` is of type `{wanted}`, not `{kind}`");
                return Err(Fault::new(item.value.span.clone(), message));
            }
            cost = cost.saturating_add(found.estimate.cost);
            let entry = Entry { value: found.code, is_optional: item.is_optional };
            entries.push((Code::Literal(Value::string(key.as_str())), entry));
        }
        let kind = Type::Made(name.into());
        let size = Some(Size::exactly(fields.len() as u64));
        let estimate = Estimate::computed(cost, size, &kind);
        Ok(Checked { code: Code::Map(entries), kind, estimate })
    }
}
