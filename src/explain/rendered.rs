//! Where a part of a manifest is written.

use super::Made;
use super::path::Part;
use super::settings::Spot;
use crate::manifest::Manifest;
use crate::yaml::{self, MergeKeys, Node, Options};

/// The file that an object is written to, and the line of a part of it; none without a workspace,
/// and for an object that is passed on byte for byte.
pub(super) fn written(made: Made<'_>, manifest: &Manifest, parts: &[Part]) -> Option<Spot> {
    let text = manifest.text();
    let is_it = |of: &str| of.trim_end() == text.trim_end();
    let (path, _) = made.tree?.files().find(|(_, of)| is_it(of))?;
    let options = Options { merge_keys: MergeKeys::Keep, ..Options::default() };
    let written = yaml::parse(&text, manifest.node.place.file, options).ok()?;
    let start = line_start(&written.first()?.root, parts)?;
    let line = text[..start].matches('\n').count() + 1;
    let folder = made.tree_root.trim_end_matches('/');
    let file = if folder.is_empty() { path.to_string() } else { format!("{folder}/{path}") };
    Some(Spot { file, line: Some(line) })
}

/// The first byte of a part's key, or of the part.
fn line_start(root: &Node, parts: &[Part]) -> Option<usize> {
    let mut start = root.place.span.start;
    let mut node = root;
    for part in parts {
        match part {
            Part::Key(name) => {
                let (key, below) = node.as_map()?.get_key_value(&**name)?;
                (start, node) = (key.place.span.start, below);
            }
            Part::Item(_) => return None,
            Part::Index(at) => {
                node = node.as_list()?.get(*at)?;
                start = node.place.span.start;
            }
        }
    }
    Some(start as usize)
}
