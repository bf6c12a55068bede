//! Which objects a replacement means: by what they are called now or were called before, exactly.

use crate::diag::{Code, Diagnostic, Reported, Sink, nearest};
use crate::transform::patch::Selector;
use crate::transform::{Gvk, ObjectSelector, ResId, Resource, Resources, Text};

impl ObjectSelector {
    /// What an object's labels and annotations must be; none if nothing is said.
    ///
    /// # Errors
    /// When something is no condition.
    pub(super) fn marks(&self, sink: &mut Sink) -> Result<Option<Selector>, Reported> {
        if self.labels.is_none() && self.annotations.is_none() {
            return Ok(None);
        }
        let unnamed = Self {
            group: None,
            version: None,
            kind: None,
            name: None,
            namespace: None,
            ..self.clone()
        };
        Selector::new(&unnamed, sink).map(Some)
    }

    /// Whether it says something about names and kinds.
    pub(super) fn names(&self) -> bool {
        [&self.group, &self.version, &self.kind, &self.name, &self.namespace]
            .iter()
            .any(|text| text.is_some())
    }

    /// Whether an object is or was called so.
    pub(super) fn is_one_of(&self, resource: &Resource) -> bool {
        resource.all_ids().any(|id| self.is_of_kind(&id.gvk) && self.is_called(&id))
    }

    fn is_of_kind(&self, gvk: &Gvk) -> bool {
        is(self.kind.as_ref(), &gvk.kind)
            && is(self.group.as_ref(), gvk.group())
            && is(self.version.as_ref(), gvk.version())
    }

    /// Here objects without a namespace are those of `default`, even where they can have none.
    fn is_called(&self, id: &ResId) -> bool {
        let own = |namespace: &str| namespace.is_empty() || namespace == "default";
        let is_in = |wanted: &Text| {
            wanted.text == id.namespace || (own(&wanted.text) && own(&id.namespace))
        };
        is(self.name.as_ref(), &id.name) && self.namespace.as_ref().is_none_or(is_in)
    }

    /// Where the objects stand that may be meant.
    fn candidates<'r>(&self, resources: &'r Resources) -> Candidates<'r> {
        match (&self.name, &self.namespace, &self.kind) {
            (Some(name), Some(namespace), _) => {
                Candidates::Listed(resources.with_name_in(&name.text, &namespace.text))
            }
            (Some(name), None, _) => Candidates::Listed(resources.with_any_name(&name.text)),
            (None, _, Some(kind)) => Candidates::Listed(resources.with_any_kind(&kind.text)),
            (None, _, None) => Candidates::All,
        }
    }

    /// Where the objects stand that are meant, in order.
    pub(super) fn all(&self, resources: &Resources) -> Vec<usize> {
        self.first(resources, usize::MAX)
    }

    /// Where the first of them stand, at most so many.
    fn first(&self, resources: &Resources, most: usize) -> Vec<usize> {
        let is_meant =
            |at: &usize| resources.get(*at).is_some_and(|resource| self.is_one_of(resource));
        match self.candidates(resources) {
            Candidates::Listed(list) => list.iter().copied().filter(is_meant).take(most).collect(),
            Candidates::All => {
                let all = resources.numbered().map(|(at, _)| at);
                all.filter(is_meant).take(most).collect()
            }
        }
    }

    /// Where the one object stands that is meant.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub(super) fn only(&self, resources: &Resources, sink: &mut Sink) -> Result<usize, Reported> {
        match self.first(resources, 2)[..] {
            [at] => Ok(at),
            [] => Err(self.none(resources, sink)),
            [first, second, ..] => {
                let object = |at| resources.get(at).expect("the index is right");
                let (first, second) = (object(first), object(second));
                let message =
                    format!("the source is several objects: {}, {}", first.id(), second.id());
                let finding = Diagnostic::error(Code::KustomizeReplacement, message);
                let finding = finding
                    .at(self.place, "")
                    .also(first.place(), "one of them")
                    .also(second.place(), "another");
                Err(sink
                    .error(finding.hint("add `name`, `namespace`, `kind`, `group` or `version`")))
            }
        }
    }

    fn none(&self, resources: &Resources, sink: &mut Sink) -> Reported {
        let place = self.name.as_ref().map_or(self.place, |name| name.place);
        let message = format!("no object is {}", self.shown());
        let finding = Diagnostic::error(Code::KustomizeNoMatch, message).at(place, "");
        let is_alike = |resource: &&Resource| {
            resource.all_ids().any(|id| is(self.kind.as_ref(), &id.gvk.kind))
        };
        let ids: Vec<_> =
            resources.iter().filter(is_alike).flat_map(|resource| resource.all_ids()).collect();
        let near =
            self.name.as_ref().and_then(|name| nearest(&name.text, ids.iter().map(|id| &*id.name)));
        let called = self.name.as_ref().is_some_and(|name| near == Some(&name.text));
        sink.error(match near {
            Some(near) if !called => finding.hint(format!("did you mean `{near}`?")),
            _ => finding.hint("name an object of this kustomization or of its bases"),
        })
    }

    /// `Deployment/web`, as messages name what is meant.
    fn shown(&self) -> String {
        let text = |text: &Option<Text>| text.as_ref().map(|text| text.text.to_string());
        let kind = text(&self.kind).unwrap_or_else(|| "*".to_owned());
        let name = text(&self.name).unwrap_or_else(|| "*".to_owned());
        let group = [text(&self.group), text(&self.version)];
        let group: Vec<_> = group.into_iter().flatten().collect();
        let of =
            if group.is_empty() { String::new() } else { format!(" of `{}`", group.join("/")) };
        let within = text(&self.namespace).map_or_else(String::new, |name| format!(" in `{name}`"));
        format!("`{kind}/{name}`{of}{within}")
    }
}

enum Candidates<'r> {
    Listed(&'r [usize]),
    All,
}

fn is(wanted: Option<&Text>, own: &str) -> bool {
    wanted.is_none_or(|wanted| *wanted.text == *own)
}
