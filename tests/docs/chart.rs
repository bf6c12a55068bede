//! A chart in memory that renders the templates of a page.

use jibe::chart::Chart;
use jibe::diag::{Failure, Sink};
use jibe::render::{ClusterInfo, Context, Renderer, TargetInfo};
use jibe::source::{Files, RelPath};
use jibe::values::{self, Known};
use jibe::yaml::{self, Node};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The files of a chart `web`, and those of its libraries beside it.
#[derive(Default)]
pub(super) struct Bench {
    files: BTreeMap<String, String>,
}

impl Bench {
    /// Adds a file: a path in the chart, or below `../NAME/` one of the library NAME.
    pub(super) fn write(&mut self, path: &str, text: &str) {
        let path = path.strip_prefix("../").map_or(format!("web/{path}"), str::to_owned);
        self.files.insert(path, text.to_owned());
    }

    /// What a template becomes: `yaml` as a page's block says, else the messages.
    pub(super) fn block(&self, template: &str, kind: &str) -> String {
        match (self.render(template), kind) {
            (Ok(documents), "yaml") => {
                documents.iter().map(yaml::write).collect::<Vec<_>>().join("---\n")
            }
            (Err(failure), "text") => failure.to_string(),
            (Ok(_), _) => panic!("this template renders, so a `yaml` block follows:\n{template}"),
            (Err(failure), _) => panic!("this template fails:\n{template}\n{failure}"),
        }
    }

    /// What a hole becomes that is the value of a key, as JSON.
    pub(super) fn row(&self, hole: &str) -> String {
        match self.render(&format!("x: {hole}\n")) {
            Ok(documents) => {
                let node = documents.first().and_then(|document| document.get("x"));
                node.map_or("nothing".to_owned(), |node| yaml::to_json(node).to_string())
            }
            Err(failure) => format!("error: {}", failure.diagnostics()[0].message),
        }
    }

    fn render(&self, template: &str) -> Result<Vec<Node>, Failure> {
        let mut all = self.files.clone();
        let about = "name: web\nversion: 1.4.0\n".to_owned();
        all.entry("web/chart.yaml".to_owned()).or_insert(about);
        all.insert("web/templates/page.yaml".to_owned(), template.to_owned());
        let files = Files::memory(all).expect("paths in the root");
        let mut sink = Sink::new(&files);
        match rendered(&mut sink) {
            Some(documents) => sink.finish().map(|_| documents),
            None => Err(sink.finish().expect_err("an error was reported")),
        }
    }
}

fn rendered(sink: &mut Sink) -> Option<Vec<Node>> {
    let folder = RelPath::parse("web").expect("a path");
    let files = sink.files().clone();
    let chart: Arc<Chart> = Chart::load(&files, &folder, sink).ok()?;
    let renderer = Renderer::new(&chart, sink).ok()?;
    let target = TargetInfo {
        environment: Some("prod".to_owned()),
        namespace: Some("shop".to_owned()),
        service: "web".to_owned(),
        labels: BTreeMap::from([("team".to_owned(), "storefront".to_owned())]),
    };
    let api = jibe::api::Api::new(jibe::api::Version::NEWEST);
    let cluster = ClusterInfo {
        version: "1.35".to_owned(),
        serves: Arc::new(move |version, kind| api.serves(version, kind)),
    };
    let merged = values::merge(&chart.defaults, &[], &Known::default());
    let context = Context { values: &merged, target, cluster };
    renderer.render(&context, sink).ok().map(|rendered| rendered.documents)
}
