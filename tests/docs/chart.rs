//! A chart in memory that renders the templates of a page.

use super::helm::Outcome;
use jibe::chart::Chart;
use jibe::diag::{Failure, Sink};
use jibe::render::{ClusterInfo, Context, Renderer, TargetInfo};
use jibe::source::{Files, Inputs, RelPath};
use jibe::values::{self, Known, Layer, Reach, SetKind};
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

    /// The files that Helm would read of this chart: all but those that are written for jibe.
    pub(super) fn files_for_helm(&self) -> BTreeMap<String, String> {
        let about = "apiVersion: v2\nname: web\nversion: 1.4.0\n".to_owned();
        let mut files = BTreeMap::from([("Chart.yaml".to_owned(), about)]);
        let own =
            self.files.iter().filter_map(|(path, text)| Some((path.strip_prefix("web/")?, text)));
        let is_ours = |path: &str| {
            path == "chart.yaml"
                || path.ends_with(".j2")
                || path.starts_with("templates/_") && path.ends_with(".yaml")
        };
        let theirs = own.filter(|(path, _)| !is_ours(path));
        files.extend(theirs.map(|(path, text)| (path.to_owned(), text.clone())));
        files
    }

    /// The objects that a template becomes, or the first message.
    pub(super) fn outcome(&self, template: &str, flags: &str) -> Outcome {
        match self.render(template, flags) {
            Ok(documents) => Ok(documents.iter().map(yaml::to_json).collect()),
            Err(failure) => Err(failure.diagnostics()[0].message.clone()),
        }
    }

    /// What a template becomes: `yaml` as a page's block says, else the messages.
    pub(super) fn block(&self, template: &str, kind: &str) -> String {
        match (self.render(template, ""), kind) {
            (Ok(documents), "yaml") => {
                documents.iter().map(yaml::write).collect::<Vec<_>>().join("---\n")
            }
            (Err(failure), "text") => failure.to_string(),
            (Ok(_), _) => panic!("this template renders, so a `yaml` block follows:\n{template}"),
            (Err(failure), _) => panic!("this template fails:\n{template}\n{failure}"),
        }
    }

    fn render(&self, template: &str, flags: &str) -> Result<Vec<Node>, Failure> {
        let mut all = self.files.clone();
        all.retain(|path, _| !path.ends_with(".tpl"));
        let about = "name: web\nversion: 1.4.0\n".to_owned();
        all.entry("web/chart.yaml".to_owned()).or_insert(about);
        all.insert("web/templates/page.yaml".to_owned(), template.to_owned());
        let files = Files::memory(all).expect("paths in the root");
        let mut sink = Sink::new(&files);
        match rendered(flags, &mut sink) {
            Some(documents) => sink.finish().map(|_| documents),
            None => Err(sink.finish().expect_err("an error was reported")),
        }
    }
}

/// The layers of `-f FILE` and of `--set` and its sisters, separated by blanks.
fn layers(flags: &str, sink: &mut Sink) -> Option<Vec<Layer>> {
    let mut words = flags.split_whitespace();
    let mut layers = Vec::new();
    while let (Some(flag), Some(argument)) = (words.next(), words.next()) {
        let argument = argument.trim_matches('\'');
        let kinds = [SetKind::Typed, SetKind::Text, SetKind::Json, SetKind::File];
        let layer = match kinds.into_iter().find(|kind| kind.flag() == flag) {
            Some(kind) => Layer::set(kind, argument, sink),
            None => {
                assert_eq!(flag, "-f", "a flag of a page");
                let path = RelPath::parse(&format!("web/{argument}")).expect("a path");
                let source = sink.files().read(&path, &mut Inputs::default()).expect("a file");
                Layer::read(&source, flag, Reach::Own, sink)
            }
        };
        layers.push(layer.ok()?);
    }
    Some(layers)
}

fn rendered(flags: &str, sink: &mut Sink) -> Option<Vec<Node>> {
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
    let layers = layers(flags, sink)?;
    let merged = values::merge(&chart.defaults, &layers, &Known::default());
    let context = Context { values: &merged, target, cluster, budget: Arc::default() };
    renderer.render(&context, sink).ok().map(|rendered| rendered.documents)
}
