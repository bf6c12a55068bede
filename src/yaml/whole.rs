//! What a text means that stands alone, as a document of its own.

use super::{Data, Document, Duplicates, MergeKeys, Options, Rules, Tags, Value, parse, resolve};
use crate::source::FileId;

/// As go-yaml v2 reads into nothing in particular: any tag passes, the last of two equal keys wins.
const OPTIONS: Options = Options {
    rules: Rules::GoYamlV2,
    merge_keys: MergeKeys::Apply,
    tags: Tags::Drop,
    duplicates: Duplicates::LastWins,
};

/// Whether go-yaml v2 reads a text by itself as something else than a string: `5`, `- x`, `a: b`, a comment alone. Not what
/// it cannot read, nor a text that is empty or has several lines.
#[must_use]
pub fn reads_as_no_string(text: &str) -> bool {
    if text.is_empty() || text.contains('\n') {
        return false;
    }
    if resolve(text, Rules::GoYamlV2) != Ok(Value::String) {
        return true;
    }
    // The reader of ours knows no key of null.
    if text.trim_end() == "?" {
        return true;
    }
    if !may_be_more_than_a_word(text) || is_no_yaml_of_theirs(text) {
        return false;
    }
    parse(text, FileId::ANY, OPTIONS).is_ok_and(|documents| is_no_string(&documents))
}

/// Whether the first document is none, or holds something else than a string.
fn is_no_string(documents: &[Document]) -> bool {
    documents.first().is_none_or(|document| match &document.root.data {
        Data::Scalar(scalar) => scalar.value != Value::String,
        Data::List(_) | Data::Map(_) => true,
    })
}

/// Whether go-yaml v2 refuses a text that the reader of ours takes: the end of a document alone, a tab before the content.
fn is_no_yaml_of_theirs(text: &str) -> bool {
    text.starts_with("...") || text.trim_start_matches(['-', '?', ' ']).starts_with('\t')
}

/// Whether a text can be anything but a plain scalar of just this text.
fn may_be_more_than_a_word(text: &str) -> bool {
    text.contains([':', '#'])
        || text.starts_with(|c: char| !c.is_alphanumeric())
        || text.ends_with([' ', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use super::reads_as_no_string;

    /// Those that go-yaml v2 takes for no string, observed through the quotes of labels that kustomize adds.
    fn no_strings<'t>(texts: &[&'t str]) -> Vec<&'t str> {
        texts.iter().copied().filter(|text| reads_as_no_string(text)).collect()
    }

    #[test]
    fn maps_lists_numbers_truths_and_nothing_are_no_strings() {
        let texts = [
            "a: b",
            "- x",
            "-",
            "- ",
            "?",
            "? a",
            "# c",
            " # c",
            "#c",
            "[a]",
            "[]",
            "{}",
            "{a}",
            "{a,b}",
            "[a,]",
            "{a: }",
            "{? a}",
            "{a: 1, a: 2}",
            "<<: {a: b}",
            "a:",
            "'a': b",
            "{\"a\":1}",
            "5 #b",
            " 5 ",
            "!!int 5",
            "&a 5",
            "&a",
            "&a [x]",
            "--- 5",
            "---",
            "--- # c",
            "!!seq [a]",
            "!x [a]",
            "!<x> [a]",
            "!!null ~",
            "!!float 5",
            "\u{feff}5",
            "0x1F",
            "0o7",
            "1_000",
            "~",
            "null",
            "y",
            "on",
            "0644",
            "1e3",
            ".inf",
        ];
        assert_eq!(no_strings(&texts), texts);
    }

    #[test]
    fn texts_and_what_is_no_yaml_are_left_alone() {
        let texts = [
            "",
            "a",
            "two\nlines",
            "a: b\n",
            ":",
            ": a",
            "{a: b",
            "a #b",
            "\"5\"",
            "'5'",
            "!!int x",
            "!!str 5",
            "!!foo x",
            "&a x",
            "*a",
            "@a",
            "%x",
            "%YAML 1.1",
            "--- a",
            "...",
            "... a",
            "{[a]: b}",
            "{{a: b}: c}",
            "{<<: a}",
            "<<: a",
            "!!map x",
            "!!binary aGk=",
            "!!timestamp 2020-01-01",
            "2020-01-01",
            "12:30",
            ":a",
            "\t5",
            "| x",
            "|",
            ">",
            "a: b: c",
            "a: [b",
            ", ",
            "`x",
            "!",
            "! 5",
            "=",
            "<<",
            ".",
            "a,b",
            "\"a\" b",
            "!x 5",
            "+",
            "0b2",
            "? [a]",
            "a#",
            "*a : b",
            "%TAG ! x --- 5",
            "-\t5",
            "!!null x",
            "!!bool x",
            "\u{a0}5",
            "a: !!int x",
            "- *b",
            "a\rb: c",
            "a: 'b",
        ];
        assert_eq!(no_strings(&texts), [""; 0]);
    }
}
