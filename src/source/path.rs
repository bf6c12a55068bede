//! Paths below a root that cannot climb out of it.

use super::KUSTOMIZATIONS;
use std::borrow::Borrow;
use std::fmt;

/// A relative path with `/` between its parts, without `.`, `..`, empty parts or a root.
///
/// The empty path is the root itself. Ordered by bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RelPath(String);

/// Why a text is no [`RelPath`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathError {
    /// It begins with `/` or a drive letter.
    Absolute,
    /// It holds a backslash.
    Backslash,
    /// Its `..` parts lead out of the root.
    ClimbsOut,
    /// It holds a NUL or another control character.
    ControlCharacter,
    /// It is to be a file, but is the root or has other paths below it.
    NotAFile,
}

impl std::error::Error for PathError {}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absolute => "is an absolute path; it must be relative",
            Self::Backslash => "holds a backslash; parts are separated by `/`",
            Self::ClimbsOut => "leads out of the root folder",
            Self::ControlCharacter => "holds a control character",
            Self::NotAFile => "is a folder; it must be a file",
        })
    }
}

impl RelPath {
    /// The root itself.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads `text` as a path below the root; `.` and `..` parts are resolved by name.
    ///
    /// # Errors
    /// When the path is absolute, climbs out of the root or holds a control character.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        Self::root().join(text)
    }

    /// The path that `text` names when read from this folder; `..` goes one folder up.
    ///
    /// # Errors
    /// As [`RelPath::parse`].
    pub fn join(&self, text: &str) -> Result<Self, PathError> {
        if text.starts_with('/') || matches!(text.as_bytes(), [b'A'..=b'Z' | b'a'..=b'z', b':', ..])
        {
            return Err(PathError::Absolute);
        }
        if text.contains('\\') {
            return Err(PathError::Backslash);
        }
        if text.chars().any(char::is_control) {
            return Err(PathError::ControlCharacter);
        }
        let mut parts: Vec<&str> = self.parts().collect();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop().ok_or(PathError::ClimbsOut)?),
                name => parts.push(name),
            }
        }
        Ok(Self(parts.join("/")))
    }

    /// The path as text, empty for the root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the root itself.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Its parts in order.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// Its last part; empty for the root.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it has the name of a kustomization's file.
    #[must_use]
    pub fn is_kustomization(&self) -> bool {
        KUSTOMIZATIONS.contains(&self.file_name())
    }

    /// The folder that holds it; the root's is the root.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned()))
    }

    /// What is left of it below `folder`, if it lies there.
    #[must_use]
    pub fn below(&self, folder: &Self) -> Option<&str> {
        if folder.is_root() {
            return Some(&*self.0).filter(|rest| !rest.is_empty());
        }
        self.0.strip_prefix(&folder.0)?.strip_prefix('/')
    }
}

/// Ordered and compared as its text.
impl Borrow<str> for RelPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_root() { "." } else { &self.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::{PathError, RelPath};

    fn check(from: &str, text: &str, expect: Result<&str, PathError>) {
        let from = RelPath::parse(from).expect("a path");
        assert_eq!(from.join(text).as_ref().map(RelPath::as_str).map_err(|e| *e), expect);
    }

    #[test]
    fn dots_are_resolved_by_name() {
        check("charts/web", "../base/./templates", Ok("charts/base/templates"));
    }

    #[test]
    fn a_path_cannot_climb_out_of_the_root() {
        check("charts", "../../etc/passwd", Err(PathError::ClimbsOut));
    }

    #[test]
    fn absolute_paths_and_drives_are_refused() {
        check("", "/etc/passwd", Err(PathError::Absolute));
        check("", "C:/x", Err(PathError::Absolute));
        check("", "c:\\x", Err(PathError::Absolute));
        check("", "a\\b", Err(PathError::Backslash));
    }

    #[test]
    fn the_root_is_reached_but_not_left() {
        check("charts/web", "../..", Ok(""));
        check("", "a/../..", Err(PathError::ClimbsOut));
        check("", "", Ok(""));
    }

    #[test]
    fn what_lies_below_a_folder_is_found_by_whole_names() {
        let path = |text| RelPath::parse(text).expect("a path");
        assert_eq!(path("charts/web/x").below(&path("charts/web")), Some("x"));
        assert_eq!(path("charts/web2").below(&path("charts/web")), None);
        assert_eq!(path("charts").below(&path("charts")), None);
        assert_eq!(path("charts").below(&RelPath::root()), Some("charts"));
        assert_eq!(RelPath::root().below(&RelPath::root()), None);
    }

    #[test]
    fn control_characters_are_refused() {
        check("", "a\0b", Err(PathError::ControlCharacter));
    }
}
