//! A parsed document with holes becomes a document with values.

use super::attribute::attribute;
use super::convert;
use super::cut::Cut;
use super::marks::{self, Piece};
use super::refusal::Refusal;
use super::run::{Hole, Printed, Run};
use super::text::{self, Into, Quoted};
use super::trace::{Extent, Omitted, PrintedBy};
use crate::diag::{Code, Diagnostic};
use crate::source::Place;
use crate::yaml::{Data, Document, Key, Map, Node, Scalar, Style};
use indexmap::map::Entry;
use minijinja::value::Value;
use std::sync::Arc;

/// What a template printed.
pub(super) struct Printout<'r> {
    pub cut: &'r Cut,
    pub holes: &'r [Hole],
    pub places: &'r [Place],
    pub run: &'r Run,
    /// The begin of the template, for whatever has no place of its own.
    pub whole: Place,
}

/// The documents with their holes filled.
///
/// # Errors
/// Every value that cannot stand where its hole stands.
pub(super) fn fill(
    documents: &[Document],
    printout: &Printout<'_>,
) -> Result<Vec<Node>, Vec<Diagnostic>> {
    let mut filler = Filler { out: printout, faults: Vec::new(), is_spent: false };
    let roots = documents.iter().filter_map(|document| filler.root(&document.root)).collect();
    if filler.faults.is_empty() { Ok(roots) } else { Err(filler.faults) }
}

/// The one value that a text is: that of its only hole, else a string; none if that hole is `omit`.
///
/// # Errors
/// Every value that cannot stand where its hole stands.
pub(super) fn value(printout: &Printout<'_>) -> Result<Option<Node>, Vec<Diagnostic>> {
    let mut filler = Filler { out: printout, faults: Vec::new(), is_spent: false };
    let text = &printout.cut.text;
    let value = match parts(text.trim()).as_slice() {
        [Part::Hole(number)] => filler.hole(*number),
        _ => {
            let text = filler.text(&parts(text), Style::Plain);
            text.map(|text| Node::string(text, printout.whole))
        }
    };
    if filler.faults.is_empty() { Ok(value) } else { Err(filler.faults) }
}

struct Filler<'r> {
    out: &'r Printout<'r>,
    faults: Vec<Diagnostic>,
    /// Whether it was said that the target prints too much.
    is_spent: bool,
}

/// A part of a scalar's text.
enum Part<'t> {
    Text(&'t str),
    Hole(usize),
}

impl Part<'_> {
    fn hole(&self) -> Option<usize> {
        match self {
            Self::Hole(number) => Some(*number),
            Self::Text(_) => None,
        }
    }
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let part = |piece| match piece {
        Piece::Text(text) => Some(Part::Text(text)),
        Piece::Hole(number) | Piece::Spread(number) => Some(Part::Hole(number)),
        _ => None,
    };
    marks::pieces(text).filter_map(part).collect()
}

/// The number of the spread that is all of a text.
fn spread(text: &str) -> Option<usize> {
    if !marks::may_begin_with_mark(text) {
        return None;
    }
    let mut pieces = marks::pieces(text);
    match (pieces.next(), pieces.next()) {
        (Some(Piece::Spread(number)), None) => Some(number),
        _ => None,
    }
}

impl Filler<'_> {
    fn root(&mut self, node: &Node) -> Option<Node> {
        let filled = self.node(node)?;
        let is_hole = node.as_scalar().is_some_and(|scalar| marks::is_marked(&scalar.text));
        if is_hole && filled.as_map().is_none() {
            let message = format!("a document must be a map, but this is {}", filled.kind());
            self.fault(
                Diagnostic::error(Code::TemplateHole, message)
                    .hint("print a map, or `omit` to leave the document out"),
                &filled,
            );
            return None;
        }
        Some(filled)
    }

    fn node(&mut self, node: &Node) -> Option<Node> {
        // That the target prints too much is said once.
        if self.is_spent {
            return None;
        }
        match &node.data {
            Data::Scalar(scalar) => self.scalar(scalar, node),
            Data::List(items) => Some(self.list(items, node)),
            Data::Map(map) => Some(self.map(map, node)),
        }
    }

    fn place(&self, node: &Node) -> Place {
        self.out.cut.place(node.place.span, self.out.whole)
    }

    fn hole_place(&self, number: usize) -> Place {
        let hole = self.out.holes.get(number);
        hole.and_then(|hole| self.out.places.get(hole.place)).copied().unwrap_or(self.out.whole)
    }

    fn list(&mut self, items: &[Node], node: &Node) -> Node {
        let mut filled = Vec::with_capacity(items.len());
        for item in items {
            match item.as_scalar().and_then(|scalar| spread(&scalar.text)) {
                Some(number) => {
                    let list = self.hole(number);
                    filled.extend(list.iter().filter_map(Node::as_list).flatten().cloned());
                }
                None => match self.node(item) {
                    Some(item) => filled.push(item),
                    None => self.omitted(None, item),
                },
            }
        }
        Node::list(filled, self.place(node))
    }

    fn map(&mut self, map: &Map, node: &Node) -> Node {
        let mut filled = Map::with_capacity_and_hasher(map.len(), <_>::default());
        let mut merged = Vec::new();
        for (key, value) in map {
            if let Some(number) = spread(&key.name) {
                let entries = self.hole(number);
                for (key, value) in entries.iter().filter_map(Node::as_map).flatten() {
                    self.insert(&mut filled, key.clone(), value.clone());
                }
            } else if key.is_merge() {
                merged.extend(self.merged(value));
            } else if let Some(key) = self.key(key) {
                match self.node(value) {
                    Some(value) => self.insert(&mut filled, key, value),
                    None => self.omitted(Some(&key), value),
                }
            }
        }
        for (key, value) in merged.iter().filter_map(Node::as_map).flatten() {
            filled.entry(key.clone()).or_insert_with(|| value.clone());
        }
        Node::map(filled, self.place(node))
    }

    fn insert(&mut self, filled: &mut Map, key: Key, value: Node) {
        let place = key.place;
        let first = match filled.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(value);
                return;
            }
            Entry::Occupied(first) => first,
        };
        let first = first.key();
        let message = format!("the key `{}` stands here a second time", first.name);
        let finding = Diagnostic::error(Code::YamlDuplicateKey, message)
            .at(place, "")
            .also(first.place, "first here")
            .hint("remove one of the two, or merge maps with `<<: {{ … }}`");
        self.push(finding);
    }

    /// The maps that a `<<` names, the strongest first.
    fn merged(&mut self, value: &Node) -> Vec<Node> {
        let Some(value) = self.node(value) else { return Vec::new() };
        let sources = match value.as_list() {
            Some(items) => items.to_vec(),
            None => vec![value],
        };
        for source in sources.iter().filter(|source| source.as_map().is_none()) {
            let message = format!("`<<` merges maps, but this is {}", source.kind());
            let finding = Diagnostic::error(Code::TemplateHole, message);
            self.fault(finding.hint("print a map, a list of maps, or `omit`"), source);
        }
        sources
    }

    fn key(&mut self, key: &Key) -> Option<Key> {
        let place = self.out.cut.place(key.place.span, self.out.whole);
        if !marks::is_marked(&key.name) {
            return Some(Key { name: Arc::clone(&key.name), place, written: key.written.clone() });
        }
        let parts = parts(&key.name);
        let start = key.place.span.start as usize;
        let is_quoted = self.out.cut.text[start..].starts_with(['"', '\'']);
        let name = match parts.as_slice() {
            [Part::Hole(number)] if !is_quoted => self.bare_key(*number)?,
            _ => self.text(&parts, Style::Plain)?,
        };
        let key = Key::new(name, place);
        if let Some(tracer) = self.out.run.log().tracer() {
            tracer.trace.note_key(&key, self.printed_by(&parts));
        }
        let mut holes = parts.iter().filter_map(Part::hole);
        if holes
            .any(|number| self.out.holes.get(number).is_some_and(|hole| !hole.secrets.is_empty()))
        {
            self.out.run.keep_secret_key(&key.name);
        }
        Some(key)
    }

    /// The holes among the parts of a text, if the render is traced.
    fn printed_by(&self, parts: &[Part<'_>]) -> Vec<PrintedBy> {
        let holes = parts.iter().filter_map(|part| match part {
            Part::Hole(number) => Some(*number),
            Part::Text(_) => None,
        });
        let extent = if parts.len() == 1 { Extent::Whole } else { Extent::Part };
        holes.filter_map(|number| self.hole_printed(number, extent)).collect()
    }

    /// A hole as it is told, if the render is traced.
    fn hole_printed(&self, number: usize, extent: Extent) -> Option<PrintedBy> {
        let made = self.out.holes.get(number)?.made.as_ref()?;
        let called = made.called.and_then(|place| self.out.places.get(place)).copied();
        Some(PrintedBy { place: self.hole_place(number), extent, called, used: made.used.clone() })
    }

    /// Notes in a traced render that a key or item was left out.
    fn omitted(&self, key: Option<&Key>, value: &Node) {
        let Some(scalar) = value.as_scalar() else { return };
        let by = self.printed_by(&parts(&scalar.text));
        if let (Some(by), Some(tracer)) = (by.into_iter().next(), self.out.run.log().tracer()) {
            let key = key.map(|key| Arc::clone(&key.name));
            tracer.trace.omit(Omitted { key, by });
        }
    }

    /// Notes in a traced render what holes made a text.
    fn noted(&self, mut node: Node, parts: &[Part<'_>]) -> Node {
        if let Some(tracer) = self.out.run.log().tracer() {
            tracer.trace.note(&mut node, self.printed_by(parts));
        }
        node
    }

    /// A hole that is all of a key without quotes.
    fn bare_key(&mut self, number: usize) -> Option<String> {
        let node = self.hole(number);
        let (what, place) = match &node {
            Some(node) if node.as_str().is_some() => return node.as_str().map(str::to_owned),
            Some(node) => (node.kind(), node.clone()),
            None => ("`omit`", Node::string("", self.hole_place(number))),
        };
        let finding = Diagnostic::error(Code::TemplateHole, format!("{what} cannot be a key"));
        let hint = match what {
            "null" => "give it a default, or leave the whole entry out with `{% if … %}`",
            "`omit`" => "leave the whole entry out with `{% if … %}`",
            _ => "put the hole in quotes, which makes it a string",
        };
        self.fault(finding.hint(hint), &place);
        None
    }

    fn scalar(&mut self, scalar: &Scalar, node: &Node) -> Option<Node> {
        if !marks::is_marked(&scalar.text) {
            return Some(Node::new(Data::Scalar(scalar.clone()), self.place(node)));
        }
        let parts = parts(&scalar.text);
        let is_block = matches!(scalar.style, Style::Literal | Style::Folded);
        if let ([Part::Hole(number)], false) = (parts.as_slice(), is_block) {
            return self.whole(*number, scalar);
        }
        let text = self.text(&parts, scalar.style)?;
        let mut filled = Node::string(text, self.place(node));
        let holes = || parts.iter().rev().filter_map(Part::hole);
        filled.set_at = holes().find_map(|number| self.set_at(number));
        holes().for_each(|number| self.keep_text_secret(&filled, number));
        Some(self.noted(filled, &parts))
    }

    /// Notes that a node holds the secrets of a hole.
    fn keep_secret(&self, node: &Node, number: usize) {
        let secrets = self.out.holes.get(number).map_or(&[][..], |hole| &hole.secrets);
        for place in secrets {
            match &node.data {
                Data::Scalar(_) => self.out.run.keep_secret(node, *place),
                Data::List(items) => items.iter().for_each(|node| self.keep_secret(node, number)),
                Data::Map(map) => map.values().for_each(|node| self.keep_secret(node, number)),
            }
        }
    }

    /// Notes that a text holds the secrets of a hole, and those of the parts of what it prints.
    fn keep_text_secret(&self, node: &Node, number: usize) {
        self.keep_secret(node, number);
        let parts = self.out.holes.get(number).map_or(&[][..], |hole| &hole.parts);
        parts.iter().for_each(|place| self.out.run.keep_secret(node, *place));
    }

    fn set_at(&self, number: usize) -> Option<Place> {
        self.out.holes.get(number)?.origin.as_ref().map(|origin| origin.place)
    }

    /// A hole that is all of a scalar: typed, or a string if it stands in quotes.
    fn whole(&mut self, number: usize, scalar: &Scalar) -> Option<Node> {
        let is_string = scalar.style != Style::Plain || scalar.tag.as_deref() == Some("!!str");
        if !is_string {
            return self.hole(number);
        }
        if self.is_omit(number) {
            return None;
        }
        let text = self.text(&[Part::Hole(number)], Style::Plain)?;
        let mut node = Node::string(text, self.hole_place(number));
        node.set_at = self.set_at(number);
        self.keep_text_secret(&node, number);
        Some(self.noted(node, &[Part::Hole(number)]))
    }

    fn is_omit(&self, number: usize) -> bool {
        let hole = self.out.holes.get(number);
        hole.is_some_and(|hole| matches!(hole.value, Printed::Omit))
    }

    /// The value of a hole; none if it is `omit` or was refused.
    fn hole(&mut self, number: usize) -> Option<Node> {
        let hole = self.out.holes.get(number)?.clone();
        let Printed::Value(value) = &hole.value else { return None };
        if let Some(tracer) = self.out.run.log().tracer() {
            tracer.resume(hole.made.as_ref().and_then(|made| made.expression));
        }
        let place = self.hole_place(number);
        match convert::node(value, place, self.out.run) {
            Ok(None) => None,
            Ok(Some(node)) => {
                let mut node = with_origin(node, &hole);
                if let Some(by) = self.hole_printed(number, Extent::Whole) {
                    attribute(&mut node, value, &by, self.out.run);
                }
                self.keep_secret(&node, number);
                Some(node)
            }
            Err(refusal) => {
                self.refuse(refusal, number);
                None
            }
        }
    }

    /// The text that is made of static text and holes; nothing if one of them was refused.
    fn text(&mut self, parts: &[Part<'_>], style: Style) -> Option<String> {
        if let [Part::Hole(number)] = parts {
            return self.whole_text(*number);
        }
        let mut filled = String::new();
        let mut refused = false;
        for (at, part) in parts.iter().enumerate() {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Hole(number) => match self.hole_text(*number) {
                    Some(text) if style == Style::Literal && is_alone(parts, at) => {
                        push_lines(&mut filled, &text);
                    }
                    Some(text) => filled.push_str(&text),
                    None => refused = true,
                },
            }
        }
        (!refused).then_some(filled)
    }

    /// The text of a hole that is all of a string: it brings no quotes along.
    fn whole_text(&mut self, number: usize) -> Option<String> {
        if let Printed::Value(value) = &self.out.holes.get(number)?.value
            && let Some(quoted) = value.downcast_object_ref::<Quoted>()
        {
            return Some(quoted.content.clone());
        }
        self.hole_text(number)
    }

    fn hole_text(&mut self, number: usize) -> Option<String> {
        let hole = self.out.holes.get(number)?;
        let Printed::Value(value) = &hole.value else {
            let message = "`omit` can leave out a whole value, but not a part of a text";
            let finding = Diagnostic::error(Code::TemplateHole, message);
            self.refuse(finding.hint("write the hole alone, or use `if`").into(), number);
            return None;
        };
        let is_reference = self.out.run.resolver().is_some();
        let printed = match &hole.respelled {
            Some(respelled) => Err(text::would_change(value, respelled.clone())),
            None => text::plain_text(value, if is_reference { Into::Value } else { Into::Yaml }),
        };
        match printed.and_then(|text| self.out.run.print(text.len()).map(|()| text)) {
            Ok(text) => Some(text.into_owned()),
            Err(refusal) => {
                self.refuse(refusal, number);
                None
            }
        }
    }

    fn refuse(&mut self, refusal: Refusal, number: usize) {
        let place = self.hole_place(number);
        let finding = refusal.0.at(place, "");
        self.push(match self.set_at(number).filter(|_| finding.also.is_empty()) {
            Some(set_at) => finding.also(set_at, "its value is set here"),
            None => finding,
        });
    }

    fn push(&mut self, finding: Diagnostic) {
        if !self.is_spent {
            self.faults.push(finding);
            self.is_spent = self.out.run.is_spent();
        }
    }

    fn fault(&mut self, finding: Diagnostic, node: &Node) {
        let finding = finding.at(node.place, "");
        self.push(match node.set_at {
            Some(set_at) => finding.also(set_at, "its value is set here"),
            None => finding,
        });
    }
}

/// The refusal of a hole behind `&`, `*` or `!`.
pub(super) fn no_name(place: Place) -> Diagnostic {
    let message = "a value cannot be the name of an anchor, alias or tag";
    Diagnostic::error(Code::TemplateHole, message)
        .at(place, "")
        .hint("write the text as one value: `{{ \"!\" ~ x }}` or `\"!{{ x }}\"`")
}

/// A scalar that was printed as it was set keeps its spelling and its place.
fn with_origin(node: Node, hole: &Hole) -> Node {
    let (Some(scalar), Some(origin)) = (node.as_scalar(), &hole.origin) else { return node };
    let Some(source) = origin.as_scalar().filter(|source| source.value == scalar.value) else {
        return Node { set_at: Some(origin.place), ..node };
    };
    let data = match source.as_str() {
        // A filter may have changed the string: what was printed counts.
        Some(_) => node.data.clone(),
        None => Data::Scalar(Scalar { tag: None, ..source.clone() }),
    };
    Node { data, place: node.place, set_at: Some(origin.place) }
}

/// Whether a hole of a block stands alone on its line.
fn is_alone(parts: &[Part<'_>], at: usize) -> bool {
    let before = match at.checked_sub(1).map(|before| &parts[before]) {
        None => true,
        Some(Part::Text(text)) => {
            text.rfind('\n').map_or(at == 1, |_| true)
                && text.rsplit('\n').next().is_some_and(|line| line.trim_matches(' ').is_empty())
        }
        Some(Part::Hole(_)) => false,
    };
    let behind = match parts.get(at + 1) {
        None => true,
        Some(Part::Text(text)) => text.starts_with('\n'),
        Some(Part::Hole(_)) => false,
    };
    before && behind
}

/// Appends a value that is alone on its line of a block; its lines are indented as that one.
fn push_lines(filled: &mut String, text: &str) {
    let line = filled.rfind('\n').map_or(0, |newline| newline + 1);
    let indent = filled[line..].to_owned();
    // The template's own line break ends the last line.
    let text = text.strip_suffix('\n').unwrap_or(text);
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            filled.push('\n');
            filled.push_str(if line.is_empty() { "" } else { &indent });
        }
        filled.push_str(line);
    }
}

/// Whether a printed value is the scalar that was read.
pub(super) fn is_same(value: &Value, scalar: &Scalar) -> bool {
    match value.as_str() {
        Some(text) => scalar.as_str() == Some(text),
        None => convert::meaning(value).is_some_and(|meaning| meaning == scalar.value),
    }
}
