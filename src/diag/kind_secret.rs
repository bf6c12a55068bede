//! Which documents say that they are a Secret or make one, by their text: it may be one that nobody can read.

use super::{Code, Diagnostic, Label};
use crate::source::FileId;
use indexmap::IndexMap;
use std::ops::Range;

/// The documents of files that say `kind: Secret` or `kind: SecretList`, and the parts of kustomizations that make Secrets,
/// by file.
#[derive(Debug, Default)]
pub(super) struct Documents(IndexMap<FileId, Vec<Range<usize>>>);

impl Documents {
    /// Whether a finding is about a line of such a document that may hold what it keeps; where a file is
    /// no YAML, about a file with one.
    pub(super) fn are_secret(&mut self, finding: &Diagnostic) -> bool {
        let about = About::of(finding.code);
        about != About::Else && finding.labels().any(|label| self.holds(label, about))
    }

    fn holds(&mut self, label: &Label, about: About) -> bool {
        let Some(source) = label.source() else { return false };
        let documents =
            self.0.entry(source.id()).or_insert_with(|| secret_documents(source.text()));
        match about {
            About::Text => !documents.is_empty(),
            _ => {
                let start = label.place.span.range().start;
                let holds = |range: &&Range<usize>| range.contains(&start);
                documents.iter().find(holds).is_some_and(|range| {
                    let end = label.place.span.range().end;
                    !is_open(source.text(), range.start, start..end.max(start))
                })
            }
        }
    }
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// A text that is no YAML.
    Text,
    /// An object.
    Object,
    Else,
}

impl About {
    fn of(code: Code) -> Self {
        match code.name().split('/').next() {
            Some("yaml") => Self::Text,
            Some("check" | "api" | "manifest" | "kustomize") => Self::Object,
            _ => Self::Else,
        }
    }
}

/// The fields of a Secret that keep nothing: what stands in their lines may be seen.
const OPEN: [&str; 5] = ["apiVersion", "immutable", "kind", "metadata", "type"];
/// The same of its metadata: annotations may repeat the data, and data that is wrongly indented may stand
/// between them.
const NAMES: [&str; 3] = ["generateName", "name", "namespace"];

/// Whether the lines of a range are those of such fields.
fn is_open(text: &str, document: usize, range: Range<usize>) -> bool {
    let Some(before) = text.get(document..range.start) else { return false };
    let first = before.matches('\n').count();
    let rest = text.get(range.end..).unwrap_or_default();
    let end = range.end + rest.find('\n').unwrap_or(rest.len());
    let lines: Vec<&str> = text.get(document..end).unwrap_or_default().lines().collect();
    first < lines.len() && (first..lines.len()).all(|at| is_open_line(lines[at], &lines[..at]))
}

fn is_open_line(line: &str, above: &[&str]) -> bool {
    let is_tag = |line: &str| line.starts_with(['#', '{']) || line.trim().is_empty();
    let is_one_of = |names: &[&str]| {
        line.trim_start().split_once(':').is_some_and(|(key, value)| {
            names.contains(&key) && !value.trim_start().starts_with(['{', '[', '&', '*', '!'])
        })
    };
    if !line.starts_with(char::is_whitespace) {
        return is_one_of(&OPEN);
    }
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut around = above.iter().rev().filter(|line| !is_tag(line));
    let outer = around.find(|other| indent(other) < indent(line));
    outer.is_some_and(|outer| outer.starts_with("metadata:")) && is_one_of(&NAMES)
}

fn secret_documents(text: &str) -> Vec<Range<usize>> {
    let mut found = generators(text);
    if !says_secret(text) {
        return found;
    }
    let marks = text.match_indices("\n---").map(|(at, _)| at + 1);
    let starts: Vec<usize> = std::iter::once(0).chain(marks).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len() + 1]);
    let ranges = starts.iter().zip(ends).map(|(start, end)| *start..end);
    found.extend(ranges.filter(|range| says_secret(&text[range.start..range.end.min(text.len())])));
    found
}

/// Where a kustomization lists generators of Secrets: from that key to the next one; all of it if it is no block.
fn generators(text: &str) -> Vec<Range<usize>> {
    const KEY: &str = "secretgenerator";
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for (at, _) in lower.match_indices(KEY) {
        let behind = lower[at + KEY.len()..].trim_start_matches(['"', '\'']).trim_start();
        if !behind.starts_with(':') {
            continue;
        }
        let line = lower[..at].rfind('\n').map_or(0, |newline| newline + 1);
        if !matches!(&lower[line..at], "" | "\"" | "'") {
            return vec![0..text.len() + 1; 1];
        }
        let mut end = at;
        for full in lower[at..].split_inclusive('\n') {
            let is_next = end > at && full.starts_with(|c: char| c.is_alphanumeric() || c == '"');
            if is_next {
                break;
            }
            end += full.len();
        }
        found.push(line..end);
    }
    found
}

/// Whether a text says `kind: Secret` anywhere, as YAML or JSON.
fn says_secret(text: &str) -> bool {
    let quotes = ['"', '\''];
    text.match_indices("kind").any(|(at, key)| {
        let value = text[at + key.len()..].trim_start_matches(quotes).trim_start();
        let Some(value) = value.strip_prefix(':') else { return false };
        let value = value.trim_start().trim_start_matches(quotes);
        let Some(rest) = value.strip_prefix("Secret") else { return false };
        let rest = rest.strip_prefix("List").or(rest.strip_prefix("Generator")).unwrap_or(rest);
        !rest.starts_with(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::{is_open, says_secret, secret_documents};

    /// Whether the line that holds a text may be seen.
    fn is_seen(text: &str, piece: &str) -> bool {
        let start = text.find(piece).expect("the piece is there");
        is_open(text, 0, start..start + piece.len())
    }

    #[test]
    fn only_lines_that_cannot_hold_the_data_are_seen() {
        let text = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: Web\n{% if x %}\n  labels: { a: 5 }\n{% endif %}\n  annotations:\n    last: abc\ntype: Opaque\ntypo: def\nstringdata: { p: ghi }\nstringData:\n  p: jkl\n";
        for seen in ["v1", "Secret", "name: Web", "Opaque", "metadata"] {
            assert!(is_seen(text, seen), "{seen}");
        }
        for hidden in ["5", "annotations", "abc", "def", "ghi", "stringData", "jkl"] {
            assert!(!is_seen(text, hidden), "{hidden}");
        }
        assert!(!is_seen("{kind: Secret, metadata: {name: W}, data: {p: x}}", "W"));
        assert!(!is_seen("metadata: { name: W, annotations: { p: x } }\nkind: Secret", "W"));
        assert!(!is_seen("metadata:\n  stringData:\n    name: hunter2\n", "hunter2"));
        assert!(!is_seen("items:\n- kind: Secret\n  metadata:\n    name: W\n", "W"));
    }

    #[test]
    fn a_secret_is_known_by_its_text() {
        assert!(says_secret("apiVersion: v1\nkind: Secret\na: ["));
        assert!(says_secret("{\"kind\": \"SecretList\", "));
        assert!(says_secret("kind: 'Secret' # x"));
        assert!(says_secret("kind: SecretGenerator\n"));
        assert!(!says_secret("kind: SecretStore\n"));
        assert!(!says_secret("a: kind of Secret\n"));
    }

    #[track_caller]
    fn check_generators(text: &str, expect: &[&str]) {
        let found = secret_documents(text).into_iter();
        let found: Vec<_> =
            found.map(|range| &text[range.start..range.end.min(text.len())]).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn a_list_of_generators_of_secrets_is_one() {
        let list = "secretGenerator:\n- name: a\n  literals:\n  - b=c\n# d\n";
        check_generators(&format!("namePrefix: x\n{list}images: []\n"), &[list]);
        check_generators(list, &[list]);
        check_generators("{a: b, SecretGenerator : []}", &["{a: b, SecretGenerator : []}"]);
        check_generators("# no secretGenerator here\n", &[]);
    }

    #[test]
    fn only_the_documents_that_say_so_are_secret() {
        let text = "kind: ConfigMap\n---\nkind: Secret\n---\nkind: Service\n";
        assert_eq!(secret_documents(text), vec![16..33; 1]);
    }
}
