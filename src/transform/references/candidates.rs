//! The objects whose names may stand in others, by what they were called before.

use super::Referrer;
use super::chains::Chains;
use crate::source::Place;
use crate::transform::{Gvk, Pattern, ResId, Resource, Resources};
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// The objects whose names changed, by what they were called before; and the namespaces of all objects that have one.
pub(super) struct Candidates {
    /// In the order of the objects.
    pub(super) all: Vec<Candidate>,
    by_name: IndexMap<Arc<str>, Namesakes, RandomState>,
    /// Where the objects are now that were in a namespace first.
    moves: IndexMap<Arc<str>, Moves, RandomState>,
}

#[derive(Debug, Default)]
struct Moves {
    /// The namespaces of all of them.
    to: BTreeSet<Arc<str>>,
    /// Of service accounts alone.
    of_accounts: BTreeSet<Arc<str>>,
}

/// An object whose name may stand in others.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) id: ResId,
    pub(super) original_namespace: Arc<str>,
    pub(super) previous: Vec<ResId>,
    pub(super) prefixes: Vec<Arc<str>>,
    pub(super) suffixes: Vec<Arc<str>>,
    pub(super) place: Place,
}

/// All that once had one name.
#[derive(Debug, Default)]
pub(super) struct Namesakes {
    pub(super) list: Vec<usize>,
    /// By each kind that they had, and all of them by none; made when first asked for.
    by_kind: OnceLock<IndexMap<Arc<str>, Kin, RandomState>>,
}

/// Those that once had one name and one kind.
#[derive(Debug, Default)]
pub(super) struct Kin {
    pub(super) all: Pool,
    /// Of those that differ in nothing but where they are, two, and one more that is elsewhere.
    pub(super) samples: Pool,
    /// By the namespace that they have.
    pub(super) now: IndexMap<Arc<str>, Pool, RandomState>,
    /// By the namespace that they had first.
    pub(super) first: IndexMap<Arc<str>, Pool, RandomState>,
}

/// Some objects, in order.
#[derive(Debug, Default)]
pub(super) struct Pool {
    pub(super) list: Vec<usize>,
    /// By prefixes and by suffixes; made when first asked for.
    affixes: OnceLock<[Chains; 2]>,
}

impl Candidates {
    pub(super) fn of(resources: &Resources) -> Self {
        let mut found =
            Self { all: Vec::new(), by_name: IndexMap::default(), moves: IndexMap::default() };
        for (_, ids) in resources.known() {
            found.note_move(&ids[0], &ids[ids.len() - 1]);
        }
        resources.map_known(Candidate::of).into_iter().flatten().for_each(|one| found.add(one));
        found
    }

    fn add(&mut self, candidate: Candidate) {
        let names: BTreeSet<_> = candidate.previous.iter().map(|id| Arc::clone(&id.name)).collect();
        for name in names {
            self.by_name.entry(name).or_default().list.push(self.all.len());
        }
        self.all.push(candidate);
    }

    /// Objects without a namespace do not count.
    fn note_move(&mut self, from: &ResId, now: &ResId) {
        if from.gvk.is_cluster_scoped() {
            return;
        }
        let moves = self.moves.entry(from.effective_namespace().into()).or_default();
        let to: Arc<str> = now.effective_namespace().into();
        if &*now.gvk.kind == "ServiceAccount" {
            moves.of_accounts.insert(Arc::clone(&to));
        }
        moves.to.insert(to);
    }

    /// Whether an object that a referrer reaches, whatever its name, was in a namespace first.
    pub(super) fn begins_in(&self, namespace: &str, referrer: &Referrer) -> bool {
        let Some(Moves { to, of_accounts }) = self.moves.get(namespace) else { return false };
        let (own, accounts) = (&referrer.id, &referrer.accounts);
        let (few, many) = match accounts.len() < of_accounts.len() {
            true => (accounts, of_accounts),
            false => (of_accounts, accounts),
        };
        own.gvk.is_cluster_scoped()
            || to.contains(own.effective_namespace())
            || few.iter().any(|account| many.contains(account))
    }

    /// All that once had a name.
    pub(super) fn once_called(&self, name: &str) -> Option<&Namesakes> {
        self.by_name.get(name)
    }
}

impl Candidate {
    /// An object, if it was called something else than it is.
    fn of(resource: &Resource, ids: &[ResId]) -> Option<Self> {
        let (id, previous) = ids.split_last()?;
        Some(Self {
            id: id.clone(),
            original_namespace: previous.first()?.effective_namespace().into(),
            previous: previous.to_vec(),
            prefixes: resource.prefixes.clone(),
            suffixes: resource.suffixes.clone(),
            place: resource.place(),
        })
    }

    pub(super) fn was(&self, pattern: &Pattern) -> bool {
        self.previous.iter().any(|id| pattern.selects(&id.gvk))
    }
}

/// All that a search without namespaces sees of an object, as far as others can have the same.
#[derive(PartialEq, Eq, Hash)]
struct Likeness<'a> {
    now: (&'a Gvk, &'a str),
    kinds: Vec<&'a Gvk>,
    affixes: [&'a [Arc<str>]; 2],
}

impl Namesakes {
    /// Those of a kind, or all for none.
    pub(super) fn of_kind(&self, kind: &str, all: &[Candidate]) -> Option<&Kin> {
        self.by_kind.get_or_init(|| self.sorted(all)).get(kind)
    }

    fn sorted(&self, all: &[Candidate]) -> IndexMap<Arc<str>, Kin, RandomState> {
        let mut by_kind: IndexMap<Arc<str>, Kin, RandomState> = IndexMap::default();
        let mut alike: IndexMap<(Arc<str>, Likeness<'_>), Vec<usize>, RandomState> =
            IndexMap::default();
        for &at in &self.list {
            let one = &all[at];
            let kinds = one.previous.iter().map(|id| Arc::clone(&id.gvk.kind));
            let kinds: BTreeSet<Arc<str>> = kinds.chain([Arc::default()]).collect();
            for kind in kinds {
                let kin = by_kind.entry(Arc::clone(&kind)).or_default();
                let now: Arc<str> = one.id.effective_namespace().into();
                let first = Arc::clone(&one.original_namespace);
                kin.all.list.push(at);
                kin.now.entry(now).or_default().list.push(at);
                kin.first.entry(first).or_default().list.push(at);
                let taken = alike.entry((kind, Likeness::of(one))).or_default();
                let is_elsewhere = |other: &usize| all[*other].id.namespace != one.id.namespace;
                if taken.len() < 2 || (taken.len() == 2 && taken.iter().all(is_elsewhere)) {
                    taken.push(at);
                    kin.samples.list.push(at);
                }
            }
        }
        by_kind
    }
}

impl<'a> Likeness<'a> {
    fn of(one: &'a Candidate) -> Self {
        Self {
            now: (&one.id.gvk, &one.id.name),
            kinds: one.previous.iter().map(|id| &id.gvk).collect(),
            affixes: [&one.prefixes, &one.suffixes],
        }
    }
}

impl Pool {
    /// By their prefixes and by their suffixes.
    pub(super) fn affixes(&self, all: &[Candidate]) -> &[Chains; 2] {
        self.affixes.get_or_init(|| {
            let objects = || self.list.iter().map(|at| (*at, &all[*at]));
            [
                Chains::of(objects().map(|(at, one)| (at, &one.prefixes[..]))),
                Chains::of(objects().map(|(at, one)| (at, &one.suffixes[..]))),
            ]
        })
    }
}
