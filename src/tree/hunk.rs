//! The first difference of two texts, for a person, without the data of a Secret.

use similar::TextDiff;

const AROUND: usize = 3;
const HIDDEN: &str = "<hidden>";
const CHANGED: &str = "<hidden, changed>";

/// The first difference; none if there is none.
pub(super) fn first_hunk(committed: &str, fresh: &str) -> Option<String> {
    let committed = committed.replace("\r\n", "\n");
    if is_secret(&committed) || is_secret(fresh) {
        let (old, new) = (masked(&committed, fresh, HIDDEN), masked(fresh, &committed, CHANGED));
        return hunk(&old, &new);
    }
    hunk(&committed, fresh)
}

fn hunk(committed: &str, fresh: &str) -> Option<String> {
    let diff = TextDiff::from_lines(committed, fresh);
    let mut unified = diff.unified_diff();
    unified.context_radius(AROUND).iter_hunks().next().map(|hunk| hunk.to_string())
}

pub(super) fn is_secret(text: &str) -> bool {
    text.lines().any(|line| line.trim_end() == "kind: Secret")
}

/// The text with a mark for each value of `data` and `stringData`; `differs` is the mark of those
/// that `other` does not have alike.
fn masked(text: &str, other: &str, differs: &str) -> String {
    let theirs = values(other);
    let mut lines = Vec::new();
    let mut rest = text.lines().peekable();
    while let Some(line) = rest.next() {
        lines.push(line.to_owned());
        if !opens_data(line) {
            continue;
        }
        while rest.peek().is_some_and(|line| is_inside(line)) {
            let value = take_value(&mut rest);
            let key = value[0].split_once(':').map_or("", |(key, _)| key);
            let mark = if theirs.contains(&value) { HIDDEN } else { differs };
            lines.push(format!("{key}: {mark}"));
        }
    }
    lines.join("\n") + "\n"
}

/// The values of `data` and `stringData`, each with its lines.
fn values(text: &str) -> Vec<Vec<&str>> {
    let mut values = Vec::new();
    let mut rest = text.lines().peekable();
    while let Some(line) = rest.next() {
        while opens_data(line) && rest.peek().is_some_and(|line| is_inside(line)) {
            values.push(take_value(&mut rest));
        }
    }
    values
}

fn opens_data(line: &str) -> bool {
    ["data:", "stringData:"].iter().any(|key| line.trim_end() == *key)
}

/// Whether a line of a top-level map's value belongs to it.
fn is_inside(line: &str) -> bool {
    line.starts_with([' ', '\t']) || line.trim().is_empty()
}

/// A key with its value, and the lines that are indented deeper or empty.
fn take_value<'t>(lines: &mut std::iter::Peekable<std::str::Lines<'t>>) -> Vec<&'t str> {
    let first = lines.next().expect("the caller has seen a line");
    let depth = first.len() - first.trim_start().len();
    let mut value = vec![first];
    let goes_on =
        |line: &&str| line.trim().is_empty() || line.len() - line.trim_start().len() > depth;
    while let Some(line) = lines.next_if(goes_on) {
        value.push(line);
    }
    value
}
