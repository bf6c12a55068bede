//! What templates mean, by example: every file here is a list of claims.

mod errors;
mod filters;
mod holes;
mod hostile;
mod modules;
mod places;
mod refusals;

use super::{ClusterInfo, Context, Rendered, Renderer, Sources, TargetInfo};
use crate::diag::{Diagnostic, Failure, Sink};
use crate::source::{Files, Inputs, RelPath, Source};
use crate::yaml;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A chart in memory: paths as in a chart's folder; `lib/NAME/…` is the library NAME.
pub(super) struct Bench {
    pub files: Files,
    texts: Vec<(String, String)>,
}

impl Bench {
    pub(super) fn new(texts: &[(&str, &str)]) -> Self {
        let texts: Vec<_> =
            texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        let files = Files::memory(texts.iter().map(|(path, text)| (path, text.as_str())));
        Self { files: files.expect("paths in the root"), texts }
    }

    fn source(&self, path: &str) -> Arc<Source> {
        let path = RelPath::parse(path).expect("a path");
        self.files.read(&path, &mut Inputs::default()).expect("a text file")
    }

    fn below(&self, folder: &str) -> Vec<(String, Arc<Source>)> {
        let paths = self.texts.iter().filter_map(|(path, _)| path.strip_prefix(folder).map(|rest| (rest, path)));
        paths.map(|(name, path)| (name.to_owned(), self.source(path))).collect()
    }

    fn sources(&self) -> Sources {
        let libraries: std::collections::BTreeSet<&str> = self
            .texts
            .iter()
            .filter_map(|(path, _)| path.strip_prefix("lib/")?.split_once('/').map(|(name, _)| name))
            .collect();
        let library = |name: &str| {
            let templates = self.below(&format!("lib/{name}/"));
            (name.to_owned(), Sources { templates, ..Sources::default() })
        };
        Sources {
            name: "web".to_owned(),
            version: "1.2.3".to_owned(),
            values_file: "values.yaml".to_owned(),
            templates: self.below("templates/"),
            texts: self.below("files/"),
            libraries: libraries.into_iter().map(library).collect(),
        }
    }

    pub(super) fn renderer(&self) -> Result<Renderer, Failure> {
        let mut sink = Sink::new(&self.files);
        match Renderer::from_sources(&self.sources(), &mut sink) {
            Ok(renderer) => Ok(renderer),
            Err(_) => Err(sink.finish().expect_err("an error was reported")),
        }
    }

    pub(super) fn render(&self, renderer: &Renderer) -> Result<Rendered, Failure> {
        let mut sink = Sink::new(&self.files);
        let read = yaml::read(&self.source("values.yaml"), &mut sink).expect("values");
        let target = TargetInfo {
            environment: Some("prod".to_owned()),
            namespace: Some("shop".to_owned()),
            service: "web".to_owned(),
            labels: BTreeMap::from([("team".to_owned(), "on".to_owned())]),
        };
        let serves = Arc::new(|version: &str, kind: &str| (version, kind) == ("apps/v1", "Deployment"));
        let cluster = ClusterInfo { version: "1.35".to_owned(), serves };
        let empty = yaml::Node::map(yaml::Map::new(), self.source("values.yaml").place(0, 0));
        let values = read.first().map_or(&empty, |document| &document.root);
        match renderer.render(&Context { values, target, cluster }, &mut sink) {
            Ok(rendered) => Ok(rendered),
            Err(_) => Err(sink.finish().expect_err("an error was reported")),
        }
    }

    pub(super) fn rendered(&self) -> Result<Rendered, Failure> {
        self.renderer().and_then(|renderer| self.render(&renderer))
    }
}

/// A finding as `file:line 'text': message (hint)`.
fn shown(finding: &Diagnostic) -> String {
    let at = finding.at.as_ref().map_or(String::new(), |label| {
        let (file, line, _) = label.position();
        let text = label.source().map_or("", |source| {
            source.text().get(label.place.span.range()).unwrap_or_default()
        });
        let text = text.lines().next().unwrap_or_default();
        format!("{}:{line} '{text}': ", file.trim_start_matches("templates/"))
    });
    let also: Vec<String> = finding
        .also
        .iter()
        .map(|label| {
            let (file, line, _) = label.position();
            format!(" [{file}:{line} {}]", label.text)
        })
        .collect();
    format!("{at}{}{} ({})", finding.message, also.concat(), finding.hints.join("; "))
}

fn outcome(texts: &[(&str, &str)]) -> String {
    match Bench::new(texts).rendered() {
        Ok(rendered) => yaml::write_all(&rendered.documents),
        Err(failure) => {
            failure.diagnostics().iter().map(|finding| shown(finding) + "\n").collect()
        }
    }
}

/// What the template `web.yaml` gives with these values: YAML, or findings.
#[track_caller]
fn check(template: &str, values: &str, expect: &str) {
    check_chart(&[("templates/web.yaml", template), ("values.yaml", values)], expect);
}

/// What a chart of these files gives: YAML, or findings.
#[track_caller]
fn check_chart(texts: &[(&str, &str)], expect: &str) {
    let found = outcome(texts);
    assert_eq!(found.trim_end(), expect.trim_end(), "\nfound:\n{found}");
}

/// What a chart of these files says is wrong holds this text.
#[track_caller]
fn check_error(texts: &[(&str, &str)], expect: &str) {
    let found = outcome(texts);
    assert!(found.contains(expect), "\nfound:\n{found}");
}
