//! Functions: `fail`, `required`, `tpl` and those filters that Helm users call with the value last.

use super::{content, data, defined, semver, set_at};
use crate::diag::{Code, Diagnostic};
use crate::render::engine::TPL;
use crate::render::files::within;
use crate::render::prepare::{self, Kind};
use crate::render::refusal::Refusal;
use crate::render::run::run_of;
use crate::render::scope;
use minijinja::value::{Kwargs, Rest, Value};
use minijinja::{Environment, Error, ErrorKind, State};

pub(super) fn install(environment: &mut Environment<'static>) {
    environment.add_function("fail", fail);
    environment.add_filter("fail", fail);
    environment.add_function("required", |s: &mut State, message: &str, value: &Value| {
        data::required(s, message, value)
    });
    environment.add_function("coalesce", |values: Rest<Value>| data::coalesce(&values));
    environment.add_function("merge", |s: &mut State, maps: Rest<Value>| data::merge(s, &maps));
    environment.add_function(
        "dig",
        |s: &mut State, map: &Value, path: Rest<Value>, options: Kwargs| {
            data::dig(s, map, path, options)
        },
    );
    environment.add_function("ternary", |s: &mut State, yes: Value, no: Value, value: &Value| {
        data::ternary(s, value, yes, no)
    });
    environment.add_function("semver_compare", |s: &mut State, range: &str, version: &Value| {
        semver::compare(&content(s, version)?, range)
    });
    environment.add_function("tpl", |s: &mut State, text: &Value| tpl(s, text));
    environment.add_filter("tpl", |s: &mut State, text: &Value| tpl(s, text));
}

/// An error in the author's words; of the values behind the message the lines that set them are shown.
fn fail(state: &mut State<'_, '_>, message: &str, values: Rest<Value>) -> Result<Value, Error> {
    let (message, hint) = match message.trim() {
        "" => (
            "the template calls `fail` without a message",
            "the chart's author stops here: give `fail` the words that say what to change",
        ),
        _ => {
            (message, "the chart's author stops here; change the value that the message speaks of")
        }
    };
    let finding = Diagnostic::error(Code::TemplateFailed, message).hint(hint);
    let places = values.iter().filter_map(|value| set_at(state, value));
    let finding = places.fold(finding, |finding, place| finding.also(place, "set here"));
    Err(Refusal::from(finding).into())
}

/// The text that a template within a value gives; in it, holes print as text.
fn tpl(state: &mut State<'_, '_>, text: &Value) -> Result<Value, Error> {
    defined(state, text)?;
    let text = content(state, text)?;
    if !text.contains("{{") && !text.contains("{%") {
        return Ok(Value::from(text));
    }
    let run = run_of(state)?;
    let prepared =
        prepare::prepare(&text, Kind::Text, &run.limits, &mut Vec::new()).map_err(|faults| {
            let fault = faults.into_iter().next().expect("a failed preparation names a fault");
            let message = format!("in the text given to `tpl`: {}", fault.message);
            Error::from(Refusal::from(Diagnostic::error(fault.code, message).hint(fault.hint)))
        })?;
    let own = state.name().strip_suffix(TPL).unwrap_or(state.name());
    let name = format!("{own}{TPL}");
    let environment = state.env();
    let rendered = run.nest(|| {
        within(state, || {
            let template = environment.template_from_named_str(&name, &prepared.text)?;
            template.render_captured(scope::scope(&run))
        })
    });
    rendered.map_err(|error| {
        let message = format!("in the text given to `tpl`: {error}");
        Error::new(ErrorKind::InvalidOperation, message).with_source(error)
    })
}
