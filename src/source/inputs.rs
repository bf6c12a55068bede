//! What a piece of work looked at, so that a build script knows when to run again.

use super::RelPath;
use std::collections::BTreeSet;

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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inputs(BTreeSet<Input>);

impl Inputs {
    /// Remembers one input.
    pub fn note(&mut self, input: Input) {
        self.0.insert(input);
    }

    /// Takes over everything that another piece of work looked at.
    pub fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().cloned());
    }

    /// All inputs, in a stable order.
    pub fn iter(&self) -> impl Iterator<Item = &Input> {
        self.0.iter()
    }
}
