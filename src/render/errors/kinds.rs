//! What is said when a value is of a kind that an operator, a filter or a call cannot work with: the engine's sentences
//! in jibe's words.

use crate::diag::{Code, Diagnostic};
use crate::render::filters;

/// Sentences of the engine, what they mean, and the next step.
const SENTENCES: &[(&str, &str, &str)] = &[
    (
        "cannot perform a containment check on this value",
        "`in` looks for something in a list, a map or a text, but behind it stands none of them",
        "write one there, such as `\"a\" in [\"a\", \"b\"]`",
    ),
    (
        "cannot recurse outside of recursive loop",
        "`loop(…)` begins the loop anew, but this loop is not a recursive one",
        "end its tag with the word `recursive`: `{% for x in list recursive %}`",
    ),
    (
        "cannot recurse because of non-iterable value",
        "`loop(…)` loops over a list or a map, but is given none",
        "give it a list, such as `loop(x.children)`",
    ),
    ("range has too many elements", "`range` counts at most 100000 numbers", "count less far"),
    (
        "cannot create range with step of 0",
        "`range` cannot count in steps of 0",
        "write a step other than 0, or none",
    ),
    (
        "cannot slice by step size of 0",
        "a part of a list cannot be taken in steps of 0",
        "write a step other than 0, or none",
    ),
    (
        "strings can only be multiplied with integers",
        "`*` repeats a text, but not by this value",
        "write a whole number, without quotes",
    ),
    (
        "sequences and iterables can only be multiplied with integers",
        "`*` repeats a list, but not by this value",
        "write a whole number, without quotes",
    ),
    (
        "invalid operation",
        "the operator cannot work on what it is given",
        "`-` and `not` stand before one value: `-` needs a number; `| int` makes one of a text",
    ),
];

/// The engine's name of a kind of value, as jibe calls it.
pub(super) fn with_article(kind: &str) -> &str {
    match kind {
        "undefined" => "an undefined value",
        "none" => "null",
        "bool" => "a boolean",
        "number" | "i128" | "f64" => "a number",
        "string" | "str" => "a string",
        "bytes" => "bytes that are no UTF-8 text",
        "sequence" | "iterator" => "a list",
        "map" => "a map",
        "plain object" => "a function or macro",
        "i64" | "i32" | "i16" | "i8" | "isize" => "a whole number",
        "u64" | "u32" | "u16" | "u8" | "usize" | "u128" => "a whole number from 0 on",
        other => other,
    }
}

/// A value of a kind that an operator, a filter or a call cannot work with; `called` is the text of the expression.
pub(super) fn wrong_kind(said: &str, called: &str) -> Option<Diagnostic> {
    let known = SENTENCES.iter().find(|(sentence, _, _)| *sentence == said);
    let (message, hint) = match known {
        _ if said == "invalid operation" && called.starts_with("dict") => (
            "`dict` makes a map of named values, but is given something else".to_owned(),
            "name each: `dict(a=1, b=2)`",
        ),
        Some((_, message, hint)) => ((*message).to_owned(), *hint),
        None => operands(said).or_else(|| of_one(said, &name_of(called), called))?,
    };
    Some(Diagnostic::error(Code::TemplateFailed, message).hint(hint))
}

/// What the engine says about two values.
fn operands(said: &str) -> Option<(String, &'static str)> {
    if let Some(expression) = said.strip_prefix("unable to calculate ") {
        let hint =
            "nothing can be divided by 0, and a result has at most 128 bits: correct the numbers";
        return Some((format!("`{expression}` has no result"), hint));
    }
    let (sign, kinds) =
        said.strip_prefix("tried to use ")?.split_once(" operator on unsupported types ")?;
    let (left, right) = kinds.split_once(" and ")?;
    let message =
        format!("`{sign}` cannot work on {} and {}", with_article(left), with_article(right));
    Some((message, "`~` joins texts; `| int` makes a number of a text; `| concat(…)` joins lists"))
}

/// The filter or function that an expression's text begins with, as a message names it; empty if it begins with none.
fn name_of(called: &str) -> String {
    let called = called.trim_start_matches('.');
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let name = &called[..called.find(|c| !is_part(c)).unwrap_or(called.len())];
    let known = filters::filters().chain(filters::functions()).any(|known| known == name);
    if known { format!("`{name}`") } else { String::new() }
}

/// What the engine says about one value; `name` is what was called with it, `called` the text of the call.
fn of_one(said: &str, name: &str, called: &str) -> Option<(String, &'static str)> {
    if let Some(kind) = said.strip_prefix("cannot reverse values of type ") {
        let message =
            format!("`reverse` works on a list or a text, but this is {}", with_article(kind));
        return Some((message, "pass a list or a text"));
    }
    if said == "value is not a string" {
        let message = match name {
            "" => "a text is needed here, but this is none".to_owned(),
            name => format!("{name} needs a text where it is given something else"),
        };
        return Some((message, "write the text in quotes; `| string` makes one of a number"));
    }
    if said.ends_with(" levels deep") {
        return Some((said.to_owned(), "look for a file that prints itself"));
    }
    if let Some(kind) = said.strip_suffix(" is not iterable") {
        let kind = with_article(kind);
        let message = match name {
            "" => format!("a list or a map is needed here, but this is {kind}"),
            name => format!("{name} works on a list, but this is {kind}"),
        };
        return Some((message, "pass a list or a map; `[x]` makes a list of one item"));
    }
    if let Some(kind) = said.strip_suffix(" is not callable") {
        let kind = kind.trim_start_matches("value of type ");
        let message = format!("{} is no function that could be called", with_article(kind));
        return Some((message, "leave the `()` away, or call a macro or function"));
    }
    unconverted(said, name, called)
}

/// What the engine says about an argument of another kind than a filter or function takes.
fn unconverted(said: &str, name: &str, called: &str) -> Option<(String, &'static str)> {
    let (seen, wanted) = said.strip_prefix("cannot convert ")?.split_once(" to ")?;
    let given = called.split_once('(').and_then(|(_, rest)| rest.trim_end().strip_suffix(')'));
    let given = given.filter(|given| !given.is_empty() && !given.contains([',', '(']));
    let is_number = matches!(seen, "number" | "i128" | "f64");
    let (seen, wanted) = (with_article(seen), with_article(wanted));
    let is_whole = wanted.starts_with("a whole number");
    let given =
        given.map_or("the number that it is given".to_owned(), |given| format!("`{given}`"));
    let message = match (name, is_whole && is_number) {
        ("", true) => format!("{wanted} is needed here, which this number is not"),
        ("", false) => format!("{wanted} is needed here, but this is {seen}"),
        (name, true) => format!("{name} needs {wanted}, which {given} is not"),
        (name, false) => format!("{name} needs {wanted}, but is given {seen}"),
    };
    let hint = match (is_whole, is_number) {
        (true, true) => {
            "correct the number where it is written or set; `| int` cuts off what stands behind the point"
        }
        (true, false) => "write a number without quotes; `| int` makes one of a text",
        _ => "pass another value, or turn it into one: `| int`, `| string`",
    };
    Some((message, hint))
}

/// A loop or `set` with several names.
pub(super) fn unpacked(detail: &str) -> Diagnostic {
    let counts = detail.strip_prefix("sequence of wrong length (expected ");
    let counts = counts.and_then(|rest| rest.trim_end_matches(')').split_once(", got "));
    let message = match counts {
        Some((names, items)) => format!("there are {names} names for a list of {items} items"),
        None => "there are several names, but what they are given is no list".to_owned(),
    };
    Diagnostic::error(Code::TemplateFailed, message).hint(
        "over a map write `{% for key, value in values.map | items %}`; over a list name one item",
    )
}
