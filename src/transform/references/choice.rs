//! Which object a name means.
//!
//! Of few namesakes each is looked at. Many are sorted once, by kind, by namespace and by affixes, and a search looks only at
//! those among which it must find its object: it is over as soon as a second one shows that affixes decide, and those with
//! such affixes are listed.

use super::Referrer;
use super::candidates::{Candidate, Candidates, Kin, Namesakes, Pool};
use crate::transform::Pattern;
use crate::transform::id::{NO_NAMESPACE, or_default};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many namesakes are looked at one by one.
const FEW: usize = 8;

/// What is looked for.
#[derive(Clone)]
pub(super) struct Query<'a> {
    pub(super) referrer: &'a Referrer,
    pub(super) target: &'a Pattern,
    /// What a role binding says of its role.
    pub(super) role: Option<&'a Pattern>,
    pub(super) within: Within,
    /// Whether two objects are written the same, so that it does not matter which is meant.
    pub(super) same: fn(&Candidate, &Candidate) -> bool,
}

/// Where it is looked for.
#[derive(Debug, Clone)]
pub(super) enum Within {
    /// In all namespaces.
    Anywhere,
    /// Among what was in a namespace first.
    First(Arc<str>),
    /// Among what is in a namespace now.
    Now(Arc<str>),
}

/// What is found.
#[derive(Debug, Clone, Copy)]
pub(super) enum Choice<'c> {
    Nothing,
    One(&'c Candidate),
    Several,
}

/// What an object without affixes is a match for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Empty {
    Anything,
    Nothing,
}

impl Empty {
    /// Whether one chain of affixes ends with the other.
    fn fits(self, a: &[Arc<str>], b: &[Arc<str>]) -> bool {
        match a.is_empty() || b.is_empty() {
            true => self == Self::Anything || (a.is_empty() && b.is_empty()),
            false => a.ends_with(b) || b.ends_with(a),
        }
    }
}

impl Query<'_> {
    pub(super) fn choose<'c>(&self, name: &str, candidates: &'c Candidates) -> Choice<'c> {
        match candidates.once_called(name) {
            None => Choice::Nothing,
            Some(namesakes) if namesakes.list.len() <= FEW => {
                self.decided(&self.one_by_one(name, candidates))
            }
            Some(namesakes) => self.searched(namesakes, &candidates.all),
        }
    }

    /// All that the name can mean.
    pub(super) fn one_by_one<'c>(
        &self,
        name: &str,
        candidates: &'c Candidates,
    ) -> Vec<&'c Candidate> {
        let namesakes = candidates.once_called(name).into_iter().flat_map(|all| &all.list);
        let admitted = namesakes.map(|at| &candidates.all[*at]);
        let mut found: Vec<_> = admitted.filter(|one| self.admits(one)).collect();
        if found.len() == 1 {
            return found;
        }
        found.retain(|one| self.has_affixes(one, Empty::Anything));
        if found.len() > 1 {
            found.retain(|one| self.has_affixes(one, Empty::Nothing));
        }
        found
    }

    pub(super) fn decided<'c>(&self, found: &[&'c Candidate]) -> Choice<'c> {
        match found.split_first() {
            None => Choice::Nothing,
            Some((first, rest)) if rest.iter().all(|one| (self.same)(first, one)) => {
                Choice::One(first)
            }
            Some(_) => Choice::Several,
        }
    }

    /// The same of many.
    pub(super) fn searched<'c>(&self, namesakes: &Namesakes, all: &'c [Candidate]) -> Choice<'c> {
        let pools = self.pools(namesakes, all);
        let mut admitted =
            pools.iter().flat_map(|pool| &pool.list).filter(|at| self.admits(&all[**at]));
        match (admitted.next(), admitted.next()) {
            (None, _) => return Choice::Nothing,
            (Some(only), None) => return Choice::One(&all[*only]),
            (Some(_), Some(_)) => {}
        }
        let with_affixes = |empty: Empty| {
            let fits =
                move |at: &&usize| self.admits(&all[**at]) && self.has_affixes(&all[**at], empty);
            let lists = pools.iter().flat_map(move |pool| self.listed(pool, empty, all));
            lists.flatten().filter(fits)
        };
        let mut loose = with_affixes(Empty::Anything);
        match (loose.next(), loose.next()) {
            (None, _) => return Choice::Nothing,
            (Some(only), None) => return Choice::One(&all[*only]),
            (Some(_), Some(_)) => {}
        }
        let mut first: Option<usize> = None;
        for &at in with_affixes(Empty::Nothing) {
            match first {
                Some(other) if !(self.same)(&all[other], &all[at]) => return Choice::Several,
                _ => first = Some(first.map_or(at, |other| other.min(at))),
            }
        }
        first.map_or(Choice::Nothing, |at| Choice::One(&all[at]))
    }

    /// Lists that hold all of a pool that have such affixes: by prefixes or by suffixes, whatever is less.
    pub(super) fn listed<'p>(
        &self,
        pool: &'p Pool,
        empty: Empty,
        all: &[Candidate],
    ) -> Vec<&'p [usize]> {
        let [by_prefixes, by_suffixes] = pool.affixes(all);
        let prefixes = by_prefixes.fitting(&self.referrer.prefixes, empty);
        let suffixes = by_suffixes.fitting(&self.referrer.suffixes, empty);
        let count = |lists: &[&[usize]]| lists.iter().map(|list| list.len()).sum::<usize>();
        if count(&suffixes) < count(&prefixes) { suffixes } else { prefixes }
    }

    /// The smallest pools that hold all that can be meant.
    pub(super) fn pools<'p>(&self, namesakes: &'p Namesakes, all: &[Candidate]) -> Vec<&'p Pool> {
        let mut least: Option<(usize, Vec<&Pool>)> = None;
        let kinds = [Some(&self.target.kind), self.role.map(|role| &role.kind)];
        for kind in kinds.into_iter().flatten() {
            let Some(kin) = namesakes.of_kind(kind, all) else { return Vec::new() };
            let of_namespace = self.of_namespace(kin);
            let count = of_namespace.map_or(0, |pool| pool.list.len());
            let of_reach = self.of_reach(kin, count);
            for pools in [Some(of_namespace.into_iter().collect()), of_reach].into_iter().flatten()
            {
                let count = pools.iter().map(|pool: &&Pool| pool.list.len()).sum();
                if least.as_ref().is_none_or(|(least, _)| count < *least) {
                    least = Some((count, pools));
                }
            }
        }
        least.map_or_else(Vec::new, |(_, pools)| pools)
    }

    /// Those that are where it is looked for.
    fn of_namespace<'p>(&self, kin: &'p Kin) -> Option<&'p Pool> {
        match &self.within {
            Within::Anywhere if self.referrer.id.gvk.is_cluster_scoped() => Some(&kin.samples),
            Within::Anywhere => Some(&kin.all),
            Within::First(namespace) => kin.first.get(namespace),
            Within::Now(namespace) => kin.now.get(namespace),
        }
    }

    /// Those that the object reaches; none where listing them would be more work than so many objects are.
    fn of_reach<'p>(&self, kin: &'p Kin, most: usize) -> Option<Vec<&'p Pool>> {
        let Referrer { id, accounts, .. } = self.referrer;
        if id.gvk.is_cluster_scoped() || accounts.len() > most {
            return None;
        }
        let of_accounts = accounts.iter().map(|name| or_default(name));
        let namespaces: BTreeSet<&str> =
            of_accounts.chain([id.effective_namespace(), NO_NAMESPACE]).collect();
        Some(namespaces.into_iter().filter_map(|namespace| kin.now.get(namespace)).collect())
    }

    /// Whether an object of the name can be meant at all.
    fn admits(&self, one: &Candidate) -> bool {
        let is_there = match &self.within {
            Within::Anywhere => true,
            _ if one.id.gvk.is_cluster_scoped() => false,
            Within::First(namespace) => one.original_namespace == *namespace,
            Within::Now(namespace) => *one.id.effective_namespace() == **namespace,
        };
        is_there
            && one.was(self.target)
            && self.role.is_none_or(|role| one.was(role))
            && self.reaches(one)
    }

    fn reaches(&self, one: &Candidate) -> bool {
        let Referrer { id, accounts, .. } = self.referrer;
        let is_near = id.effective_namespace() == one.id.effective_namespace();
        if id.gvk.is_cluster_scoped() || one.id.gvk.is_cluster_scoped() || is_near {
            return true;
        }
        // A role binding's service accounts may live elsewhere.
        accounts.contains(&one.id.namespace) && &*one.id.gvk.kind == "ServiceAccount"
    }

    fn has_affixes(&self, one: &Candidate, empty: Empty) -> bool {
        empty.fits(&one.prefixes, &self.referrer.prefixes)
            && empty.fits(&one.suffixes, &self.referrer.suffixes)
    }
}
