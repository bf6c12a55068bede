//! A path that could not be read, as a finding.

use super::{Code, Diagnostic};
use crate::source::{MAX_FILE_BYTES, ReadError, ReadReason};

/// The finding for a path that could not be read; the caller adds the place that named it.
#[must_use]
pub fn unreadable(error: &ReadError) -> Diagnostic {
    let path = &error.path;
    match &error.reason {
        ReadReason::Missing => {
            Diagnostic::error(Code::SourceMissing, format!("`{path}` is not there"))
                .hint("create it, or correct the path that names it")
        }
        ReadReason::WrongKind(kind) => Diagnostic::error(
            Code::SourceNotAFile,
            format!("`{path}` is {kind}, not a regular file"),
        )
        .hint("put a regular file in its place, or remove it"),
        ReadReason::OutsideRoot => Diagnostic::error(
            Code::SourceOutsideRoot,
            format!("`{path}` leads out of the root folder"),
        )
        .hint("copy what it leads to into the root, or point it at something inside"),
        ReadReason::TooLarge(bytes) => Diagnostic::error(
            Code::SourceTooLarge,
            format!("`{path}` has {bytes} bytes; at most {MAX_FILE_BYTES} are read"),
        )
        .hint("split the file"),
        ReadReason::NotUtf8 { line, column, byte } => Diagnostic::error(
            Code::SourceNotUtf8,
            format!("`{path}` is not UTF-8: byte 0x{byte:02X} at line {line}, column {column}"),
        )
        .hint("save the file as UTF-8"),
        ReadReason::Reserved { line, column, character } => Diagnostic::error(
            Code::SourceReservedCharacter,
            format!(
                "`{path}` holds the reserved character U+{:04X} at line {line}, column {column}",
                u32::from(*character)
            ),
        )
        .hint("remove the character: jibe marks template holes with U+10FF00 to U+10FF0F"),
        ReadReason::TooMany(what) => {
            Diagnostic::error(Code::SourceTooLarge, format!("`{path}` holds too many {what}"))
                .hint("name a smaller folder")
        }
        ReadReason::Io(message) => {
            Diagnostic::error(Code::SourceUnreadable, format!("`{path}` cannot be read: {message}"))
                .hint("check the permissions of the file and its folders")
        }
    }
}
