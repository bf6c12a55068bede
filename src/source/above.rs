//! Finding the folder that a path belongs to, such as the workspace around a chart.

use super::disk::{reason_of, shown_parent};
use super::{ReadError, ReadReason, RelPath};
use std::fs;
use std::path::{Path, PathBuf};

/// The nearest folder, at or above `start`, that holds one of the names, as the user would write it,
/// and where `start` lies in it. A file stands for the folder that holds it.
///
/// # Errors
/// When `start` is not there, cannot be looked at, or has a name on the way that no path may hold.
pub fn find_above(start: &Path, names: &[&str]) -> Result<Option<(PathBuf, RelPath)>, ReadError> {
    let error = |reason| ReadError { path: start.display().to_string(), reason };
    let mut real = fs::canonicalize(start).map_err(|e| error(reason_of(&e)))?;
    let mut shown = start.to_owned();
    if !real.is_dir() {
        real.pop();
        shown = shown_parent(&shown);
    }
    for folder in real.ancestors() {
        if names.iter().any(|name| folder.join(name).symlink_metadata().is_ok()) {
            let below = real.strip_prefix(folder).unwrap_or(Path::new(""));
            let below = below_root(below)
                .ok_or_else(|| error(ReadReason::BadName(below.display().to_string())))?;
            // Where a link was followed, going up by name leads elsewhere.
            let same = fs::canonicalize(&shown).is_ok_and(|again| again == folder);
            return Ok(Some((if same { shown } else { folder.to_owned() }, below)));
        }
        shown = shown_parent(&shown);
    }
    Ok(None)
}

fn below_root(path: &Path) -> Option<RelPath> {
    let parts: Option<Vec<_>> = path.components().map(|part| part.as_os_str().to_str()).collect();
    RelPath::parse(&parts?.join("/")).ok()
}
