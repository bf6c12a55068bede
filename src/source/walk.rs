//! All files below a folder.

use super::{EntryKind, Files, Inputs, ReadError, ReadReason, RelPath};
use std::path::PathBuf;

/// How many folders may lie inside one another.
const MAX_LEVELS: usize = 32;
/// How many files are found at most.
const MAX_FILES: usize = 100_000;

/// A folder that is to be listed, and where it and the folders around it really lie.
struct Open {
    folder: RelPath,
    trail: Vec<PathBuf>,
    level: usize,
}

impl Files {
    /// All files below a folder, at any depth, sorted; names that begin with a dot are passed over.
    ///
    /// Links to files and folders inside the root are followed. What is no regular file is in the
    /// result as well: reading it says what is wrong with it.
    ///
    /// # Errors
    /// As [`Files::list`]; also when a link leads back to a folder around it, or when the folders
    /// are deeper or hold more files than is sensible.
    pub fn walk(&self, folder: &RelPath, inputs: &mut Inputs) -> Result<Vec<RelPath>, ReadError> {
        let mut found = Vec::new();
        let mut open = vec![Open { folder: folder.clone(), trail: Vec::new(), level: 0 }];
        while let Some(next) = open.pop() {
            let trail = self.entered(&next)?;
            let entries = self.list(&next.folder, inputs)?;
            for entry in entries.into_iter().filter(|entry| !entry.name.starts_with('.')) {
                let path = next.folder.join(&entry.name).expect("a listed name is part of a path");
                match entry.kind {
                    EntryKind::Folder => {
                        let level = next.level + 1;
                        open.push(Open { folder: path, trail: trail.clone(), level });
                    }
                    EntryKind::File | EntryKind::Other => found.push(path),
                }
            }
            if found.len() > MAX_FILES {
                let many = ReadReason::TooMany { what: "files", limit: MAX_FILES };
                return Err(self.error(folder, many));
            }
        }
        found.sort();
        Ok(found)
    }

    /// The trail of the folder with itself at the end, unless it is on it already.
    fn entered(&self, open: &Open) -> Result<Vec<PathBuf>, ReadError> {
        if open.level > MAX_LEVELS {
            let many = ReadReason::TooMany { what: "levels of folders", limit: MAX_LEVELS };
            return Err(self.error(&open.folder, many));
        }
        let mut trail = open.trail.clone();
        if let Some(real) = self.real_path(&open.folder) {
            if trail.contains(&real) {
                return Err(self.error(&open.folder, ReadReason::LinkLoop));
            }
            trail.push(real);
        }
        Ok(trail)
    }
}
