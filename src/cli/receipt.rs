//! The receipt of a run that writes a workspace's whole tree: looked for before the run, left behind it.

use super::args::{Render, Shared};
use super::select::{Chosen, under};
use jibe::receipt::{Command, Program, Receipt};
use jibe::source::Files;
use jibe::tree::{Scope, Seal, Summary};
use jibe::workspace::Workspace;
use std::fs::File;
use std::path::PathBuf;

/// A run over fewer targets leaves none: to leave a receipt and to believe one the program itself must be hashed,
/// which takes as long for one target as for thousands.
const FEWEST_TARGETS: usize = 50;

/// Where the program lies that is running, even if another has taken its path.
const OWN_PROGRAM: &str = "/proc/self/exe";

/// A workspace in which a command may find a receipt and leave one.
pub(crate) struct Receipts {
    root: PathBuf,
    command: Command,
    scope: Scope,
}

impl Receipts {
    /// None for a command that prints, that writes outside of the workspace, or that sets values itself: those
    /// may come from a pipe, and `jibe check` could not make the same tree.
    pub(crate) fn of(render: &Render, shared: &Shared) -> Option<Self> {
        if !render.write || render.output.is_some() || render.extra.sets_values() {
            return None;
        }
        let (root, selection) = Chosen::before_opening(shared, &render.what)?;
        let scope = if selection.is_all() { Scope::All } else { Scope::Selected };
        // All that shapes a run besides files. How it is printed does not, nor the number of threads.
        let shaped = (selection, &render.extra.kube_version, &render.writing, &render.strictness);
        Some(Self { root, command: Command::new(&format!("{shaped:?}")), scope })
    }

    /// The output folder and what is to be said of it, if a run would change nothing and tell nothing.
    pub(crate) fn unchanged(&self) -> Option<(PathBuf, Summary)> {
        let receipt = Receipt::find(&self.root, self.command)?;
        if !receipt.is_up_to_date(&Files::disk(&self.root).ok()?, own_program) {
            return None;
        }
        let folder = under(&self.root, receipt.output().as_str());
        let summary = receipt.unchanged(&folder, self.scope)?;
        Some((folder, summary))
    }

    /// Whether a run over so many targets is so long that a receipt makes the next one shorter.
    pub(crate) fn are_worth_it(targets: usize) -> bool {
        targets >= FEWEST_TARGETS
    }

    /// Leaves the receipt of a run that had nothing to tell besides what it has written. A workspace
    /// that cannot be written goes without one.
    pub(crate) fn leave(&self, workspace: &Workspace, summary: &Summary, seal: Seal) {
        if !summary.kept.is_empty() || !summary.notes.is_empty() {
            return;
        }
        let Some(program) = own_program() else { return };
        let made = (workspace.output().root(), seal);
        if let Some(receipt) = Receipt::of((program, self.command), workspace.files(), made) {
            let _ = receipt.leave(&self.root);
        }
    }
}

/// The program that is running.
fn own_program() -> Option<Program> {
    let file = File::open(OWN_PROGRAM).or_else(|_| File::open(std::env::current_exe()?));
    Program::read(file.ok()?).ok()
}
