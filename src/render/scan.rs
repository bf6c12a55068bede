//! A template's text as text, holes, tags and comments, and the words within them.

use std::ops::Range;

/// One part of a template, in the order of the text; together they are all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// What it is.
    pub kind: PartKind,
    /// All of its bytes.
    pub span: Range<usize>,
    /// What stands between its delimiters, without their `-` and `+`; of a text, all of it.
    pub inner: Range<usize>,
    /// The sign at its opening delimiter.
    pub before: Trim,
    /// The sign at its closing delimiter.
    pub after: Trim,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartKind {
    Text,
    Hole,
    Tag,
    Comment,
    /// What stands between `{% raw %}` and `{% endraw %}`.
    Raw,
}

/// What a delimiter's sign does to the white space outside of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trim {
    /// No sign.
    Default,
    /// `-` removes it.
    All,
    /// `+` keeps it.
    Nothing,
}

/// One word of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub kind: TokenKind,
    pub text: &'t str,
    /// Its first byte in the template.
    pub start: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Word,
    Number,
    Quoted,
    Sign,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text == word
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        self.kind == TokenKind::Sign && self.text == sign
    }

    pub(super) fn opens(&self) -> bool {
        self.kind == TokenKind::Sign && matches!(self.text, "(" | "[" | "{")
    }

    pub(super) fn closes(&self) -> bool {
        self.kind == TokenKind::Sign && matches!(self.text, ")" | "]" | "}")
    }

    /// The content of a quoted text without escapes.
    pub(super) fn quoted(&self) -> Option<&str> {
        let inner = (self.kind == TokenKind::Quoted).then(|| &self.text[1..self.text.len() - 1])?;
        (!inner.contains('\\')).then_some(inner)
    }
}

/// A delimiter that is never closed: its first byte and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unclosed {
    pub at: usize,
    pub what: &'static str,
}

/// The parts of a template.
///
/// # Errors
/// When a hole, tag, comment, raw block or quoted text is never closed.
pub(super) fn parts(text: &str) -> Result<Vec<Part>, Unclosed> {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let start = next_delimiter(text, at);
        if start > at {
            parts.push(text_part(at..start));
        }
        if start == text.len() {
            break;
        }
        let part = delimited(text, start)?;
        at = part.span.end;
        parts.push(part);
    }
    Ok(parts)
}

fn text_part(span: Range<usize>) -> Part {
    let (before, after) = (Trim::Default, Trim::Default);
    Part { kind: PartKind::Text, inner: span.clone(), span, before, after }
}

fn next_delimiter(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(found) = bytes[at..].iter().position(|&byte| byte == b'{') {
        at += found;
        if matches!(bytes.get(at + 1), Some(b'{' | b'%' | b'#')) {
            return at;
        }
        at += 1;
    }
    text.len()
}

fn delimited(text: &str, start: usize) -> Result<Part, Unclosed> {
    let (kind, close, what) = match text.as_bytes()[start + 1] {
        b'{' => (PartKind::Hole, "}}", "`{{` is never closed by `}}`"),
        b'%' => (PartKind::Tag, "%}", "`{%` is never closed by `%}`"),
        _ => (PartKind::Comment, "#}", "`{#` is never closed by `#}`"),
    };
    let unclosed = Unclosed { at: start, what };
    let end = match kind {
        PartKind::Comment => text[start + 2..].find(close).map(|at| start + 2 + at),
        _ => closing(text, start + 2, (close, unclosed))?,
    };
    let part = part_of(text, kind, start..end.ok_or(unclosed)? + 2);
    if kind == PartKind::Tag && text[part.inner.clone()].trim() == "raw" {
        return raw_part(text, &part);
    }
    Ok(part)
}

fn part_of(text: &str, kind: PartKind, span: Range<usize>) -> Part {
    let mut inner = span.start + 2..span.end - 2;
    let sign = |byte: u8| match byte {
        b'-' => Trim::All,
        b'+' => Trim::Nothing,
        _ => Trim::Default,
    };
    let before = text[inner.clone()].bytes().next().map_or(Trim::Default, sign);
    inner.start += usize::from(before != Trim::Default);
    let after = text[inner.clone()].bytes().next_back().map_or(Trim::Default, sign);
    inner.end -= usize::from(after != Trim::Default);
    Part { kind, span, inner, before, after }
}

fn raw_part(text: &str, open: &Part) -> Result<Part, Unclosed> {
    let mut from = open.span.end;
    let unclosed = Unclosed { at: open.span.start, what: "`{% raw %}` has no `{% endraw %}`" };
    loop {
        let start = from + text[from..].find("{%").ok_or(unclosed)?;
        let end = start + text[start..].find("%}").ok_or(unclosed)? + 2;
        let close = part_of(text, PartKind::Tag, start..end);
        if text[close.inner.clone()].trim() == "endraw" {
            return Ok(Part {
                kind: PartKind::Raw,
                span: open.span.start..end,
                inner: raw_inner(text, open.span.end..start),
                before: open.before,
                after: close.after,
            });
        }
        from = start + 2;
    }
}

/// The tags of a raw block take their line's end and indentation with them.
fn raw_inner(text: &str, span: Range<usize>) -> Range<usize> {
    let raw = &text[span.clone()];
    let begin = raw.find('\n').filter(|&at| raw[..at].trim().is_empty()).map_or(0, |at| at + 1);
    let last = raw.rfind('\n').map_or(raw.len(), |at| at + 1);
    let end = if raw[last..].trim().is_empty() && last >= begin { last } else { raw.len() };
    span.start + begin..span.start + end
}

/// Where the delimiter that closes a hole or tag stands: outside of quotes and brackets.
///
/// No expression holds `{{`, `{%` or `{#`: what comes to one is not closed itself. A quote on a later
/// line that is never closed, or not before the next delimiter, is no quote but an apostrophe.
fn closing(
    text: &str,
    from: usize,
    (close, unclosed): (&'static str, Unclosed),
) -> Result<Option<usize>, Unclosed> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (from, 0usize);
    while at < bytes.len() {
        if depth == 0 && text[at..].starts_with(close) {
            return Ok(Some(at));
        }
        match bytes[at] {
            b'"' | b'\'' => {
                let is_later = text[from..at].contains('\n');
                let end = quoted_end(bytes, at);
                let holds = |end| next_delimiter(&text[at..end], 0) < end - at;
                if is_later && end.is_none_or(holds) {
                    return Err(unclosed);
                }
                at = end.ok_or(Unclosed { at, what: "this quote is never closed" })?;
                continue;
            }
            b'{' if matches!(bytes.get(at + 1), Some(b'{' | b'%' | b'#')) => return Err(unclosed),
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += char_length(bytes[at]);
    }
    // Brackets that do not match: the first delimiter at all lets the engine say what is wrong.
    Ok(text[from..].find(close).map(|at| from + at))
}

fn char_length(first: u8) -> usize {
    match first {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    }
}

/// The byte behind the quote that closes the one at `at`.
fn quoted_end(bytes: &[u8], at: usize) -> Option<usize> {
    let quote = bytes[at];
    let mut end = at + 1;
    while *bytes.get(end)? != quote {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    Some(end + 1)
}

/// The words of the expression or tag that stands in `span`.
pub(super) fn tokens(text: &str, span: Range<usize>) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = span.start;
    while at < span.end {
        let rest = &text[at..span.end];
        let (kind, length) = token_at(rest);
        if let Some(kind) = kind {
            tokens.push(Token { kind, text: &rest[..length], start: at });
        }
        at += length;
    }
    tokens
}

fn token_at(rest: &str) -> (Option<TokenKind>, usize) {
    let bytes = rest.as_bytes();
    let run = |is: fn(u8) -> bool| bytes.iter().take_while(|&&byte| is(byte)).count();
    match bytes[0] {
        byte if byte.is_ascii_whitespace() => (None, run(|byte| byte.is_ascii_whitespace())),
        b'_' | b'a'..=b'z' | b'A'..=b'Z' => {
            (Some(TokenKind::Word), run(|byte| byte == b'_' || byte.is_ascii_alphanumeric()))
        }
        b'0'..=b'9' => (Some(TokenKind::Number), number_length(bytes)),
        b'"' | b'\'' => {
            let end = quoted_end(bytes, 0).unwrap_or(bytes.len()).min(bytes.len());
            (Some(TokenKind::Quoted), end)
        }
        first => {
            let double =
                matches!(bytes.get(..2), Some(b"==" | b"!=" | b"<=" | b">=" | b"//" | b"**"));
            (Some(TokenKind::Sign), if double { 2 } else { char_length(first) })
        }
    }
}

fn number_length(bytes: &[u8]) -> usize {
    let word = |from: usize| {
        bytes[from..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count()
    };
    let whole = word(0);
    match bytes.get(whole..whole + 2) {
        Some([b'.', digit]) if digit.is_ascii_digit() => whole + 1 + word(whole + 1),
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::{PartKind, parts, tokens};

    fn shown(text: &str) -> Vec<(PartKind, &str)> {
        let parts = parts(text).expect("closed delimiters");
        parts.iter().map(|part| (part.kind, &text[part.inner.clone()])).collect()
    }

    #[test]
    fn a_template_is_text_holes_tags_and_comments() {
        let found = shown("a {{ x }}{%- if y -%}b{# c #}{% endif %}");
        let expect = [
            (PartKind::Text, "a "),
            (PartKind::Hole, " x "),
            (PartKind::Tag, " if y "),
            (PartKind::Text, "b"),
            (PartKind::Comment, " c "),
            (PartKind::Tag, " endif "),
        ];
        assert_eq!(found, expect);
    }

    #[test]
    fn delimiters_in_quotes_brackets_and_raw_blocks_close_nothing() {
        assert_eq!(shown(r#"{{ "}}" }}"#), [(PartKind::Hole, r#" "}}" "#)]);
        assert_eq!(shown("{{ {'a': {}} }}"), [(PartKind::Hole, " {'a': {}} ")]);
        assert_eq!(shown("{% raw %}{{ x }}{% endraw %}"), [(PartKind::Raw, "{{ x }}")]);
    }

    #[test]
    fn an_open_delimiter_is_named() {
        assert_eq!(parts("a {{ x").map_err(|unclosed| unclosed.at), Err(2));
        assert_eq!(parts("{{ 'x }}").map_err(|unclosed| unclosed.at), Err(3));
    }

    #[test]
    fn an_expression_is_words_numbers_quotes_and_signs() {
        let text = "a.b|f('x',1.5)//2>=c";
        let found: Vec<_> = tokens(text, 0..text.len()).iter().map(|token| token.text).collect();
        let expect = ["a", ".", "b", "|", "f", "(", "'x'", ",", "1.5", ")", "//", "2", ">=", "c"];
        assert_eq!(found, expect);
    }
}
