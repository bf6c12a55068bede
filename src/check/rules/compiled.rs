//! The rules of a kind, laid beside its types.

use super::AREAS;
use super::table::{self, FieldRule};
use crate::api::{Form, Kind, Shape, Shapes, Version};

/// One rule in code.
pub(super) struct CodeRule {
    /// The type whose values it judges, `core/v1.Container`, or `flowcontrol/*.Subject` where it is alike in every version of
    /// its API; `object` for the whole of any kind.
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
        let of = |(position, shape)| rules(position, shape, version);
        let mut rules: Vec<TypeRules> = shapes.iter().enumerate().map(of).collect();
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

/// A rule holds where its field is one of the type in this version.
fn rules(position: usize, shape: &Shape, version: Version) -> TypeRules {
    let any = table::of_any_version(shape.name);
    let names = [shape.name, &any];
    let is_on = |on: &str| names.contains(&on) || (position == Shapes::ROOT && on == "object");
    let code: Vec<_> =
        AREAS.iter().flat_map(|area| area.iter()).filter(|rule| is_on(rule.on)).collect();
    let holds = |rule: &&FieldRule| {
        rule.holds_for(version) && rule.way.first().is_some_and(|name| shape.field(name).is_some())
    };
    let fields: Vec<_> = names.into_iter().flat_map(table::of_type).filter(holds).collect();
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
