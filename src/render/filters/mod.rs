//! The filters and functions of templates, under the names that Helm users know.
//!
//! None reaches a clock, a random number, the environment, the network or a cluster. All of them
//! refuse YAML fragments but `indent` and `nindent`, print booleans and numbers as YAML does, and
//! check the size of what they make.

#![expect(clippy::needless_pass_by_value, reason = "the engine hands arguments over by value")]

mod compared;
mod data;
mod encoding;
mod functions;
mod kinds;
mod layout;
mod lists;
mod names;
mod numbers;
mod semver;
mod signatures;
mod strings;

pub(super) use names::{TESTS, left_out, renamed};
pub(super) use signatures::{filters, functions, of_filter, of_function};

use super::fill;
use super::numbered::AT_FUNCTION;
use super::object::Branch;
use super::operands::{LOOP_FILTER, SUM_FILTER, TEXT_FILTER, WHOLE_FILTER};
use super::prepare::{CALL_FUNCTION, HOLE_FILTER};
use super::refusal::Refusal;
use super::run::run_of;
use super::text::{self, Into, Quoted};
use super::trace::Root;
use super::watch::{DECIDED_FILTER, READS_FUNCTION, WATCHED_FILTER};
use super::watched;
use crate::diag::{Code, Diagnostic};
use crate::source::Place;
use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, State, tests};
use std::borrow::Cow;

/// Adds all filters and functions; takes away what prints text that YAML would read otherwise.
pub(super) fn install(environment: &mut Environment<'static>) {
    for name in
        ["safe", "escape", "e", "pprint", "batch", "slice", "urlencode", "lines", "count", "zip"]
    {
        environment.remove_filter(name);
    }
    for name in ["safe", "escaped", "sameas", "filter", "test"] {
        environment.remove_test(name);
    }
    // The engine's own ones would count and compare the marks of a fragment.
    environment.add_test("string", |s: &mut State, v: &Value| {
        if v.is_undefined() { Ok(false) } else { defined(s, v).map(tests::is_string) }
    });
    environment.remove_global("debug");
    environment.add_filter(HOLE_FILTER, hole);
    environment.add_function(CALL_FUNCTION, calls);
    environment.add_function(AT_FUNCTION, at);
    environment.add_function(READS_FUNCTION, watched::reads);
    environment.add_filter(WATCHED_FILTER, watched::watched);
    environment.add_filter(DECIDED_FILTER, watched::decided);
    environment.add_filter(TEXT_FILTER, operand);
    environment.add_filter(SUM_FILTER, summand);
    environment.add_filter(LOOP_FILTER, lists::looped);
    environment.add_filter(WHOLE_FILTER, |s: &mut State, v: &Value| {
        compared::measured(s, v).map(|()| v.clone())
    });
    strings::install(environment);
    layout::install(environment);
    data::install(environment);
    lists::install(environment);
    numbers::install(environment);
    encoding::install(environment);
    semver::install(environment);
    functions::install(environment);
    compared::install(environment);
    kinds::install(environment);
}

/// Ends the expression of every hole of a YAML file.
fn hole(state: &State<'_, '_>, value: &Value, place: usize) -> Result<Value, Error> {
    run_of(state)?.expect_hole(place);
    Ok(value.clone())
}

/// Stands before every hole and tag of a manifest that calls a macro.
fn calls(state: &State<'_, '_>, place: usize) -> Result<(), Error> {
    run_of(state)?.calls(place);
    Ok(())
}

/// Stands before every expression of a traced render.
fn at(state: &State<'_, '_>, number: usize) -> Result<bool, Error> {
    if let Some(tracer) = run_of(state)?.log().tracer() {
        tracer.at(number);
    }
    Ok(true)
}

/// Ends every operand of `~`.
fn operand(state: &mut State<'_, '_>, value: &Value) -> Result<Value, Error> {
    text(state, value).map(Value::from)
}

/// Ends every operand of `+`. The engine joins lists lazily, whatever their length.
fn summand(value: &Value) -> Result<Value, Error> {
    if value.len().is_some_and(|length| value.as_str().is_none() && length > text::MAX_ITEMS) {
        return Err(text::too_long().into());
    }
    Ok(value.clone())
}

/// The value, unless it is undefined, which is then named as in a hole, a fragment or `files`.
fn defined<'v>(state: &mut State<'_, '_>, value: &'v Value) -> Result<&'v Value, Error> {
    if value.is_undefined() {
        state.format(value.clone())?;
        return Err(refused("there is no value: an `if` without `else` gives none", "add `else`"));
    }
    if let Some(text) = value.as_str() {
        text::unmarked(text)?;
    }
    if let Some(refusal) = text::files_itself(value) {
        return Err(refusal.into());
    }
    Ok(value)
}

/// The value as text.
fn text(state: &mut State<'_, '_>, value: &Value) -> Result<String, Error> {
    let run = run_of(state)?;
    let into = into(state);
    let value = defined(state, value)?;
    Ok(text::text_of(value, into, &run).map(Cow::into_owned)?)
}

/// The value as the text that is worked on: a quoted string without its quotes.
fn content(state: &mut State<'_, '_>, value: &Value) -> Result<String, Error> {
    match value.downcast_object_ref::<Quoted>() {
        Some(quoted) => Ok(quoted.content.clone()),
        None => text(state, value),
    }
}

/// What text is made for in the template that is running.
fn into(state: &State<'_, '_>) -> Into {
    if super::prepare::is_yaml(state.name()) { Into::Yaml } else { Into::Text }
}

/// An error with the next step.
fn refused(message: impl std::convert::Into<String>, hint: &str) -> Error {
    Refusal::from(Diagnostic::error(Code::TemplateFailed, message).hint(hint)).into()
}

/// An error about a value, with the line that sets the value if it is known.
fn refused_at(
    state: &State<'_, '_>,
    value: &Value,
    message: impl std::convert::Into<String>,
    hint: &str,
) -> Error {
    let finding = Diagnostic::error(Code::TemplateFailed, message).hint(hint);
    Refusal::from(match set_at(state, value) {
        Some(place) => finding.also(place, "its value is set here"),
        None => finding,
    })
    .into()
}

/// Where a value of the running expression is set, if the values files set it.
fn set_at(state: &State<'_, '_>, value: &Value) -> Option<Place> {
    if let Some(branch) = value.downcast_object_ref::<Branch>() {
        let path = branch.path();
        let is_set = path.root() == Root::Values && !path.keys().is_empty();
        return is_set.then(|| branch.place());
    }
    run_of(state).ok()?.log().latest(|scalar| fill::is_same(value, scalar))
}

/// The attribute that a filter is given, first of all or as `attribute=`.
fn attribute(first: Option<&str>, options: &Kwargs) -> Result<Option<String>, Error> {
    match first {
        None if options.has("attribute") => options.peek("attribute"),
        first => Ok(first.map(str::to_owned)),
    }
}

/// What an attribute such as `a.b` leads to in an item; undefined if it leads nowhere.
fn attribute_of(item: &Value, attribute: &str) -> Value {
    attribute.split('.').fold(item.clone(), |value, key| {
        let key = key.parse::<usize>().map_or_else(|_| Value::from(key), Value::from);
        value.get_item(&key).unwrap_or_default()
    })
}

/// The refusal of the first item of a list that does not have an attribute, for a filter that looks at it in each.
fn lacks_attribute(
    state: &State<'_, '_>,
    list: &Value,
    (filter, attribute): (&str, &str),
) -> Option<Error> {
    let mut items = list.try_iter().ok()?.enumerate();
    let (at, item) = items.find(|(_, item)| attribute_of(item, attribute).is_undefined())?;
    let kind = text::kind(&item);
    let message = format!("`{filter}` finds no `{attribute}` in item {at}, which is {kind}");
    let hint = format!(
        "items are counted from 0; give each a `{attribute}`, or leave the others out first: `selectattr(\"{attribute}\", \"defined\")`"
    );
    Some(refused_at(state, &item, message, &hint))
}

/// Refuses a text that would be longer than any manifest.
fn sized(bytes: usize) -> Result<(), Error> {
    if bytes > text::MAX_TEXT { Err(text::too_much_text(bytes).into()) } else { Ok(()) }
}
