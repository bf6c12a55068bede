//! Manifests that are there already, judged as an API server would.
//!
//! `Files  --inputs-->  Input*  --Linter::lint-->  findings, Linted`
//!
//! Promise: works without a workspace; objects are decoded first and named afterwards, as on a server, so that an object
//! without a name still shows what else is wrong with it; texts of any length are read in parts, so that what is kept is
//! findings and not trees; the order of files and threads changes nothing. Writes nothing.

mod folder;
mod object;
mod once;

#[cfg(test)]
mod tests;

pub use folder::inputs;
pub use once::once;

use crate::api::{Api, Definitions, Lifecycle, Version};
use crate::check::Validators;
use crate::diag::{Code, Severities, Sink};
use crate::manifest::{Draft, objects};
use crate::source::{Files, Source};
use crate::yaml::{self, Document, Node};
use indexmap::IndexSet;
use rayon::prelude::*;
use std::ops::{AddAssign, Range};
use std::sync::Arc;

/// How many bytes of a text are read at once.
const PART_BYTES: usize = 64 * 1024;

/// A text that is to be judged.
#[derive(Debug, Clone)]
pub struct Input {
    /// The text.
    pub source: Arc<Source>,
    /// Whether it was named or found.
    pub origin: Origin,
}

/// Whether a text was named or found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was named, so all of it must be manifests.
    Named,
    /// It lay in a folder, so it is passed over if none of its documents says that it is a manifest.
    Found,
}

/// What is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// Everything.
    #[default]
    All,
    /// What an API server refuses.
    Api,
    /// Deprecated and removed APIs.
    Deprecation,
}

impl Scope {
    fn holds(self, code: Code) -> bool {
        let is_of_manifests =
            matches!(code.name().split('/').next(), Some("api" | "check" | "manifest"));
        match self {
            Self::All => true,
            Self::Api => code != Code::ApiDeprecated,
            Self::Deprecation => {
                !is_of_manifests || matches!(code, Code::ApiDeprecated | Code::ApiRemoved)
            }
        }
    }
}

/// What becomes of objects whose kind nothing defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownKinds {
    /// They are errors.
    #[default]
    Refused,
    /// They are counted, and passed over.
    Allowed,
}

/// How much was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Linted {
    /// Texts with manifests, and those that are no YAML.
    pub files: usize,
    /// Texts found in folders that hold no manifests.
    pub passed_over: usize,
    /// Objects that were judged.
    pub objects: usize,
    /// Objects of unknown kinds that were allowed, and encrypted ones: of these nothing is judged.
    pub unjudged: usize,
}

impl AddAssign for Linted {
    fn add_assign(&mut self, other: Self) {
        self.files += other.files;
        self.passed_over += other.passed_over;
        self.objects += other.objects;
        self.unjudged += other.unjudged;
    }
}

/// Judges manifests against one or more Kubernetes versions, all of which must take them.
#[derive(Debug)]
pub struct Linter {
    apis: Vec<Api>,
    scope: Scope,
    unknown: UnknownKinds,
    severities: Severities,
    validators: Validators,
}

impl Default for Linter {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl Linter {
    /// One for these Kubernetes versions; for the newest that is known if there are none.
    #[must_use]
    pub fn new(versions: &[Version]) -> Self {
        let newest = [Version::NEWEST];
        let versions = if versions.is_empty() { &newest } else { versions };
        Self {
            apis: versions.iter().copied().map(Api::new).collect(),
            scope: Scope::default(),
            unknown: UnknownKinds::default(),
            severities: Severities::default(),
            validators: Validators::default(),
        }
    }

    /// Judges only this.
    #[must_use]
    pub fn only(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// Says what becomes of unknown kinds.
    #[must_use]
    pub fn with_unknown_kinds(self, unknown: UnknownKinds) -> Self {
        Self { unknown, ..self }
    }

    /// Knows what others announce of their APIs.
    #[must_use]
    pub fn with_lifecycle(mut self, lifecycle: &Lifecycle) -> Self {
        self.apis.iter_mut().for_each(|api| *api = api.with_lifecycle(lifecycle));
        self
    }

    /// The Kubernetes versions, in the order given.
    pub fn versions(&self) -> impl Iterator<Item = Version> {
        self.apis.iter().map(Api::version)
    }

    /// Takes in the custom resource definitions among some texts; everything else in them is passed over.
    ///
    /// What is wrong with a definition is reported if that is judged, and that its text is no YAML.
    pub fn define(&mut self, inputs: &[Input], sink: &mut Sink) {
        for input in
            inputs.iter().filter(|input| input.source.text().contains("CustomResourceDefinition"))
        {
            for part in parts(&input.source) {
                let roots: Vec<Node> = match read(&input.source, part) {
                    Ok(documents) => documents.into_iter().map(|document| document.root).collect(),
                    Err(problems) => {
                        tell(problems, &input.source, sink);
                        continue;
                    }
                };
                self.define_objects(&roots, sink);
            }
        }
    }

    /// As [`Linter::define`], among objects that are read already.
    pub fn define_objects(&mut self, roots: &[Node], sink: &mut Sink) {
        let (definitions, found) = sink.apart(|own| {
            let definitions = Definitions::read(roots, own);
            definitions.check_versions(self.versions(), own);
            definitions
        });
        for finding in found.into_iter().filter(|finding| self.scope.holds(finding.code)) {
            sink.tell(finding);
        }
        if !definitions.is_empty() {
            self.apis.iter_mut().for_each(|api| *api = api.with(&definitions));
        }
    }

    /// Judges objects that are read already; what is counted as files are those that they were read from.
    pub fn lint_objects(&self, roots: &[Node], sink: &mut Sink) -> Linted {
        let files: IndexSet<_> = roots.iter().map(|root| root.place.file).collect();
        let mut all = Linted { files: files.len(), ..Linted::default() };
        let drafts = roots.iter().cloned().map(Draft::new).collect();
        for draft in objects(drafts, sink) {
            all += self.object(draft, sink);
        }
        all
    }

    /// Judges every object of some texts; what is found goes to the sink.
    pub fn lint(&self, inputs: &[Input], sink: &mut Sink) -> Linted {
        let files = sink.files().clone();
        let judged: Vec<_> = inputs.par_iter().map(|input| self.input(input, &files)).collect();
        let mut all = Linted::default();
        for (linted, found) in judged {
            all += linted;
            sink.absorb(found);
        }
        all
    }

    fn input(&self, input: &Input, files: &Files) -> (Linted, Sink) {
        let source = &input.source;
        let mut own = Sink::new(files);
        if let Err(problems) = yaml::refuse_conflicts(source.text()) {
            tell(problems, source, &mut own);
            return (Linted { files: 1, ..Linted::default() }, own);
        }
        let judged: Vec<_> =
            parts(source).into_par_iter().map(|part| self.part(source, part, files)).collect();
        let are_manifests = judged.iter().any(|part| part.are_manifests);
        if input.origin == Origin::Found && !are_manifests {
            return (Linted { passed_over: 1, ..Linted::default() }, own);
        }
        let mut linted = Linted { files: 1, ..Linted::default() };
        for part in judged {
            linted += part.linted;
            own.absorb(part.found);
        }
        (linted, own)
    }

    fn part(&self, source: &Source, part: Range<usize>, files: &Files) -> Part {
        let mut found = Sink::new(files);
        let mut linted = Linted::default();
        let documents = match read(source, part) {
            Ok(documents) => documents,
            Err(problems) => {
                tell(problems, source, &mut found);
                return Part { linted, found, are_manifests: true };
            }
        };
        let are_manifests = documents.iter().any(|document| says_it_is_a_manifest(&document.root));
        let drafts = documents.into_iter().map(|document| Draft::new(document.root)).collect();
        for draft in objects(drafts, &mut found) {
            linted += self.object(draft, &mut found);
        }
        Part { linted, found, are_manifests }
    }
}

/// What was found in a part of a text.
struct Part {
    linted: Linted,
    found: Sink,
    are_manifests: bool,
}

fn tell(problems: Vec<yaml::Problem>, source: &Source, sink: &mut Sink) {
    for problem in problems {
        sink.tell(problem.in_file(source.id()));
    }
}

fn parts(source: &Source) -> Vec<Range<usize>> {
    yaml::parts(source.text(), PART_BYTES)
}

fn read(source: &Source, part: Range<usize>) -> Result<Vec<Document>, Vec<yaml::Problem>> {
    yaml::parse_part(source.text(), part, source.id(), yaml::Options::default())
}

/// Whether a document claims to be an object. Helm's Chart.yaml has an `apiVersion`, too, and kustomizations may have both.
fn says_it_is_a_manifest(root: &Node) -> bool {
    let text = |key| root.get(key).and_then(Node::as_str).unwrap_or_default();
    let (api_version, has_kind) = (text("apiVersion"), root.get("kind").is_some());
    let is_of_tools =
        (!has_kind && matches!(api_version, "v1" | "v2") && root.get("name").is_some())
            || api_version.starts_with("kustomize.config.k8s.io/");
    (has_kind || root.get("apiVersion").is_some()) && !is_of_tools
}
