//! Definitions that are read once, however many targets have them.
//!
//! Promise: a definition of the same text at the same place has the same kinds, so that what is compiled of their schemas is
//! shared; its findings are told each time.

use super::{Defined, Definitions, Young, definitions_in, read};
use crate::diag::{Diagnostic, Sink};
use crate::source::Place;
use crate::yaml::{Data, Key, Node};
use indexmap::IndexMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many texts of one place are kept: a template can make another definition for every target.
const MAX_TEXTS: usize = 16;

/// Definitions that were read before.
#[derive(Debug, Default)]
pub struct Catalog(Mutex<IndexMap<Place, Vec<Arc<Known>>>>);

/// A definition that was read.
#[derive(Debug)]
struct Known {
    node: Node,
    kinds: Vec<Arc<Defined>>,
    young: Arc<[Young]>,
    found: Vec<Diagnostic>,
}

impl Catalog {
    /// Reads the definitions among some manifests, as [`Definitions::read`]; one that was read before is not compiled again.
    pub fn read<'n>(
        &self,
        manifests: impl IntoIterator<Item = &'n Node>,
        sink: &mut Sink,
    ) -> Definitions {
        let mut definitions = Definitions::default();
        for node in manifests.into_iter().flat_map(definitions_in) {
            let known = self.known(node, sink);
            for finding in &known.found {
                sink.tell(finding.clone());
            }
            definitions.kinds.extend(known.kinds.iter().map(Arc::clone));
            definitions.young.push(Arc::clone(&known.young));
        }
        definitions
    }

    /// No lock is held while a definition is compiled; of two threads that do the same the first one's result stands.
    fn known(&self, node: &Node, sink: &Sink) -> Arc<Known> {
        let is_it = |known: &&Arc<Known>| is_same(&known.node, node);
        if let Some(known) = self.of(node.place).iter().find(is_it) {
            return Arc::clone(known);
        }
        let fresh = Arc::new(Known::of(node, sink));
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let texts = all.entry(node.place).or_default();
        if let Some(known) = texts.iter().find(is_it) {
            return Arc::clone(known);
        }
        if texts.len() < MAX_TEXTS {
            texts.push(Arc::clone(&fresh));
        }
        fresh
    }

    fn of(&self, place: Place) -> Vec<Arc<Known>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&place).cloned().unwrap_or_default()
    }
}

impl Known {
    fn of(node: &Node, sink: &Sink) -> Self {
        let ((kinds, young), found) = sink.apart(|own| read(node, own));
        let kinds = kinds.into_iter().map(Arc::new).collect();
        Self { node: node.clone(), kinds, young: young.into(), found }
    }
}

/// Whether two nodes are the same text, with each part at the same place.
fn is_same(a: &Node, b: &Node) -> bool {
    let is_same_key = |a: &Key, b: &Key| (&a.name, a.place) == (&b.name, b.place);
    (a.place, a.set_at) == (b.place, b.set_at)
        && match (&a.data, &b.data) {
            (Data::Scalar(a), Data::Scalar(b)) => a.value == b.value && a.text == b.text,
            (Data::List(a), Data::List(b)) => {
                Arc::ptr_eq(a, b)
                    || (a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| is_same(a, b)))
            }
            (Data::Map(a), Data::Map(b)) => {
                let mut both = a.iter().zip(b.iter());
                Arc::ptr_eq(a, b)
                    || (a.len() == b.len()
                        && both.all(|((a, x), (b, y))| is_same_key(a, b) && is_same(x, y)))
            }
            _ => false,
        }
}
