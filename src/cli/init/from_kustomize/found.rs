//! What a tree of kustomizations holds: folders with `overlays`, each an application, and what is no part of one.

use crate::cli::kustomize::holds_kustomization;
use crate::cli::new::check_name;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder with overlays.
pub(super) struct App {
    pub(super) folder: PathBuf,
    /// The names of its overlays, sorted.
    pub(super) overlays: Vec<String>,
}

/// A folder with a kustomization that becomes nothing.
pub(super) struct LeftOut {
    pub(super) folder: PathBuf,
    pub(super) why: Why,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// It lies further below `overlays`.
    Deep,
    /// Its name can be none of an environment.
    Name,
    /// It is no overlay.
    Alone,
}

/// What was found, sorted by path.
#[derive(Default)]
pub(super) struct Found {
    pub(super) apps: Vec<App>,
    pub(super) left_out: Vec<LeftOut>,
}

impl Found {
    /// Looks at a folder and all below it; what lies in an application belongs to it.
    pub(super) fn of(tree: &Path) -> Self {
        let mut found = Self::default();
        found.look(tree);
        found
    }

    fn look(&mut self, folder: &Path) {
        if self.take(folder) {
            return;
        }
        let (apps, known) = (self.apps.len(), self.left_out.len());
        // A link may lead around.
        for child in folders(folder).iter().filter(|child| !child.is_symlink()) {
            self.look(child);
        }
        if holds_kustomization(folder) && self.apps.len() == apps {
            let mut place = 0..;
            self.left_out
                .retain(|one| place.next().is_some_and(|at| at < known) || one.why != Why::Alone);
            self.leave_out(folder, Why::Alone);
        }
    }

    /// Takes a folder for an application if it has overlays; whether it has.
    fn take(&mut self, folder: &Path) -> bool {
        let known = self.left_out.len();
        let mut overlays = Vec::new();
        for overlay in folders(&folder.join("overlays")) {
            let name = overlay.file_name().and_then(|name| name.to_str());
            match name.filter(|name| check_name(name).is_ok()) {
                _ if !holds_kustomization(&overlay) => {}
                Some(name) => overlays.push(name.to_owned()),
                None => self.leave_out(&overlay, Why::Name),
            }
            self.look_deeper(&overlay);
        }
        if !overlays.is_empty() {
            self.apps.push(App { folder: folder.to_owned(), overlays });
            return true;
        }
        self.left_out.len() > known
    }

    fn look_deeper(&mut self, overlay: &Path) {
        for child in folders(overlay).iter().filter(|child| !child.is_symlink()) {
            if holds_kustomization(child) {
                self.leave_out(child, Why::Deep);
            }
            self.look_deeper(child);
        }
    }

    fn leave_out(&mut self, folder: &Path, why: Why) {
        self.left_out.push(LeftOut { folder: folder.to_owned(), why });
    }
}

/// The folders in a folder, sorted, without hidden ones; none if it cannot be read.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_shown = |path: &PathBuf| {
        path.is_dir()
            && path.file_name().is_some_and(|name| !name.as_encoded_bytes().starts_with(b"."))
    };
    let mut found: Vec<_> = entries.map(|entry| entry.path()).filter(is_shown).collect();
    found.sort();
    found
}
