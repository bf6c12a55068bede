//! Rows of a table of fields, found by what they say: which of them comes first that means no more than another row.

use super::FieldSpec;
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use std::sync::Arc;

/// How many rows are looked for one by one, which takes less than to make an index for them.
const FEW: usize = 64;

/// The rows of a list, to which others are added.
pub(super) struct Rows<'r> {
    list: &'r mut Vec<FieldSpec>,
    /// For each choice of group, version and kind that rows are looked for by, the first row of each such key.
    by: [Option<First>; 8],
    asked: usize,
}

type First = IndexMap<RowKey, usize, RandomState>;

/// A path, and those of group, version and kind that count; the others are empty.
#[derive(PartialEq, Eq, Hash)]
struct RowKey([Arc<str>; 4]);

impl<'r> Rows<'r> {
    pub(super) fn of(list: &'r mut Vec<FieldSpec>) -> Self {
        Self { list, by: Default::default(), asked: 0 }
    }

    /// The first row of the same path that means no other objects than this one.
    pub(super) fn like(&mut self, other: &FieldSpec) -> Option<&FieldSpec> {
        self.asked += 1;
        if self.asked <= FEW {
            return self
                .list
                .iter()
                .find(|own| own.path == other.path && own.pattern.is_selected_by(&other.pattern));
        }
        let by = choice(other);
        let first = self.by[by].get_or_insert_with(|| {
            let mut first = First::default();
            for (at, own) in self.list.iter().enumerate() {
                first.entry(key(own, by)).or_insert(at);
            }
            first
        });
        first.get(&key(other, by)).map(|at| &self.list[*at])
    }

    pub(super) fn push(&mut self, row: FieldSpec) {
        for (by, first) in self.by.iter_mut().enumerate() {
            if let Some(first) = first {
                first.entry(key(&row, by)).or_insert(self.list.len());
            }
        }
        self.list.push(row);
    }
}

fn parts(row: &FieldSpec) -> [&Arc<str>; 3] {
    [&row.pattern.group, &row.pattern.version, &row.pattern.kind]
}

/// Which of group, version and kind a row says.
fn choice(row: &FieldSpec) -> usize {
    let bits = parts(row).into_iter().enumerate();
    bits.map(|(bit, part)| usize::from(!part.is_empty()) << bit).sum()
}

fn key(row: &FieldSpec, by: usize) -> RowKey {
    let [group, version, kind] = parts(row);
    let chosen = |bit: usize, part: &Arc<str>| match by >> bit & 1 {
        1 => Arc::clone(part),
        _ => Arc::default(),
    };
    RowKey([row.path.text(), chosen(0, group), chosen(1, version), chosen(2, kind)])
}

#[cfg(test)]
mod tests {
    use super::Rows;
    use crate::transform::{FieldSpec, Pattern};
    use proptest::prelude::*;

    fn row() -> impl Strategy<Value = FieldSpec> {
        let word = || prop::sample::select(vec!["", "a", "b"]);
        let path = prop::sample::select(vec!["p", "p/q"]);
        (word(), word(), word(), path, any::<bool>()).prop_map(
            |(group, version, kind, path, create)| {
                let (group, version, kind) = (group.into(), version.into(), kind.into());
                let pattern = Pattern { group, version, kind };
                FieldSpec { pattern, path: path.into(), create }
            },
        )
    }

    proptest! {
        #[test]
        fn the_row_that_is_found_is_the_first_of_its_kind(
            before in prop::collection::vec(row(), 0..10),
            others in prop::collection::vec(row(), 0..120),
        ) {
            let (mut expected, mut list) = (before.clone(), before);
            let mut rows = Rows::of(&mut list);
            for other in others {
                let same = |own: &&FieldSpec| {
                    own.path == other.path && own.pattern.is_selected_by(&other.pattern)
                };
                let first = expected.iter().find(same).cloned();
                prop_assert_eq!(rows.like(&other).cloned(), first.clone());
                if first.is_none() {
                    rows.push(other.clone());
                    expected.push(other);
                }
            }
            prop_assert_eq!(list, expected);
        }
    }
}
