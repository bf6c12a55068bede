//! `patches`, `patchesStrategicMerge` and `patchesJson6902`: what their texts are, and which objects they are for.

use super::config::{self, PatchEntry, PatchOption};
use super::load::Loader;
use super::over::Over;
use super::{inline, objects};
use crate::diag::{Code, Diagnostic, Reported, Sink, nearest};
use crate::source::{Place, Source};
use crate::transform::patch::{
    Before, Change, JsonPatch, MergeKeys, MergeRules, Merging, PatchRules, Selector, apply_json,
    merge_named, merge_selected, with_texts,
};
use crate::transform::{Fault, Resource, Resources, Text};
use crate::yaml::{self, Node};
use std::sync::Arc;

/// Merges the patches of `patchesStrategicMerge` into the objects that they name.
pub(super) fn merge_all(
    texts: &[Text],
    resources: &mut Resources,
    loader: &mut Loader<'_>,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let Some(first) = texts.first() else { return Ok(()) };
    let mut patches = Vec::new();
    for text in texts {
        match objects::of_text(text, sink)? {
            Some(read) => patches.extend(read),
            None => {
                let source = loader.file(text, sink)?;
                patches.extend(objects::of_file(&source, sink)?);
            }
        }
    }
    if patches.is_empty() {
        return Err(empty(first.place, sink));
    }
    let keys = loader.merge_keys(sink)?;
    let over = loader.rendered();
    let merging = merging(&keys, over, &[]);
    loader.look_up();
    patches.iter().try_for_each(|patch| match over {
        Some(over) => over.merge(&patch.node, (merging, None), resources, sink),
        None => merge_named(&with_texts(&patch.node), merging, resources, sink),
    })
}

/// Applies an entry of `patches`.
pub(super) fn patch(
    entry: &PatchEntry,
    resources: &mut Resources,
    loader: &mut Loader<'_>,
    sink: &mut Sink,
) -> Result<(), Reported> {
    tell_unknown_options(entry, loader, sink)?;
    match PatchText::of(entry, loader, sink)?.either(sink)? {
        Either::Merge(patches) => merge(entry, &patches, resources, loader, sink),
        Either::Json(patch) => {
            let Some(selector) = selector(entry, sink)? else {
                if patch.is_empty() {
                    return Err(empty(patch.place(), sink));
                }
                let message = "a JSON patch does not say by itself which objects it is for";
                let finding = Diagnostic::error(Code::KustomizePatch, message);
                return Err(sink.error(finding.at(entry.place, "").hint("add `target`")));
            };
            let over = loader.rendered();
            let patch = ruled(patch, over).map_err(|fault| sink.error(finding(fault)))?;
            let changed = apply_json(&patch, &selector, Before::Remembered, resources, sink)?;
            expect_match(entry, changed, (resources, over), sink)
        }
    }
}

/// kustomize takes no notice of an option that it does not know, which is most likely another one with a slip.
fn tell_unknown_options(
    entry: &PatchEntry,
    loader: &Loader<'_>,
    sink: &mut Sink,
) -> Result<(), Reported> {
    for option in &entry.unknown_options {
        let known = match loader.rendered() {
            Some(_) => &config::PATCH_OPTIONS[..],
            None => &config::PATCH_OPTIONS[..2],
        };
        let hint = match nearest(&option.text, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the options here are {}", known.join(", ")),
        };
        let code = Code::KustomizeUnknownField;
        let message = format!("a patch has no option `{}`", option.text);
        if loader.rendered().is_some() {
            let finding = Diagnostic::error(code, message).at(option.place, "");
            return Err(sink.error(finding.hint(hint)));
        }
        let finding = Diagnostic::warning(code, format!("{message}: kustomize passes over it"));
        sink.warn(finding.at(option.place, "").hint(hint));
    }
    Ok(())
}

/// A patch over rendered objects does what RFC 6902 says, and no more.
fn ruled(patch: JsonPatch, over: Option<&Over<'_>>) -> Result<JsonPatch, Fault> {
    match over {
        Some(_) => patch.by(PatchRules::Exact),
        None => Ok(patch),
    }
}

/// A patch over rendered objects must be for some of them.
fn expect_match(
    entry: &PatchEntry,
    changed: usize,
    (resources, over): (&Resources, Option<&Over<'_>>),
    sink: &mut Sink,
) -> Result<(), Reported> {
    match over {
        Some(over) if changed == 0 => over.no_match(entry, resources, sink),
        _ => Ok(()),
    }
}

/// Applies an entry of `patchesJson6902`.
pub(super) fn patch_json6902(
    entry: &PatchEntry,
    resources: &mut Resources,
    loader: &mut Loader<'_>,
    sink: &mut Sink,
) -> Result<(), Reported> {
    tell_unknown_options(entry, loader, sink)?;
    let is_named = |text: &Option<Text>| text.as_ref().is_some_and(|text| !text.text.is_empty());
    let target = entry.target.as_ref().filter(|target| is_named(&target.name));
    let (Some(_), Some(selector)) = (target, selector(entry, sink)?) else {
        let finding =
            Diagnostic::error(Code::KustomizePatch, "the target of the patch has no `name`");
        return Err(sink.error(finding.at(entry.place, "").hint("add `target.name`")));
    };
    let text = PatchText::of(entry, loader, sink)?;
    if text.text().is_empty() {
        return Err(empty(text.place(), sink));
    }
    let over = loader.rendered();
    let patch = text.json(sink).map_err(|findings| inline::tell(findings, sink))?;
    let patch = ruled(patch, over).map_err(|fault| sink.error(finding(fault)))?;
    if patch.is_empty() {
        return Err(empty(patch.place(), sink));
    }
    let changed = apply_json(&patch, &selector, Before::Forgotten, resources, sink)?;
    expect_match(entry, changed, (resources, over), sink)
}

/// Merges the objects of an entry of `patches`.
fn merge(
    entry: &PatchEntry,
    patches: &[Resource],
    resources: &mut Resources,
    loader: &mut Loader<'_>,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let keys = loader.merge_keys(sink)?;
    let changes: Vec<_> = entry.options.iter().filter_map(|option| change(*option)).collect();
    let over = loader.rendered();
    let merging = merging(&keys, over, &changes);
    match (selector(entry, sink)?, patches) {
        (None, _) => {
            loader.look_up();
            patches.iter().try_for_each(|patch| match over {
                Some(over) => over.merge(&patch.node, (merging, Some(entry)), resources, sink),
                None => merge_named(&patch.node, merging, resources, sink),
            })
        }
        (Some(selector), [patch]) => {
            let changed = merge_selected(&patch.node, &selector, merging, resources, sink)?;
            if changed > 0 {
                loader.look_up();
            }
            expect_match(entry, changed, (resources, over), sink)
        }
        (Some(_), patches) => {
            let message =
                format!("a patch with a `target` is one object, but these are {}", patches.len());
            let finding = Diagnostic::error(Code::KustomizePatch, message).at(entry.place, "");
            Err(sink.error(finding.hint("write an entry of `patches` for each")))
        }
    }
}

/// Over rendered objects lists merge by all of their keys, as in the cluster that these go to.
fn merging<'k>(keys: &'k MergeKeys, over: Option<&Over<'_>>, changes: &'k [Change]) -> Merging<'k> {
    let rules = if over.is_some() { MergeRules::ByAllKeys } else { MergeRules::AsKustomize };
    Merging { keys, rules, changes }
}

fn change(option: PatchOption) -> Option<Change> {
    match option {
        PatchOption::NameChange => Some(Change::Name),
        PatchOption::KindChange => Some(Change::Kind),
        PatchOption::Empty => None,
    }
}

fn selector(entry: &PatchEntry, sink: &mut Sink) -> Result<Option<Selector>, Reported> {
    entry.target.as_ref().map(|target| Selector::new(target, sink)).transpose()
}

fn empty(place: Place, sink: &mut Sink) -> Reported {
    let finding = Diagnostic::error(Code::KustomizePatch, "the patch is empty").at(place, "");
    sink.error(finding.hint("write a patch, or remove the entry"))
}

fn finding(Fault { message, place, hint }: Fault) -> Diagnostic {
    Diagnostic::error(Code::KustomizePatch, message).at(place, "").hint(hint)
}

/// The two kinds of patches.
enum Either {
    Merge(Vec<Resource>),
    Json(JsonPatch),
}

/// The text of a patch.
enum PatchText {
    /// Written into the kustomization.
    Inline(Text),
    /// In a file of its own.
    File(Arc<Source>),
}

impl PatchText {
    fn of(entry: &PatchEntry, loader: &mut Loader<'_>, sink: &mut Sink) -> Result<Self, Reported> {
        let given = |text: &Option<Text>| text.clone().filter(|text| !text.text.trim().is_empty());
        match (given(&entry.patch), given(&entry.path)) {
            (Some(text), None) => Ok(Self::Inline(text)),
            (None, Some(path)) => Ok(Self::File(loader.file(&path, sink)?)),
            (Some(text), Some(_)) => {
                let message = "the entry has both the patch and the path of one";
                let finding = Diagnostic::error(Code::KustomizePatch, message).at(text.place, "");
                Err(sink.error(finding.hint("leave one of them out")))
            }
            (None, None) => {
                let message = "the entry has neither a patch nor the path of one";
                let finding = Diagnostic::error(Code::KustomizePatch, message).at(entry.place, "");
                Err(sink.error(finding.hint("add `patch` or `path`")))
            }
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Inline(text) => text.text.trim(),
            Self::File(source) => source.text(),
        }
    }

    fn place(&self) -> Place {
        match self {
            Self::Inline(text) => text.place,
            Self::File(source) => source.place(0, 0),
        }
    }

    /// What it is: a list is a JSON patch, objects are merged.
    fn either(&self, sink: &mut Sink) -> Result<Either, Reported> {
        if self.text().is_empty() {
            return Ok(Either::Json(JsonPatch::empty(self.place())));
        }
        let objects = sink.unheard(|own| self.objects(own));
        let json = self.json(sink);
        match (objects, json) {
            (Ok(objects), Err(_)) if !objects.is_empty() => Ok(Either::Merge(objects)),
            (Err(_), Ok(patch)) => Ok(Either::Json(patch)),
            (Ok(_), _) => Err(empty(self.place(), sink)),
            (Err(_), Err(_)) if self.is_word(sink) => Err(self.neither(sink)),
            (Err(_), Err(findings)) if self.is_list() => Err(inline::tell(findings, sink)),
            (Err(_), Err(_)) => {
                let (_, findings) = sink.apart(|own| self.objects(own));
                Err(inline::tell(findings, sink))
            }
        }
    }

    fn is_word(&self, sink: &Sink) -> bool {
        self.yaml(sink).is_ok_and(|node| node.as_scalar().is_some())
    }

    fn neither(&self, sink: &mut Sink) -> Reported {
        let message = "this is neither an object nor a list of operations";
        let finding = Diagnostic::error(Code::KustomizePatch, message).at(self.place(), "");
        let hint = "a patch has `kind` and `metadata.name` as the object that it changes, or is a list of operations with `op` and `path`";
        sink.error(finding.hint(hint))
    }

    fn objects(&self, sink: &mut Sink) -> Result<Vec<Resource>, Reported> {
        match self {
            Self::File(source) => objects::of_file(source, sink),
            Self::Inline(text) => objects::of_inline(text, sink),
        }
    }

    fn is_list(&self) -> bool {
        self.text().trim_start().starts_with(['[', '-'])
    }

    /// The JSON patch; a text that starts with `[` is JSON, any other YAML, of which the first document counts.
    fn json(&self, sink: &Sink) -> Result<JsonPatch, Vec<Diagnostic>> {
        let text = self.text();
        if !text.starts_with('[') {
            return JsonPatch::read(&self.yaml(sink)?).map_err(|fault| vec![finding(fault)]);
        }
        let json: Result<serde_json::Value, _> = serde_json::from_str(text);
        let json = json.map_err(|error| {
            let hint = "begin each operation with `-` to write it as YAML";
            let message = format!("a patch that begins with `[` is JSON, but {error}");
            vec![finding(Fault { message, place: self.place(), hint })]
        })?;
        let read = self.yaml(sink).unwrap_or_else(|_| yaml::from_json(&json, self.place()));
        JsonPatch::read(&read).map_err(|fault| vec![finding(fault)])
    }

    /// The first document; null if there is none, what is wrong if it is no YAML.
    fn yaml(&self, sink: &Sink) -> Result<Node, Vec<Diagnostic>> {
        let documents = match self {
            Self::Inline(text) => inline::documents(text, config::CONFIG, sink)?,
            Self::File(source) => {
                let in_file = |problem: yaml::Problem| problem.in_file(source.id());
                yaml::parse(source.text(), source.id(), config::CONFIG)
                    .map_err(|problems| problems.into_iter().map(in_file).collect::<Vec<_>>())?
            }
        };
        let null = || yaml::from_json(&serde_json::Value::Null, self.place());
        Ok(documents.into_iter().next().map_or_else(null, |document| document.root))
    }
}
