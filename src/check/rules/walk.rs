//! One walk over an object, in which every type's rules are held.

use super::compiled::innermost;
use super::{At, Broken, Compiled, Found, Object};
use crate::api::{Form, Kind};
use crate::yaml::Node;

/// What the rules say against an object of a kind, in the order of the text.
pub(in crate::check) fn judge(root: &Node, kind: &Kind, compiled: &Compiled) -> Vec<Broken> {
    let version = kind.kubernetes();
    let object = Object { root, compiled, version, kind: kind.name(), group: kind.group() };
    let mut found = Found::default();
    walk(&At::root(&object), &mut found);
    found.into_sorted()
}

/// Types nest as deep as the object is written, which the reader bounds.
fn walk(at: &At<'_>, found: &mut Found) {
    match at.form() {
        Some(Form::Object(position)) => walk_object(at, *position, found),
        Some(Form::List(_)) => at.items().for_each(|item| walk(&item, found)),
        Some(Form::Map(_)) => at.entries().for_each(|(_, value)| walk(&value, found)),
        Some(Form::Scalar) | None => {}
    }
}

fn walk_object(at: &At<'_>, position: usize, found: &mut Found) {
    let compiled = at.object().compiled;
    let rules = compiled.of(position);
    for rule in &rules.fields {
        rule.judge(at, found);
    }
    for rule in &rules.code {
        (rule.judge)(at, found);
    }
    let matters = |form: &Form| innermost(form).is_some_and(|inner| compiled.of(inner).matters);
    for (name, _) in compiled.shapes.get(position).fields().filter(|(_, form)| matters(form)) {
        let inner = at.field(name);
        if inner.is_set() || rules.always.contains(&name) {
            walk(&inner, found);
        }
    }
}
