//! Finding the folder that a path belongs to, such as the workspace around a chart.

use super::disk::{reason_of, shown_parent, written};
use super::{ReadError, ReadReason, RelPath};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder as the user would write it, and where the path that was asked about lies in it.
pub type Above = (PathBuf, RelPath);

/// The nearest folder, at or above `start`, that holds one of the names. A file stands for the
/// folder that holds it.
///
/// # Errors
/// When `start` is not there, cannot be looked at, or has a name on the way that no path may hold.
pub fn find_above(start: &Path, names: &[&str]) -> Result<Option<Above>, ReadError> {
    let holds = |name: &&str, folder: &Path| folder.join(name).symlink_metadata().is_ok();
    climb(start, |_, folder| names.iter().any(|name| holds(name, folder)))
}

/// The folder that holds the folder `start`; the root of the file system holds itself.
///
/// # Errors
/// As [`find_above`].
pub fn folder_above(start: &Path) -> Result<Above, ReadError> {
    let stop = |real: &Path, folder: &Path| folder == real.parent().unwrap_or(real);
    Ok(climb(start, stop)?.expect("every folder lies in one or is the root"))
}

/// The root of the file system that holds `start`.
///
/// # Errors
/// As [`find_above`].
pub fn top_above(start: &Path) -> Result<Above, ReadError> {
    let top = climb(start, |_, folder| folder.parent().is_none())?;
    Ok(top.expect("every folder lies below a root"))
}

/// Goes up from `start` to the first folder where `stop`, given the real start and it, holds.
fn climb(start: &Path, stop: impl Fn(&Path, &Path) -> bool) -> Result<Option<Above>, ReadError> {
    let error = |reason| ReadError::new(written(start), reason);
    let mut real = fs::canonicalize(start).map_err(|e| error(reason_of(&e)))?;
    let mut shown = start.to_owned();
    if !real.is_dir() {
        real.pop();
        shown = shown_parent(&shown);
    }
    for folder in real.ancestors() {
        if stop(&real, folder) {
            // Where a link was followed, going up by name leads elsewhere.
            let same = fs::canonicalize(&shown).is_ok_and(|again| again == folder);
            let below = real.strip_prefix(folder).unwrap_or(Path::new(""));
            let folder = if same { shown } else { folder.to_owned() };
            let below = below_root(below).ok_or_else(|| {
                ReadError::new(written(&folder), ReadReason::BadName(below.display().to_string()))
            })?;
            return Ok(Some((folder, below)));
        }
        shown = shown_parent(&shown);
    }
    Ok(None)
}

fn below_root(path: &Path) -> Option<RelPath> {
    let parts: Option<Vec<_>> = path.components().map(|part| part.as_os_str().to_str()).collect();
    RelPath::parse(&parts?.join("/")).ok()
}

#[cfg(test)]
mod tests {
    use super::{find_above, top_above};
    use crate::source::disk::shown_parent;
    use std::path::Path;

    fn check(path: &str, expect: &str) {
        assert_eq!(shown_parent(Path::new(path)), Path::new(expect), "above {path:?}");
    }

    #[test]
    fn a_folder_above_is_written_as_a_user_would() {
        check("charts/web", "charts");
        check("charts", ".");
        check(".", "..");
        check("..", "../..");
        check("../charts", "..");
        check("/charts", "/");
    }

    #[test]
    fn the_top_of_the_disk_holds_every_folder() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (top, below) = top_above(here).expect("a path");
        assert!(top.parent().is_none());
        assert_eq!(top.join(below.as_str()).canonicalize().ok(), here.canonicalize().ok());
    }

    #[test]
    fn the_folder_itself_comes_first() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (root, below) = find_above(here, &["Cargo.toml"]).expect("a path").expect("found");
        assert!(root == here && below.is_root());
        let (root, below) =
            find_above(&here.join("src/source"), &["Cargo.toml"]).expect("a path").expect("found");
        assert!(root == here && below.as_str() == "src/source");
    }
}
