//! Which of YAML's styles the canonical form writes a string in.
//!
//! Source of the rules: `encode.go` and the scalar analysis of `emitterc.go` in go-yaml v2.

use super::timestamp::is_timestamp;
use super::{Rules, Style, Value, resolve};

/// How a string is written, and whether it is too wide or too odd for a key before a `:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choice {
    /// The style that a value gets.
    pub(super) style: Style,
    /// Whether it holds a line break of any kind.
    pub(super) multiline: bool,
}

/// The style of a string: plain if that reads back as the same string, else with quotes or as a
/// literal block.
pub(super) fn choose(text: &str) -> Choice {
    if is_simple(text) {
        return Choice { style: plain_or_double(text), multiline: false };
    }
    let seen = Seen::of(text);
    let wanted = match text.as_bytes().contains(&b'\n') {
        true => Style::Literal,
        false => plain_or_double(text),
    };
    Choice { style: seen.allowed(wanted), multiline: seen.breaks }
}

/// Whether text consists of characters that no position gives a meaning.
fn is_simple(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(first) = bytes.first() else { return true };
    let opens = matches!(first, b'-' | b'.' | b'?');
    !opens && bytes.iter().all(|&byte| SIMPLE[byte as usize])
}

/// Letters, digits and the punctuation that is plain everywhere.
static SIMPLE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        let c = byte as u8;
        table[byte] = c.is_ascii_alphanumeric()
            || matches!(c, b'_' | b'-' | b'.' | b'/' | b'+' | b'=' | b'$' | b'(' | b')' | b'<')
            || matches!(c, b';' | b'~' | b'^' | b'\\');
        byte += 1;
    }
    table
};

fn plain_or_double(text: &str) -> Style {
    match reads_as_string(text) {
        true => Style::Plain,
        false => Style::Double,
    }
}

/// Whether go-yaml takes the plain text for a string; base 60 numbers count as numbers.
fn reads_as_string(text: &str) -> bool {
    let Some(first) = text.bytes().next() else { return false };
    match first {
        b'0'..=b'9' | b'+' | b'-' => {
            !is_base_60(text)
                && !is_timestamp(text)
                && resolve(text, Rules::GoYamlV2) == Ok(Value::String)
        }
        _ => resolve(text, Rules::GoYamlV2) == Ok(Value::String),
    }
}

/// `^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`
fn is_base_60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let Some((first, rest)) = unsigned.split_once(':') else { return false };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let (sixtieths, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let sixtieth = |part: &str| match part.as_bytes() {
        [one] => one.is_ascii_digit(),
        [ten, one] => (b'0'..=b'5').contains(ten) && one.is_ascii_digit(),
        _ => false,
    };
    first.starts_with(|c: char| c.is_ascii_digit())
        && digits(first)
        && sixtieths.split(':').all(sixtieth)
        && digits(fraction)
}

/// What an analysis of a text finds.
#[derive(Default)]
struct Seen {
    /// Begins with, or holds, what would be YAML syntax in a plain scalar.
    indicators: bool,
    breaks: bool,
    /// Begins or ends with a space or a break.
    open_edge: bool,
    trailing_space: bool,
    break_then_space: bool,
    /// A space before a break, or a character that is not printed as it is.
    escapes: bool,
}

impl Seen {
    fn of(text: &str) -> Self {
        let mut seen = Self { indicators: opens_with_indicator(text), ..Self::default() };
        let mut before = ' ';
        let mut chars = text.chars().peekable();
        let mut first = true;
        while let Some(c) = chars.next() {
            let after = chars.peek().copied();
            let edge = first || after.is_none();
            match c {
                ' ' => {
                    seen.open_edge |= edge;
                    seen.trailing_space |= after.is_none();
                    seen.break_then_space |= !first && is_break(before);
                }
                ':' => seen.indicators |= after.is_none_or(|c| matches!(c, ' ' | '\t')),
                '#' => seen.indicators |= matches!(before, ' ' | '\t' | '\0') || is_break(before),
                _ if is_break(c) => {
                    seen.breaks = true;
                    seen.open_edge |= edge;
                    seen.escapes |= !first && before == ' ';
                }
                _ => {}
            }
            seen.escapes |= !is_printable(c);
            before = c;
            first = false;
        }
        seen
    }

    fn allowed(&self, wanted: Style) -> Style {
        let quotable = !self.escapes && !self.break_then_space;
        match wanted {
            Style::Literal if self.escapes || self.trailing_space => Style::Double,
            Style::Plain if self.indicators || self.open_edge || self.breaks || !quotable => {
                if quotable {
                    Style::Single
                } else {
                    Style::Double
                }
            }
            other => other,
        }
    }
}

fn opens_with_indicator(text: &str) -> bool {
    let mut bytes = text.bytes();
    let blank_follows = matches!(text.as_bytes().get(1), None | Some(b' ' | b'\t'));
    match bytes.next() {
        Some(
            b'#' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
            | b'"' | b'%' | b'@' | b'`',
        ) => true,
        Some(b'?' | b':') => blank_follows,
        Some(b'-') => blank_follows || text.starts_with("---"),
        Some(b'.') => text.starts_with("..."),
        _ => false,
    }
}

/// What YAML 1.1 ends a line at.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What go-yaml prints as it is: no control characters, nothing above the basic plane.
pub(super) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{A0}'..='\u{FEFE}' | '\u{FF00}'..='\u{FFFD}')
}
