//! jibe's own answer to a manifest.

use jibe::api::Version;
use jibe::diag::{Code, Diagnostic, Failure, Severity, Sink};
use jibe::lint::{Input, Linter, Origin, Scope};
use jibe::source::{Files, Inputs, RelPath};

/// `jibe lint --only api` at the version of the server that is asked.
pub(crate) struct Judge(Linter);

/// One thing that jibe says against a manifest.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: String,
    /// The path of the field, empty where it names none.
    pub(crate) field: String,
    pub(crate) message: String,
}

impl Judge {
    pub(crate) fn new() -> Self {
        Self(linter())
    }

    /// The paths of what jibe warns of in a manifest that it takes; nothing of one that it refuses.
    pub(crate) fn warnings(&self, text: &str) -> Vec<String> {
        let found = self.found(text).unwrap_or_default();
        found.iter().filter(|one| one.code == Code::ApiWarning).map(field).collect()
    }

    /// What jibe says against a manifest; nothing if it takes it.
    pub(crate) fn errors(&self, text: &str) -> Vec<Said> {
        match self.found(text) {
            Err(failure) => failure.diagnostics().iter().filter_map(said).collect(),
            Ok(_) => Vec::new(),
        }
    }

    fn found(&self, text: &str) -> Result<Vec<Diagnostic>, Failure> {
        let files = Files::memory([("case.yaml", text)]).expect("a path");
        let path = RelPath::parse("case.yaml").expect("a path");
        let source = files.read(&path, &mut Inputs::default()).expect("a text");
        let mut sink = Sink::new(&files);
        let inputs = [Input { source, origin: Origin::Named }];
        match text.contains("CustomResourceDefinition") {
            true => {
                let mut own = linter();
                own.define(&inputs, &mut sink);
                own.lint(&inputs, &mut sink);
            }
            false => {
                self.0.lint(&inputs, &mut sink);
            }
        }
        sink.finish()
    }
}

fn linter() -> Linter {
    Linter::new(&[Version::parse("1.35").expect("a version")]).only(Scope::Api)
}

/// The field that the message begins with, or that stands behind `Kind/name`.
fn field(found: &Diagnostic) -> String {
    let first = found.message.strip_prefix('`').and_then(|rest| rest.split('`').next());
    let behind = || found.subjects.first().and_then(|subject| subject.split_once(' '));
    first.or_else(|| behind().map(|(_, path)| path)).unwrap_or_default().to_owned()
}

fn said(found: &Diagnostic) -> Option<Said> {
    let (message, field) = (found.message.clone(), field(found));
    (found.severity == Severity::Error).then(|| Said {
        code: found.code.to_string(),
        field,
        message,
    })
}
