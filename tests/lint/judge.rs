//! jibe's own answer to a manifest.

use jibe::api::{Api, Version};
use jibe::check::{Inline, InlineSecrets, Rules, Validators, check};
use jibe::diag::{Diagnostic, Severities, Severity, Sink};
use jibe::manifest::{Placement, Stamp, drafts, identify};
use jibe::source::{Files, Inputs, RelPath};

/// jibe at the version of the server that is asked.
pub(crate) struct Judge {
    apis: [Api; 1],
    severities: Severities,
    validators: Validators,
}

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
        let version = Version::parse("1.35").expect("a version");
        Self {
            apis: [Api::new(version)],
            severities: Severities::default(),
            validators: Validators::default(),
        }
    }

    /// What jibe says against a manifest; nothing if it takes it.
    pub(crate) fn errors(&self, text: &str) -> Vec<Said> {
        let files = Files::memory([("case.yaml", text)]).expect("a path");
        let path = RelPath::parse("case.yaml").expect("a path");
        let source = files.read(&path, &mut Inputs::default()).expect("a text");
        let mut sink = Sink::new(&files);
        let placement = Placement {
            apis: &self.apis,
            namespace: None,
            other_namespaces: &[],
            stamp: Stamp::Never,
        };
        let rules = Rules {
            apis: &self.apis,
            severities: &self.severities,
            validators: &self.validators,
            inline: Inline::without_values(InlineSecrets::Allowed),
        };
        let judged = drafts(&source, &mut sink)
            .and_then(|drafts| identify(drafts, &placement, &mut sink))
            .and_then(|manifests| check(manifests, &rules, &mut sink));
        match (judged, sink.finish()) {
            (_, Err(failure)) => failure.diagnostics().iter().filter_map(said).collect(),
            (judged, Ok(_)) => {
                judged.expect("what fails reports why");
                Vec::new()
            }
        }
    }
}

fn said(found: &Diagnostic) -> Option<Said> {
    let message = found.message.clone();
    // The field that the message begins with, or that stands behind `Kind/name`.
    let first = message.strip_prefix('`').and_then(|rest| rest.split('`').next());
    let behind = || found.subjects.first().and_then(|subject| subject.split_once(' '));
    let field = first.or_else(|| behind().map(|(_, path)| path)).unwrap_or_default().to_owned();
    (found.severity == Severity::Error).then(|| Said {
        code: found.code.to_string(),
        field,
        message,
    })
}
