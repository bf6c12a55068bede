//! A value and the fields that it is copied into.

use super::lookup::{Seg, node_at, node_at_mut};
use super::targets::Make;
use super::{FieldOptions, Text};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Place;
use crate::transform::misfit::wrong_type;
use crate::transform::scalar::{misfit, string, text_of, with_text};
use crate::transform::shared::{Echo, Share};
use crate::transform::{Fault, Generated, Previous, Resource};
use crate::yaml::{Data, Map, Node, Scalar};
use std::sync::Arc;

/// How many bytes the replacements of one kustomization may copy; a node counts as sixteen.
const MAX_COPIED_BYTES: usize = 256 * 1024 * 1024;
/// How deep values may be copied into each other.
const MAX_DEPTH: usize = 255;
const NODE_BYTES: usize = 16;

/// What is copied.
#[derive(Debug)]
pub(super) struct Value {
    node: Node,
    /// Where it stands, as long as it is still what stands there: what changes it there changes what is copied next.
    home: Option<(usize, Vec<Seg>)>,
    /// Where the field is named that takes it next.
    pub(super) named_at: Place,
    /// What kustomize remembers of an object stands in its annotations: who copies these copies that, too.
    memory: Memory,
}

/// What an object was called, and what a generator wants of it.
#[derive(Debug, Clone, Default)]
struct Memory {
    previous: Vec<Previous>,
    prefixes: Vec<Arc<str>>,
    suffixes: Vec<Arc<str>>,
    generated: Option<Generated>,
}

impl Memory {
    /// That of an object, if it stands in what a way leads to.
    fn at(trail: &[Seg], resource: &Resource) -> Self {
        if !holds_memory(trail) {
            return Self::default();
        }
        let Resource { previous, prefixes, suffixes, generated, .. } = resource.clone();
        Self { previous, prefixes, suffixes, generated }
    }

    fn give(&self, resource: &mut Resource) {
        let Self { previous, prefixes, suffixes, generated } = self.clone();
        (resource.previous, resource.prefixes) = (previous, prefixes);
        (resource.suffixes, resource.generated) = (suffixes, generated);
    }
}

/// Whether a way leads to an object's annotations or to all of its metadata.
fn holds_memory(trail: &[Seg]) -> bool {
    match trail {
        [metadata] => is_key(metadata, "metadata"),
        [metadata, field] => is_key(metadata, "metadata") && is_key(field, "annotations"),
        _ => false,
    }
}

fn is_key(seg: &Seg, name: &str) -> bool {
    matches!(seg, Seg::Key(key) if **key == *name)
}

impl Value {
    /// The value of a field.
    pub(super) fn living(node: Node, (at, trail): (usize, Vec<Seg>), of: &Resource) -> Self {
        let memory = Memory::at(&trail, of);
        let named_at = node.place;
        Self { node, home: Some((at, trail)), named_at, memory }
    }

    /// A part of one.
    pub(super) fn fixed(node: Node) -> Self {
        let named_at = node.place;
        Self { node, home: None, named_at, memory: Memory::default() }
    }

    /// What a field becomes that is made for it.
    pub(super) fn kind(&self) -> Make {
        match &self.node.data {
            Data::Scalar(_) => Make::Scalar,
            Data::List(_) => Make::List,
            Data::Map(_) => Make::Map,
        }
    }

    /// Takes over what was made in its own object.
    pub(super) fn grow(&mut self, at: usize, root: &Node) {
        let home = self.home.as_ref().filter(|(own, _)| *own == at);
        if let Some(node) = home.and_then(|(_, trail)| node_at(root, trail)) {
            self.node = node.clone();
        }
    }

    /// Takes over what was set in its own object.
    pub(super) fn follow(&mut self, at: usize, trail: &[Seg], root: &Node) {
        let Some((_, home)) = self.home.as_ref().filter(|(own, _)| *own == at) else { return };
        // What was above it is another node now, and the old one is alive for this replacement only.
        let is_above = trail.len() < home.len() && home.starts_with(trail);
        match node_at(root, home).filter(|_| !is_above) {
            Some(node) => self.node = node.clone(),
            None => self.home = None,
        }
    }
}

fn not_split(node: &Node, delimiter: &Text) -> Fault {
    let message = format!("{} cannot be split at `{}`", node.kind(), delimiter.text);
    Fault { message, place: node.place, hint: "leave `delimiter` out, or name a text" }
}

/// The part of a source that its options mean.
pub(super) fn part(node: &Node, (delimiter, index): (&Text, i64)) -> Result<Node, Fault> {
    let Some(scalar) = node.as_scalar() else {
        return Err(not_split(node, delimiter));
    };
    let parts = split(&scalar.text, &delimiter.text);
    let part = usize::try_from(index).ok().and_then(|index| parts.get(index));
    let Some(part) = part else {
        let count = parts.len();
        let (parts, text) = (if count == 1 { "part" } else { "parts" }, &scalar.text);
        let message = format!(
            "`{text}` has {count} {parts} when it is split at `{}`, so there is none at {index}",
            delimiter.text
        );
        let hint = "count the parts from 0";
        return Err(Fault { message, place: node.place, hint });
    };
    let data = Data::Scalar(Scalar { text: (*part).into(), ..scalar.clone() });
    Ok(Node { data, ..node.clone() })
}

fn split<'t>(text: &'t str, delimiter: &str) -> Vec<&'t str> {
    text.split(delimiter).collect()
}

/// Sets the field at the end of a way; gives the bytes that were copied.
///
/// # Errors
/// When the value does not fit.
pub(super) fn set(
    resource: &mut Resource,
    trail: &[Seg],
    (value, options): (&Value, &FieldOptions),
) -> Result<usize, Fault> {
    let root = &mut resource.node;
    let field = node_at_mut(root, trail).expect("the way was just found");
    let Data::Scalar(old) = &field.data else {
        let cost = replace(field, trail.len(), value, options)?;
        if holds_memory(trail) {
            value.memory.give(resource);
        }
        return Ok(cost);
    };
    let text = text_of(&value.node);
    let text = match &options.delimiter {
        None => text.to_owned(),
        Some(delimiter) => joined(&old.text, text, (&delimiter.text, options.index)),
    };
    let new = match with_text(old, &text) {
        Some(new) => new,
        None if is_annotation(trail) => string(&text, old.style),
        None => misfit(old, &text).ok_or_else(|| wrong_type(old, &text, field.place))?,
    };
    let share = Share::of(old);
    field.set_at = Some(value.named_at);
    match share {
        None => field.data = Data::Scalar(new),
        Some(share) => {
            field.data = Data::Scalar(share.on(new.clone()));
            Echo::new(share, new).sound(root);
        }
    }
    Ok(NODE_BYTES + text.len())
}

/// Whether a way leads to an annotation: kustomize writes these as strings at last, whatever they are.
fn is_annotation(trail: &[Seg]) -> bool {
    matches!(trail, [metadata, field, _] if is_key(metadata, "metadata") && is_key(field, "annotations"))
}

/// Puts a copy of a value in the place of a list or map.
fn replace(
    field: &mut Node,
    depth: usize,
    value: &Value,
    options: &FieldOptions,
) -> Result<usize, Fault> {
    if let Some(delimiter) = &options.delimiter {
        return Err(not_split(field, delimiter));
    }
    let mut cost = 0;
    let Some(data) = copied(&value.node, depth, &mut cost) else {
        let message = format!(
            "the value is larger than {MAX_COPIED_BYTES} bytes or more than {MAX_DEPTH} levels deep"
        );
        let hint = "copy a smaller part of it";
        return Err(Fault { message, place: field.place, hint });
    };
    field.data = data;
    field.set_at = Some(value.named_at);
    Ok(cost)
}

/// A field's text of which one part is another, or that has one more at an end.
fn joined(old: &str, new: &str, (delimiter, index): (&str, i64)) -> String {
    let mut parts = split(old, delimiter);
    match usize::try_from(index) {
        Err(_) => parts.insert(0, new),
        Ok(index) if index < parts.len() => parts[index] = new,
        Ok(_) => parts.push(new),
    }
    parts.join(delimiter)
}

/// A copy whose scalars are one with no others; none if it is too large or too deep.
fn copied(node: &Node, depth: usize, cost: &mut usize) -> Option<Data> {
    *cost += NODE_BYTES;
    if depth > MAX_DEPTH || *cost > MAX_COPIED_BYTES {
        return None;
    }
    Some(match &node.data {
        Data::Scalar(scalar) => {
            *cost += scalar.text.len();
            match Share::of(scalar) {
                Some(_) => Data::Scalar(string(&scalar.text, scalar.style)),
                None => Data::Scalar(scalar.clone()),
            }
        }
        Data::List(items) => {
            let item =
                |item: &Node| Some(Node { data: copied(item, depth + 1, cost)?, ..item.clone() });
            Data::List(Arc::new(items.iter().map(item).collect::<Option<_>>()?))
        }
        Data::Map(map) => {
            let mut copy = Map::with_capacity_and_hasher(map.len(), <_>::default());
            for (key, node) in map.iter() {
                *cost += key.name.len();
                let data = copied(node, depth + 1, cost)?;
                copy.insert(key.clone(), Node { data, ..node.clone() });
            }
            Data::Map(Arc::new(copy))
        }
    })
}

/// What was copied so far.
#[derive(Debug, Default)]
pub(super) struct Budget(usize);

impl Budget {
    /// Adds what was copied.
    ///
    /// # Errors
    /// When it is too much.
    pub(super) fn spend(
        &mut self,
        cost: usize,
        place: Place,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        self.0 += cost;
        if self.0 <= MAX_COPIED_BYTES {
            return Ok(());
        }
        let message = format!("the replacements copy more than {MAX_COPIED_BYTES} bytes");
        let finding = Diagnostic::error(Code::KustomizeReplacement, message).at(place, "");
        Err(sink.error(finding.hint("copy smaller values, or into fewer fields")))
    }
}
