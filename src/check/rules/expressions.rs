//! Expressions in fields, compiled as a server does before it keeps them.
//!
//! Sources: apiserver `pkg/admission/plugin/cel/compile.go`, dynamic-resource-allocation `cel/compile.go`.

use super::{At, Found};
use crate::cel::{Declared, Object, Program, Purpose, Type, compile_for};
use std::sync::Arc;

/// The names that an expression knows, with their types.
pub(super) type Names = Vec<(&'static str, Declared)>;

/// What an expression must make.
pub(super) struct Wanted {
    holds: fn(&Type) -> bool,
    /// Behind "must make".
    what: &'static str,
    purpose: Purpose,
    /// The next step when it makes something else.
    hint: &'static str,
}

impl Wanted {
    pub(super) const fn value(holds: fn(&Type) -> bool, what: &'static str) -> Self {
        let hint = "compare the value, or convert it: `string(…)`";
        Self { holds, what, purpose: Purpose::Judging, hint }
    }

    const fn patch(holds: fn(&Type) -> bool, what: &'static str, hint: &'static str) -> Self {
        Self { holds, what, purpose: Purpose::Patching, hint }
    }
}

pub(super) const BOOLEAN: Wanted =
    Wanted::value(|kind| *kind == Type::Bool, "a boolean, whatever the object is");

pub(super) const TEXT: Wanted =
    Wanted::value(|kind| *kind == Type::String, "a string, whatever the object is");

pub(super) const TEXT_OR_NULL: Wanted = Wanted::value(
    |kind| matches!(kind, Type::String | Type::Null),
    "a string or null, whatever the object is",
);

pub(super) const ANY: Wanted = Wanted::value(|_| true, "a value");

/// Source: apiserver `pkg/admission/plugin/policy/mutating/patch/json_patch.go`.
pub(super) const PATCHES: Wanted = Wanted::patch(
    |kind| matches!(kind, Type::List(item) if is_made(item, "JSONPatch")),
    "a list of `JSONPatch`, whatever the object is",
    "write `[JSONPatch{op: \"add\", path: \"/spec/replicas\", value: 3}]`",
);

/// Source: apiserver `pkg/admission/plugin/policy/mutating/patch/smd.go`.
pub(super) const OBJECT: Wanted = Wanted::patch(
    |kind| is_made(kind, "Object"),
    "an `Object`, whatever the object is",
    "write `Object{spec: Object.spec{replicas: 3}}`",
);

fn is_made(kind: &Type, wanted: &str) -> bool {
    matches!(kind, Type::Made(name) if &**name == wanted)
}

/// Judges the expression in a field, and says of which type its value is; `dyn` if that is not known.
///
/// Of a blank text nothing is said: that it must be there is another rule.
pub(super) fn judge(at: &At<'_>, names: &Names, wanted: &Wanted, found: &mut Found) -> Type {
    let text = at.text();
    if text.trim().is_empty() {
        return Type::Dyn;
    }
    let program = match compile_for(wanted.purpose, text, names) {
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
        found.invalid_whole(at, &format!("must make {what}, but makes `{kind}`")).hint(wanted.hint);
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
