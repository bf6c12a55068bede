//! A path that could not be read, or that is none, as a finding.

use super::{Code, Diagnostic};
use crate::source::{Likely, PathError, ReadError, ReadReason};

/// The finding for a path that could not be read; the caller adds the place that named it.
#[must_use]
pub fn unreadable(error: &ReadError) -> Diagnostic {
    let path = &error.path;
    let (code, message, hint) = match &error.reason {
        ReadReason::Missing => (
            Code::SourceMissing,
            format!("`{path}` is not there"),
            "create it, or correct the path that names it; upper and lower case matter",
        ),
        ReadReason::NotAFile(kind) => (
            Code::SourceWrongKind,
            format!("`{path}` is {kind}, not a file"),
            "put a regular file in its place, or remove it",
        ),
        ReadReason::NotAFolder(kind) => (
            Code::SourceWrongKind,
            format!("`{path}` is {kind}, not a folder"),
            "name the folder that it lies in",
        ),
        ReadReason::OutsideRoot => (
            Code::SourceOutsideRoot,
            format!("`{path}` is a link that leads out of the root folder"),
            "put a copy of what it leads to in its place",
        ),
        ReadReason::LinkLoop => (
            Code::SourceLinkLoop,
            format!("`{path}` is a link that leads back to itself or to a folder around it"),
            "remove the link",
        ),
        ReadReason::BadName(name) => (
            Code::SourcePath,
            format!("`{path}` holds the name `{name}`, which {}", what_is_bad(name)),
            "rename it: letters, digits, `-`, `_` and `.` are safe on every system",
        ),
        ReadReason::TooLarge { bytes, limit } => (
            Code::SourceTooLarge,
            format!("`{path}` has {bytes} bytes or more; at most {limit} are read"),
            "split the file, or, if a workspace reads it, raise `limits.file` in its jibe.yaml",
        ),
        ReadReason::TooMany { what, limit } => (
            Code::SourceTooLarge,
            format!("`{path}` holds more than {limit} {what}"),
            "name a smaller folder",
        ),
        ReadReason::NotUtf8 { line, column, byte, likely } => {
            let (is, hint) = looks_like(*likely);
            let at = format!("byte 0x{byte:02X} at line {line}, column {column}");
            (Code::SourceNotUtf8, format!("`{path}` is not UTF-8{is}: {at}"), hint)
        }
        ReadReason::Reserved { line, column, character } => (
            Code::SourceReservedCharacter,
            format!(
                "`{path}` holds the reserved character U+{:04X} at line {line}, column {column}",
                u32::from(*character)
            ),
            "remove the character: jibe marks template holes with U+10FF00 to U+10FF0F",
        ),
        ReadReason::Io(message) => (
            Code::SourceUnreadable,
            format!("`{path}` cannot be read: {message}"),
            "check the permissions of the file and its folders",
        ),
    };
    let finding = Diagnostic::error(code, message).hint(hint);
    match error.at {
        Some(place) => finding.at(place, "").without_excerpts(),
        None => finding,
    }
}

/// What bytes that are not UTF-8 are instead, and what to do about it.
fn looks_like(likely: Likely) -> (&'static str, &'static str) {
    match likely {
        Likely::Utf16 => (
            ", but UTF-16",
            "save the file as UTF-8, or convert it with `iconv -f UTF-16 -t UTF-8`",
        ),
        Likely::CutOff => {
            (", because its last character lacks bytes", "restore the file: its end is lost")
        }
        Likely::Binary => (
            " and no text",
            "name a text file; what holds other bytes goes into a Secret or ConfigMap as base64",
        ),
        Likely::OneByte => (
            "; it may be Latin-1 or Windows-1252",
            "save the file as UTF-8, or convert it with `iconv -f WINDOWS-1252 -t UTF-8`",
        ),
    }
}

/// What is wrong with a name that no path may hold.
fn what_is_bad(name: &str) -> String {
    match name.chars().find(|&c| c.is_control() || matches!(c, '\\' | char::REPLACEMENT_CHARACTER))
    {
        Some('\n') => "has a line break in it".to_owned(),
        Some('\\') => "has a backslash in it".to_owned(),
        Some(c) if c.is_control() => {
            format!("has the control character U+{:04X} in it", u32::from(c))
        }
        Some(_) => "is not UTF-8".to_owned(),
        None => "begins like a drive of Windows".to_owned(),
    }
}

/// The finding for a text in a user's file that is to be a path below the root but is none; the
/// caller adds the place.
#[must_use]
pub fn unusable_path(text: &str, error: PathError) -> Diagnostic {
    let (code, hint) = match error {
        PathError::Absolute => (
            Code::SourcePath,
            "leave out the leading part, up to the folder that it is relative to".to_owned(),
        ),
        PathError::Backslash => (Code::SourcePath, format!("write `{}`", text.replace('\\', "/"))),
        PathError::ClimbsOut => (
            Code::SourceOutsideRoot,
            "move what it names into the folder of jibe.yaml, or jibe.yaml further up".to_owned(),
        ),
        PathError::ControlCharacter => (Code::SourcePath, "remove the character".to_owned()),
        PathError::NotAFile => (Code::SourcePath, "name a file".to_owned()),
    };
    Diagnostic::error(code, format!("the path `{text}` {error}")).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::{unreadable, unusable_path};
    use crate::source::{Likely, PathError, ReadError, ReadReason, RelPath};

    fn check(reason: ReadReason, expect: &str) {
        let finding =
            unreadable(&ReadError { path: "charts/web/x.yaml".to_owned(), reason, at: None });
        assert_eq!(format!("{finding}; {}", finding.hints.join("; ")), expect);
    }

    #[test]
    fn what_is_missing() {
        check(
            ReadReason::Missing,
            "error[source/missing]: `charts/web/x.yaml` is not there; \
             create it, or correct the path that names it; upper and lower case matter",
        );
    }

    #[test]
    fn what_is_something_else() {
        check(
            ReadReason::NotAFile("a fifo"),
            "error[source/wrong-kind]: `charts/web/x.yaml` is a fifo, not a file; \
             put a regular file in its place, or remove it",
        );
        check(
            ReadReason::NotAFolder("a file"),
            "error[source/wrong-kind]: `charts/web/x.yaml` is a file, not a folder; \
             name the folder that it lies in",
        );
    }

    #[test]
    fn where_links_lead() {
        check(
            ReadReason::OutsideRoot,
            "error[source/outside-root]: `charts/web/x.yaml` is a link that leads out of the root folder; \
             put a copy of what it leads to in its place",
        );
        check(
            ReadReason::LinkLoop,
            "error[source/link-loop]: `charts/web/x.yaml` is a link that leads back to itself or to a folder around it; \
             remove the link",
        );
    }

    #[test]
    fn what_is_too_large() {
        check(
            ReadReason::TooLarge { bytes: 33_554_433, limit: 33_554_432 },
            "error[source/too-large]: `charts/web/x.yaml` has 33554433 bytes or more; at most 33554432 are read; \
             split the file, or, if a workspace reads it, raise `limits.file` in its jibe.yaml",
        );
        check(
            ReadReason::TooMany { what: "files", limit: 100_000 },
            "error[source/too-large]: `charts/web/x.yaml` holds more than 100000 files; name a smaller folder",
        );
    }

    #[test]
    fn what_is_no_text() {
        check(
            ReadReason::NotUtf8 { line: 3, column: 7, byte: 0xE9, likely: Likely::OneByte },
            "error[source/not-utf8]: `charts/web/x.yaml` is not UTF-8; it may be Latin-1 or Windows-1252: \
             byte 0xE9 at line 3, column 7; \
             save the file as UTF-8, or convert it with `iconv -f WINDOWS-1252 -t UTF-8`",
        );
        check(
            ReadReason::Reserved { line: 3, column: 7, character: '\u{10FF01}' },
            "error[source/reserved-character]: `charts/web/x.yaml` holds the reserved character U+10FF01 at line 3, column 7; \
             remove the character: jibe marks template holes with U+10FF00 to U+10FF0F",
        );
    }

    fn check_name(name: &str, shown: &str, is: &str) {
        let expect = format!(
            "error[source/path]: `charts/web/x.yaml` holds the name `{shown}`, which {is}; \
             rename it: letters, digits, `-`, `_` and `.` are safe on every system"
        );
        check(ReadReason::BadName(name.to_owned()), &expect);
    }

    #[test]
    fn a_name_that_no_path_may_hold() {
        check_name("a\u{1b}[31m", "a\\u{1b}[31m", "has the control character U+001B in it");
        check_name("a\nb", "a\\nb", "has a line break in it");
        check_name("a\\b", "a\\b", "has a backslash in it");
        check_name("a\u{FFFD}", "a\u{FFFD}", "is not UTF-8");
        check_name("c:web", "c:web", "begins like a drive of Windows");
    }

    #[test]
    fn what_the_system_says() {
        check(
            ReadReason::Io("Permission denied (os error 13)".to_owned()),
            "error[source/unreadable]: `charts/web/x.yaml` cannot be read: Permission denied (os error 13); \
             check the permissions of the file and its folders",
        );
    }

    fn check_path(text: &str, expect: &str) {
        let error = RelPath::parse(text).expect_err("no path");
        let finding = unusable_path(text, error);
        assert_eq!(format!("{finding}; {}", finding.hints.join("; ")), expect);
    }

    #[test]
    fn paths_that_a_user_wrote() {
        check_path(
            "../other",
            "error[source/outside-root]: the path `../other` leads out of the root folder; \
             move what it names into the folder of jibe.yaml, or jibe.yaml further up",
        );
        check_path(
            "/etc/passwd",
            "error[source/path]: the path `/etc/passwd` is an absolute path; it must be relative; \
             leave out the leading part, up to the folder that it is relative to",
        );
        check_path(
            "charts\\web",
            "error[source/path]: the path `charts\\web` holds a backslash; parts are separated by `/`; \
             write `charts/web`",
        );
        check_path(
            "charts/\u{7}web",
            "error[source/path]: the path `charts/\\u{7}web` holds a control character; remove the character",
        );
        let folder = unusable_path("charts", PathError::NotAFile).to_string();
        assert_eq!(folder, "error[source/path]: the path `charts` is a folder; it must be a file");
    }
}
