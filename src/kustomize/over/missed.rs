//! Why a target selects nothing that is rendered: which of its fields excludes the last objects.

use super::{Over, called, listed};
use crate::diag::{Sink, nearest};
use crate::source::Place;
use crate::transform::patch::Selector;
use crate::transform::{ObjectSelector, Resource, Resources, Text};
use crate::yaml::Node;
use indexmap::IndexSet;

/// The fields of a target, in the order in which they are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Kind,
    Name,
    Group,
    Version,
    Namespace,
    Labels,
    Annotations,
}

const FIELDS: [Field; 7] = [
    Field::Kind,
    Field::Name,
    Field::Group,
    Field::Version,
    Field::Namespace,
    Field::Labels,
    Field::Annotations,
];

impl Field {
    fn of(self, target: &ObjectSelector) -> Option<&Text> {
        match self {
            Self::Kind => target.kind.as_ref(),
            Self::Name => target.name.as_ref(),
            Self::Group => target.group.as_ref(),
            Self::Version => target.version.as_ref(),
            Self::Namespace => target.namespace.as_ref(),
            Self::Labels => target.labels.as_ref(),
            Self::Annotations => target.annotations.as_ref(),
        }
    }
}

impl Over<'_> {
    /// Where the field stands that leaves a target without objects, and what to write there.
    pub(super) fn missed(
        &self,
        target: &ObjectSelector,
        resources: &Resources,
        sink: &Sink,
    ) -> (Place, String) {
        let mut left: Vec<_> = resources.iter().collect();
        for (count, field) in FIELDS.into_iter().enumerate() {
            let Some(text) = field.of(target) else { continue };
            // What is no selector was told before.
            let (read, _) = sink.apart(|own| Selector::new(&first(target, count + 1), own));
            let Ok(selector) = read else { break };
            let fit: Vec<_> = left.iter().copied().filter(|one| selector.selects(one)).collect();
            if fit.is_empty() {
                return (text.place, self.excluded(target, field, (&left, resources)));
            }
            left = fit;
        }
        (target.place, self.near(&named(target), resources))
    }

    /// What to write in the place of a field that excludes what is left by those before it.
    fn excluded(
        &self,
        target: &ObjectSelector,
        field: Field,
        (left, all): (&[&Resource], &Resources),
    ) -> String {
        let listed_of = |name: &dyn Fn(&Resource) -> String| {
            let names: IndexSet<_> = left.iter().map(|one| name(one)).collect();
            listed(&names.into_iter().collect::<Vec<_>>())
        };
        let has = match field {
            Field::Kind if target.name.is_none() => {
                return near_kind(target, left).unwrap_or_else(|| self.near(&named(target), all));
            }
            Field::Kind | Field::Name => return self.near(&named(target), all),
            Field::Group | Field::Version => {
                let versions = listed_of(&|one| one.id().gvk.api_version.to_string());
                format!("the `apiVersion` {versions}")
            }
            Field::Namespace => {
                let spaces = listed_of(&|one| one.id().effective_namespace().to_owned());
                format!("the namespace {spaces}")
            }
            Field::Labels => pairs(left, "labels"),
            Field::Annotations => pairs(left, "annotations"),
        };
        format!("what is there, {}, has {has}", listed_of(&|one| called(&one.id())))
    }
}

/// The kind that was most likely meant.
fn near_kind(target: &ObjectSelector, left: &[&Resource]) -> Option<String> {
    let kinds: IndexSet<_> = left.iter().map(|one| one.id().gvk.kind).collect();
    let near = nearest(&target.kind.as_ref()?.text, kinds.iter().map(|kind| &**kind))?;
    Some(format!("did you mean `{near}`?"))
}

/// The labels or annotations that the only object has.
fn pairs(left: &[&Resource], field: &str) -> String {
    let [only] = left else { return format!("other {field}") };
    let map = only.node.at(&["metadata", field]).and_then(Node::as_map);
    let pair = |(key, node): (&crate::yaml::Key, &Node)| {
        format!("{}: {}", key.name, node.as_str().unwrap_or_default())
    };
    let pairs: Vec<_> = map.into_iter().flatten().map(pair).collect();
    match pairs.is_empty() {
        true => format!("no {field}"),
        false => format!("the {field} {}", listed(&pairs)),
    }
}

/// A target with the first of its fields.
fn first(target: &ObjectSelector, count: usize) -> ObjectSelector {
    let given = |field: Field| {
        let is_among = FIELDS[..count].contains(&field);
        field.of(target).filter(|_| is_among).cloned()
    };
    ObjectSelector {
        place: target.place,
        group: given(Field::Group),
        version: given(Field::Version),
        kind: given(Field::Kind),
        name: given(Field::Name),
        namespace: given(Field::Namespace),
        labels: given(Field::Labels),
        annotations: given(Field::Annotations),
    }
}

/// `Kind/name` of the objects that are meant, as far as they are given.
fn named(wanted: &ObjectSelector) -> String {
    let said = |text: &Option<Text>| text.as_ref().map_or("", |text| &text.text).to_owned();
    format!("{}/{}", said(&wanted.kind), said(&wanted.name))
}
