//! Names of objects in other objects follow their renames.
//!
//! Looked at once, when all names are final. For each field that may hold a name: the objects that were called so before,
//! of the kind that the field means, that the object can reach by namespace; of several, those whose prefixes and suffixes
//! fit its own.

use super::id::spelled;
use super::scalar::{set_entry_text, set_scalar};
use super::{
    Fault, FieldSpec, Gvk, NameReference, Pattern, ResId, Resource, Resources, Text, visit,
};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::yaml::{Data, Node};
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Changes every name in a field of the tables to what the object is called now.
///
/// # Errors
/// When a name could mean several objects, or a field is no name.
pub fn fix_references(
    references: &[NameReference],
    resources: &mut Resources,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let candidates = Candidates::of(resources);
    let fields = fields_by_kind(references, resources);
    resources.change_each(sink, |resource| {
        let referrer = Referrer::of(resource)?;
        let fields = fields.get(&referrer.original.kind).map_or(&[][..], Vec::as_slice);
        let is_meant =
            |(_, spec): &&(&NameReference, &FieldSpec)| spec.pattern.selects(&referrer.original);
        fields.iter().filter(is_meant).try_for_each(|(reference, spec)| {
            Search { candidates: &candidates, referrer: &referrer, reference, spec }
                .fix(&mut resource.node)
        })
    })
}

type Fields<'r> = Vec<(&'r NameReference, &'r FieldSpec)>;

/// The fields of each kind of object that there is, in the order of the tables.
fn fields_by_kind<'r>(
    references: &'r [NameReference],
    resources: &Resources,
) -> IndexMap<Arc<str>, Fields<'r>, RandomState> {
    let mut by_kind = IndexMap::default();
    for resource in resources {
        let kind = resource.original_id().gvk.kind;
        by_kind.entry(kind).or_insert_with_key(|kind: &Arc<str>| {
            let of = |reference: &'r NameReference| {
                reference.referrers.iter().map(move |spec| (reference, spec))
            };
            let is_of_kind =
                |spec: &FieldSpec| spec.pattern.kind.is_empty() || spec.pattern.kind == *kind;
            references.iter().flat_map(of).filter(|(_, spec)| is_of_kind(spec)).collect()
        });
    }
    by_kind
}

/// The objects whose names changed, by what they were called before; and the namespaces of all objects that have one.
struct Candidates {
    by_name: IndexMap<Arc<str>, Vec<Candidate>, RandomState>,
    moves: BTreeSet<Move>,
}

/// The namespace that an object had first, and the one that it has now.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Move {
    from: Arc<str>,
    to: Arc<str>,
    is_account: bool,
}

impl Move {
    /// None for an object without a namespace.
    fn of(resource: &Resource) -> Option<Self> {
        let (from, now) = (resource.original_id(), resource.id());
        let is_account = &*now.gvk.kind == "ServiceAccount";
        let is_namespaced = !from.gvk.is_cluster_scoped();
        let (from, to) = (from.effective_namespace().into(), now.effective_namespace().into());
        is_namespaced.then_some(Self { from, to, is_account })
    }
}

/// An object whose name may stand in others.
#[derive(Clone)]
struct Candidate {
    id: ResId,
    original_namespace: Arc<str>,
    previous: Arc<[ResId]>,
    prefixes: Arc<[Arc<str>]>,
    suffixes: Arc<[Arc<str>]>,
    place: crate::source::Place,
}

impl Candidates {
    fn of(resources: &Resources) -> Self {
        let mut by_name: IndexMap<Arc<str>, Vec<Candidate>, RandomState> = IndexMap::default();
        for resource in resources.iter().filter(|resource| !resource.previous.is_empty()) {
            let candidate = Candidate::of(resource);
            let names: BTreeSet<_> =
                candidate.previous.iter().map(|id| Arc::clone(&id.name)).collect();
            for name in names {
                by_name.entry(name).or_default().push(candidate.clone());
            }
        }
        Self { by_name, moves: resources.iter().filter_map(Move::of).collect() }
    }

    /// Whether an object that a referrer reaches, whatever its name, was in a namespace first.
    fn begins_in(&self, namespace: &str, referrer: &Referrer) -> bool {
        let of = &referrer.id;
        let reaches = |one: &Move| {
            of.gvk.is_cluster_scoped()
                || *one.to == *of.effective_namespace()
                || (one.is_account && referrer.accounts.contains(&one.to))
        };
        self.moves.iter().any(|one| *one.from == *namespace && reaches(one))
    }

    fn once_called(&self, name: &str) -> &[Candidate] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }
}

impl Candidate {
    fn of(resource: &Resource) -> Self {
        let previous: Arc<[ResId]> = resource.previous_ids().collect();
        Self {
            id: resource.id(),
            original_namespace: previous[0].effective_namespace().into(),
            previous,
            prefixes: resource.prefixes.as_slice().into(),
            suffixes: resource.suffixes.as_slice().into(),
            place: resource.place(),
        }
    }

    fn was(&self, pattern: &Pattern) -> bool {
        self.previous.iter().any(|id| pattern.selects(&id.gvk))
    }

    fn has_affixes_of(&self, referrer: &Referrer, empty: Empty) -> bool {
        empty.fits(&self.prefixes, &referrer.prefixes)
            && empty.fits(&self.suffixes, &referrer.suffixes)
    }
}

/// What an object without affixes is a match for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Empty {
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

/// An object in which names may stand.
struct Referrer {
    original: Gvk,
    id: ResId,
    prefixes: Vec<Arc<str>>,
    suffixes: Vec<Arc<str>>,
    /// The namespaces of the service accounts that a role binding names.
    accounts: BTreeSet<Arc<str>>,
    role: Option<Pattern>,
}

impl Referrer {
    fn of(resource: &Resource) -> Result<Self, Box<Diagnostic>> {
        let id = resource.id();
        Ok(Self {
            original: resource.original_id().gvk,
            accounts: if &*id.gvk.kind == "RoleBinding" {
                account_namespaces(&resource.node)?
            } else {
                BTreeSet::new()
            },
            role: role_of(&resource.node),
            id,
            prefixes: resource.prefixes.clone(),
            suffixes: resource.suffixes.clone(),
        })
    }

    fn reaches(&self, candidate: &Candidate) -> bool {
        let is_near = self.id.effective_namespace() == candidate.id.effective_namespace();
        if self.id.gvk.is_cluster_scoped() || candidate.id.gvk.is_cluster_scoped() || is_near {
            return true;
        }
        // A role binding's service accounts may live elsewhere.
        self.accounts.contains(&candidate.id.namespace)
            && &*candidate.id.gvk.kind == "ServiceAccount"
    }
}

fn account_namespaces(binding: &Node) -> Result<BTreeSet<Arc<str>>, Box<Diagnostic>> {
    let subjects = binding.get("subjects").and_then(Node::as_list).unwrap_or_default();
    let accounts =
        subjects.iter().filter(|subject| &*spelled(subject.get("kind")) == "ServiceAccount");
    let namespaces = accounts.filter_map(|account| account.get("namespace"));
    namespaces.map(|node| node.as_str().map(Arc::from).ok_or_else(|| no_namespace(node))).collect()
}

fn no_namespace(node: &Node) -> Box<Diagnostic> {
    let message = format!("the namespace of a service account is {}", node.kind());
    let finding = Diagnostic::error(Code::KustomizeField, message).at(node.place, "");
    Box::new(finding.hint("name the namespace, or leave the field out"))
}

/// The kind that a role binding's `roleRef` means; none if it does not say both group and kind.
fn role_of(binding: &Node) -> Option<Pattern> {
    let role = binding.get("roleRef")?;
    let (group, kind) = (role.get("apiGroup")?, role.get("kind")?);
    Some(Pattern { group: spelled(Some(group)), kind: spelled(Some(kind)), version: "".into() })
}

/// One field of one object.
struct Search<'a> {
    candidates: &'a Candidates,
    referrer: &'a Referrer,
    reference: &'a NameReference,
    spec: &'a FieldSpec,
}

/// Why a name cannot be followed.
enum Trouble {
    Fault(Fault),
    Several(Box<Diagnostic>),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Search<'_> {
    fn fix(&self, object: &mut Node) -> Result<(), Box<Diagnostic>> {
        let mut several = None;
        let set = &mut |node: &mut Node| match self.of_node(node) {
            Ok(()) => Ok(()),
            Err(Trouble::Fault(fault)) => Err(fault),
            Err(Trouble::Several(finding)) => {
                several.get_or_insert(finding);
                Ok(())
            }
        };
        let path = &self.spec.path;
        visit(object, path, None, set)
            .map_err(|fault| super::field::told(fault, path, &self.referrer.id))?;
        several.map_or(Ok(()), Err)
    }

    fn of_node(&self, node: &mut Node) -> Result<(), Trouble> {
        if node.is_null() {
            return Ok(());
        }
        match &mut node.data {
            Data::Scalar(_) => self.of_scalar(node),
            Data::Map(_) => self.of_map(node),
            Data::List(items) => {
                for item in Arc::make_mut(items).iter_mut().filter(|item| !item.is_null()) {
                    match &item.data {
                        Data::Scalar(_) => self.of_scalar(item)?,
                        Data::Map(_) => self.of_map(item)?,
                        Data::List(_) => {
                            let wanted = "a name or a map";
                            return Err(Fault::wrong_kind(wanted, item.kind(), item.place).into());
                        }
                    }
                }
                Ok(())
            }
        }
    }

    fn of_scalar(&self, node: &mut Node) -> Result<(), Trouble> {
        let old = spelled(Some(node));
        let all = self.candidates.once_called(&old).iter().collect();
        let same = |a: &Candidate, b: &Candidate| a.id.name == b.id.name;
        match self.chosen(node, all, same)? {
            Some(chosen) if chosen.id.name != old => {
                Ok(set_scalar(node, &Text::new(Arc::clone(&chosen.id.name), chosen.place))?)
            }
            _ => Ok(()),
        }
    }

    /// A map that names an object by `name` and `namespace` gets both.
    fn of_map(&self, node: &mut Node) -> Result<(), Trouble> {
        let Some(name) = node.get("name") else {
            let message = "a map that names an object needs a `name`".to_owned();
            let hint = "add the name";
            return Err(Fault { message, place: node.place, hint }.into());
        };
        let old = spelled(Some(name));
        let all = self.in_namespace(node, &old);
        let same = |a: &Candidate, b: &Candidate| {
            a.id.name == b.id.name && a.id.namespace == b.id.namespace
        };
        let Some(chosen) = self.chosen(node, all, same)? else { return Ok(()) };
        let ResId { name, namespace, .. } = &chosen.id;
        if *name == old && namespace.is_empty() {
            return Ok(());
        }
        set_entry_text(node, "name", &Text::new(Arc::clone(name), chosen.place))?;
        if !namespace.is_empty() {
            set_entry_text(node, "namespace", &Text::new(Arc::clone(namespace), chosen.place))?;
        }
        Ok(())
    }

    /// The objects that a map can mean by its `namespace`: the one that they had, or else the one that they have.
    fn in_namespace(&self, node: &Node, name: &str) -> Vec<&Candidate> {
        let all = self.candidates.once_called(name);
        let Some(namespace) = node.get("namespace") else { return all.iter().collect() };
        let namespace = spelled(Some(namespace));
        let is_namespaced = |candidate: &&Candidate| !candidate.id.gvk.is_cluster_scoped();
        // Where anything was in that namespace first, kustomize looks among that only.
        if self.candidates.begins_in(&namespace, self.referrer) {
            let was_there = |candidate: &&Candidate| candidate.original_namespace == namespace;
            return all.iter().filter(is_namespaced).filter(was_there).collect();
        }
        let is_there = |candidate: &&Candidate| candidate.id.effective_namespace() == &*namespace;
        all.iter().filter(is_namespaced).filter(is_there).collect()
    }

    fn chosen<'c>(
        &self,
        node: &Node,
        mut found: Vec<&'c Candidate>,
        same: impl Fn(&Candidate, &Candidate) -> bool,
    ) -> Result<Option<&'c Candidate>, Trouble> {
        found.retain(|candidate| {
            let is_of_role = match &self.referrer.role {
                Some(role) if self.spec.path.ends_with("roleRef/name") => candidate.was(role),
                _ => true,
            };
            candidate.was(&self.reference.target) && is_of_role && self.referrer.reaches(candidate)
        });
        if let [only] = found[..] {
            return Ok(Some(only));
        }
        found.retain(|candidate| candidate.has_affixes_of(self.referrer, Empty::Anything));
        if found.len() > 1 {
            found.retain(|candidate| candidate.has_affixes_of(self.referrer, Empty::Nothing));
        }
        match found.split_first() {
            None => Ok(None),
            Some((first, rest)) if rest.iter().all(|other| same(first, other)) => Ok(Some(first)),
            Some(_) => Err(Trouble::Several(Box::new(self.several(node, &found)))),
        }
    }

    fn several(&self, node: &Node, found: &[&Candidate]) -> Diagnostic {
        let names: Vec<_> = found.iter().map(|one| one.id.to_string()).collect();
        let message = format!("this name could mean several objects: {}", names.join(", "));
        let (id, path): (_, &str) = (&self.referrer.id, &self.spec.path);
        let finding = Diagnostic::error(Code::KustomizeReference, message).at(node.place, "");
        let finding = found.iter().fold(finding, |all, one| all.also(one.place, "one of them"));
        finding
            .subject(format!("{}/{} {path}", id.gvk.kind, id.name))
            .hint("give them names of their own in the base")
    }
}
