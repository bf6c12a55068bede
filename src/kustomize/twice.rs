//! Objects and files that are there twice, because two entries bring them or one entry is written twice.

use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Place;
use crate::transform::{Resource, Resources, Text, Twice};

const HINT: &str = "rename one, leave one out, or patch the first; the same base twice needs a prefix, suffix or namespace of its own each time";

/// Adds an object, or reports that one of the same identity is there.
pub(super) fn append(
    resources: &mut Resources,
    object: Resource,
    sink: &mut Sink,
) -> Result<(), Reported> {
    resources.append(object).map_err(|twice| told(&twice, sink))
}

/// Reports two objects of one identity.
pub(super) fn told(Twice { first, second }: &Twice, sink: &mut Sink) -> Reported {
    let message = format!("there are two objects {}", second.id());
    let finding = Diagnostic::error(Code::KustomizeTwice, message)
        .at(second.place(), "")
        .also(first.place(), "the first of them");
    sink.error(finding.hint(HINT))
}

/// The entries of a list that were followed so far, and how many objects there were before each of them.
pub(super) struct Followed<'t> {
    entries: Vec<(&'t Text, usize)>,
}

impl<'t> Followed<'t> {
    /// None yet.
    pub(super) fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// Goes on to an entry, of which the first object stands at a position.
    pub(super) fn goes_to(&mut self, entry: &'t Text, at: usize) {
        self.entries.push((entry, at));
    }

    /// The last entry that begins at a position or before it.
    fn around(&self, at: usize) -> Option<&'t Text> {
        let before = self.entries.partition_point(|(_, start)| *start <= at);
        self.entries.get(before.checked_sub(1)?).map(|(entry, _)| *entry)
    }

    /// Where the last entry stands.
    pub(super) fn place(&self) -> Place {
        self.entries.last().expect("what is taken was brought by an entry").0.place
    }

    /// Reports two objects of one identity, where `resources` are those up to the second, which is not among them. If both are
    /// one and the same, the entries that bring it are shown: there is nothing wrong with the object.
    pub(super) fn told(&self, twice: &Twice, resources: &Resources, sink: &mut Sink) -> Reported {
        let Twice { first, second } = twice;
        let is_one = first.place() == second.place();
        let Some(last) = self.around(resources.len()).filter(|_| is_one) else {
            return told(twice, sink);
        };
        let id = first.id();
        let is_first = |own: &Resource| own.place() == first.place() && own.id() == id;
        let at = resources.iter().position(is_first);
        let bringing = at.and_then(|at| self.around(at));
        let message = format!("there are two objects {}", second.id());
        let finding = Diagnostic::error(Code::KustomizeTwice, message)
            .at(last.place, "this brings it a second time");
        let finding = match bringing {
            Some(entry) => finding.also(entry.place, "this has brought it"),
            None => finding,
        };
        let finding = finding.also(second.place(), "the object");
        sink.error(finding.hint("leave one of the entries out; a base that is meant twice needs a prefix, suffix or namespace of its own each time"))
    }
}
