//! One object: decoded, judged, and only then asked for its name.

use super::{Linted, Linter, UnknownKinds};
use crate::api::{Api, Scope};
use crate::check::{Advice, Inline, InlineSecrets, Rules, judge};
use crate::diag::{Code, Diagnostic, Severity, Sink};
use crate::manifest::{Draft, Manifest, point_at, recognise};
use crate::yaml::Node;

/// Kinds that a server takes without a name: it makes one up, or keeps none of them.
const NAMELESS: [(&str, &str); 8] = [
    ("", "LimitRange"),
    ("authentication.k8s.io", "SelfSubjectReview"),
    ("authentication.k8s.io", "TokenReview"),
    ("authorization.k8s.io", "LocalSubjectAccessReview"),
    ("authorization.k8s.io", "SelfSubjectAccessReview"),
    ("authorization.k8s.io", "SelfSubjectRulesReview"),
    ("authorization.k8s.io", "SubjectAccessReview"),
    ("policy", "Eviction"),
];

impl Linter {
    /// Judges the object of one draft.
    pub(super) fn object(&self, draft: Draft, sink: &mut Sink) -> Linted {
        let unjudged = Linted { unjudged: 1, ..Linted::default() };
        let judged = Linted { objects: 1, ..Linted::default() };
        let Ok(manifest) = recognise(draft, sink) else { return judged };
        let is_known = self.kinds(&manifest).next().is_some();
        if manifest.verbatim.is_some() {
            return unjudged;
        }
        let mut found = judge(&manifest, &self.rules());
        if self.unknown == UnknownKinds::Allowed && !is_known {
            found.retain(|finding| finding.code != Code::CheckUnknownKind);
        }
        if is_known && !found.iter().any(is_of_decoding) {
            let name = self.name(&manifest, &found);
            found.extend(name);
        }
        found.extend(self.namespace(&manifest));
        found.retain(|finding| self.scope.holds(finding.code));
        let is_unjudged = !is_known && found.is_empty();
        for finding in found {
            sink.tell(finding);
        }
        if is_unjudged { unjudged } else { judged }
    }

    fn rules(&self) -> Rules<'_> {
        Rules {
            apis: &self.apis,
            severities: &self.severities,
            validators: &self.validators,
            advice: Advice::CommandLine,
            inline: Inline::without_values(InlineSecrets::Allowed),
            known: None,
        }
    }

    fn kinds(&self, manifest: &Manifest) -> impl Iterator<Item = Scope> {
        let kind =
            |api: &Api| api.kind(&manifest.api_version, &manifest.id.kind).map(|it| it.scope());
        self.apis.iter().filter_map(kind)
    }

    /// That an object has no name; what it may be called is for the rules of its kind.
    fn name(&self, manifest: &Manifest, found: &[Diagnostic]) -> Option<Diagnostic> {
        let is_given = |key| {
            let text = manifest.node.at(&["metadata", key]).and_then(Node::as_str);
            text.is_some_and(|text| !text.is_empty())
        };
        let is_told = |finding: &Diagnostic| {
            finding.subjects.iter().any(|subject| subject.ends_with(" metadata.name"))
        };
        let is_nameless = NAMELESS.contains(&(&*manifest.id.group, &*manifest.id.kind));
        match () {
            () if found.iter().any(is_told) || is_nameless => None,
            () if is_given("name") || is_given("generateName") => None,
            () => Some(without_name(manifest)),
        }
    }

    /// A server takes a namespace on what belongs to none, and forgets it. No other is called what none can be.
    fn namespace(&self, manifest: &Manifest) -> Option<Diagnostic> {
        let namespace = manifest.id.namespace.as_ref()?;
        let node = manifest.node.at(&["metadata", "namespace"])?;
        let (finding, hint) = match self.kinds(manifest).next()? {
            Scope::Cluster => {
                let kind = &manifest.id.kind;
                let message =
                    format!("a {kind} belongs to no namespace, but this one names `{namespace}`");
                let finding = Diagnostic::warning(Code::ManifestNamespace, message);
                (finding, "remove `metadata.namespace`")
            }
            Scope::Namespaced if is_namespace(namespace) => return None,
            Scope::Namespaced => {
                let message = format!(
                    "`metadata.namespace` cannot be `{namespace}`: no namespace has such a name"
                );
                let finding = Diagnostic::error(Code::ManifestNamespace, message);
                (finding, "write small letters and digits, with `-` only between them")
            }
        };
        let finding = point_at(finding, node).hint(hint);
        let finding = finding.subject(format!("{} metadata.namespace", manifest.id));
        Some(finding.known_by(manifest.id.in_full(), "metadata.namespace"))
    }
}

/// What a server says before it looks at anything else.
fn is_of_decoding(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error
        && matches!(finding.code, Code::CheckUnknownField | Code::CheckSchema)
}

/// Source: `ValidateNamespaceName`, an RFC 1123 label.
fn is_namespace(name: &str) -> bool {
    let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let is_long = name.len() > 63;
    !is_long && !name.starts_with('-') && !name.ends_with('-') && name.bytes().all(is_inner)
}

fn without_name(manifest: &Manifest) -> Diagnostic {
    let metadata = manifest.node.get("metadata").filter(|metadata| metadata.as_map().is_some());
    let node = metadata.unwrap_or(&manifest.node);
    let what = match metadata.and_then(|metadata| metadata.get("name")).and_then(Node::as_str) {
        Some(_) => "must not be empty",
        None => "is missing",
    };
    let finding = Diagnostic::error(Code::ApiRequired, format!("`metadata.name` {what}"));
    point_at(finding, node)
        .subject(format!("{} metadata.name", manifest.id))
        .known_by(manifest.id.in_full(), "metadata.name")
        .hint("give it a name, such as `name: web`")
}
