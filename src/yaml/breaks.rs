//! The line breaks that YAML 1.1 knows and YAML 1.2 does not: U+0085, U+2028 and U+2029.
//!
//! go-yaml v2 ends lines at them, in what it reads and in what it writes; the parser does not. A text
//! that holds one is given to the parser with `\n` in its place, offsets are counted back, and the
//! scalars around them are read again. Texts without them, nearly all, are passed through.

use super::{Problem, Style};
use crate::diag::Code;
use crate::source::Span;
use std::borrow::Cow;
use std::ops::Range;

/// A text as the parser is to see it.
pub(super) struct Text<'t> {
    original: &'t str,
    /// The part of it that is read.
    part: Range<usize>,
    plain: Cow<'t, str>,
    /// For each break that was replaced: its offset in `plain`, and how many bytes longer the
    /// original is up to and with it.
    replaced: Vec<(usize, usize)>,
}

fn is_odd(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_break(c: char) -> bool {
    is_odd(c) || matches!(c, '\r' | '\n')
}

impl<'t> Text<'t> {
    pub(super) fn new(original: &'t str, part: Range<usize>) -> Self {
        let read = &original[part.clone()];
        // All three begin with one of these bytes, so that ASCII texts are passed quickly.
        if read.is_ascii() || !read.contains(is_odd) {
            return Self { original, part, plain: Cow::Borrowed(read), replaced: Vec::new() };
        }
        let (mut plain, mut replaced, mut extra) = (String::new(), Vec::new(), 0);
        for c in read.chars() {
            if is_odd(c) {
                extra += c.len_utf8() - 1;
                replaced.push((plain.len(), extra));
                plain.push('\n');
            } else {
                plain.push(c);
            }
        }
        Self { original, part, plain: Cow::Owned(plain), replaced }
    }

    /// What the user wrote.
    pub(super) fn original(&self) -> &'t str {
        self.original
    }

    /// Where the part ends that is read.
    pub(super) fn end(&self) -> usize {
        self.part.end
    }

    /// Where the part begins that is read.
    pub(super) fn start(&self) -> usize {
        self.part.start
    }

    /// What is to be read, if that is what the user wrote.
    pub(super) fn unchanged(&self) -> Option<&str> {
        self.replaced.is_empty().then_some(&*self.plain)
    }

    /// What the parser is to read.
    pub(super) fn plain(&self) -> &str {
        &self.plain
    }

    /// The offset in the original of one in the plain text, at most its length.
    pub(super) fn offset(&self, plain: usize) -> usize {
        let before = self.replaced.partition_point(|(at, _)| *at < plain);
        let extra = before.checked_sub(1).map_or(0, |index| self.replaced[index].1);
        plain.saturating_add(extra).saturating_add(self.part.start).min(self.part.end)
    }

    /// The content of a scalar whose plain text the parser read as `read`.
    ///
    /// # Errors
    /// When such a break stands where no writer of Kubernetes tools puts it.
    pub(super) fn reread<'a>(
        &self,
        read: &'a str,
        style: Style,
        span: Span,
    ) -> Result<Cow<'a, str>, Box<Problem>> {
        if self.replaced.is_empty() {
            return Ok(Cow::Borrowed(read));
        }
        let raw = match style {
            Style::Literal | Style::Folded => self.block(read, span),
            _ => &self.original[span.range()],
        };
        if !raw.contains(is_odd) {
            return Ok(Cow::Borrowed(read));
        }
        match style {
            Style::Literal => Ok(Cow::Owned(with_breaks(read, raw))),
            Style::Plain => Ok(Cow::Owned(joined(raw))),
            Style::Single => {
                let inside = raw.trim_start_matches('\'').strip_suffix('\'').unwrap_or(raw);
                let quotes = raw.len() - raw.trim_start_matches('\'').len();
                let leading = "'".repeat(quotes.saturating_sub(1));
                Ok(Cow::Owned(joined(&(leading + inside)).replace("''", "'")))
            }
            Style::Double | Style::Folded => {
                let message = "a raw line separator (U+0085, U+2028 or U+2029) stands in this text";
                let problem = Problem::new(Code::YamlSyntax, message, span);
                Err(Box::new(problem.hint("write it as `\\N`, `\\L` or `\\P` in double quotes")))
            }
        }
    }
}

impl<'t> Text<'t> {
    /// A block scalar from before its header's line break on: the span that the parser gives leaves out blank lines
    /// before and behind the content. Of a scalar without content that ends the text it begins with the header.
    fn block(&self, read: &str, span: Span) -> &'t str {
        let blank = |c: char| c == ' ' || is_break(c);
        let (before, after) = self.original.split_at(span.start as usize);
        let has_header = read.bytes().all(|b| b == b'\n') && after.starts_with(['|', '>']);
        let start = if has_header { before.len() } else { before.trim_end_matches(blank).len() };
        let end = self.original[span.end as usize..]
            .find(|c| !blank(c))
            .map_or(self.original.len(), |more| span.end as usize + more);
        &self.original[start..end]
    }
}

/// The literal's text with each `\n` as the break that stands in the source.
fn with_breaks(read: &str, raw: &str) -> String {
    let mut breaks = breaks_of(raw).skip(1);
    let mut text = String::with_capacity(read.len());
    for c in read.chars() {
        match c {
            '\n' => text.push(breaks.next().unwrap_or('\n')),
            c => text.push(c),
        }
    }
    text
}

/// The line breaks of a text: CRLF counts once, U+0085 is a `\n`.
fn breaks_of(raw: &str) -> impl Iterator<Item = char> + '_ {
    let mut before = ' ';
    raw.chars().filter_map(move |c| {
        let second_half = before == '\r' && c == '\n';
        before = c;
        match c {
            '\u{2028}' | '\u{2029}' => Some(c),
            c if is_break(c) && !second_half => Some('\n'),
            _ => None,
        }
    })
}

/// The lines of a plain or single-quoted scalar as YAML 1.1 joins them: a lone `\n` becomes a space,
/// the first of several vanishes, any other break stays.
fn joined(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(is_break) {
        let line = rest[..at].trim_end_matches([' ', '\t']);
        let behind = rest[at..].trim_start_matches(|c| is_break(c) || c == ' ' || c == '\t');
        let breaks: String = breaks_of(&rest[at..rest.len() - behind.len()]).collect();
        text.push_str(line);
        match breaks.strip_prefix('\n') {
            Some("") => text.push(' '),
            Some(more) => text.push_str(more),
            None => text.push_str(&breaks),
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}
