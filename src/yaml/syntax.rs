//! What the parser stumbled over, in a user's words.

use super::read::MAX_DEPTH;
use super::{Problem, Tags};
use crate::diag::Code;
use crate::source::Span;
use granit_parser::ErrorKind;

/// The problem that a parser's error at an offset stands for.
pub(super) fn problem(kind: &ErrorKind, (text, tags): (&str, Tags), at: usize) -> Problem {
    let at = at.min(text.len());
    let at = if is_tab(kind) { tab_behind(text, at) } else { at };
    let code = match kind {
        ErrorKind::RecursionLimitExceeded => Code::YamlLimit,
        _ => Code::YamlSyntax,
    };
    let (message, hint) = words(kind, text, at);
    let width = text[at..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    let problem = Problem::new(code, message, Span::new(at, at + width));
    problem.hint(usual_cause(text, at, tags).unwrap_or_else(|| hint.to_owned()))
}

/// What marks the two sides of a conflict that git could not merge.
const CONFLICT: [&str; 2] = ["<<<<<<< ", ">>>>>>> "];

/// A problem for each conflict that git left in the text: at the first line of it that is left. YAML
/// may take one for a part of a text.
pub(super) fn conflicts(text: &str) -> Vec<Problem> {
    let [ours, theirs] = CONFLICT.map(|mark| lines_with(text, mark));
    let found = if ours.is_empty() { theirs } else { ours };
    let problem = |span| {
        Problem::new(Code::YamlSyntax, "git left a conflict here that nobody has resolved", span)
            .hint("keep what is right of both sides, and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`")
    };
    found.into_iter().map(problem).collect()
}

/// Whether a line that begins with this text is taken for what git left.
pub(super) fn looks_like_conflict(line: &str) -> bool {
    CONFLICT.iter().any(|mark| line.starts_with(mark))
}

/// The lines that begin with a mark.
fn lines_with(text: &str, mark: &str) -> Vec<Span> {
    let begins = |at: &usize| *at == 0 || text.as_bytes()[at - 1] == b'\n';
    let starts = text.match_indices(mark).map(|(at, _)| at).filter(begins);
    starts.map(|at| Span::new(at, at + first_line(&text[at..]).len())).collect()
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn is_tab(kind: &ErrorKind) -> bool {
    use ErrorKind as E;
    matches!(
        kind,
        E::TabNotAllowed
            | E::TabInBlockIndentation
            | E::TabInIndentation
            | E::TabAtBlockScalarStart
            | E::TabInPlainScalar
    )
}

/// Behind the tab that the next line with content begins with; the parser may stop in the content above it.
fn tab_behind(text: &str, at: usize) -> usize {
    let before = text[..at].rsplit('\n').next().unwrap_or_default();
    if before.contains('\t') {
        return at;
    }
    let below = text[at..].find('\n').map_or(text.len(), |line_break| at + line_break);
    let rest = &text[below..];
    let blank = &rest[..rest.len() - rest.trim_start().len()];
    let indent = blank.rsplit('\n').next().unwrap_or_default();
    if indent.contains('\t') { below + blank.len() } else { at }
}

/// A cause that shows in the line itself, whatever the parser made of it.
fn usual_cause(text: &str, at: usize, tags: Tags) -> Option<String> {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let indent = &line[..line.len() - line.trim_start().len()];
    if indent.contains('\t') {
        return Some("indent with spaces: YAML allows no tabs there".to_owned());
    }
    if line.starts_with("=======") {
        let hint = "git left the middle of a conflict here: delete the line, and what is wrong of both sides";
        return Some(hint.to_owned());
    }
    if line.contains("{{") || line.contains("{%") {
        return Some(tags.hole("holes belong into templates; a text with `{{` in it needs quotes"));
    }
    None
}

fn words(kind: &ErrorKind, text: &str, at: usize) -> (String, &'static str) {
    use ErrorKind as E;
    match kind {
        E::MappingValueNotAllowed | E::InvalidColonPlacement | E::InvalidMappingValueWhitespace => {
            colon(text, at)
        }
        E::UnexpectedCharacter { character } => unexpected(*character),
        E::RecursionLimitExceeded => {
            (format!("lists and maps are nested deeper than {MAX_DEPTH}"), "write it flatter")
        }
        E::UnclosedFlowCollection { open } => {
            (format!("`{open}` is not closed"), "close it, or put the text in quotes")
        }
        E::MismatchedFlowCollectionEnd { open, close } => {
            (format!("`{open}` is closed by `{close}`"), "use the bracket that goes with it")
        }
        kind => match in_brackets(kind).or_else(|| in_blocks(kind)).or_else(|| in_scalars(kind)) {
            Some((message, hint)) => (message.to_owned(), hint),
            None => other(text, at),
        },
    }
}

/// Lists and maps in brackets.
fn in_brackets(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    use ErrorKind as E;
    Some(match kind {
        E::UnexpectedEofFlowSequence => ("the list that `[` opens is not closed", "add a `]`"),
        E::UnexpectedEofFlowMapping | E::UnexpectedEofImplicitFlowMapping => {
            ("the map that `{` opens is not closed", "add a `}`")
        }
        E::MisplacedFlowCollectionEnd => {
            ("this bracket closes nothing", "remove it, or put the text in quotes")
        }
        E::ExpectedFlowSequenceSeparator => {
            ("a `,` or `]` is missing before this", "add it, or put the item in quotes")
        }
        E::ExpectedFlowMappingSeparator => {
            ("a `,` or `}` is missing before this", "add it, or put the value in quotes")
        }
        _ => return None,
    })
}

/// Lines, their indentation, and what stands at their beginning.
fn in_blocks(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    use ErrorKind as E;
    Some(match kind {
        E::SimpleKeyExpected | E::InvalidSimpleKey => (
            "a `:` is missing behind this key",
            "write `key: value`, or indent the line if it continues the one above",
        ),
        E::ExpectedBlockMappingKey => (
            "a key was expected here",
            "begin the line in the column of the keys above; a missing quote further up does this too",
        ),
        E::ExpectedBlockSequenceEntry => (
            "a `- ` was expected here",
            "begin every item of the list with `- `, in the same column",
        ),
        E::BlockSequenceEntryNotAllowed | E::BlockEntryInFlowCollection => {
            ("a list cannot begin here", "put the first `- ` on a line of its own")
        }
        E::InvalidBlockEntryWhitespace => ("a space is missing behind `-`", "write `- item`"),
        E::MappingKeyNotAllowed => ("a key cannot begin here", "put it on a line of its own"),
        E::TabNotAllowed
        | E::TabInBlockIndentation
        | E::TabInIndentation
        | E::TabAtBlockScalarStart
        | E::TabInPlainScalar => ("a tab stands in the indentation", "indent with spaces"),
        E::InvalidIndentation
        | E::InvalidQuotedScalarIndent
        | E::InvalidFlowScalarIndent
        | E::InvalidBlockScalarIndent => (
            "the line is indented less than it must be",
            "indent it deeper than the key that it belongs to",
        ),
        E::UnsupportedYamlMajorVersion
        | E::DuplicateVersionDirective
        | E::MissingDocumentEndBeforeDirective
        | E::DirectiveDisallowed
        | E::MissingDirectiveName => {
            ("a directive has no place here", "remove the line that begins with `%`")
        }
        E::ExpectedDocumentStart | E::InvalidDocumentEnd => (
            "the document has ended above this line",
            "begin a new document with `---`, or indent the line like those above",
        ),
        _ => return None,
    })
}

/// Texts, their quotes and escapes, tags, anchors and comments.
fn in_scalars(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    use ErrorKind as E;
    Some(match kind {
        E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => {
            ("the quote that opens this text is not closed", "add the closing quote")
        }
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => (
            "text follows the closing quote",
            "put the whole text in quotes; inside of `'…'` a quote is written `''`, inside of `\"…\"` `\\\"`",
        ),
        E::UnknownQuotedScalarEscape => (
            "no such escape",
            "write `\\\\` for a backslash, or use single quotes, where it stands for itself",
        ),
        E::InvalidUnicodeEscape
        | E::InvalidQuotedScalarHexEscape
        | E::InvalidLowSurrogate
        | E::InvalidLowSurrogateHexEscape
        | E::MissingLowSurrogate
        | E::UnpairedLowSurrogate => (
            "this escape is no character",
            "write `\\x41`, `\\u00E9` or `\\U0001F600`, with two, four or eight digits",
        ),
        E::InvalidBlockScalarHeader | E::ZeroBlockScalarIndent => (
            "nothing but `+`, `-`, a digit and a comment can follow `|` and `>`",
            "begin the text on the next line, or put it in quotes",
        ),
        E::CommentNotSeparated => ("a space is missing before `#`", "add it, or quote the text"),
        E::CommentInterceptedScalar => {
            ("a comment stands inside of a text", "move the comment, or put the text in quotes")
        }
        E::UndeclaredTagHandle
        | E::InvalidTagTerminator
        | E::MissingTagUri
        | E::ExpectedTagBang => ("this is no tag", "put a text that begins with `!` in quotes"),
        E::MissingAnchorOrAliasName => {
            ("a name is missing", "put a text that begins with `*` or `&` in quotes")
        }
        E::BomInsideDocument => ("an invisible byte-order mark (U+FEFF) stands here", "delete it"),
        E::ExpectedNodeContent => ("a value is missing here", "write one, or `null`"),
        _ => return None,
    })
}

/// A `:` is out of place: the second one of its line belongs to a text, the first to a key in the
/// wrong column or below a line that is no pair.
fn colon(text: &str, at: usize) -> (String, &'static str) {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let before = &text[start..at];
    let hint = match before.contains(": ") {
        true => "put the value in quotes: a text that holds `: ` needs them",
        false => {
            "begin the key in the column of the keys above; the line above may lack a `:` or a quote"
        }
    };
    ("a `:` stands where no key can be".to_owned(), hint)
}

fn unexpected(character: char) -> (String, &'static str) {
    match character {
        '`' => ("a text cannot begin with a backtick".to_owned(), "put it in quotes"),
        '@' | '%' => (format!("a text cannot begin with `{character}`"), "put it in quotes"),
        c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => (
            format!("the control character U+{:04X} stands here", u32::from(c)),
            "delete it, or write it as an escape in double quotes",
        ),
        c => (format!("`{c}` is not expected here"), "put the text in quotes"),
    }
}

fn other(text: &str, at: usize) -> (String, &'static str) {
    match text[at..].split_whitespace().next() {
        Some(word) => (
            format!("`{}` is not expected here", word.chars().take(20).collect::<String>()),
            "check the quotes, brackets and indentation in this line and the one above",
        ),
        None => ("the text ends too early".to_owned(), "check the last lines"),
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Files;
    use crate::yaml;

    fn check(text: &str, expect: &str) {
        let files = Files::memory(Vec::<(&str, &str)>::new()).expect("no path");
        let source = files.add("x.yaml", text.as_bytes().to_vec()).expect("text");
        let problems = yaml::parse(source.text(), source.id(), yaml::Options::default());
        let told = problems.map_err(|problems| {
            let told = problems.into_iter().map(|problem| problem.in_file(source.id()));
            let told: Vec<_> =
                told.map(|d| format!("{}: {}", d.message, d.hints.join("; "))).collect();
            told.join("\n")
        });
        assert_eq!(told.map(|_| String::new()).unwrap_or_else(|told| told), expect, "of {text}");
    }

    const CONFLICT: &str = "git left a conflict here that nobody has resolved: keep what is right of both sides, \
                            and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`";

    #[test]
    fn a_conflict_of_git_is_named_as_such() {
        check("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> theirs\n", CONFLICT);
        check("a: |\n  text\n<<<<<<< HEAD\n  one\n=======\n  two\n>>>>>>> theirs\n", CONFLICT);
        check("a: 1\n>>>>>>> theirs\n", CONFLICT);
        check(
            "a: 1\n=======\nb: 2\n",
            "a `:` is missing behind this key: git left the middle of a conflict here: delete the line, \
             and what is wrong of both sides",
        );
    }

    #[test]
    fn a_text_may_tell_of_conflicts() {
        check("a: |\n  <<<<<<< HEAD\n  =======\n  >>>>>>> theirs\n", "");
    }

    #[test]
    fn a_reserved_character_is_refused_however_it_is_made() {
        let refused = "this makes a character from U+10FF00 to U+10FF0F, which templates use as marks: remove the character";
        check("a: \"x\\U0010FF04\"\n", refused);
        check("\"\\U0010ff0F\": 1\n", refused);
        check("a: !!binary 9I+8gA==\n", refused);
        check("a: \"\\U0010FF10\"\n", "");
    }
}
