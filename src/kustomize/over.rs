//! Kustomizations over objects that were rendered elsewhere.
//!
//! `objects  --layer, layer …-->  changed objects  --references-->  objects`
//!
//! Promise: a value is what the patch says and stays what it is otherwise, however it or another one is spelled; what
//! nothing names keeps its node, so that whoever made it is still known; every node that a kustomization sets says so by its
//! `set_at`; a patch that is for nothing is an error. Makes no objects of its own and sets no namespaces.

use super::accumulate::{Accumulated, Target};
use super::config::{PatchEntry, PatchOption};
use super::load::Loader;
use crate::diag::{Code, Diagnostic, Reported, Severities, Sink, nearest};
use crate::source::{Files, Inputs, RelPath};
use crate::transform::patch::{MergeKeys, Merging, marked, merge_named};
use crate::transform::{Image, ResId, Resource, Resources, fix_references, replacements};
use crate::yaml::{Data, Key, Node, Scalar, Style, Value};
use std::sync::Arc;

mod missed;
#[cfg(test)]
mod tests;

/// How many objects or images a hint lists.
const LISTED: usize = 8;

/// One kustomization and the objects that it is over.
pub struct Layer<'l> {
    /// The folder of its file.
    pub folder: RelPath,
    /// Whether it is over an object.
    pub is_over: Box<dyn Fn(&Resource) -> bool + 'l>,
}

/// What is known of the objects that kustomizations are over.
#[derive(Debug)]
pub struct Over<'o> {
    /// By which keys their lists merge.
    pub merge_keys: Arc<MergeKeys>,
    /// The namespace that those have whose manifests name none: a patch may name it, or none.
    pub namespace: Option<&'o str>,
    /// How findings weigh.
    pub severities: &'o Severities,
    /// Objects, `Kind/name`, that are passed on byte for byte and so cannot be changed.
    pub sealed: Vec<String>,
}

/// Makes the edits of kustomizations, one behind the other, and corrects references to what they renamed.
///
/// # Errors
/// When a kustomization cannot be read, has fields that belong to a tree of its own, or is for objects that are not there.
pub fn edit(
    files: &Files,
    layers: &[Layer<'_>],
    resources: Resources,
    over: &Over<'_>,
    sink: &mut Sink,
) -> Result<(Resources, Inputs), Reported> {
    let mut all = Accumulated { resources, ..Accumulated::default() };
    settle(&mut all.resources);
    let mut inputs = Inputs::default();
    for layer in layers {
        let list = std::mem::take(&mut all.resources).into_list();
        let (inside, outside): (Vec<_>, Vec<_>) =
            list.into_iter().partition(|one| (layer.is_over)(one));
        all.resources = Resources::from_list(inside);
        let mut loader = Loader::over(files, &layer.folder, over, sink)?;
        let (config, file) = loader.kustomization(None, sink)?;
        let metadata = config.metadata;
        let target = Target { config, file, path: String::new(), metadata };
        all = target.accumulate(all, &mut loader, sink)?;
        let list = all.resources.into_list().into_iter().chain(outside).collect();
        all.resources = Resources::from_list(list);
        inputs.extend(&Arc::new(loader.into_inputs()));
    }
    fix_references(&all.tables.name_references, &mut all.resources, sink)?;
    settle(&mut all.resources);
    Ok((all.resources, inputs))
}

/// Makes every string of the objects that were changed one by its quotes, so that an edit that keeps the style of a text
/// keeps it a string, and forgets which labels kustomize takes for one.
pub(super) fn settle(resources: &mut Resources) {
    for at in resources.touched() {
        if let Some(data) = resources.get(at).and_then(|resource| settled(&resource.node)) {
            resources.edit(at, |resource| resource.node.data = data);
        }
    }
}

/// The data of a node that changes; lists and maps that do not are shared on, as whoever made them knows them by their place
/// in memory.
fn settled(node: &Node) -> Option<Data> {
    let changed = |nodes: &mut dyn Iterator<Item = &Node>| -> Vec<(usize, Data)> {
        nodes.enumerate().filter_map(|(at, node)| Some((at, settled(node)?))).collect()
    };
    match &node.data {
        Data::Scalar(scalar) => {
            let is_plain = scalar.style == Style::Plain || scalar.tag.is_some();
            let string = || Scalar { style: Style::Double, tag: None, ..scalar.clone() };
            (scalar.value == Value::String && is_plain).then(|| Data::Scalar(string()))
        }
        Data::List(items) => {
            let changed = changed(&mut items.iter());
            (!changed.is_empty()).then(|| {
                let mut items = items.to_vec();
                changed.into_iter().for_each(|(at, data)| items[at].data = data);
                Data::List(Arc::new(items))
            })
        }
        Data::Map(map) => {
            let changed = changed(&mut map.values());
            (!changed.is_empty()).then(|| {
                let mut map = (**map).clone();
                changed.into_iter().for_each(|(at, data)| map[at].data = data);
                Data::Map(Arc::new(map))
            })
        }
    }
}

impl Over<'_> {
    /// Merges a patch into the object that it names.
    pub(super) fn merge(
        &self,
        patch: &Node,
        (merging, entry): (Merging<'_>, Option<&PatchEntry>),
        resources: &mut Resources,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        let patch = self.fitted(marked(patch), resources);
        if !resources.with_any_id(&ResId::of(&patch)).is_empty() {
            return merge_named(&patch, merging, resources, sink);
        }
        if entry.is_some_and(allows_nothing) {
            return Ok(());
        }
        Err(self.no_object(&patch, entry, resources, sink))
    }

    /// A patch with the namespace that the object which it is for has: its target's may be left out, or be named where the
    /// object names none.
    fn fitted(&self, mut patch: Node, resources: &Resources) -> Node {
        let id = ResId::of(&patch);
        let other: Arc<str> = match (&*id.namespace, self.namespace) {
            ("", Some(own)) => own.into(),
            (named, Some(own)) if named == own => "".into(),
            _ => return patch,
        };
        let elsewhere = ResId { namespace: Arc::clone(&other), ..id.clone() };
        let is_there = |id: &ResId| !resources.with_any_id(id).is_empty();
        if is_there(&id) || !is_there(&elsewhere) {
            return patch;
        }
        let metadata = patch.at_mut(&["metadata"]);
        if let Some((place, map)) = metadata.and_then(|node| Some((node.place, node.as_map_mut()?)))
        {
            match other.is_empty() {
                true => drop(map.shift_remove("namespace")),
                false => {
                    map.insert(Key::new("namespace", place), Node::string(other, place));
                }
            }
        }
        patch
    }

    fn no_object(
        &self,
        patch: &Node,
        entry: Option<&PatchEntry>,
        resources: &Resources,
        sink: &mut Sink,
    ) -> Reported {
        let id = ResId::of(patch);
        let place = patch.at(&["metadata", "name"]).unwrap_or(patch).place;
        let message = format!("nothing rendered is called {id}, which this patch is for");
        let finding = Diagnostic::error(Code::KustomizeNoMatch, message).at(place, "");
        let twin = resources
            .iter()
            .map(Resource::id)
            .find(|own| own.gvk.kind == id.gvk.kind && own.name == id.name);
        let hint = match twin {
            Some(own) if own.gvk.api_version != id.gvk.api_version => {
                format!("the one that is there has `apiVersion: {}`", own.gvk.api_version)
            }
            Some(own) if own.namespace.is_empty() => {
                "the one that is there has no namespace: remove it from the patch".to_owned()
            }
            Some(own) => format!("the one that is there has `namespace: {}`", own.namespace),
            None => self.near(&called(&id), resources),
        };
        sink.error(finding.hint(hint).hint(way_out(entry)))
    }

    /// Reports that a patch with a target is for nothing, unless it may be.
    pub(super) fn no_match(
        &self,
        entry: &PatchEntry,
        resources: &Resources,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        if allows_nothing(entry) {
            return Ok(());
        }
        let Some(target) = &entry.target else { return Ok(()) };
        let message = "the `target` of this patch selects nothing that is rendered";
        let (place, hint) = self.missed(target, resources, sink);
        let finding = Diagnostic::error(Code::KustomizeNoMatch, message).at(place, "");
        Err(sink.error(finding.hint(hint).hint(way_out(Some(entry)))))
    }

    /// Warns of an entry of `images` that changes none of those that have these names.
    pub(super) fn warn_of_image(
        &self,
        image: &Image,
        names: &[String],
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        let message = format!("no container has the image `{}`", image.name.text);
        let finding = Diagnostic::warning(Code::KustomizeNoMatch, message).at(image.name.place, "");
        let hint = match nearest(&image.name.text, names.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names.is_empty() => "nothing rendered has containers".to_owned(),
            None => format!("the images are {}", listed(names)),
        };
        sink.weigh(finding.hint(hint), self.severities).map_or(Ok(()), Err)
    }

    /// Warns of a target of a replacement that selects nothing.
    pub(super) fn warn_of_target(
        &self,
        target: &replacements::Target,
        resources: &Resources,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        let Some(select) = &target.select else { return Ok(()) };
        let message = "`select` of this replacement selects nothing that is rendered";
        let (place, hint) = self.missed(select, resources, sink);
        let finding = Diagnostic::warning(Code::KustomizeNoMatch, message).at(place, "");
        sink.weigh(finding.hint(hint), self.severities).map_or(Ok(()), Err)
    }

    /// The object that was most likely meant by `Kind/name`, or those that there are.
    fn near(&self, named: &str, resources: &Resources) -> String {
        if self.sealed.iter().any(|sealed| sealed == named) {
            return "it is encrypted, and passed on byte for byte".to_owned();
        }
        let mut names: Vec<_> = resources.iter().map(|one| called(&one.id())).collect();
        names.sort_unstable();
        names.dedup();
        let (kind, _) = named.split_once('/').unwrap_or((named, ""));
        let of_kind: Vec<_> =
            names.iter().filter(|name| name.split('/').next() == Some(kind)).cloned().collect();
        let near =
            |names: &[String]| nearest(named, names.iter().map(String::as_str)).map(str::to_owned);
        match near(&of_kind).or_else(|| near(&names)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names.is_empty() => "nothing is rendered here".to_owned(),
            None if !of_kind.is_empty() => format!("what is rendered: {}", listed(&of_kind)),
            None => format!("what is rendered: {}", listed(&names)),
        }
    }
}

fn allows_nothing(entry: &PatchEntry) -> bool {
    entry.options.contains(&PatchOption::Empty)
}

/// `Kind/name` of an object.
fn called(id: &ResId) -> String {
    format!("{}/{}", id.gvk.kind, id.name)
}

/// What to write where a patch may be for nothing.
fn way_out(entry: Option<&PatchEntry>) -> &'static str {
    match entry {
        Some(_) => "if it may be for nothing, add `options: { allowEmpty: true }` to the entry",
        None => {
            "if it may be for nothing, make it an entry of `patches` with `options: { allowEmpty: true }`"
        }
    }
}

fn listed(names: &[String]) -> String {
    let more = names.len().saturating_sub(LISTED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let shown: Vec<_> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    format!("{}{rest}", shown.join(", "))
}
