//! Layers of values become one tree that remembers its origins.
use crate::diag::{Reported, Sink};
use crate::source::Source;
use crate::yaml::{self, Map, Node};
/// One layer.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Its name.
    pub name: String,
    /// Its values.
    pub root: Node,
    /// Whom it reaches.
    pub reach: Reach,
}
/// Whom a layer reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// One.
    Own,
    /// Many.
    Shared,
}
impl Layer {
    /// Reads.
    /// # Errors
    /// x
    pub fn read(
        source: &Source,
        name: impl Into<String>,
        reach: Reach,
        sink: &mut Sink,
    ) -> Result<Self, Reported> {
        let documents = yaml::read(source, sink)?;
        let root = match documents.into_iter().next() {
            Some(document) => document.root,
            None => Node::map(Map::new(), source.place(0, 0)),
        };
        Ok(Self { name: name.into(), root, reach })
    }
}
