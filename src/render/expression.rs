//! The expression of a reference, and where its characters stand in the values file.

use super::cut;
use super::engine::Loaded;
use super::errors::{self, About};
use super::fill::{self, Printout};
use super::prepare::{self, Kind, Prepared};
use super::refuse::Fault;
use super::run::Run;
use super::scope;
use crate::diag::{Code, Diagnostic};
use crate::source::{Limits, Place, Source, Span};
use crate::yaml::{Node, Style};
use indexmap::IndexMap;
use minijinja::{Environment, ErrorKind};
use std::ops::Range;
use std::sync::Arc;

/// The expression of a reference, as the engine runs it.
#[derive(Debug)]
pub(super) struct Expression {
    source: Arc<Source>,
    /// Its bytes in the values file.
    place: Place,
    /// What the engine calls it; the end says that its holes are typed.
    name: String,
    text: String,
    /// The engine with this expression, compiled.
    environment: Environment<'static>,
    offsets: Offsets,
    prepared: Prepared,
    places: Vec<Place>,
}

impl Expression {
    /// Reads the expression that a scalar holds.
    ///
    /// # Errors
    /// Everything in it that no template may say.
    pub(super) fn read(
        source: &Arc<Source>,
        node: &Node,
        limits: &Limits,
        environment: &Environment<'static>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (place, text) = (node.place, node.as_str().unwrap_or_default());
        if text.trim().is_empty() {
            return Err(vec![without_expression(place)]);
        }
        let offsets = Offsets::of(source, node);
        let mut places = Vec::new();
        let prepared = prepare::prepare(text, Kind::Yaml(place.file), limits, &mut places);
        let prepared = prepared.map_err(|faults| {
            let moved = |fault: Fault| offsets.moved(fault.in_file(place.file));
            faults.into_iter().map(moved).collect::<Vec<_>>()
        })?;
        places.iter_mut().for_each(|place| *place = offsets.place_of(*place));
        let name = format!("{}:{}.yaml", source.name(), place.span.start);
        let (source, text) = (Arc::clone(source), text.to_owned());
        let prepared = prepared.within(offsets.clone());
        let environment = environment.clone();
        let mut read = Self { source, place, name, text, environment, offsets, prepared, places };
        let (name, text) = (read.name.clone(), read.prepared.text.clone());
        match read.environment.add_template_owned(name, text) {
            Ok(()) => Ok(read),
            Err(error) => Err(vec![read.finding(&error, None)]),
        }
    }

    /// What it stands for, none if that is `omit`, and how many instructions that took, if the engine knows.
    pub(super) fn evaluate(
        &self,
        about: About<'_>,
        run: &Arc<Run>,
    ) -> (Result<Option<Node>, Vec<Diagnostic>>, Option<u64>) {
        let rendered = self
            .environment
            .get_template(&self.name)
            .and_then(|template| template.render_captured(scope::scope(run)));
        let mut holes = run.take_holes();
        let rendered = match rendered {
            Ok(rendered) => rendered,
            Err(error) => return (Err(vec![self.finding(&error, Some(about))]), None),
        };
        let used = rendered.state().fuel_levels().map(|(used, _)| used);
        let value = cut::cut(rendered.output(), &self.places, &mut holes).and_then(|cut| {
            let (places, whole) = (&self.places, self.place);
            fill::value(&Printout { cut: &cut, holes: &holes, places, run, whole })
        });
        (value, used)
    }

    fn finding(&self, error: &minijinja::Error, about: Option<About<'_>>) -> Diagnostic {
        // The user's own text says better what is wrong with it than what was made of it.
        if let (ErrorKind::SyntaxError, Err(own)) =
            (error.kind(), self.environment.template_from_str(&self.text))
        {
            return self.offsets.moved(errors::syntax(&own, &self.source.with_text(&self.text)));
        }
        let loaded = Loaded::of_reference(&self.source, self.prepared.clone());
        let templates = IndexMap::from([(self.name.clone(), loaded)]);
        let finding = errors::finding(error, &templates, about);
        if finding.at.is_some() { finding } else { finding.at(self.place, "") }
    }

    /// That it must be something.
    pub(super) fn without_value(&self) -> Diagnostic {
        let message = "the reference gives no value";
        Diagnostic::error(Code::TemplateHole, message).at(self.place, "").hint(
            "add `else` to its `if`, or write `none` for null; `omit` means nothing among values",
        )
    }
}

fn without_expression(place: Place) -> Diagnostic {
    let message = "`!tpl` has no expression behind it";
    Diagnostic::error(Code::ValuesReference, message).at(place, "").hint(
        "write one in quotes, such as `!tpl \"{{ values.name }}\"`, or `\"\"` without `!tpl` for the empty text",
    )
}

/// Where the characters of a scalar stand in its file.
#[derive(Debug, Clone)]
pub(super) struct Offsets {
    place: Place,
    /// The offset of each byte of the text, and of its end; none where the file writes it in a way that
    /// cannot be followed.
    bytes: Option<Vec<usize>>,
}

impl Offsets {
    fn of(source: &Source, node: &Node) -> Self {
        let range = node.place.span.range();
        let raw = source.text().get(range.clone()).unwrap_or_default();
        let bytes = node.as_scalar().and_then(|scalar| aligned(raw, &scalar.text, scalar.style));
        let bytes = bytes.map(|at| at.into_iter().map(|at| range.start + at).collect());
        Self { place: node.place, bytes }
    }

    /// Where a range of the text stands in the file.
    pub(super) fn range(&self, text: Range<usize>) -> Range<usize> {
        let at = |at| self.bytes.as_ref().and_then(|bytes: &Vec<usize>| bytes.get(at)).copied();
        at(text.start).zip(at(text.end)).map_or(self.place.span.range(), |(start, end)| start..end)
    }

    fn place_of(&self, place: Place) -> Place {
        let range = self.range(place.span.range());
        Place::new(place.file, Span::new(range.start, range.end))
    }

    /// A finding about the text as one about the file.
    fn moved(&self, mut finding: Diagnostic) -> Diagnostic {
        for label in finding.at.iter_mut().chain(&mut finding.also) {
            label.place = self.place_of(label.place);
        }
        finding
    }
}

/// For each byte of a scalar's text, and for its end, where it stands in what was written.
fn aligned(raw: &str, text: &str, style: Style) -> Option<Vec<usize>> {
    let quote = match style {
        Style::Single => Some('\''),
        Style::Double => Some('"'),
        Style::Plain | Style::Literal | Style::Folded => None,
    };
    let mut at = match style {
        Style::Single | Style::Double => 1,
        Style::Literal | Style::Folded if raw.starts_with(['|', '>']) => raw.find('\n')? + 1,
        _ => 0,
    };
    let mut offsets = Vec::with_capacity(text.len() + 1);
    for c in text.chars() {
        let (start, end) = next(raw, at, (c, quote))?;
        offsets.extend(std::iter::repeat_n(start, c.len_utf8()));
        at = end;
    }
    offsets.push(at);
    Some(offsets)
}

/// Where the next character of the text stands, and where it ends.
fn next(raw: &str, mut at: usize, (c, quote): (char, Option<char>)) -> Option<(usize, usize)> {
    loop {
        let rest = raw.get(at..)?;
        let Some(found) = rest.chars().next() else {
            // White space at the end is no part of the scalar's place.
            return c.is_whitespace().then_some((at, at));
        };
        match (found, quote) {
            ('\\', Some('"')) => match escape(rest) {
                Some(length) => return Some((at, at + length)),
                // A line that goes on in the next one.
                None => at += 2,
            },
            ('\'', Some('\'')) => return (c == '\'').then_some((at, at + 2)),
            _ if found == c => return Some((at, at + found.len_utf8())),
            // A line break that became a blank.
            ('\n', _) if c == ' ' => return Some((at, at + 1)),
            _ if found.is_whitespace() => at += found.len_utf8(),
            _ => return None,
        }
    }
}

/// The bytes of the escape that a text begins with; none for one that stands for nothing.
fn escape(text: &str) -> Option<usize> {
    match text.chars().nth(1)? {
        'x' => Some(4),
        'u' => Some(6),
        'U' => Some(10),
        '\n' | '\r' => None,
        c => Some(1 + c.len_utf8()),
    }
}

#[cfg(test)]
mod tests {
    use super::aligned;
    use crate::yaml::Style;

    /// Where `piece` of the text stands in what was written.
    #[track_caller]
    fn check((raw, style): (&str, Style), text: &str, piece: &str, expect: &str) {
        let offsets = aligned(raw, text, style).expect("it can be followed");
        let at = text.find(piece).expect("a part of the text");
        assert_eq!(&raw[offsets[at]..offsets[at + piece.len()]], expect);
    }

    #[test]
    fn a_part_of_a_scalar_is_found_where_it_was_written() {
        check(("{{ a.b }}", Style::Plain), "{{ a.b }}", "a.b", "a.b");
        check(("a\n  {{ b }}", Style::Plain), "a {{ b }}", "{{ b }}", "{{ b }}");
    }

    #[test]
    fn quotes_and_escapes_are_followed() {
        check(("'{{ a[''b''] }}'", Style::Single), "{{ a['b'] }}", "a['b']", "a[''b'']");
        let double = |raw| (raw, Style::Double);
        check(double(r#""{{ a[\"b\"] }}""#), r#"{{ a["b"] }}"#, r#"["b"]"#, r#"[\"b\"]"#);
        check(double(r#""\u00e9 {{ a }}""#), "é {{ a }}", "{{ a }}", "{{ a }}");
        check(double("\"{{ a \\\n   }}-{{ b }}\""), "{{ a }}-{{ b }}", "{{ b }}", "{{ b }}");
    }

    #[test]
    fn blocks_are_followed() {
        let (literal, folded) = (Style::Literal, Style::Folded);
        check(("|\n    {{ a }}\n    {{ b }}", literal), "{{ a }}\n{{ b }}\n", "{{ b }}", "{{ b }}");
        check(
            ("{{ a }}\n    \"{{ b }}\"", literal),
            "{{ a }}\n\"{{ b }}\"\n",
            "{{ b }}",
            "{{ b }}",
        );
        check((">-\n  {{ a }}\n  {{ b }}", folded), "{{ a }} {{ b }}", "{{ b }}", "{{ b }}");
    }

    #[test]
    fn what_cannot_be_followed_is_not_found() {
        assert_eq!(aligned("abc", "xyz", Style::Plain), None);
    }
}
