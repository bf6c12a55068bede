//! What becomes of a tree when kustomize writes it down and reads it again between its steps.
//!
//! Promise: only scalars that a resource spells in a way that go-yaml v3 does not print back change: dates without quotes,
//! and folded blocks. Source of the rules: `encode.go` and `emitterc.go` of go-yaml v3, observed through kustomize.

use super::float::float_text;
use super::style::choose;
use super::timestamp::spelled_out;
use super::{Data, Key, Node, Options, Rules, Scalar, Style, Value, parse};
use crate::source::FileId;
use std::sync::Arc;

/// Gives scalars that were read by [`Rules::GoYamlV3`] the text that kustomize prints for them.
///
/// A date without quotes becomes a point in time, `2020-1-1` so `2020-01-01T00:00:00Z`. A folded block (`>`) is written
/// once more by go-yaml v3, which adds line breaks to some and takes them from others: one that ends in blank lines and
/// keeps them (`>+`) gets one more. Everything else stays.
pub fn spell_out(node: &mut Node) {
    if let Some(data) = respelled(node) {
        node.data = data;
    }
}

/// The data of a node that changes; lists and maps that do not are shared on.
fn respelled(node: &Node) -> Option<Data> {
    match &node.data {
        Data::Scalar(scalar) => respelled_scalar(scalar, node.place.file).map(Data::Scalar),
        Data::List(items) => {
            let changed = changed(items.iter());
            changed.map(|changed| {
                let mut items = items.to_vec();
                for (index, data) in changed {
                    items[index].data = data;
                }
                Data::List(Arc::new(items))
            })
        }
        Data::Map(map) => {
            let changed = changed(map.values());
            changed.map(|changed| {
                let mut map = (**map).clone();
                for (index, data) in changed {
                    map[index].data = data;
                }
                Data::Map(Arc::new(map))
            })
        }
    }
}

/// What is left of a tree that kustomize writes as JSON and reads again: data without tags and spellings, every number a
/// float of 64 bits.
///
/// So `9007199254740993` becomes `9007199254740992`, and from a million on the spelling of a number has an exponent.
#[must_use]
pub fn through_json(node: &Node) -> Node {
    let data = match &node.data {
        Data::Scalar(scalar) => Data::Scalar(scalar_of_json(scalar)),
        Data::List(items) => Data::List(Arc::new(items.iter().map(through_json).collect())),
        Data::Map(map) => {
            let entry = |(key, node): (&Key, &Node)| {
                (Key::new(Arc::clone(&key.name), key.place), through_json(node))
            };
            Data::Map(Arc::new(map.iter().map(entry).collect()))
        }
    };
    Node { data, ..node.clone() }
}

fn scalar_of_json(scalar: &Scalar) -> Scalar {
    #[expect(clippy::cast_precision_loss, reason = "what Go's JSON does to integers")]
    let number = match scalar.value {
        Value::String => {
            let text = Arc::clone(&scalar.text);
            let style = choose(&text).style;
            return Scalar { value: Value::String, text, style, tag: None };
        }
        Value::Null | Value::Bool(_) => return Scalar::plain(scalar.value),
        Value::Int(number) => number as f64,
        Value::Uint(number) => number as f64,
        Value::Float(number) => number,
    };
    let text = float_text(number);
    let value = match text.parse::<i64>() {
        Ok(whole) => Value::Int(whole),
        Err(_) => Value::Float(number),
    };
    Scalar { value, text: text.into(), style: Style::Plain, tag: None }
}

/// Folds the line breaks U+0085 of texts, as kustomize does when it reads its own JSON as YAML: one with the blanks around
/// it is a blank, of several each but one is a line feed.
pub fn fold_next_lines(node: &mut Node) {
    match &mut node.data {
        Data::Scalar(scalar) => {
            if let Some(text) = next_lines_folded(&scalar.text) {
                *scalar = Scalar::string(text);
            }
        }
        Data::List(items) if items.iter().any(has_next_line) => {
            Arc::make_mut(items).iter_mut().for_each(fold_next_lines);
        }
        Data::Map(map) if map.values().any(has_next_line) => {
            Arc::make_mut(map).values_mut().for_each(fold_next_lines);
        }
        Data::List(_) | Data::Map(_) => {}
    }
}

/// A character of a text that kustomize cannot print: reading its own JSON as YAML it refuses it.
#[must_use]
pub fn refused_character(text: &str) -> Option<char> {
    if !may_hold_control(text) {
        return None;
    }
    let is_refused =
        |c: char| matches!(c, '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}');
    text.chars().find(|c| is_refused(*c))
}

const NEXT_LINE: char = '\u{85}';

/// Whether a scalar of the tree may be one that [`spell_out`], [`refused_character`] or [`fold_next_lines`] is about: most
/// trees have none, and this is one quick look at them.
#[must_use]
pub fn may_be_respelled(node: &Node) -> bool {
    match &node.data {
        Data::Scalar(scalar) => may_change(scalar) || may_hold_control(&scalar.text),
        Data::List(items) => items.iter().any(may_be_respelled),
        Data::Map(map) => map.values().any(may_be_respelled),
    }
}

/// Whether this may be a date or a folded block.
fn may_change(scalar: &Scalar) -> bool {
    let is_tagged = scalar.tag.is_some();
    // As every date does, it begins with a year and a dash.
    let may_be_date = || {
        let year = scalar.text.as_bytes().split_first_chunk::<4>();
        year.is_some_and(|(year, rest)| {
            year.iter().all(u8::is_ascii_digit) && rest.starts_with(b"-")
        })
    };
    match scalar.style {
        Style::Folded => true,
        Style::Plain if !is_tagged => scalar.value == Value::String && may_be_date(),
        _ => is_tagged && may_be_date(),
    }
}

/// All of those characters but one are longer than a byte, and all of these begin with one of two.
fn may_hold_control(text: &str) -> bool {
    memchr::memchr3(0x7F, 0xC2, 0xEF, text.as_bytes()).is_some()
}

fn has_next_line(node: &Node) -> bool {
    match &node.data {
        Data::Scalar(scalar) => scalar.text.contains(NEXT_LINE),
        Data::List(items) => items.iter().any(has_next_line),
        Data::Map(map) => map.values().any(has_next_line),
    }
}

/// A text whose line breaks U+0085 are folded; none if it has none.
#[must_use]
pub fn next_lines_folded(text: &str) -> Option<String> {
    let (mut rest, mut out) = (text, String::new());
    while let Some(at) = rest.find(NEXT_LINE) {
        out.push_str(rest[..at].trim_end_matches(' '));
        let behind = rest[at..].trim_start_matches([NEXT_LINE, ' ']);
        let breaks = rest[at..rest.len() - behind.len()].matches(NEXT_LINE).count();
        out.push_str(&if breaks == 1 { " ".to_owned() } else { "\n".repeat(breaks - 1) });
        rest = behind;
    }
    out.push_str(rest);
    text.contains(NEXT_LINE).then_some(out)
}

fn changed<'n>(nodes: impl Iterator<Item = &'n Node>) -> Option<Vec<(usize, Data)>> {
    let changed: Vec<_> =
        nodes.enumerate().filter_map(|(at, node)| Some((at, respelled(node)?))).collect();
    (!changed.is_empty()).then_some(changed)
}

fn respelled_scalar(scalar: &Scalar, file: FileId) -> Option<Scalar> {
    let text = match (scalar.value, scalar.style, scalar.tag.as_deref()) {
        (Value::String, Style::Plain, None | Some(""))
        | (Value::String, _, Some("!!timestamp")) => spelled_out(&scalar.text)?,
        (Value::String, Style::Folded, None | Some("" | "!!str")) => refolded(&scalar.text, file)?,
        _ => return None,
    };
    (text != *scalar.text).then(|| Scalar::string(text))
}

/// What a folded block of this text reads as once go-yaml v3 has written it.
fn refolded(text: &str, file: FileId) -> Option<String> {
    // A text that no block can hold goes into double quotes, which lose nothing.
    if !text.contains('\n') || !fits_into_block(text) {
        return None;
    }
    let options = Options { rules: Rules::GoYamlV3, ..Options::default() };
    let documents = parse(&written_folded(text), file, options).ok()?;
    documents.first()?.root.get("k")?.as_str().map(str::to_owned)
}

/// Whether go-yaml v3 writes a text of several lines as a block.
#[must_use]
pub fn fits_into_block(text: &str) -> bool {
    use super::style::{is_break, is_printable};
    !text.ends_with(' ')
        && !text.contains(" \n")
        && text.chars().all(|c| (is_printable(c) || c == '\t') && (c == '\n' || !is_break(c)))
}

/// The block as go-yaml v3 writes it, as the value of `k`.
///
/// Between two lines it looks at the head of the whole text instead of at the next line to see whether a line break needs
/// a second one to survive.
fn written_folded(text: &str) -> String {
    let head = text.trim_start_matches('\n');
    let doubles = !head.is_empty() && !head.starts_with([' ', '\t']);
    let hint = if text.starts_with([' ', '\n']) { "2" } else { "" };
    let chomping = match text.trim_end_matches('\n') {
        _ if !text.ends_with('\n') => "-",
        content if content.is_empty() || text.len() - content.len() > 1 => "+",
        _ => "",
    };
    let mut out = format!("k: >{hint}{chomping}\n");
    let (mut breaks, mut indented) = (true, true);
    for c in text.chars() {
        if c == '\n' {
            if !breaks && !indented && doubles {
                out.push('\n');
            }
            out.push('\n');
            breaks = true;
            continue;
        }
        if breaks {
            out.push_str("  ");
            indented = matches!(c, ' ' | '\t');
        }
        out.push(c);
        breaks = false;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{next_lines_folded, spell_out};
    use crate::source::Files;
    use crate::yaml::{Node, Options, Rules, parse};

    /// Reads a value as kustomize does and gives its text once it is spelled out.
    #[track_caller]
    fn check(value: &str, expect: &str) {
        let files = Files::memory([("x", "")]).expect("a path");
        let file = files.add("x", Vec::new()).expect("a text").id();
        let options = Options { rules: Rules::GoYamlV3, ..Options::default() };
        let text = format!("list:\n- k: {value}\n");
        let mut root = parse(&text, file, options).expect("YAML").remove(0).root;
        spell_out(&mut root);
        let node = root.get("list").and_then(Node::as_list).and_then(|items| items[0].get("k"));
        assert_eq!(node.and_then(Node::as_str), Some(expect));
    }

    #[test]
    fn a_next_line_is_a_blank_and_of_several_all_but_one_are_line_feeds() {
        let folded = |text| next_lines_folded(text).expect("it has a next line");
        assert_eq!(folded("a \u{85} b"), "a b");
        assert_eq!(folded("\u{85}a\u{85}\u{85} \u{85}b\u{85}"), " a\n\nb ");
        assert_eq!(next_lines_folded("a\n\u{2028}"), None);
    }

    #[test]
    fn a_date_without_quotes_is_a_point_in_time() {
        check("2020-1-1", "2020-01-01T00:00:00Z");
        check("!!timestamp '2020-01-01'", "2020-01-01T00:00:00Z");
        check("'2020-01-01'", "2020-01-01");
        check("!!str 2020-01-01", "2020-01-01");
    }

    #[test]
    fn a_folded_block_that_keeps_its_blank_lines_gets_one_more() {
        check(">+\n    a\n    b\n\n", "a b\n\n\n\n");
        check(">\n    a\n    b\n\n    c\n\n\n", "a b\nc\n");
        check("|+\n    a\n", "a\n\n");
    }

    #[test]
    fn a_folded_block_with_an_indented_line_gets_a_break_before_it() {
        check(">\n    a\n\n      b\n\n    c\n", "a\n\n\n  b\n\nc\n");
    }

    #[test]
    fn a_folded_block_that_begins_with_a_blank_loses_later_breaks() {
        check(">2\n     a\n    b\n\n    c\n", " a\nb c\n");
    }
}
