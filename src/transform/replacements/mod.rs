//! Values that are copied from a field of one object into fields of others.
//!
//! `source  --lookup-->  value  --targets-->  fields`, one replacement after the other: what one wrote the next one reads.
//!
//! Promise: the rules of kustomize's `replacement` filter. A scalar gives its text alone, and the field that takes it stays
//! what it is: a string, an integer. Objects are found by the names and kinds that they have or had.

mod copy;
mod lookup;
mod path;
mod select;
mod targets;

pub(super) use lookup::{Nowhere, find as find_value, node_at};
pub(super) use path::{Way, ways_of_field, ways_of_variable};

use super::patch::Selector;
use super::{Fault, ObjectSelector, Resource, Resources, Text, holds_nothing};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Place;
use copy::{Budget, Value};
use path::{Step, Wrong};
use targets::{Found, Make};

/// The field that is meant where none is named.
pub(super) const NAME: &str = "metadata.name";

/// A value that is copied from one field into others.
#[derive(Debug, Clone)]
pub struct Replacement {
    /// Where it stands.
    pub place: Place,
    /// Where the value comes from.
    pub source: Option<Source>,
    /// Where it goes; none if nothing is said.
    pub targets: Option<Vec<Target>>,
}

/// Where a replacement's value comes from.
#[derive(Debug, Clone)]
pub struct Source {
    /// The one object.
    pub object: ObjectSelector,
    /// The field; `metadata.name` unless given.
    pub field_path: Option<Text>,
    /// Which part of the field.
    pub options: FieldOptions,
}

/// Where a replacement's value goes.
#[derive(Debug, Clone)]
pub struct Target {
    /// Where the entry stands.
    pub place: Place,
    /// The objects.
    pub select: Option<ObjectSelector>,
    /// Those that are left alone.
    pub reject: Vec<ObjectSelector>,
    /// The fields; `metadata.name` if there are none.
    pub field_paths: Vec<Text>,
    /// Which part of the fields.
    pub options: FieldOptions,
}

/// Which part of a field is meant, and what becomes of one that is missing.
#[derive(Debug, Clone, Default)]
pub struct FieldOptions {
    /// What the field is split at.
    pub delimiter: Option<Text>,
    /// The part's number.
    pub index: i64,
    /// What becomes of a missing field.
    pub missing: Missing,
}

/// What becomes of a field that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// It is an error.
    #[default]
    Refused,
    /// It is made.
    Made,
}

/// Makes the replacements in order; gives the targets that select nothing.
///
/// # Errors
/// When a source is none or several objects, a field is not there, or a value does not fit into one.
pub fn replace<'r>(
    replacements: &'r [Replacement],
    resources: &mut Resources,
    sink: &mut Sink,
) -> Result<Vec<&'r Target>, Reported> {
    let (mut budget, mut idle) = (Budget::default(), Vec::new());
    for replacement in replacements {
        let (Some(source), Some(targets)) = (&replacement.source, &replacement.targets) else {
            return Err(incomplete(replacement, sink));
        };
        let mut value = source.value(resources, sink)?;
        for target in targets {
            if target.put(&mut value, &mut budget, resources, sink)? == 0 {
                idle.push(target);
            }
        }
    }
    Ok(idle)
}

fn incomplete(replacement: &Replacement, sink: &mut Sink) -> Reported {
    let lacks = if replacement.source.is_none() { "source" } else { "targets" };
    let finding =
        Diagnostic::error(Code::KustomizeReplacement, format!("the replacement has no `{lacks}`"));
    sink.error(finding.at(replacement.place, "").hint(format!("add `{lacks}`")))
}

impl Source {
    fn value(&self, resources: &Resources, sink: &mut Sink) -> Result<Value, Reported> {
        let at = self.object.only(resources, sink)?;
        let resource = resources.get(at).expect("the index is right");
        let path = self.field_path.as_ref().map_or(NAME, |path| &path.text);
        let place = self.field_path.as_ref().map_or(self.object.place, |path| path.place);
        let ways = path::ways(path).map_err(|wrong| sink.error(malformed(wrong, place)))?;
        let trail = lookup::find(&resource.node, &ways)
            .map_err(|nowhere| sink.error(missing(nowhere, (path, place), resource)))?;
        let node = lookup::node_at(&resource.node, &trail).expect("it was just found");
        if holds_nothing(node) {
            let message = format!("`{path}` of {} is empty", resource.id());
            let finding = Diagnostic::error(Code::KustomizeReplacement, message);
            let finding = finding.at(place, "").also(node.place, "this is copied");
            return Err(sink.error(finding.hint("give it a value, or take another field")));
        }
        match &self.options.delimiter {
            None => Ok(Value::living(node.clone(), (at, trail.clone()), resource)),
            Some(delimiter) => copy::part(node, (delimiter, self.options.index))
                .map(Value::fixed)
                .map_err(|fault| sink.error(unfit(fault, delimiter.place))),
        }
    }
}

impl Target {
    /// Puts a value into the fields of all objects that are meant; gives how many these are.
    fn put(
        &self,
        value: &mut Value,
        budget: &mut Budget,
        resources: &mut Resources,
        sink: &mut Sink,
    ) -> Result<usize, Reported> {
        let Some(select) = &self.select else {
            let message = "the target does not say which objects it is";
            let finding = Diagnostic::error(Code::KustomizeReplacement, message);
            return Err(sink.error(finding.at(self.place, "").hint("add `select`")));
        };
        let meant = self.meant(select, resources, sink)?;
        if meant.is_empty() {
            return Ok(0);
        }
        let fields = self.fields(sink)?;
        for &at in &meant {
            resources.edit(at, |resource| {
                fields.iter().try_for_each(|field| {
                    let mut filling = Filling { target: self, field, value, budget };
                    filling.fill(at, resource, sink)
                })
            })?;
        }
        Ok(meant.len())
    }

    /// Where the objects stand that are meant, in order.
    fn meant(
        &self,
        select: &ObjectSelector,
        resources: &Resources,
        sink: &mut Sink,
    ) -> Result<Vec<usize>, Reported> {
        let marks = select.marks(sink)?;
        // kustomize rejects by marks and by names, each for itself, also where one entry has both.
        let rejected = self.reject.iter().filter_map(|reject| reject.marks(sink).transpose());
        let rejected: Vec<Selector> = rejected.collect::<Result<_, _>>()?;
        let is_meant = |resource: &Resource| {
            marks.as_ref().is_none_or(|marks| marks.selects(resource))
                && !rejected.iter().any(|marks| marks.selects(resource))
                && !self.reject.iter().any(|reject| reject.names() && reject.is_one_of(resource))
        };
        let mut meant = select.all(resources);
        meant.retain(|at| resources.get(*at).is_some_and(is_meant));
        Ok(meant)
    }

    fn fields(&self, sink: &mut Sink) -> Result<Vec<Field>, Reported> {
        if self.field_paths.is_empty() {
            return Field::new(&Text::new(NAME, self.place), sink).map(|field| vec![field]);
        }
        self.field_paths.iter().map(|path| Field::new(path, sink)).collect()
    }
}

/// A path of a target.
struct Field {
    path: Text,
    steps: Vec<Step>,
}

impl Field {
    fn new(path: &Text, sink: &mut Sink) -> Result<Self, Reported> {
        let steps = path::steps(path).map_err(|wrong| sink.error(malformed(wrong, path.place)))?;
        Ok(Self { path: path.clone(), steps })
    }
}

/// A value on its way into a field of an object.
struct Filling<'a> {
    target: &'a Target,
    field: &'a Field,
    value: &'a mut Value,
    budget: &'a mut Budget,
}

impl Filling<'_> {
    fn fill(
        &mut self,
        at: usize,
        resource: &mut Resource,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        let Text { text: path, place } = &self.field.path;
        let make = match self.target.options.missing {
            Missing::Refused => Make::Nothing,
            Missing::Made => self.value.kind(),
        };
        let found = targets::find(&mut resource.node, &self.field.steps, make);
        let Found { trails, below_null, nowhere } =
            found.map_err(|found| sink.error(missing(found, (path, *place), resource)))?;
        if trails.is_empty() && below_null == 0 {
            let nowhere = nowhere.unwrap_or_else(|| Nowhere {
                message: "nothing is here".to_owned(),
                place: resource.place(),
                near: None,
            });
            let mut finding = missing(nowhere, (path, *place), resource);
            if make == Make::Nothing {
                finding = finding.hint("`options: { create: true }` would make it");
            }
            return Err(sink.error(finding));
        }
        self.value.grow(at, &resource.node);
        self.value.named_at = *place;
        for trail in trails {
            let set = copy::set(resource, &trail, (self.value, &self.target.options));
            let cost = set.map_err(|fault| sink.error(unfit(fault, *place)))?;
            self.value.follow(at, &trail, &resource.node);
            self.budget.spend(cost, *place, sink)?;
        }
        Ok(())
    }
}

fn malformed((message, hint): Wrong, place: Place) -> Diagnostic {
    Diagnostic::error(Code::KustomizeReplacement, message).at(place, "").hint(hint)
}

/// A path leads nowhere in an object.
fn missing(nowhere: Nowhere, (path, place): (&str, Place), resource: &Resource) -> Diagnostic {
    let message = format!("{} has no `{path}`: {}", resource.id(), nowhere.message);
    let finding = Diagnostic::error(Code::KustomizeReplacement, message)
        .at(place, "")
        .also(nowhere.place, "the path ends here");
    match nowhere.near {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding.hint("name a field that is there"),
    }
}

/// A value does not fit into a field.
fn unfit(Fault { message, place: at, hint }: Fault, place: Place) -> Diagnostic {
    let finding = Diagnostic::error(Code::KustomizeReplacement, message).at(place, "");
    finding.also(at, "this field").hint(hint)
}
