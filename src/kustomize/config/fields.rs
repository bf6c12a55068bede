//! Reads maps as leniently as kustomize does: keys in any case, null for nothing; unknown fields where it passes over them.

use super::{DEPRECATED, example};
use crate::diag::{Code, Diagnostic, Reported, Sink, nearest};
use crate::source::Place;
use crate::transform::Text;
use crate::yaml::{Key, Map, Node, Scalar, Value};
use std::sync::Arc;

/// The fields of one map.
pub(super) struct Fields<'n> {
    map: &'n Map,
    /// Where the map stands.
    pub(super) place: Place,
    scalars: Scalars,
}

/// What becomes of a number or a truth where a text is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scalars {
    /// It is refused, as in kustomization files.
    Strict,
    /// It is taken for its text, as in the configurations of transformers.
    Text,
}

impl<'n> Fields<'n> {
    /// The fields of a map that may hold these; numbers are refused where texts are wanted.
    pub(super) fn of(node: &'n Node, known: &[&str], sink: &mut Sink) -> Result<Self, Reported> {
        let Some(map) = node.as_map() else {
            return Err(wrong_kind(node, ("this", "a map"), sink));
        };
        let mut told = Ok(());
        for key in unknown(map, known) {
            let finding = Diagnostic::error(
                Code::KustomizeUnknownField,
                format!("there is no field `{}`", key.name),
            );
            told = Err(sink.error(finding.at(key.place, "").hint(near_fields(key, known))));
        }
        told.map(|()| Self { map, place: node.place, scalars: Scalars::Strict })
    }

    /// Warns of fields that kustomize passes over.
    pub(super) fn warn_of_unknown(node: &Node, known: &[&str], sink: &mut Sink) {
        for key in node.as_map().into_iter().flat_map(|map| unknown(map, known)) {
            let message = format!("there is no field `{}`: kustomize passes over it", key.name);
            let finding = Diagnostic::warning(Code::KustomizeUnknownField, message);
            sink.warn(finding.at(key.place, "").hint(near_fields(key, known)));
        }
    }

    /// The fields of a map that may hold any others, too; numbers are texts where texts are wanted.
    pub(super) fn lenient(node: &'n Node, sink: &mut Sink) -> Result<Self, Reported> {
        let Some(map) = node.as_map() else {
            return Err(wrong_kind(node, ("this", "a map"), sink));
        };
        Ok(Self { map, place: node.place, scalars: Scalars::Text })
    }

    /// The same fields, of which numbers and truths are read so where texts are wanted.
    pub(super) fn with(self, scalars: Scalars) -> Self {
        Self { scalars, ..self }
    }

    /// The value of a field that is not null; of several spellings in other cases that which sorts last, since kustomize
    /// sorts keys before it reads them.
    pub(super) fn get(&self, name: &str) -> Option<&'n Node> {
        let all = self.map.iter().filter(|(key, _)| key.name.eq_ignore_ascii_case(name));
        let entry = all.max_by(|(one, _), (other, _)| one.name.cmp(&other.name));
        entry.map(|(_, node)| node).filter(|node| !node.is_null())
    }

    /// Reads a field, if it is there.
    pub(super) fn read<T>(
        &self,
        name: &str,
        sink: &mut Sink,
        read: impl FnOnce(&'n Node, &mut Sink) -> Result<T, Reported>,
    ) -> Result<Option<T>, Reported> {
        let Some(node) = self.get(name) else { return Ok(None) };
        if example::is_map(name) && node.as_map().is_none() {
            return Err(no_map(node, name, sink));
        }
        read(node, sink).map(Some)
    }

    /// Reads a list of maps, which is empty if it is not there.
    pub(super) fn list<T>(
        &self,
        name: &str,
        sink: &mut Sink,
        mut read: impl FnMut(&'n Node, &mut Sink) -> Result<T, Reported>,
    ) -> Result<Vec<T>, Reported> {
        self.items(name, sink, |node, sink| match node.as_map() {
            Some(_) => read(node, sink),
            None => Err(self.no_entry(node, (name, "a map"), sink)),
        })
    }

    fn items<T>(
        &self,
        name: &str,
        sink: &mut Sink,
        mut read: impl FnMut(&'n Node, &mut Sink) -> Result<T, Reported>,
    ) -> Result<Vec<T>, Reported> {
        let Some(node) = self.get(name) else { return Ok(Vec::new()) };
        let Some(items) = node.as_list() else {
            let example = self.in_kustomization().and_then(|()| example::list(name, node));
            return Err(wrong(node, (&format!("`{name}`"), "a list"), example, sink));
        };
        items.iter().map(|item| read(item, sink)).collect()
    }

    /// Something if these are fields of a kustomization file: names of its lists mean others in configurations.
    fn in_kustomization(&self) -> Option<()> {
        (self.scalars == Scalars::Strict).then_some(())
    }

    fn no_entry(&self, node: &Node, (name, wanted): (&str, &str), sink: &mut Sink) -> Reported {
        let example = self.in_kustomization().and_then(|()| example::entry(name, node));
        wrong(node, (&format!("an entry of `{name}`"), wanted), example, sink)
    }

    /// Reads a text that is not empty, if it is there.
    pub(super) fn text(&self, name: &str, sink: &mut Sink) -> Result<Option<Text>, Reported> {
        let scalars = self.scalars;
        let found = self.read(name, sink, |node, sink| text(node, (name, scalars), sink))?;
        Ok(found.filter(|text| !text.text.is_empty()))
    }

    /// Reads a text, which is empty and stands where the map does if it is not there.
    pub(super) fn text_or_empty(&self, name: &str, sink: &mut Sink) -> Result<Text, Reported> {
        Ok(self.text(name, sink)?.unwrap_or_else(|| Text::new("", self.place)))
    }

    /// Reads a text whose place does not matter; it is empty if it is not there.
    pub(super) fn word(&self, name: &str, sink: &mut Sink) -> Result<Arc<str>, Reported> {
        Ok(self.text(name, sink)?.map_or_else(|| Arc::from(""), |text| text.text))
    }

    /// Reads a list of texts.
    pub(super) fn texts(&self, name: &str, sink: &mut Sink) -> Result<Vec<Text>, Reported> {
        let scalars = self.scalars;
        self.items(name, sink, |node, sink| match node.as_scalar() {
            Some(_) => text(node, (name, scalars), sink),
            None => Err(self.no_entry(node, (name, "a string"), sink)),
        })
    }

    /// Reads names and texts.
    pub(super) fn pairs(
        &self,
        name: &str,
        sink: &mut Sink,
    ) -> Result<Vec<(Arc<str>, Text)>, Reported> {
        let scalars = self.scalars;
        let found = self.read(name, sink, |node, sink| pairs(node, (name, scalars), sink))?;
        Ok(found.unwrap_or_default())
    }

    /// Reads an integer, which is 0 if it is not there.
    pub(super) fn integer(&self, name: &str, sink: &mut Sink) -> Result<i64, Reported> {
        Ok(self.read(name, sink, |node, sink| integer(node, name, sink))?.unwrap_or_default())
    }

    /// Reads a truth, which is false if it is not there.
    pub(super) fn truth(&self, name: &str, sink: &mut Sink) -> Result<bool, Reported> {
        Ok(self.read(name, sink, |node, sink| truth(node, name, sink))?.unwrap_or_default())
    }
}

/// The keys of a map that are none of the known ones, in whatever case.
fn unknown<'n>(map: &'n Map, known: &[&str]) -> impl Iterator<Item = &'n Key> {
    let is_known = |key: &Key| known.iter().any(|name| name.eq_ignore_ascii_case(&key.name));
    map.keys().filter(move |key| !is_known(key))
}

/// The field that was most likely meant; one that kustomize warns of only where no other is near.
fn near_fields(key: &Key, known: &[&str]) -> String {
    let current: Vec<_> = known.iter().copied().filter(|name| !DEPRECATED.contains(name)).collect();
    let near = nearest(&key.name, current.iter().copied());
    match near.or_else(|| nearest(&key.name, known.iter().copied())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the fields here are {}", current.join(", ")),
    }
}

/// Reads a text of a map within another, which may not be there either.
pub(super) fn text_within(
    map: &Option<Fields<'_>>,
    name: &str,
    sink: &mut Sink,
) -> Result<Option<Text>, Reported> {
    map.as_ref().map_or(Ok(None), |map| map.text(name, sink))
}

fn text(node: &Node, (name, scalars): (&str, Scalars), sink: &mut Sink) -> Result<Text, Reported> {
    match (node.as_str(), node.as_scalar()) {
        (Some(text), _) => Ok(Text::new(text, node.place)),
        (None, _) if node.is_null() => Ok(Text::new("", node.place)),
        (None, Some(scalar)) if scalars == Scalars::Text => {
            Ok(Text::new(Scalar::plain(scalar.value).text, node.place))
        }
        _ => Err(wrong_kind(node, (&format!("`{name}`"), "a string"), sink)),
    }
}

fn pairs(
    node: &Node,
    (name, scalars): (&str, Scalars),
    sink: &mut Sink,
) -> Result<Vec<(Arc<str>, Text)>, Reported> {
    let Some(map) = node.as_map() else { return Err(no_map(node, name, sink)) };
    let pair = |(key, node): (&Key, _)| {
        Ok((Arc::clone(&key.name), text(node, (&key.name, scalars), sink)?))
    };
    map.iter().map(pair).collect()
}

pub(super) fn truth(node: &Node, name: &str, sink: &mut Sink) -> Result<bool, Reported> {
    match node.as_scalar().map(|scalar| scalar.value) {
        Some(Value::Bool(truth)) => Ok(truth),
        _ => Err(wrong_kind(node, (&format!("`{name}`"), "`true` or `false`"), sink)),
    }
}

fn integer(node: &Node, name: &str, sink: &mut Sink) -> Result<i64, Reported> {
    match node.as_scalar().map(|scalar| scalar.value) {
        Some(Value::Int(number)) => Ok(number),
        _ => Err(wrong_kind(node, (&format!("`{name}`"), "an integer"), sink)),
    }
}

/// Reports that kustomize has no plugin of this kind among its own.
pub(super) fn unknown_plugin(
    (what, kind): (&str, &str),
    own: &[&str],
    place: Place,
    sink: &mut Sink,
) -> Reported {
    let message = format!("kustomize has no {what} `{kind}`");
    let finding = Diagnostic::error(Code::KustomizePlugin, message).at(place, "");
    let hint = match nearest(kind, own.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("its own are {}", own.join(", ")),
    };
    sink.error(finding.hint(hint))
}

fn no_map(node: &Node, name: &str, sink: &mut Sink) -> Reported {
    wrong(node, (&format!("`{name}`"), "a map"), example::map(name), sink)
}

/// Reports that a node is not what it should be; `what` names it as a part of a sentence.
pub(super) fn wrong_kind(node: &Node, told: (&str, &str), sink: &mut Sink) -> Reported {
    wrong(node, told, None, sink)
}

/// The same, with an example of what takes its place.
pub(super) fn wrong(
    node: &Node,
    (what, wanted): (&str, &str),
    example: Option<String>,
    sink: &mut Sink,
) -> Reported {
    let message = format!("{what} must be {wanted}, but is {}", node.kind());
    let finding = Diagnostic::error(Code::KustomizeValue, message).at(node.place, "");
    let spelling = node.as_scalar().filter(|_| wanted == "a string").map(|scalar| &scalar.text);
    let hint = match (spelling, example) {
        (Some(text), _) => format!("put it in quotes: `\"{text}\"`"),
        (None, Some(example)) => format!("write {wanted}: `{example}`"),
        (None, None) => format!("write {wanted}"),
    };
    sink.error(finding.hint(hint))
}
