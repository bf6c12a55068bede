//! Objects by the prefixes or suffixes that their names were given, the last one first.

use super::choice::Empty;
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use std::sync::Arc;

/// Objects by their chains of affixes: those that end alike lie below one another.
#[derive(Debug)]
pub(super) struct Chains {
    /// The chain that is another one with an affix inside of it.
    longer: IndexMap<(usize, Arc<str>), usize, RandomState>,
    chains: Vec<Chain>,
}

#[derive(Debug, Default)]
struct Chain {
    /// The objects that have it.
    here: Vec<usize>,
    /// Those whose chains end with it.
    below: Vec<usize>,
}

impl Chains {
    /// Of objects and their chains, innermost first.
    pub(super) fn of<'a>(objects: impl Iterator<Item = (usize, &'a [Arc<str>])>) -> Self {
        let mut all = Self { longer: IndexMap::default(), chains: vec![Chain::default()] };
        for (object, chain) in objects {
            let mut at = 0;
            all.chains[at].below.push(object);
            for affix in chain.iter().rev() {
                let count = all.chains.len();
                at = *all.longer.entry((at, Arc::clone(affix))).or_insert(count);
                if at == count {
                    all.chains.push(Chain::default());
                }
                all.chains[at].below.push(object);
            }
            all.chains[at].here.push(object);
        }
        all
    }

    /// All objects one of whose chain and this one ends with the other.
    pub(super) fn fitting(&self, chain: &[Arc<str>], empty: Empty) -> Vec<&[usize]> {
        let root = &self.chains[0];
        let Some((innermost, outer)) = chain.split_first() else {
            let all = if empty == Empty::Anything { &root.below } else { &root.here };
            return vec![all];
        };
        let mut found: Vec<&[usize]> = Vec::new();
        if empty == Empty::Anything {
            found.push(&root.here);
        }
        let mut at = 0;
        for affix in outer.iter().rev() {
            let Some(next) = self.longer.get(&(at, Arc::clone(affix))) else { return found };
            at = *next;
            found.push(&self.chains[at].here);
        }
        if let Some(own) = self.longer.get(&(at, Arc::clone(innermost))) {
            found.push(&self.chains[*own].below);
        }
        found
    }
}
