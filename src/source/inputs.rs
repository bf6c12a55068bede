//! What a piece of work looked at, so that a build script knows when to run again.

use super::RelPath;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One thing that was looked at. A change of it may change the result.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Input {
    /// A file's bytes.
    File(RelPath),
    /// That there is no file of this path.
    Absent(RelPath),
    /// The names in a folder.
    Listing(RelPath),
}

impl Input {
    /// The path that was looked at.
    #[must_use]
    pub fn path(&self) -> &RelPath {
        match self {
            Self::File(path) | Self::Absent(path) | Self::Listing(path) => path,
        }
    }
}

/// A set of inputs, in the order of their kind and path.
///
/// What many targets share is kept once; it is put in order when somebody asks.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    own: Vec<Input>,
    shared: Vec<Arc<Inputs>>,
}

impl Inputs {
    /// Remembers one input.
    pub fn note(&mut self, input: Input) {
        self.own.push(input);
    }

    /// Takes over everything that another piece of work looked at.
    pub fn extend(&mut self, other: &Arc<Self>) {
        self.shared.push(Arc::clone(other));
    }

    /// All inputs, each once, in a stable order.
    pub fn iter(&self) -> impl Iterator<Item = &Input> {
        let (mut all, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![self];
        while let Some(inputs) = open.pop() {
            all.extend(&inputs.own);
            let unseen = inputs.shared.iter().filter(|one| seen.insert(Arc::as_ptr(one)));
            open.extend(unseen.map(AsRef::as_ref));
        }
        all.into_iter()
    }
}

impl PartialEq for Inputs {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Inputs {}
