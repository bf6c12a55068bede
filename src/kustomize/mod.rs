//! Reads an unmodified kustomization tree and builds what `kustomize build` prints.
//!
//! `folder  --config, load-->  Kustomization*  --accumulate (transform)-->  Resources  --finish-->  text`
//!
//! Promise: the bytes of kustomize 5.6, and failure where it fails, with the line of the user's own file. Everything lies
//! below the root of the files: no program is run and no other machine is asked. Over objects that were rendered
//! elsewhere ([`edit`]), the same edits without the bugs: what a value is does not depend on how another one was spelled.

mod accumulate;
pub mod config;
mod finish;
mod generate;
mod inline;
mod load;
mod names;
mod objects;
mod over;
mod patches;
mod plugins;
mod replace;
mod steps;
mod twice;
mod unfound;
mod value_add;

pub use finish::{print, print_parts};
pub use load::{LoadRestrictor, remote};
pub use names::file_names;
pub use over::{Layer, Over, edit};

use crate::diag::{Reported, Sink};
use crate::source::{Files, Inputs, RelPath};
use crate::transform::patch::MergeKeys;
use crate::transform::{Resources, SortOrder, Tables};
use load::Loader;

/// What the command line says about a build.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The order of the objects, unless the kustomization has `sortOptions`; without either it is
    /// [`SortOrder::legacy`].
    pub order: Option<SortOrder>,
    /// Which files a kustomization may name.
    pub restrictor: LoadRestrictor,
    /// Whether objects get the label that names the program, as by `buildMetadata: [managedByLabel]`.
    pub managed_by: config::Note,
}

/// Makes the tables that every build looks into, as the first one does by itself: for a thread that has nothing else to do
/// yet.
pub fn prepare() {
    drop(Tables::builtin());
    drop(MergeKeys::of_kustomize());
}

/// Builds the kustomization in a folder.
///
/// # Errors
/// Where `kustomize build` fails, or runs another program, or asks another machine.
pub fn build(
    files: &Files,
    folder: &RelPath,
    options: &Options,
    sink: &mut Sink,
) -> Result<(Resources, Inputs), Reported> {
    let mut loader = Loader::new(files, folder, options.restrictor, sink)?;
    let (resources, target) = accumulate::root(&mut loader, sink)?;
    let resources = finish::finish(resources, (&target, options), sink)?;
    Ok((resources, loader.into_inputs()))
}

#[cfg(test)]
mod tests;
