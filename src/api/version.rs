//! Kubernetes versions that jibe knows: 1.25 to 1.37.

use std::fmt;

/// A Kubernetes minor version, such as 1.35. Patch releases never change what is served.
///
/// Ordered by age, oldest first; printed as `1.35`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    minor: u8,
}

impl Version {
    /// The oldest version whose schemas are embedded.
    pub const OLDEST: Version = Version { minor: 25 };
    /// The newest version whose schemas are embedded; what is meant when nobody names one.
    pub const NEWEST: Version = Version { minor: 37 };

    /// How many versions have their schemas embedded.
    pub(super) const COUNT: usize = 13;

    /// Every version whose schemas are embedded, oldest first.
    pub fn all() -> impl DoubleEndedIterator<Item = Version> {
        (Version::OLDEST.minor..=Version::NEWEST.minor).map(|minor| Version { minor })
    }

    /// Reads `1.35`; a leading `v` and a patch release (`v1.35.4`, `1.35.4-eks-1a2b`) change nothing.
    ///
    /// # Errors
    /// [`UnknownVersion`] when the text is no version, or one whose schemas are not embedded.
    pub fn parse(text: &str) -> Result<Version, UnknownVersion> {
        read_minor(text)
            .and_then(|minor| Version::all().find(|version| u32::from(version.minor) == minor))
            .ok_or_else(|| UnknownVersion { given: text.to_owned() })
    }

    /// The number after `1.`, for rules that begin with a version.
    #[must_use]
    pub fn minor(self) -> u32 {
        u32::from(self.minor)
    }

    /// How many versions lie between the oldest one and this one.
    pub(super) fn age(self) -> usize {
        usize::from(self.minor - Version::OLDEST.minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "1.{}", self.minor)
    }
}

/// `35` of `1.35`, `v1.35`, `1.35.4` and `1.35.4-gke.100`.
fn read_minor(text: &str) -> Option<u32> {
    let rest = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.")?;
    let (minor, patch) = rest.split_once('.').unwrap_or((rest, "0"));
    let plain = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let patch_number = patch.split(['-', '+']).next().unwrap_or_default();
    let canonical = plain(minor) && !(minor.len() > 1 && minor.starts_with('0'));
    if !canonical || !plain(patch_number) {
        return None;
    }
    minor.parse().ok()
}

/// A text that names no Kubernetes version that jibe knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownVersion {
    given: String,
}

impl UnknownVersion {
    /// The next step: the nearest version that is known, and the range.
    #[must_use]
    pub fn hint(&self) -> String {
        let (oldest, newest) = (Version::OLDEST, Version::NEWEST);
        match read_minor(&self.given) {
            Some(minor) if minor < oldest.minor() => {
                format!("the oldest known version is `{oldest}`")
            }
            Some(_) => format!("the newest known version is `{newest}`"),
            None => {
                format!("write a version from `{oldest}` to `{newest}`, in quotes: `\"{newest}\"`")
            }
        }
    }
}

impl fmt::Display for UnknownVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match read_minor(&self.given) {
            Some(_) => write!(out, "this jibe does not know Kubernetes `{}`", self.given),
            None => write!(out, "`{}` is not a Kubernetes version", self.given),
        }
    }
}

impl std::error::Error for UnknownVersion {}

#[cfg(test)]
mod tests {
    use super::Version;

    fn check(text: &str, expect: &str) {
        let answer = match Version::parse(text) {
            Ok(version) => version.to_string(),
            Err(error) => format!("{error}; {}", error.hint()),
        };
        assert_eq!(answer, expect, "of {text:?}");
    }

    #[test]
    fn a_patch_release_and_a_v_change_nothing() {
        for text in ["1.35", "v1.35", "1.35.4", "v1.35.4-gke.100", "1.35.0+k3s1"] {
            check(text, "1.35");
        }
    }

    #[test]
    fn a_version_out_of_range_names_the_nearest() {
        check(
            "1.24",
            "this jibe does not know Kubernetes `1.24`; the oldest known version is `1.25`",
        );
        check(
            "1.38.1",
            "this jibe does not know Kubernetes `1.38.1`; the newest known version is `1.37`",
        );
        let huge = "1.99999999999999999999";
        check(
            huge,
            &format!(
                "`{huge}` is not a Kubernetes version; write a version from `1.25` to `1.37`, in quotes: `\"1.37\"`"
            ),
        );
    }

    #[test]
    fn other_text_is_no_version() {
        for text in ["", "1", "1.", "2.35", "1.035", "1.35.", "1.35.x", "latest", "1.3 5", "1.٣٥"]
        {
            assert!(Version::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn newer_is_greater_and_all_are_listed_oldest_first() {
        let all: Vec<String> = Version::all().map(|version| version.to_string()).collect();
        assert_eq!((all.len(), all[0].as_str(), all[12].as_str()), (13, "1.25", "1.37"));
        assert!(Version::OLDEST < Version::NEWEST);
    }
}
