//! Bytes become text: UTF-8, of bounded size, without the characters that templates reserve.

use super::{RESERVED, ReadReason};
use std::sync::Arc;

/// The bytes as text, a byte-order mark dropped.
pub(super) fn text_of(bytes: Vec<u8>, limit: u64) -> Result<Arc<str>, ReadReason> {
    within_limit(bytes.len() as u64, limit)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let (line, column) = line_column(&error.as_bytes()[..at]);
        ReadReason::NotUtf8 { line, column, byte: error.as_bytes()[at] }
    })?;
    if let Some((at, character)) = first_reserved(&text) {
        let (line, column) = line_column(&text.as_bytes()[..at]);
        return Err(ReadReason::Reserved { line, column, character });
    }
    Ok(Arc::from(text.strip_prefix('\u{FEFF}').unwrap_or(&text)))
}

pub(super) fn within_limit(bytes: u64, limit: u64) -> Result<(), ReadReason> {
    if bytes > limit { Err(ReadReason::TooLarge { bytes, limit }) } else { Ok(()) }
}

fn first_reserved(text: &str) -> Option<(usize, char)> {
    // All of them begin with this byte, which is fast to look for and rare.
    if !text.as_bytes().contains(&0xF4) {
        return None;
    }
    text.char_indices().find(|(_, character)| RESERVED.contains(character))
}

fn line_column(before: &[u8]) -> (usize, usize) {
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|&&byte| byte != b'\n').count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::text_of;
    use crate::source::{RESERVED, ReadReason};

    #[expect(clippy::needless_pass_by_value, reason = "so that the claims read well")]
    fn check(bytes: &[u8], expect: Result<&str, ReadReason>) {
        assert_eq!(text_of(bytes.to_vec(), 1 << 20).as_deref(), expect.as_deref());
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        check(b"\xEF\xBB\xBFa: 1", Ok("a: 1"));
        check(b"\xEF\xBB\xBF", Ok(""));
    }

    #[test]
    fn line_breaks_stay_as_they_are() {
        check(b"a\r\nb\rc\n", Ok("a\r\nb\rc\n"));
    }

    #[test]
    fn the_first_byte_that_is_not_utf8_is_named() {
        check(b"a\nbc\xFF", Err(ReadReason::NotUtf8 { line: 2, column: 3, byte: 0xFF }));
        // A character that is cut off at the end of the file.
        check(b"\xE2\x82", Err(ReadReason::NotUtf8 { line: 1, column: 1, byte: 0xE2 }));
        // UTF-16 with its mark.
        check(b"\xFF\xFEa\0", Err(ReadReason::NotUtf8 { line: 1, column: 1, byte: 0xFF }));
    }

    #[test]
    fn the_characters_that_templates_reserve_are_named() {
        let reserved = |line, column, character| ReadReason::Reserved { line, column, character };
        check("a\n \u{10FF00}".as_bytes(), Err(reserved(2, 2, '\u{10FF00}')));
        check("\u{10FF0F}".as_bytes(), Err(reserved(1, 1, '\u{10FF0F}')));
        assert!(RESERVED.map(|c| c.to_string().into_bytes()[0]).all(|first| first == 0xF4));
        check("\u{10FF10}\u{10FEFF}".as_bytes(), Ok("\u{10FF10}\u{10FEFF}"));
    }
}
