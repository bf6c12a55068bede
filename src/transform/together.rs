//! Edits that look at one object alone: made one behind the other while it is at hand, on all threads.
//!
//! Promise: the objects, and the error, are those that come out if each edit goes through all objects before the next does.

use super::namespace::{self, Move};
use super::{Affix, Labels, Namespace, Resource, Resources};
use crate::diag::{Diagnostic, Reported, Sink};

/// An edit that looks at one object alone.
#[derive(Debug, Clone)]
pub enum Edit<'a> {
    /// `namespace`, which comes before all others.
    Namespace(Namespace<'a>),
    /// `namePrefix` or `nameSuffix`.
    Affix(Affix<'a>),
    /// `labels`, `commonLabels` or `commonAnnotations`.
    Labels(Labels<'a>),
}

/// Makes edits, in order, of which only the first may be that of the namespace.
///
/// # Errors
/// When a field is of another kind than an edit needs, something else stands on the way to it, or two objects become one.
pub fn edit_each(
    edits: &[Edit<'_>],
    resources: &mut Resources,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let made = resources.change_known(sink, |resource, _| Ok(Made::of(edits, resource)))?;
    let (mut moves, mut failures) = (Vec::new(), Vec::new());
    for one in made {
        moves.extend(one.moved);
        failures.extend(one.failed);
    }
    if let (Some(Edit::Namespace(own)), false) =
        (edits.first(), failures.iter().any(|(number, _)| *number == 0))
    {
        namespace::refuse_two(own, &moves, resources, sink)?;
    }
    refuse_first(failures, sink)
}

/// Which edit could not be made of an object, and why.
pub(super) type Failure = (usize, Box<Diagnostic>);

/// Reports what an edit that goes through all objects before the next one does would have stumbled over first; given in the
/// order of the objects.
///
/// # Errors
/// When there is any failure.
pub(super) fn refuse_first(
    failures: impl IntoIterator<Item = Failure>,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let first = failures.into_iter().min_by_key(|(number, _)| *number);
    first.map_or(Ok(()), |(_, finding)| Err(sink.error(*finding)))
}

/// What became of one object.
struct Made {
    /// What it was and is called, if it was put into a namespace.
    moved: Option<Move>,
    failed: Option<Failure>,
}

impl Made {
    fn of(edits: &[Edit<'_>], resource: &mut Resource) -> Self {
        let mut moved = None;
        let failed = edits.iter().enumerate().find_map(|(number, edit)| {
            let made = match edit {
                Edit::Namespace(own) => own.change(resource).map(|own| moved = own),
                Edit::Affix(own) => own.change(resource),
                Edit::Labels(own) => own.change(resource),
            };
            made.err().map(|finding| (number, finding))
        });
        Self { moved, failed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Files, Inputs, RelPath};
    use crate::transform::{FieldSpec, Pattern, Side, Text};
    use crate::yaml;

    #[test]
    fn the_error_is_that_of_the_first_edit_that_fails_whatever_the_order_of_objects() {
        let first = "kind: A\nmetadata:\n  name: a\n  labels: x\n---\n";
        let second = "kind: A\nmetadata:\n  name:\n    b: 1\n";
        let files = Files::memory([("x.yaml", format!("{first}{second}"))]).expect("a path");
        let path = RelPath::parse("x.yaml").expect("a path");
        let source = files.read(&path, &mut Inputs::default()).expect("a file");
        let documents = yaml::parse(source.text(), source.id(), yaml::Options::default());
        let objects = documents.expect("YAML").into_iter().map(|own| Resource::new(own.root));
        let mut resources = Resources::from_list(objects.collect());
        let field = |path: &str| {
            [FieldSpec { pattern: Pattern::default(), path: path.into(), create: true }]
        };
        let (names, labels) = (field("metadata/name"), field("metadata/labels"));
        let text = Text::new("p-", source.place(0, 0));
        let pairs = vec![("team".into(), text.clone())];
        let edits = [
            Edit::Affix(Affix { text, side: Side::Prefix, fields: &names }),
            Edit::Labels(Labels::new(pairs, &labels)),
        ];
        let mut sink = Sink::new(&files);
        assert!(edit_each(&edits, &mut resources, &mut sink).is_err());
        let failure = sink.finish().expect_err("an edit failed");
        assert!(failure.to_string().contains("metadata/name"), "{failure}");
    }
}
