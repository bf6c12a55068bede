//! Filters that lay out YAML: `to_yaml`, `indent`, `nindent`, `quote`, `squote`.

use super::{content, defined, into, refused, sized, text};
use crate::render::convert;
use crate::render::marks::{self, CLOSE, OPEN, Piece};
use crate::render::run::{Hole, Printed, run_of};
use crate::render::text::{self as texts, Into, Omit, Quoted};
use crate::render::watched::in_fragment;
use crate::yaml;
use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, State};

pub(super) fn install(environment: &mut Environment<'static>) {
    environment.add_filter("to_yaml", to_yaml);
    environment.add_filter("toyaml", to_yaml);
    environment.add_filter("indent", indent);
    environment.add_filter("nindent", nindent);
    environment.add_filter("quote", quote);
    environment.add_filter("squote", squote);
}

/// In a YAML file a fragment that stands for the value; elsewhere its canonical YAML text.
fn to_yaml(state: &mut State<'_, '_>, value: &Value) -> Result<Value, Error> {
    let run = run_of(state)?;
    let into = into(state);
    let value = defined(state, value)?;
    if into == Into::Text {
        let place = run.values.place;
        let node = convert::node(value, place, &run)?;
        let text = node.map(|node| yaml::write(&node)).unwrap_or_default();
        sized(text.len())?;
        return Ok(Value::from(text.trim_end()));
    }
    if let Some(text) = value.as_str() {
        texts::unmarked(text)?;
    }
    let printed = match value.downcast_object_ref::<Omit>() {
        Some(_) => Printed::Omit,
        None => Printed::Value(value.clone()),
    };
    let made = run.made(value);
    let (place, secrets) = (usize::MAX, in_fragment(value, &run));
    let (origin, respelled) = (None, None);
    let parts = Vec::new();
    let number = run.keep(Hole { value: printed, place, origin, respelled, made, secrets, parts });
    Ok(Value::from_safe_string(marks::fragment(&marks::spread(number))))
}

fn indent(
    state: &mut State<'_, '_>,
    value: &Value,
    width: usize,
    options: Kwargs,
) -> Result<Value, Error> {
    let first = options.get::<Option<bool>>("first")?.unwrap_or(false);
    options.assert_all_used()?;
    let first = if first { First::Indented } else { First::AsItIs };
    moved(state, value, width, first)
}

fn nindent(state: &mut State<'_, '_>, value: &Value, width: usize) -> Result<Value, Error> {
    moved(state, value, width, First::OnNextLine)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    AsItIs,
    Indented,
    OnNextLine,
}

fn moved(
    state: &mut State<'_, '_>,
    value: &Value,
    width: usize,
    first: First,
) -> Result<Value, Error> {
    let fragment = value.as_str().filter(|text| value.is_safe() && marks::is_fragment(text));
    if let Some(fragment) = fragment.filter(|_| into(state) == Into::Yaml) {
        let content = fragment.replace([OPEN, CLOSE], "");
        let content = lines_moved(&content, width, first)?;
        return Ok(Value::from_safe_string(marks::fragment(&content)));
    }
    let plain = text(state, value)?;
    if into(state) == Into::Yaml {
        return Err(refused(
            "a plain value needs no `indent`: a hole stays one value, whatever lines it has",
            "remove it: `key: {{ … }}`; in a block (`key: |`) all lines of a value take the indentation of the hole's line",
        ));
    }
    lines_moved(&plain, width, first).map(Value::from)
}

/// The lines with spaces before them, except blank ones.
fn lines_moved(content: &str, width: usize, first: First) -> Result<String, Error> {
    sized(content.len().saturating_add(content.lines().count().saturating_mul(width)))?;
    let spaces = " ".repeat(width);
    let mut moved = String::with_capacity(content.len() + 64);
    if first == First::OnNextLine {
        moved.push('\n');
    }
    for (at, line) in content.split('\n').enumerate() {
        moved.push_str(if at > 0 { "\n" } else { "" });
        let is_moved = at > 0 || first != First::AsItIs;
        moved.push_str(if is_moved && !is_blank(line) { &spaces } else { "" });
        moved.push_str(line);
    }
    Ok(moved)
}

fn is_blank(line: &str) -> bool {
    let prints = |piece| match piece {
        Piece::Text(text) => !text.trim().is_empty(),
        Piece::Hole(_) | Piece::Spread(_) => true,
        _ => false,
    };
    !marks::pieces(line).any(prints)
}

/// A string that brings double quotes along when it is printed within text.
fn quote(state: &mut State<'_, '_>, value: &Value) -> Result<Value, Error> {
    let content = content(state, value)?;
    let quoted = texts::json_string(&content);
    Ok(Value::from_object(Quoted { content, quoted }))
}

/// A string that brings single quotes along when it is printed within text.
fn squote(state: &mut State<'_, '_>, value: &Value) -> Result<Value, Error> {
    let content = content(state, value)?;
    let quoted = format!("'{}'", content.replace('\'', "''"));
    Ok(Value::from_object(Quoted { content, quoted }))
}
