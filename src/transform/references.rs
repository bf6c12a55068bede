//! Names of objects in other objects follow their renames.
//!
//! Looked at once, when all names are final. For each field that may hold a name: the objects that were called so before,
//! of the kind that the field means, that the object can reach by namespace; of several, those whose prefixes and suffixes
//! fit its own.
//!
//! Promise: what a name costs does not grow with the number of objects that once had it, see [`choice`].

mod candidates;
mod chains;
mod choice;
#[cfg(test)]
mod tests;

use super::id::spelled;
use super::scalar::{set_entry_text, set_scalar};
use super::{
    Fault, FieldSpec, Gvk, NameReference, Pattern, ResId, Resource, Resources, Text, visit,
};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Place;
use crate::yaml::{Data, Node};
use candidates::{Candidate, Candidates};
use choice::{Choice, Query, Within};
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
    let changed = resources.change_known(sink, |resource, ids| {
        let referrer = Referrer::of(resource, ids)?;
        let fields = fields.get(&referrer.original.kind).map_or(&[][..], Vec::as_slice);
        let is_meant =
            |(_, spec): &&(&NameReference, &FieldSpec)| spec.pattern.selects(&referrer.original);
        fields.iter().filter(is_meant).try_for_each(|(reference, spec)| {
            Search { candidates: &candidates, referrer: &referrer, reference, spec }
                .fix(&mut resource.node)
        })
    });
    changed.map(drop)
}

type Fields<'r> = Vec<(&'r NameReference, &'r FieldSpec)>;

/// The fields of each kind of object that there is, in the order of the tables.
fn fields_by_kind<'r>(
    references: &'r [NameReference],
    resources: &Resources,
) -> IndexMap<Arc<str>, Fields<'r>, RandomState> {
    let mut by_kind = IndexMap::default();
    for kind in resources.map_known(|_, ids| Arc::clone(&ids[0].gvk.kind)) {
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
    /// An object, and what it was and is called.
    fn of(resource: &Resource, ids: &[ResId]) -> Result<Self, Box<Diagnostic>> {
        let (original, id) = (ids[0].gvk.clone(), ids[ids.len() - 1].clone());
        Ok(Self {
            original,
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
enum Trouble<'a> {
    Fault(Fault),
    Several(Box<Ambiguity<'a>>),
}

/// A name that could mean several objects.
struct Ambiguity<'a> {
    query: Query<'a>,
    name: Arc<str>,
    place: Place,
}

impl From<Fault> for Trouble<'_> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl<'a> Search<'a> {
    fn fix(&self, object: &mut Node) -> Result<(), Box<Diagnostic>> {
        let mut several = None;
        let set = &mut |node: &mut Node| match self.of_node(node) {
            Ok(()) => Ok(()),
            Err(Trouble::Fault(fault)) => Err(fault),
            Err(Trouble::Several(ambiguity)) => {
                several.get_or_insert(ambiguity);
                Ok(())
            }
        };
        let path = &self.spec.path;
        visit(object, path, None, set)
            .map_err(|fault| super::field::told(fault, path, &self.referrer.id))?;
        several.map_or(Ok(()), |ambiguity| Err(Box::new(self.told(&ambiguity))))
    }

    fn of_node(&self, node: &mut Node) -> Result<(), Trouble<'a>> {
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

    fn of_scalar(&self, node: &mut Node) -> Result<(), Trouble<'a>> {
        let old = spelled(Some(node));
        let same = |a: &Candidate, b: &Candidate| a.id.name == b.id.name;
        match self.chosen(&old, node.place, self.query(Within::Anywhere, same))? {
            Some(chosen) if chosen.id.name != old => {
                Ok(set_scalar(node, &Text::new(Arc::clone(&chosen.id.name), chosen.place))?)
            }
            _ => Ok(()),
        }
    }

    /// A map that names an object by `name` and `namespace` gets both.
    fn of_map(&self, node: &mut Node) -> Result<(), Trouble<'a>> {
        let Some(name) = node.get("name") else {
            let message = "a map that names an object needs a `name`".to_owned();
            let hint = "add the name";
            return Err(Fault { message, place: node.place, hint }.into());
        };
        let old = spelled(Some(name));
        let same = |a: &Candidate, b: &Candidate| {
            a.id.name == b.id.name && a.id.namespace == b.id.namespace
        };
        let query = self.query(self.within(node), same);
        let Some(chosen) = self.chosen(&old, node.place, query)? else { return Ok(()) };
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
    fn within(&self, node: &Node) -> Within {
        let Some(namespace) = node.get("namespace") else { return Within::Anywhere };
        let namespace = spelled(Some(namespace));
        // Where anything was in that namespace first, kustomize looks among that only.
        match self.candidates.begins_in(&namespace, self.referrer) {
            true => Within::First(namespace),
            false => Within::Now(namespace),
        }
    }

    fn query(&self, within: Within, same: fn(&Candidate, &Candidate) -> bool) -> Query<'a> {
        let role = self.referrer.role.as_ref();
        let role = role.filter(|_| self.spec.path.ends_with("roleRef/name"));
        Query { referrer: self.referrer, target: &self.reference.target, role, within, same }
    }

    fn chosen(
        &self,
        name: &Arc<str>,
        place: Place,
        query: Query<'a>,
    ) -> Result<Option<&'a Candidate>, Trouble<'a>> {
        match query.choose(name, self.candidates) {
            Choice::Nothing => Ok(None),
            Choice::One(chosen) => Ok(Some(chosen)),
            Choice::Several => {
                let name = Arc::clone(name);
                Err(Trouble::Several(Box::new(Ambiguity { query, name, place })))
            }
        }
    }

    fn told(&self, Ambiguity { query, name, place }: &Ambiguity<'_>) -> Diagnostic {
        let found = query.one_by_one(name, self.candidates);
        let names: Vec<_> = found.iter().map(|one| one.id.to_string()).collect();
        let message = format!("this name could mean several objects: {}", names.join(", "));
        let (id, path): (_, &str) = (&self.referrer.id, &self.spec.path);
        let finding = Diagnostic::error(Code::KustomizeReference, message).at(*place, "");
        let finding = found.iter().fold(finding, |all, one| all.also(one.place, "one of them"));
        finding
            .subject(format!("{}/{} {path}", id.gvk.kind, id.name))
            .hint("give them names of their own in the base")
    }
}
