//! The names that every template knows.

use super::files::Files;
use super::object;
use super::reads::Path;
use super::refusal::Refusal;
use super::run::{RUN, Run};
use super::text::Omit;
use super::trace::Root;
use crate::diag::{Code, Diagnostic};
use crate::yaml::{Data, Key, Node, Scalar, Value as Meaning};
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};
use std::sync::Arc;

/// The names of the context; templates of libraries do not see them.
pub(super) const NAMES: [&str; 5] = ["values", "target", "chart", "cluster", "files"];

/// What the templates of one run see.
pub(super) fn scope(run: &Arc<Run>) -> Value {
    // A reference tells what it was made of, whether anything else is traced or not.
    let is_traced = run.resolver().is_some() || run.log().tracer().is_some();
    let named = |root: Root, node: Node| match is_traced {
        true => object::context(root, &node, run),
        false => plain(&node),
    };
    Value::from_pairs([
        ("values", object::root(run)),
        ("target", named(Root::Target, target(run))),
        ("chart", named(Root::Chart, chart(run))),
        ("cluster", Value::from_object(Cluster(Arc::clone(run)))),
        ("files", files(run)),
        ("omit", Value::from_object(Omit)),
        (RUN, Value::from_dyn_object(Arc::clone(run))),
    ])
}

/// `target`.
fn target(run: &Run) -> Node {
    let target = &run.target;
    let labels = target.labels.iter().map(|(name, text)| (name.as_str(), text_node(run, text)));
    let optional = |text: Option<&String>| match text {
        Some(text) => text_node(run, text),
        None => Node::new(Data::Scalar(Scalar::plain(Meaning::Null)), run.values.place),
    };
    let labels = map_node(run, labels);
    map_node(
        run,
        [
            ("env", optional(target.environment.as_ref())),
            ("namespace", optional(target.namespace.as_ref())),
            ("service", text_node(run, &target.service)),
            ("labels", labels),
        ],
    )
}

/// `chart`.
fn chart(run: &Run) -> Node {
    let chart = &run.chart;
    let entries =
        [("name", text_node(run, &chart.name)), ("version", text_node(run, &chart.version))];
    map_node(run, entries)
}

/// No file of values sets these nodes; their place is never shown.
fn text_node(run: &Run, text: &str) -> Node {
    Node::string(text, run.values.place)
}

fn map_node<'k>(run: &Run, entries: impl IntoIterator<Item = (&'k str, Node)>) -> Node {
    let place = run.values.place;
    let entries = entries.into_iter().map(|(name, node)| (Key::new(name, place), node));
    Node::map(entries.collect(), place)
}

/// A node as an ordinary value of the engine.
fn plain(node: &Node) -> Value {
    match &node.data {
        Data::Map(map) => {
            Value::from_pairs(map.iter().map(|(key, node)| (&*key.name, plain(node))))
        }
        _ => node.as_str().map_or(Value::from(()), Value::from),
    }
}

fn files(run: &Arc<Run>) -> Value {
    match run.resolver() {
        Some(_) => Value::from_object(NoFiles),
        None => Value::from_object(Files(Arc::clone(run))),
    }
}

/// What references among values see as `files`: templates of texts read values themselves.
#[derive(Debug)]
struct NoFiles;

impl NoFiles {
    fn refuse() -> Error {
        let finding = Diagnostic::error(Code::TemplateRefused, "a value cannot refer to `files`");
        Refusal::from(finding.hint("read the file in the template that needs it")).into()
    }
}

impl Object for NoFiles {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, _: &Value) -> Option<Value> {
        Some(Self::refuse().into())
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        _: &str,
        _: &[Value],
    ) -> Result<Value, Error> {
        Err(Self::refuse())
    }
}

/// `cluster`.
#[derive(Debug)]
struct Cluster(Arc<Run>);

impl Object for Cluster {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let is_version = key.as_str() == Some("version");
        is_version.then(|| {
            let version = Node::string(self.0.cluster.version.as_str(), self.0.values.place);
            if let Some(tracer) = self.0.log().tracer() {
                tracer.read(&version, Path::of(Root::Cluster).join("version".into()));
            }
            plain(&version)
        })
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&["version"])
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        if method != "serves" {
            return Err(Error::from(ErrorKind::UnknownMethod));
        }
        match args {
            [version, kind] if version.as_str().is_some() && kind.as_str().is_some() => {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                Ok(Value::from((self.0.cluster.serves)(&text(version), &text(kind))))
            }
            _ => Err(Error::new(
                ErrorKind::InvalidOperation,
                "write `cluster.serves(\"apps/v1\", \"Deployment\")`",
            )),
        }
    }
}
