//! The rules of a kind, laid beside its types.

use super::AREAS;
use super::table::{self, FieldRule};
use crate::api::{Form, Kind, Shapes, Version};

/// One rule in code.
pub(super) struct CodeRule {
    /// The type whose values it judges, `core/v1.Container`; `object` for the whole of any kind.
    pub(super) on: &'static str,
    pub(super) judge: fn(&super::At<'_>, &mut super::Found),
}

/// The types of a kind and what is asked of each.
pub(in crate::check) struct Compiled {
    pub(super) shapes: Shapes,
    rules: Vec<TypeRules>,
}

/// What is asked of one type.
#[derive(Default)]
pub(super) struct TypeRules {
    pub(super) fields: Vec<&'static FieldRule>,
    pub(super) code: Vec<&'static CodeRule>,
    /// Its fields that are held to the rules of their types where they are absent, too.
    pub(super) always: Vec<&'static str>,
    /// Whether it, or what it is made of, has rules at all.
    pub(super) matters: bool,
}

impl Compiled {
    pub(in crate::check) fn new(kind: &Kind) -> Self {
        let shapes = kind.shapes();
        let version = kind.kubernetes();
        let of = |(position, name): (usize, &'static str)| rules(position, name, version);
        let names = shapes.iter().enumerate().map(|(position, shape)| (position, shape.name));
        let mut rules: Vec<TypeRules> = names.map(of).collect();
        spread(&shapes, &mut rules);
        Self { shapes, rules }
    }

    pub(super) fn of(&self, position: usize) -> &TypeRules {
        &self.rules[position]
    }

    /// What a server sets a field of a type to.
    pub(super) fn default(&self, position: usize, field: &str) -> Option<&'static str> {
        let mut rules = self.rules[position].fields.iter();
        rules.find_map(|rule| rule.default.filter(|_| rule.field() == Some(field)))
    }
}

fn rules(position: usize, name: &'static str, version: Version) -> TypeRules {
    let is_on = |on: &str| on == name || (position == Shapes::ROOT && on == "object");
    let code: Vec<_> =
        AREAS.iter().flat_map(|area| area.iter()).filter(|rule| is_on(rule.on)).collect();
    let fields: Vec<_> =
        table::of_type(name).iter().filter(|rule| rule.holds_for(version)).collect();
    let matters = !code.is_empty() || !fields.is_empty();
    let always = fields.iter().filter(|rule| rule.always).filter_map(|rule| rule.field()).collect();
    TypeRules { fields, code, always, matters }
}

/// What holds something that matters, matters.
fn spread(shapes: &Shapes, rules: &mut [TypeRules]) {
    loop {
        let mut has_changed = false;
        for (position, shape) in shapes.iter().enumerate().rev() {
            let inner = |form: &Form| innermost(form).is_some_and(|inner| rules[inner].matters);
            if !rules[position].matters && shape.fields().any(|(_, form)| inner(form)) {
                rules[position].matters = true;
                has_changed = true;
            }
        }
        if !has_changed {
            return;
        }
    }
}

/// The type of the object that a form holds, in lists and maps, too.
pub(super) fn innermost(form: &Form) -> Option<usize> {
    match form {
        Form::Scalar => None,
        Form::Object(position) => Some(*position),
        Form::List(item) | Form::Map(item) => innermost(item),
    }
}
