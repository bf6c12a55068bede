//! What is said about a template that does not parse: tags that are not closed, Go templates, typing errors.

use crate::diag::{Code, Diagnostic, nearest};
use crate::render::filters;
use crate::render::prepare::is_set_block;
use crate::render::scan::{self, Part, PartKind, Token, TokenKind};
use crate::source::Source;
use minijinja::Error;

/// What the tags that Helm writes as holes are here.
pub(super) const TAGS_OF_HELM: &str = "Helm's `{{ if … }} … {{ else }} … {{ end }}` is `{% if … %} … {% else %} … {% endif %}` here, `{{ range … }}` is `{% for x in … %} … {% endfor %}`; see docs/from-helm.md";

/// Every tag, for suggestions.
const TAGS: [&str; 26] = [
    "block",
    "break",
    "call",
    "continue",
    "do",
    "elif",
    "else",
    "endblock",
    "endcall",
    "endfilter",
    "endfor",
    "endif",
    "endmacro",
    "endraw",
    "endset",
    "endwith",
    "extends",
    "filter",
    "for",
    "from",
    "if",
    "import",
    "include",
    "macro",
    "raw",
    "set",
];

/// The finding for an error of syntax, whose range is that of the file itself.
pub(in crate::render) fn syntax(error: &Error, source: &Source) -> Diagnostic {
    let text = source.text();
    let parts = scan::parts(text).unwrap_or_default();
    let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let end = text.trim_end().len();
    let range = error.range().unwrap_or(end..end);
    let wrong = parts.iter().find(|part| {
        part.kind != PartKind::Text && part.span.start <= range.start && range.start < part.span.end
    });
    if let Some(helm) = wrong.and_then(|part| helm(text, part, source)) {
        return helm;
    }
    if let Some(unknown) = wrong.and_then(|part| unknown_tag(text, part, source)) {
        return unknown;
    }
    if let Some(unbalanced) = unbalanced(text, &parts, source) {
        return unbalanced;
    }
    if detail.contains("exceeds maximum recursion") {
        let message = "tags or brackets lie within each other deeper than jibe follows";
        return Diagnostic::error(Code::TemplateLimit, message)
            .at(source.place(range.start, range.end), "")
            .hint("write it flatter, or move the inner part into a macro");
    }
    let kind = wrong.map(|part| part.kind);
    let words = wrong.map_or_else(Vec::new, |part| scan::tokens(text, part.inner.clone()));
    let next = of_other_languages(&words, range.start).unwrap_or_else(|| next_step(kind));
    Diagnostic::error(Code::TemplateSyntax, reworded(&detail, kind))
        .at(source.place(range.start, range.end), "")
        .hint(next)
}

/// The engine's sentence about a text that does not parse, in jibe's words.
fn reworded(said: &str, kind: Option<PartKind>) -> String {
    let whole = match kind {
        Some(PartKind::Tag) => "tag",
        Some(PartKind::Hole) => "hole",
        _ => "template",
    };
    if let Some((seen, wanted)) =
        said.strip_prefix("unexpected ").and_then(|rest| rest.split_once(", expected "))
    {
        return match seen {
            "end of variable block" | "end of block" | "end of input" => {
                format!("the {whole} ends where {} is expected", sign(wanted))
            }
            seen => format!("{} stands where {} is expected", sign(seen), sign(wanted)),
        };
    }
    match said.strip_prefix("unexpected ") {
        Some("end of variable block" | "end of block" | "end of input") => {
            format!("the {whole} ends too early: something is missing before its end")
        }
        Some("character") => "this character means nothing in a template".to_owned(),
        Some("end of string") => "this quote is never closed".to_owned(),
        Some(seen) => format!("{} cannot stand here", sign(seen)),
        None => match said.split_once(" must be placed inside a loop") {
            Some((tag, _)) => format!("`{}` stands outside of a loop", tag.trim_matches('\'')),
            None => format!("not a template: {said}"),
        },
    }
}

/// The engine's name of a part of a template.
fn sign(name: &str) -> String {
    match name {
        "end of variable block" => "the end of the hole, `}}`,".to_owned(),
        "end of block" => "the end of the tag, `%}`,".to_owned(),
        "end of input" => "the end of the file".to_owned(),
        "identifier" | "identifier or integer" => "a name".to_owned(),
        "integer" | "float" => "a number".to_owned(),
        "string" => "a text in quotes".to_owned(),
        sign if sign.starts_with('`') => sign.to_owned(),
        word if !word.contains(' ') => format!("`{word}`"),
        other => other.to_owned(),
    }
}

fn next_step(kind: Option<PartKind>) -> &'static str {
    match kind {
        Some(PartKind::Tag) => {
            "tags are written `{% if a == \"b\" %}`, `{% for x in values.list %}`, `{% set x = 1 %}`"
        }
        Some(PartKind::Hole) => {
            "a hole is one expression: `{{ values.name }}`, `{{ values.name | upper }}`, `{{ a ~ \"-\" ~ b }}`"
        }
        _ => "templates are written in Jinja: `{{ value }}`, `{% if … %} … {% endif %}`",
    }
}

/// What signs of other languages are here: `a && b`, `!a`, `a ? b : c`.
fn of_other_languages(words: &[Token<'_>], wrong: usize) -> Option<&'static str> {
    let sign = words.iter().find(|word| word.start <= wrong && wrong < word.end())?;
    match sign.text {
        "&" => Some("`and` joins conditions: `{% if a and b %}`"),
        "|" => {
            Some("`or` joins conditions: `{% if a or b %}`; behind a single `|` stands a filter")
        }
        "!" => Some("`not` turns a condition round: `{% if not a %}`"),
        "?" => Some(
            "a choice is written `{{ x if condition else y }}`; for what may be missing, `{{ x | default(y) }}`",
        ),
        _ => None,
    }
}

fn part_error(message: String, part: &Part, source: &Source) -> Diagnostic {
    Diagnostic::error(Code::TemplateSyntax, message)
        .at(source.place(part.span.start, part.span.end), "")
}

/// A hole or tag that is written as Helm has it.
fn helm(text: &str, part: &Part, source: &Source) -> Option<Diagnostic> {
    let words = scan::tokens(text, part.inner.clone());
    let first = words.first()?;
    let message = "this is Helm's template language; jibe's templates are Jinja".to_owned();
    let finding = |hint: String| part_error(message.clone(), part, source).hint(hint);
    let is_hole = part.kind == PartKind::Hole;
    match first.text {
        "if" | "range" | "with" | "end" | "else" if is_hole => {
            return Some(finding(TAGS_OF_HELM.to_owned()));
        }
        "define" | "block" | "template" | "include" if is_hole => {
            let hint = "write a macro in `_names.j2` and import it: `{% from \"_names.j2\" import name %}`, then `{{ name() }}`; see docs/from-helm.md";
            return Some(finding(hint.to_owned()));
        }
        _ => {}
    }
    if first.is_sign("$") && words.iter().any(|word| word.is_sign("=")) {
        let hint = "a variable is set with `{% set name = … %}`; see docs/from-helm.md";
        return Some(finding(hint.to_owned()));
    }
    if part.kind == PartKind::Tag && TAGS.contains(&first.text) {
        return None;
    }
    let ours = in_jinja(&words)?;
    Some(finding(format!("write `{{{{ {ours} }}}}`; see docs/from-helm.md")))
        .filter(|_| is_hole)
        .or_else(|| Some(finding(format!("write `{ours}`; see docs/from-helm.md"))))
}

/// An expression of Helm's in Jinja: `.Values.x`, `toYaml .Values.x | nindent 4`.
fn in_jinja(words: &[Token<'_>]) -> Option<String> {
    let is_helm = |at: usize| words[at].is_sign(".") || words[at].is_sign("$");
    let begins = |at: usize| at == 0 || !ends_value(&words[at - 1], &words[at]);
    let dots = (0..words.len()).any(|at| is_helm(at) && begins(at));
    let spaced = words.windows(2).any(|pair| is_argument(&pair[0], &pair[1]));
    if !dots && !spaced {
        return None;
    }
    let stages: Vec<_> = words.split(|word| word.is_sign("|")).map(stage).collect();
    let (value, filters) = stages.first().map(|(name, values)| match name {
        Some(name) => {
            let value = values.last().cloned().unwrap_or_default();
            let before = &values[..values.len().saturating_sub(1)];
            (value, vec![call(name, before)])
        }
        None => (values.join(" "), Vec::new()),
    })?;
    let later = stages[1..].iter().map(|(name, values)| call(name.unwrap_or("…"), values));
    let all: Vec<String> = std::iter::once(value).chain(filters).chain(later).collect();
    Some(all.join(" | "))
}

/// A function's name, if the stage of a pipeline begins with one, and its values.
fn stage<'t>(words: &[Token<'t>]) -> (Option<&'t str>, Vec<String>) {
    let name = words.first().filter(|word| {
        word.kind == TokenKind::Word && words.get(1).is_none_or(|next| next.start != word.end())
    });
    let rest = &words[usize::from(name.is_some())..];
    let mut values: Vec<String> = Vec::new();
    for (at, word) in rest.iter().enumerate() {
        let glued = at > 0 && rest[at - 1].end() == word.start;
        match (glued, values.last_mut()) {
            (true, Some(last)) => last.push_str(word.text),
            _ => values.push(word.text.to_owned()),
        }
    }
    (name.map(|name| name.text), values.iter().map(|value| renamed(value)).collect())
}

/// A name of Helm's context as it is here.
fn renamed(value: &str) -> String {
    let path = value.trim_start_matches('$').trim_start_matches('.');
    for (theirs, ours) in [
        ("Values", "values"),
        ("Release.Name", "target.service"),
        ("Release.Namespace", "target.namespace"),
        ("Chart.Name", "chart.name"),
        ("Chart.Version", "chart.version"),
        ("Capabilities.KubeVersion", "cluster.version"),
    ] {
        let rest =
            path.strip_prefix(theirs).filter(|rest| rest.is_empty() || rest.starts_with('.'));
        if let Some(rest) = rest {
            return format!("{ours}{rest}");
        }
    }
    if path.is_empty() { "values".to_owned() } else { path.to_owned() }
}

fn call(name: &str, arguments: &[String]) -> String {
    let name = filters::renamed(name).unwrap_or(name);
    match arguments {
        [] => name.to_owned(),
        _ => format!("{name}({})", arguments.join(", ")),
    }
}

/// Whether a word ends a value that the next one continues: `a.b`, but not `a .b`.
fn ends_value(word: &Token<'_>, next: &Token<'_>) -> bool {
    word.end() == next.start && (word.kind != TokenKind::Sign || word.closes())
}

/// Whether the second word is an argument without brackets: `nindent 4`, `quote .x`, `default "x"`.
fn is_argument(word: &Token<'_>, next: &Token<'_>) -> bool {
    let operators = [
        "and", "or", "not", "if", "else", "in", "is", "for", "elif", "set", "include", "import",
        "from", "extends", "as",
    ];
    word.kind == TokenKind::Word
        && word.end() < next.start
        && !operators.contains(&word.text)
        && (matches!(next.kind, TokenKind::Number | TokenKind::Quoted) || next.is_sign("."))
}

/// A tag whose first word is none that the engine knows.
fn unknown_tag(text: &str, part: &Part, source: &Source) -> Option<Diagnostic> {
    let words = scan::tokens(text, part.inner.clone());
    let first = words.first().filter(|_| part.kind == PartKind::Tag)?;
    if TAGS.contains(&first.text) || matches!(first.text, "with" | "endautoescape") {
        return None;
    }
    let message = format!("there is no tag `{}`", first.text);
    let finding = Diagnostic::error(Code::TemplateSyntax, message)
        .at(source.place(first.start, first.end()), "");
    let hint = match first.text {
        "end" => TAGS_OF_HELM.to_owned(),
        "elseif" | "elsif" => "did you mean `elif`?".to_owned(),
        "range" | "foreach" => "a loop is `{% for x in values.list %} … {% endfor %}`".to_owned(),
        "define" => "a macro is `{% macro name() %} … {% endmacro %}`".to_owned(),
        other => match nearest(other, TAGS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the tags are: {}", TAGS.join(", ")),
        },
    };
    Some(finding.hint(hint))
}

/// The first tag that is not closed, or that closes another one than the open one.
fn unbalanced(text: &str, parts: &[Part], source: &Source) -> Option<Diagnostic> {
    let mut open: Vec<(&Part, &str)> = Vec::new();
    for part in parts.iter().filter(|part| part.kind == PartKind::Tag) {
        let words = scan::tokens(text, part.inner.clone());
        let Some(first) = words.first().map(|word| word.text) else { continue };
        let opens = matches!(first, "if" | "for" | "macro" | "call" | "filter" | "block" | "with")
            || is_set_block(&words);
        if opens {
            open.push((part, first));
            continue;
        }
        let closed = match first {
            "else" if open.last().is_some_and(|(_, tag)| *tag == "for") => "for",
            "elif" | "else" => "if",
            _ => first.strip_prefix("end").unwrap_or_default(),
        };
        if closed.is_empty() {
            continue;
        }
        match open.last() {
            Some((_, tag)) if *tag == closed => {
                if first.starts_with("end") {
                    open.pop();
                }
            }
            Some((begin, tag)) => {
                let message = format!("`{first}` stands within a `{tag}` that is still open");
                return Some(
                    part_error(message, part, source)
                        .also(source.place(begin.span.start, begin.span.end), "opened here")
                        .hint(format!("write `{{% end{tag} %}}` before it")),
                );
            }
            None => {
                let message = format!("`{first}` stands where no `{closed}` is open");
                return Some(
                    part_error(message, part, source)
                        .hint("remove it, or write the tag that begins the block"),
                );
            }
        }
    }
    let (begin, tag) = open.last()?;
    let message = format!("this `{tag}` is never closed");
    Some(part_error(message, begin, source).hint(format!("write `{{% end{tag} %}}` where it ends")))
}
