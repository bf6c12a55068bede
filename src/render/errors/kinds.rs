//! What is said when a value is of a kind that an operator, a filter or a call cannot work with: the engine's sentences
//! in jibe's words.

use crate::diag::{Code, Diagnostic};

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

/// A value of a kind that an operator, a filter or a call cannot work with.
pub(super) fn wrong_kind(said: &str) -> Option<Diagnostic> {
    let known = SENTENCES.iter().find(|(sentence, _, _)| *sentence == said);
    let (message, hint) = match known {
        Some((_, message, hint)) => ((*message).to_owned(), *hint),
        None => operands(said).or_else(|| of_one(said))?,
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

/// What the engine says about one value.
fn of_one(said: &str) -> Option<(String, &'static str)> {
    if let Some(kind) = said.strip_prefix("can only sum numbers, got ") {
        let message = format!("`sum` adds numbers, but an item is {}", with_article(kind));
        let hint = "`| join(\"\")` puts texts together; `| map(\"int\") | sum` makes numbers of them first";
        return Some((message, hint));
    }
    if said.ends_with(" levels deep") {
        return Some((said.to_owned(), "look for a file that prints itself"));
    }
    if let Some(kind) = said.strip_suffix(" is not iterable") {
        let message = format!("a list or a map is needed here, but this is {}", with_article(kind));
        return Some((message, "pass a list or a map; `[x]` makes a list of one item"));
    }
    if let Some(kind) = said.strip_suffix(" is not callable") {
        let kind = kind.trim_start_matches("value of type ");
        let message = format!("{} is no function that could be called", with_article(kind));
        return Some((message, "leave the `()` away, or call a macro or function"));
    }
    let (seen, wanted) = said.strip_prefix("cannot convert ")?.split_once(" to ")?;
    let (seen, wanted) = (with_article(seen), with_article(wanted));
    let message = format!("{wanted} is needed here, but this is {seen}");
    Some((message, "pass another value, or turn it into one: `| int`, `| string`"))
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
