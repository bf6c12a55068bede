//! The names that every template knows.

use super::files::Files;
use super::object;
use super::refusal::Refusal;
use super::run::{RUN, Run};
use super::text::Omit;
use crate::diag::{Code, Diagnostic};
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};
use std::sync::Arc;

/// The names of the context; templates of libraries do not see them.
pub(super) const NAMES: [&str; 5] = ["values", "target", "chart", "cluster", "files"];

/// What the templates of one run see.
pub(super) fn scope(run: &Arc<Run>) -> Value {
    let target = &run.target;
    let labels = Value::from_pairs(target.labels.iter().map(|(k, v)| (k.as_str(), v.as_str())));
    let target = Value::from_pairs([
        ("env", optional(target.environment.as_deref())),
        ("namespace", optional(target.namespace.as_deref())),
        ("service", Value::from(&target.service)),
        ("labels", labels),
    ]);
    let chart = Value::from_pairs([
        ("name", Value::from(&run.chart.name)),
        ("version", Value::from(&run.chart.version)),
    ]);
    Value::from_pairs([
        ("values", object::root(run)),
        ("target", target),
        ("chart", chart),
        ("cluster", Value::from_object(Cluster(Arc::clone(run)))),
        ("files", files(run)),
        ("omit", Value::from_object(Omit)),
        (RUN, Value::from_dyn_object(Arc::clone(run))),
    ])
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

fn optional(text: Option<&str>) -> Value {
    text.map_or(Value::from(()), Value::from)
}

/// `cluster`.
#[derive(Debug)]
struct Cluster(Arc<Run>);

impl Object for Cluster {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        (key.as_str() == Some("version")).then(|| Value::from(&self.0.cluster.version))
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
