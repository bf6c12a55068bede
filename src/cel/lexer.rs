//! Words and signs of an expression, each with its bytes.

use super::Fault;
use std::ops::Range;

/// One word or sign.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Name(String),
    /// A field's name in backticks.
    Quoted(String),
    Int(u64),
    Uint(u64),
    Double(f64),
    String(String),
    Bytes(Vec<u8>),
    Sign(&'static str),
    End,
}

/// Longer signs first.
const SIGNS: [&str; 25] = [
    "&&", "||", "==", "!=", "<=", ">=", ".", ",", "(", ")", "[", "]", "{", "}", "?", ":", "+", "-",
    "*", "/", "%", "!", "<", ">", "=",
];

/// Splits an expression.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut lexer = Lexer { text, at: 0 };
    let mut found = Vec::new();
    loop {
        lexer.skip_blanks();
        let start = lexer.at;
        let kind = lexer.token()?;
        let is_end = kind == Kind::End;
        found.push(Token { kind, span: start..lexer.at });
        if is_end {
            return Ok(found);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn fault(&self, start: usize, message: impl Into<String>) -> Fault {
        Fault::new(start..self.at.max(start), message)
    }

    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn skip_blanks(&mut self) {
        loop {
            self.take_while(|c| matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{c}'));
            if !self.rest().starts_with("//") {
                return;
            }
            self.take_while(|c| c != '\n');
        }
    }

    fn token(&mut self) -> Result<Kind, Fault> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(Kind::End) };
        if let Some(prefix) = string_prefix(rest) {
            return self.string(prefix);
        }
        if first.is_ascii_alphabetic() || first == '_' {
            return Ok(Kind::Name(
                self.take_while(|c| c.is_ascii_alphanumeric() || c == '_').to_owned(),
            ));
        }
        let is_fraction = first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit());
        if first.is_ascii_digit() || is_fraction {
            return self.number();
        }
        if first == '`' {
            return self.quoted();
        }
        match SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            Some(sign) if sign != "=" => {
                self.at += sign.len();
                Ok(Kind::Sign(sign))
            }
            _ => {
                let start = self.at;
                self.at += first.len_utf8();
                Err(self.fault(start, format!("`{first}` has no meaning here")))
            }
        }
    }

    fn quoted(&mut self) -> Result<Kind, Fault> {
        let start = self.at;
        self.at += 1;
        let name = self
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | ' '));
        if name.is_empty() || !self.rest().starts_with('`') {
            return Err(self.fault(start, "a name in backticks does not end"));
        }
        self.at += 1;
        Ok(Kind::Quoted(name.to_owned()))
    }

    fn number(&mut self) -> Result<Kind, Fault> {
        let start = self.at;
        if self.rest().starts_with("0x") || self.rest().starts_with("0X") {
            self.at += 2;
            let digits = self.take_while(|c| c.is_ascii_hexdigit());
            let number = u64::from_str_radix(digits, 16);
            return self.integer(start, number.ok());
        }
        self.take_while(|c| c.is_ascii_digit());
        let mut is_double = false;
        let after_dot = self.rest().strip_prefix('.');
        if after_dot.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            is_double = true;
            self.at += 1;
            self.take_while(|c| c.is_ascii_digit());
        }
        let exponent = self.rest().strip_prefix(['e', 'E']);
        let exponent = exponent.map(|rest| (rest.starts_with(['+', '-']), rest));
        if let Some((signed, rest)) = exponent
            && rest[usize::from(signed)..].starts_with(|c: char| c.is_ascii_digit())
        {
            is_double = true;
            self.at += 1 + usize::from(signed);
            self.take_while(|c| c.is_ascii_digit());
        }
        let text = &self.text[start..self.at];
        if is_double {
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            return number
                .map(Kind::Double)
                .ok_or_else(|| self.fault(start, format!("`{text}` is too large a number")));
        }
        self.integer(start, text.parse().ok())
    }

    fn integer(&mut self, start: usize, number: Option<u64>) -> Result<Kind, Fault> {
        let is_unsigned = self.rest().starts_with(['u', 'U']);
        let text = &self.text[start..self.at];
        self.at += usize::from(is_unsigned);
        let number = number
            .ok_or_else(|| self.fault(start, format!("`{text}` is no integer of 64 bits")))?;
        Ok(if is_unsigned { Kind::Uint(number) } else { Kind::Int(number) })
    }

    fn string(&mut self, prefix: Prefix) -> Result<Kind, Fault> {
        let start = self.at;
        self.at += prefix.len;
        let quote = if self.rest().starts_with("\"\"\"") || self.rest().starts_with("'''") {
            &self.rest()[..3]
        } else {
            &self.rest()[..1]
        };
        self.at += quote.len();
        let mut bytes = Vec::new();
        loop {
            let rest = self.rest();
            let Some(next) = rest.chars().next() else {
                return Err(self.fault(start, "a string does not end"));
            };
            if rest.starts_with(quote) {
                self.at += quote.len();
                break;
            }
            if quote.len() == 1 && matches!(next, '\n' | '\r') {
                return Err(self.fault(start, "a string does not end on its line"));
            }
            self.at += next.len_utf8();
            if next == '\\' && !prefix.is_raw {
                self.escape(&prefix, &mut bytes)?;
            } else {
                bytes.extend(next.encode_utf8(&mut [0; 4]).bytes());
            }
        }
        if prefix.is_bytes {
            return Ok(Kind::Bytes(bytes));
        }
        let text = String::from_utf8(bytes);
        text.map(Kind::String)
            .map_err(|_| self.fault(start, "a string holds bytes that are no text"))
    }

    fn escape(&mut self, prefix: &Prefix, out: &mut Vec<u8>) -> Result<(), Fault> {
        let start = self.at - 1;
        let Some(letter) = self.rest().chars().next() else {
            return Err(self.fault(start, "a string does not end"));
        };
        self.at += letter.len_utf8();
        let plain = match letter {
            'a' => 7,
            'b' => 8,
            'f' => 12,
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            'v' => 11,
            '\\' | '?' | '"' | '\'' | '`' => letter as u8,
            _ => return self.code(letter, prefix, out),
        };
        out.push(plain);
        Ok(())
    }

    /// `\x41`, `\u0041`, `\U00000041`, `\101`
    fn code(&mut self, letter: char, prefix: &Prefix, out: &mut Vec<u8>) -> Result<(), Fault> {
        let start = self.at - 1 - letter.len_utf8();
        let (length, radix) = match letter {
            'x' | 'X' => (2, 16),
            'u' if !prefix.is_bytes => (4, 16),
            'U' if !prefix.is_bytes => (8, 16),
            '0'..='3' => {
                self.at -= 1;
                (3, 8)
            }
            _ => return Err(self.fault(start, format!("`\\{letter}` is no escape"))),
        };
        let digits = self.rest().get(..length).unwrap_or_default();
        let code = u32::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+'));
        let Some(code) = code else {
            return Err(self.fault(start, format!("`\\{letter}` needs {length} digits")));
        };
        self.at += length;
        match (prefix.is_bytes, char::from_u32(code)) {
            (true, _) => out.push(code as u8),
            (false, Some(c)) => out.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            (false, None) => return Err(self.fault(start, "an escape names no character")),
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Prefix {
    len: usize,
    is_raw: bool,
    is_bytes: bool,
}

/// The letters before a string's quote.
fn string_prefix(rest: &str) -> Option<Prefix> {
    let quote = rest.bytes().take(3).position(|byte| matches!(byte, b'"' | b'\''))?;
    let letters = rest[..quote].to_ascii_lowercase();
    let (is_raw, is_bytes) = match letters.as_str() {
        "" => (false, false),
        "r" => (true, false),
        "b" => (false, true),
        "br" | "rb" => (true, true),
        _ => return None,
    };
    Some(Prefix { len: quote, is_raw, is_bytes })
}
