//! Which namespace an object lives in.

use super::identity::{Identity, wrong_name};
use super::{Draft, point_at};
use crate::api::{Api, Scope};
use crate::diag::{Code, Diagnostic, IN_QUOTES, Reported, Sink};
use crate::yaml::{Key, Node};

/// Where the objects of a target go.
#[derive(Debug, Clone, Copy)]
pub struct Placement<'a> {
    /// What the target's Kubernetes versions serve; the first that knows a kind tells its scope.
    pub apis: &'a [Api],
    /// The target's namespace; without one, every object keeps what it says.
    pub namespace: Option<&'a str>,
    /// Further namespaces that objects may name.
    pub other_namespaces: &'a [String],
    /// Whether objects without a namespace get the target's.
    pub stamp: Stamp,
}

/// Whether objects without a namespace get the target's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// Namespaced objects do.
    Absent,
    /// None do: the manifests are passed on as they are.
    Never,
}

impl Placement<'_> {
    /// The namespace of an object, written into it where it belongs and is absent.
    ///
    /// # Errors
    /// When a cluster-scoped object names a namespace, a namespaced one a namespace that the target may
    /// not write to, or an encrypted one lacks its own.
    pub(super) fn place(
        &self,
        draft: &mut Draft,
        identity: &Identity,
        sink: &mut Sink,
    ) -> Result<Option<String>, Reported> {
        let given = given(&draft.node, sink)?;
        match (self.scope(identity), given, self.namespace) {
            (Scope::Cluster, None, _) => Ok(None),
            (Scope::Cluster, Some((node, name)), _) => {
                Err(sink.error(on_cluster_scoped(identity, node, name)))
            }
            (Scope::Namespaced, Some((node, name)), Some(own)) if !self.allows(own, name) => {
                Err(sink.error(self.elsewhere(identity, node, (name, own))))
            }
            (Scope::Namespaced, Some((_, name)), _) => Ok(Some(name.to_owned())),
            (Scope::Namespaced, None, Some(own)) if self.stamp == Stamp::Absent => {
                stamp(draft, own, sink).map(|()| Some(own.to_owned()))
            }
            (Scope::Namespaced, None, _) => Ok(None),
        }
    }

    /// A kind that nothing serves counts as namespaced.
    fn scope(&self, identity: &Identity) -> Scope {
        let mut known = self.apis.iter().filter_map(|api| {
            api.kind(&identity.api_version, &identity.kind).map(|kind| kind.scope())
        });
        known.next().unwrap_or(Scope::Namespaced)
    }

    fn elsewhere(&self, identity: &Identity, node: &Node, (name, own): (&str, &str)) -> Diagnostic {
        let Identity { kind, name: object, .. } = identity;
        let message =
            format!("`{kind}/{object}` names the namespace `{name}`, but its target's is `{own}`");
        let correct = match self.stamp {
            Stamp::Absent => format!("remove `metadata.namespace`: `{own}` is filled in"),
            Stamp::Never => format!("write `namespace: {own}`"),
        };
        point_at(Diagnostic::error(Code::ManifestNamespace, message), node)
            .subject(format!("{kind}/{object} metadata.namespace"))
            .hint(correct)
            .hint(format!("or allow it in the service's service.yaml: `otherNamespaces: [{name}]`"))
    }

    fn allows(&self, own: &str, name: &str) -> bool {
        name == own || self.other_namespaces.iter().any(|other| other == name)
    }
}

/// The namespace that an object names; an empty one counts as absent, as on a server.
fn given<'n>(node: &'n Node, sink: &mut Sink) -> Result<Option<(&'n Node, &'n str)>, Reported> {
    let Some(namespace) = node.at(&["metadata", "namespace"]).filter(|node| !node.is_null()) else {
        return Ok(None);
    };
    match namespace.as_str() {
        Some("") => Ok(None),
        Some(name) => match wrong_name(name) {
            None => Ok(Some((namespace, name))),
            Some(wrong) => {
                let message = format!("`metadata.namespace` cannot be `{name}`: a name {wrong}");
                let finding = Diagnostic::error(Code::ManifestNamespace, message);
                let hint = "write small letters, digits and `-`, such as `shop`";
                Err(sink.error(point_at(finding, namespace).hint(hint)))
            }
        },
        None => {
            let text = namespace.as_scalar().map(|scalar| format!("`{}` is ", scalar.text));
            let (text, kind) = (text.unwrap_or_else(|| "is ".to_owned()), namespace.kind());
            let message = format!("`metadata.namespace` must be a string, but {text}{kind}");
            let finding = Diagnostic::error(Code::ManifestNamespace, message);
            Err(sink.error(point_at(finding, namespace).hint(IN_QUOTES)))
        }
    }
}

fn on_cluster_scoped(identity: &Identity, node: &Node, name: &str) -> Diagnostic {
    let Identity { kind, .. } = identity;
    let message = format!("a {kind} belongs to no namespace, but this one names `{name}`");
    let finding = Diagnostic::error(Code::ManifestNamespace, message);
    point_at(finding, node)
        .subject(format!("{kind}/{} metadata.namespace", identity.name))
        .hint("remove `metadata.namespace`")
}

fn stamp(draft: &mut Draft, namespace: &str, sink: &mut Sink) -> Result<(), Reported> {
    if draft.is_encrypted() {
        let message = format!(
            "an encrypted document must name its namespace, `{namespace}`, itself: filling it in \
             would break the checksum that SOPS wrote"
        );
        let place = draft.node.get("metadata").map_or(draft.node.place, |metadata| metadata.place);
        let finding = Diagnostic::error(Code::ManifestEncrypted, message).at(place, "");
        let hint = format!("add `namespace: {namespace}` under `metadata` with `sops edit`");
        return Err(sink.error(finding.hint(hint)));
    }
    let entries = draft.node.as_map_mut();
    let metadata = entries.and_then(|entries| entries.get_mut("metadata"));
    let metadata = metadata.expect("an object with a name has metadata");
    let place = metadata.place;
    let fields = metadata.as_map_mut().expect("metadata with a name is a map");
    fields.insert(Key::new("namespace", place), Node::string(namespace, place));
    Ok(())
}
