//! A chart's folder.
//!
//! `folder  --load-->  Chart {metadata, defaults, schema, templates, texts, crds, overlays, libraries,
//! dependencies}`
//!
//! Promise: every file of a chart is either part of the [`Chart`] or a finding that says where it
//! belongs; charts and values files are read once, however many targets use them; charts that use each other
//! form no ring. Knows no environments (an overlay is a name here), no targets and no template language.

mod config;
mod contents;
mod dependencies;
mod folder;
mod load;
mod mapping;
mod memo;
mod name;
mod settings;

#[cfg(test)]
mod tests;

pub use config::{ChartConfig, ChartKind, DependencyConfig};
pub use dependencies::{Condition, Dependency};
pub use folder::{
    FolderKind, below, headless_chart, helm_chart, is_manifest_file, is_passed_over,
    manifest_files, source_files,
};
pub use load::{Chart, Library, Overlay, Shelf, Template, TextFile, ValuesSchema};
pub use memo::Memo;
pub use name::{NAME_RULE, wrong_name};
pub use settings::{Settings, document};
