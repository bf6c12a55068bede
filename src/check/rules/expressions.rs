//! Expressions in fields, compiled as a server does before it keeps them.
//!
//! Sources: apiserver `pkg/admission/plugin/cel/compile.go`, dynamic-resource-allocation `cel/compile.go`.

use super::{At, Found};
use crate::cel::{Declared, Object, Program, Type, compile};
use std::sync::Arc;

/// The names that an expression knows, with their types.
pub(super) type Names = Vec<(&'static str, Declared)>;

/// What an expression must make.
pub(super) struct Wanted {
    pub(super) holds: fn(&Type) -> bool,
    /// Behind "must make".
    pub(super) what: &'static str,
}

pub(super) const BOOLEAN: Wanted =
    Wanted { holds: |kind| *kind == Type::Bool, what: "a boolean, whatever the object is" };

pub(super) const TEXT: Wanted =
    Wanted { holds: |kind| *kind == Type::String, what: "a string, whatever the object is" };

pub(super) const TEXT_OR_NULL: Wanted = Wanted {
    holds: |kind| matches!(kind, Type::String | Type::Null),
    what: "a string or null, whatever the object is",
};

pub(super) const ANY: Wanted = Wanted { holds: |_| true, what: "a value" };

/// Judges the expression in a field, and says of which type its value is; `dyn` if that is not known.
///
/// Of a blank text nothing is said: that it must be there is another rule.
pub(super) fn judge(at: &At<'_>, names: &Names, wanted: &Wanted, found: &mut Found) -> Type {
    let text = at.text();
    if text.trim().is_empty() {
        return Type::Dyn;
    }
    let program = match compile(text, names) {
        Ok(program) => program,
        Err(fault) => {
            found.invalid_whole(at, &format!("cannot be compiled: {}", fault.message));
            return Type::Dyn;
        }
    };
    let minor = at.object().version.minor();
    if program.since() > minor {
        found.invalid_whole(at, &too_new(&program));
    } else if !(wanted.holds)(program.kind()) {
        let (what, kind) = (wanted.what, program.kind().name());
        found
            .invalid_whole(at, &format!("must make {what}, but makes `{kind}`"))
            .hint("compare the value, or convert it: `string(…)`");
    }
    program.kind().clone()
}

fn too_new(program: &Program) -> String {
    format!("uses {}, which servers take since 1.{}", program.newest(), program.since())
}

/// What is declared of a value whose size does not matter.
pub(super) fn declared(kind: Type) -> Declared {
    Declared { kind, most: 1024, least_bytes: 1, inner: None }
}

/// An object with fields of these types.
pub(super) fn object<N: Into<String>>(fields: impl IntoIterator<Item = (N, Type)>) -> Type {
    let fields = fields.into_iter().map(|(name, kind)| (name.into(), declared(kind))).collect();
    Type::Object(Arc::new(Object { fields }))
}

pub(super) fn list(item: Type) -> Type {
    Type::List(Box::new(item))
}

pub(super) fn map(value: Type) -> Type {
    Type::Map(Box::new(Type::String), Box::new(value))
}
