//! `jibe lint`: would an API server take these manifests?

use super::args::{Format, Lint, Only, Shared};
use super::baseline::{Sifted, sift, write_to};
use super::kustomize as kustomization;
use super::output::{Console, DENIED, Outcome, Stop, counted, json_of, number};
use super::select::versions;
use jibe::api::Lifecycle;
use jibe::diag::{Code, Diagnostic, Severity, Sink, unreadable};
use jibe::kustomize::{self, LoadRestrictor, Options};
use jibe::lint::{Input, Linted, Linter, Origin, Scope, UnknownKinds, inputs, once};
use jibe::source::{Files, ReadError, RelPath};
use jibe::yaml::Node;
use serde_json::json;
use std::io::Read;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

/// What standard input is called in messages.
const STDIN: &str = "standard input";

pub(crate) fn run(lint: &Lint, shared: &Shared, console: &Console) -> Result<Outcome, Stop> {
    let root = shared.workspace.as_deref();
    let unknown = match lint.allow_unknown_kinds {
        true => UnknownKinds::Allowed,
        false => UnknownKinds::Refused,
    };
    let mut linter = Linter::new(&versions(&lint.kube_version)?)
        .only(match lint.only {
            None => Scope::All,
            Some(Only::Api) => Scope::Api,
            Some(Only::Deprecation) => Scope::Deprecation,
        })
        .with_unknown_kinds(unknown);
    let mut batches = Vec::new();
    for path in &lint.crd {
        let mut batch = Batch::open(&under(root, path))?;
        batch.define(&mut linter);
        batches.push(batch.judged());
    }
    for path in &lint.deprecations {
        let mut batch = Batch::open(&under(root, path))?;
        linter = linter.with_lifecycle(&batch.lifecycle());
        batches.push(batch.judged());
    }
    let (mut linted, mut named) = (Linted::default(), Vec::new());
    for path in &lint.paths {
        named.push(Batch::open(&under(root, path))?);
    }
    named.iter_mut().for_each(|batch| batch.define(&mut linter));
    named.iter_mut().for_each(|batch| linted += batch.lint(&linter));
    batches.extend(named);
    let found = once(batches.into_iter().flat_map(Batch::findings).collect());
    if let Some(path) = &lint.write_baseline {
        return write_to(&under(root, path), &found, console);
    }
    let path = lint.baseline.as_ref().map(|path| under(root, path));
    let Sifted { new: found, known } = sift(path.as_deref(), found);
    // The process ends with the command: to give back what was compiled piece by piece would take a fifth of a small run.
    let judged = ManuallyDrop::new(Judged { linter, linted, found, known });
    conclude(lint, &judged, console)
}

/// A path as it is meant with `-C`.
fn under(root: Option<&Path>, path: &Path) -> PathBuf {
    match root {
        Some(root) if path != Path::new("-") => root.join(path),
        _ => path.to_owned(),
    }
}

/// The texts that one argument names, or the objects that a kustomization makes.
struct Batch {
    inputs: Vec<Input>,
    built: Vec<Node>,
    passed_over: usize,
    sink: Sink,
}

impl Batch {
    /// Nothing yet.
    fn new(sink: Sink) -> Self {
        Self { inputs: Vec::new(), built: Vec::new(), passed_over: 0, sink }
    }

    fn open(path: &Path) -> Result<Self, Stop> {
        if let Some(folder) = kustomization::named(path) {
            return Self::kustomization(folder);
        }
        if path.is_dir() {
            return Ok(Self::folder(path).unwrap_or_else(|error| Self::of_error(&error)));
        }
        let files = Files::none();
        let read = match path == Path::new("-") {
            true => {
                let mut bytes = Vec::new();
                let most = files.limits().file + 1;
                std::io::stdin().take(most).read_to_end(&mut bytes)?;
                files.add(STDIN, bytes)
            }
            false => files.read_anywhere(path),
        };
        let mut batch = Self::new(Sink::new(&files));
        match read {
            Ok(source) => batch.inputs.push(Input { source, origin: Origin::Named }),
            Err(error) => drop(batch.sink.error(unreadable(&error))),
        }
        Ok(batch)
    }

    /// What a kustomization makes: its files are parts of objects.
    fn kustomization(folder: &Path) -> Result<Self, Stop> {
        let (files, path) = kustomization::open(folder, LoadRestrictor::RootOnly)?;
        let mut sink = Sink::new(&files);
        let built = kustomize::build(&files, &path, &Options::default(), &mut sink);
        let built = built.map_or_else(
            |_| Vec::new(),
            |(all, _)| all.into_list().into_iter().map(|one| one.node).collect(),
        );
        Ok(Self { built, ..Self::new(sink) })
    }

    /// The linter takes in the definitions of custom resources among them.
    fn define(&mut self, linter: &mut Linter) {
        linter.define(&self.inputs, &mut self.sink);
        linter.define_objects(&self.built, &mut self.sink);
    }

    fn lint(&mut self, linter: &Linter) -> Linted {
        let mut linted = linter.lint(&self.inputs, &mut self.sink);
        linted += linter.lint_objects(&self.built, &mut self.sink);
        linted.passed_over += self.passed_over;
        linted
    }

    /// Only what was found.
    fn judged(self) -> Self {
        Self::new(self.sink)
    }

    fn folder(path: &Path) -> Result<Self, ReadError> {
        let files = Files::disk(path)?;
        let mut sink = Sink::new(&files);
        let (inputs, passed_over) = inputs(&files, &RelPath::root(), &mut sink);
        Ok(Self { inputs, passed_over, ..Self::new(sink) })
    }

    fn of_error(error: &ReadError) -> Self {
        let mut batch = Self::new(Sink::new(&Files::none()));
        batch.sink.error(unreadable(error));
        batch
    }

    fn lifecycle(&mut self) -> Lifecycle {
        let mut roots = Vec::new();
        for input in &self.inputs {
            let documents = jibe::yaml::read(&input.source, &mut self.sink).unwrap_or_default();
            roots.extend(documents.into_iter().map(|document| document.root));
        }
        Lifecycle::read(&roots, &mut self.sink).unwrap_or_default()
    }

    fn findings(self) -> Vec<Diagnostic> {
        let found = self.sink.finish();
        let mut found = found.unwrap_or_else(|failure| failure.diagnostics().to_vec());
        // There is no workspace whose limits could be raised.
        for finding in found.iter_mut().filter(|it| it.code == Code::SourceTooLarge) {
            finding.hints = vec!["split it: several files, or several runs".to_owned()];
        }
        found
    }
}

/// What was judged, and what was found.
struct Judged {
    linter: Linter,
    linted: Linted,
    found: Vec<Diagnostic>,
    /// How many findings more were let pass.
    known: usize,
}

fn conclude(lint: &Lint, judged: &Judged, console: &Console) -> Result<Outcome, Stop> {
    let Judged { linter, linted, found, known } = judged;
    let has_errors = found.iter().any(|finding| finding.severity == Severity::Error);
    let is_denied = lint.denies_warnings() && !found.is_empty();
    let versions: Vec<String> = linter.versions().map(|version| version.to_string()).collect();
    match console.format() {
        Format::Text => {
            console.findings(found);
            let counts = counted(found);
            let ending = if is_denied && !has_errors { DENIED } else { "" };
            let counts = if found.is_empty() { "no findings".to_owned() } else { counts };
            let known = match known {
                0 => String::new(),
                several => format!("; {} of the baseline let pass", number(*several, "finding")),
            };
            console.note(&format!("{counts}{ending}: {}{known}", summary(linted, &versions)));
        }
        Format::Json => console.json(&json!({
            "kubernetes": versions,
            "files": linted.files,
            "passedOver": linted.passed_over,
            "objects": linted.objects,
            "unjudged": linted.unjudged,
            "known": known,
            "diagnostics": json_of(found),
        }))?,
    }
    match (has_errors, is_denied) {
        (true, _) => Err(Stop::Told(found.clone())),
        (false, true) => Ok(Outcome::Found),
        (false, false) => Ok(Outcome::Clean),
    }
}

/// `3 objects of 2 files for Kubernetes 1.37; 1 file without manifests passed over`.
fn summary(linted: &Linted, versions: &[String]) -> String {
    let mut text = format!(
        "{} of {} for Kubernetes {}",
        number(linted.objects, "object"),
        number(linted.files, "file"),
        versions.join(", ")
    );
    if linted.unjudged > 0 {
        text += &format!("; {} of unknown kind or encrypted", number(linted.unjudged, "object"));
    }
    if linted.passed_over > 0 {
        text += &format!("; {} without manifests passed over", number(linted.passed_over, "file"));
    }
    text
}
