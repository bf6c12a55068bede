//! Bytes become text: UTF-8, of bounded size, without the characters that templates reserve.

use super::{Likely, RESERVED, ReadReason};
use std::str::Utf8Error;
use std::sync::Arc;

/// The bytes as text, a byte-order mark dropped.
pub(super) fn text_of(bytes: Vec<u8>, limit: u64) -> Result<Arc<str>, ReadReason> {
    within_limit(bytes.len() as u64, limit)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let (why, bytes) = (error.utf8_error(), error.as_bytes());
        let before = str::from_utf8(&bytes[..why.valid_up_to()]).expect("UTF-8 up to there");
        let (line, column) = line_column(before);
        ReadReason::NotUtf8 { line, column, byte: bytes[before.len()], likely: likely(bytes, why) }
    })?;
    if let Some((at, character)) = first_reserved(&text) {
        let (line, column) = line_column(&text[..at]);
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

/// What bytes may be that are not UTF-8.
fn likely(bytes: &[u8], why: Utf8Error) -> Likely {
    let is_of_text = |byte: &u8| !byte.is_ascii_control() || b"\t\n\r\x0C".contains(byte);
    match () {
        () if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") => Likely::Utf16,
        () if !bytes.iter().all(is_of_text) => Likely::Binary,
        () if why.error_len().is_none() => Likely::CutOff,
        () => Likely::OneByte,
    }
}

fn line_column(before: &str) -> (usize, usize) {
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    let begin = before.rfind('\n').map_or(0, |at| at + 1);
    (line, before[begin..].trim_start_matches('\u{FEFF}').chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::text_of;
    use crate::source::{Likely, RESERVED, ReadReason};

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

    fn check_not_utf8(bytes: &[u8], (line, column): (usize, usize), byte: u8, likely: Likely) {
        check(bytes, Err(ReadReason::NotUtf8 { line, column, byte, likely }));
    }

    #[test]
    fn the_first_byte_that_is_not_utf8_is_named() {
        check_not_utf8(b"a\nbc\xFFd", (2, 3), 0xFF, Likely::OneByte);
        // Columns are characters, and a byte-order mark is none.
        check_not_utf8(b"\xEF\xBB\xBF\xC3\xA9\xE9 ", (1, 2), 0xE9, Likely::OneByte);
    }

    #[test]
    fn what_is_not_utf8_is_told_by_its_look() {
        check_not_utf8(b"\xE2\x82", (1, 1), 0xE2, Likely::CutOff);
        check_not_utf8(b"\xFF\xFEa\0", (1, 1), 0xFF, Likely::Utf16);
        check_not_utf8(b"\xFE\xFF\0a", (1, 1), 0xFE, Likely::Utf16);
        check_not_utf8(b"\x1F\x8B\x08", (1, 2), 0x8B, Likely::Binary);
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
