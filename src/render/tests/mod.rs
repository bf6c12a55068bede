//! What templates mean, by example: every file here is a list of claims.

mod errors;
mod filters;
mod holes;
mod hostile;
mod includes;
mod modules;
mod numbers;
mod places;
mod references;
mod refusals;
mod traces;
mod wording;

use super::{ClusterInfo, Context, References, Rendered, Renderer, TargetInfo};
use crate::chart::Chart;
use crate::diag::{Diagnostic, Failure, Label, Sink};
use crate::source::{Files, RelPath};
use crate::values;
use crate::yaml;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A chart in memory: paths as in a chart's folder; those below `lib/NAME/` are the library NAME's.
pub(super) struct Bench {
    pub files: Files,
    chart: Arc<Chart>,
}

impl Bench {
    pub(super) fn new(texts: &[(&str, &str)]) -> Self {
        let libraries: BTreeSet<&str> = texts
            .iter()
            .filter_map(|(path, _)| {
                path.strip_prefix("lib/")?.split_once('/').map(|(name, _)| name)
            })
            .collect();
        let mut all: BTreeMap<String, String> = BTreeMap::new();
        for (path, text) in texts {
            let path = path.strip_prefix("lib/").map_or(format!("web/{path}"), str::to_owned);
            all.insert(path, (*text).to_owned());
        }
        for name in &libraries {
            let about = format!("name: {name}\nversion: 1.0.0\ntype: library\n");
            all.entry(format!("{name}/chart.yaml")).or_insert(about);
        }
        let needs = libraries.iter().map(|name| format!("\n- path: ../{name}")).collect::<String>();
        let needs = if needs.is_empty() { " []" } else { &needs };
        let about = format!("name: web\nversion: 1.2.3\ndependencies:{needs}\n");
        all.insert("web/chart.yaml".to_owned(), about);
        let files = Files::memory(all).expect("paths in the root");
        let mut sink = Sink::new(&files);
        let folder = RelPath::parse("web").expect("a path");
        match Chart::load(&files, &folder, &mut sink) {
            Ok(chart) => Self { files, chart },
            Err(_) => panic!("{}", sink.finish().expect_err("an error was reported")),
        }
    }

    pub(super) fn chart(&self) -> &Chart {
        &self.chart
    }

    pub(super) fn renderer(&self) -> Result<Renderer, Failure> {
        let mut sink = Sink::new(&self.files);
        match Renderer::new(&self.chart, &mut sink) {
            Ok(renderer) => Ok(renderer),
            Err(_) => Err(sink.finish().expect_err("an error was reported")),
        }
    }

    pub(super) fn render(&self, renderer: &Renderer) -> Result<Rendered, Failure> {
        let mut sink = Sink::new(&self.files);
        let target = TargetInfo {
            environment: Some("prod".to_owned()),
            namespace: Some("shop".to_owned()),
            service: "web".to_owned(),
            labels: BTreeMap::from([("team".to_owned(), "on".to_owned())]),
        };
        let serves =
            Arc::new(|version: &str, kind: &str| (version, kind) == ("apps/v1", "Deployment"));
        let cluster = ClusterInfo { version: "1.35".to_owned(), serves };
        let mut values = values::merge(&self.chart.defaults, &[], &self.chart.known);
        let budget = Arc::default();
        let mut context = Context { values: &values, target, cluster, budget };
        if values.may_refer() {
            let resolved = Arc::new(References::new(&self.files.limits()));
            let Ok(resolved) = resolved.resolve(&self.chart, &context, &mut sink) else {
                return Err(sink.finish().expect_err("an error was reported"));
            };
            let Context { target, cluster, budget, .. } = context;
            values = resolved;
            context = Context { values: &values, target, cluster, budget };
        }
        match renderer.render(&context, &mut sink) {
            Ok(rendered) => {
                let watched = renderer.watched(&context, &mut sink);
                let Ok(watched) = watched else {
                    panic!("watched: {}", sink.finish().expect_err("an error was reported"));
                };
                let texts = [&rendered, &watched].map(|one| yaml::write_all(&one.documents));
                assert_eq!(texts[0], texts[1], "what is watched is printed as it is");
                Ok(rendered)
            }
            Err(_) => Err(sink.finish().expect_err("an error was reported")),
        }
    }

    pub(super) fn rendered(&self) -> Result<Rendered, Failure> {
        self.renderer().and_then(|renderer| self.render(&renderer))
    }
}

/// A label as `file:line 'text'`.
fn labelled(label: &Label) -> String {
    let (file, line, _) = label.position();
    let text = label
        .source()
        .map_or("", |source| source.text().get(label.place.span.range()).unwrap_or_default());
    let text = text.lines().next().unwrap_or_default();
    let file = file.trim_start_matches("web/").trim_start_matches("templates/");
    format!("{file}:{line} '{text}'")
}

/// A finding as `file:line 'text': message [file:line 'text' label] (hint; hint)`.
fn shown(finding: &Diagnostic) -> String {
    let at = finding.at.as_ref().map_or(String::new(), |label| labelled(label) + ": ");
    let also: Vec<_> =
        finding.also.iter().map(|l| format!(" [{} {}]", labelled(l), l.text)).collect();
    format!("{at}{}{} ({})", finding.message, also.concat(), finding.hints.join("; "))
}

fn outcome(texts: &[(&str, &str)]) -> String {
    match Bench::new(texts).rendered() {
        Ok(rendered) => yaml::write_all(&rendered.documents),
        Err(failure) => failure.diagnostics().iter().map(|finding| shown(finding) + "\n").collect(),
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
