//! The entries of a kustomization's lists.

use super::fields::{self, Fields};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::Place;
use crate::transform::{FieldSpec, Image, ObjectSelector, Pattern, Replicas, SortOrder, Text};
use crate::yaml::Node;
use std::sync::Arc;

/// An entry of `labels`.
#[derive(Debug, Clone)]
pub struct LabelEntry {
    /// Names and values.
    pub pairs: Vec<(Arc<str>, Text)>,
    /// Whether selectors and templates get them, too.
    pub reach: LabelReach,
    /// Further fields that get them.
    pub fields: Vec<FieldSpec>,
}

/// Where labels go besides an object's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelReach {
    /// Nowhere.
    Metadata,
    /// Into templates.
    Templates,
    /// Into selectors and templates.
    Selectors,
}

/// An entry of `patches` or `patchesJson6902`.
#[derive(Debug, Clone)]
pub struct PatchEntry {
    /// Where the entry stands.
    pub place: Place,
    /// The file that holds the patch.
    pub path: Option<Text>,
    /// The patch itself.
    pub patch: Option<Text>,
    /// The objects that are patched.
    pub target: Option<ObjectSelector>,
    /// What the patch may do.
    pub options: Vec<PatchOption>,
    /// Options that there are not.
    pub unknown_options: Vec<Text>,
}

/// What a patch may do besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatchOption {
    /// Change the name.
    NameChange,
    /// Change the kind.
    KindChange,
    /// Change nothing, where it is over rendered objects: kustomize does not know this one and takes no notice of it.
    Empty,
}

pub(super) fn label(node: &Node, sink: &mut Sink) -> Result<LabelEntry, Reported> {
    let known = ["pairs", "includeSelectors", "includeTemplates", "fields"];
    let fields = Fields::of(node, &known, sink)?;
    let selectors = fields.truth("includeSelectors", sink)?;
    let templates = fields.truth("includeTemplates", sink)?;
    Ok(LabelEntry {
        pairs: fields.pairs("pairs", sink)?,
        reach: match (selectors, templates) {
            (true, _) => LabelReach::Selectors,
            (false, true) => LabelReach::Templates,
            (false, false) => LabelReach::Metadata,
        },
        fields: fields.list("fields", sink, field_spec)?,
    })
}

const FIELD_SPEC: [&str; 5] = ["group", "version", "kind", "path", "create"];

pub(super) fn field_spec(node: &Node, sink: &mut Sink) -> Result<FieldSpec, Reported> {
    field_spec_of(&Fields::of(node, &FIELD_SPEC, sink)?, sink)
}

pub(super) fn field_spec_of(fields: &Fields<'_>, sink: &mut Sink) -> Result<FieldSpec, Reported> {
    Ok(FieldSpec {
        pattern: pattern(fields, sink)?,
        path: fields.word("path", sink)?.into(),
        create: fields.truth("create", sink)?,
    })
}

pub(super) fn pattern(fields: &Fields<'_>, sink: &mut Sink) -> Result<Pattern, Reported> {
    Ok(Pattern {
        group: fields.word("group", sink)?,
        version: fields.word("version", sink)?,
        kind: fields.word("kind", sink)?,
    })
}

pub(super) fn patch(node: &Node, sink: &mut Sink) -> Result<PatchEntry, Reported> {
    patch_of(&Fields::of(node, &["path", "patch", "target", "options"], sink)?, "patch", sink)
}

/// Reads an entry whose patch stands under this name if it has no file of its own.
pub(super) fn patch_of(
    fields: &Fields<'_>,
    patch: &str,
    sink: &mut Sink,
) -> Result<PatchEntry, Reported> {
    let options = fields.read("options", sink, patch_options)?;
    let (options, unknown_options) = options.unwrap_or_default();
    Ok(PatchEntry {
        place: fields.place,
        path: fields.text("path", sink)?,
        patch: fields.text(patch, sink)?,
        target: fields.read("target", sink, selector)?,
        options,
        unknown_options,
    })
}

/// The options of patches by name, those first that kustomize knows.
pub(in crate::kustomize) const PATCH_OPTIONS: [&str; 3] =
    ["allowNameChange", "allowKindChange", "allowEmpty"];

/// The options that are switched on, and those that there are not.
fn patch_options(node: &Node, sink: &mut Sink) -> Result<(Vec<PatchOption>, Vec<Text>), Reported> {
    let Some(map) = node.as_map() else {
        return Err(fields::wrong_kind(node, ("`options`", "a map"), sink));
    };
    let (mut options, mut unknown) = (Vec::new(), Vec::new());
    for (key, node) in map {
        let option = match &*key.name {
            "allowNameChange" => Some(PatchOption::NameChange),
            "allowKindChange" => Some(PatchOption::KindChange),
            "allowEmpty" => Some(PatchOption::Empty),
            _ => {
                unknown.push(Text::new(Arc::clone(&key.name), key.place));
                None
            }
        };
        let holds = !node.is_null() && fields::truth(node, &key.name, sink)?;
        options.extend(option.filter(|_| holds));
    }
    Ok((options, unknown))
}

/// By what an object is named.
pub(super) const OBJECT: [&str; 5] = ["group", "version", "kind", "name", "namespace"];

/// What a selector may hold.
pub(super) const SELECTOR: [&str; 7] =
    ["group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector"];

pub(super) fn selector(node: &Node, sink: &mut Sink) -> Result<ObjectSelector, Reported> {
    selector_of(&Fields::of(node, &SELECTOR, sink)?, sink)
}

pub(super) fn selector_of(
    fields: &Fields<'_>,
    sink: &mut Sink,
) -> Result<ObjectSelector, Reported> {
    let object = object_of(fields, sink)?;
    let labels = fields.text("labelSelector", sink)?;
    let annotations = fields.text("annotationSelector", sink)?;
    Ok(ObjectSelector { labels, annotations, ..object })
}

/// Reads a selector by names and kinds alone.
pub(super) fn object_of(fields: &Fields<'_>, sink: &mut Sink) -> Result<ObjectSelector, Reported> {
    Ok(ObjectSelector {
        place: fields.place,
        group: fields.text("group", sink)?,
        version: fields.text("version", sink)?,
        kind: fields.text("kind", sink)?,
        name: fields.text("name", sink)?,
        namespace: fields.text("namespace", sink)?,
        labels: None,
        annotations: None,
    })
}

pub(super) fn image(node: &Node, sink: &mut Sink) -> Result<Image, Reported> {
    let known = ["name", "newName", "tagSuffix", "newTag", "digest"];
    let fields = Fields::of(node, &known, sink)?;
    Ok(Image {
        name: fields.text_or_empty("name", sink)?,
        new_name: fields.text("newName", sink)?,
        new_tag: fields.text("newTag", sink)?,
        digest: fields.text("digest", sink)?,
        tag_suffix: fields.text("tagSuffix", sink)?,
        place: fields.place,
    })
}

pub(super) fn replicas(node: &Node, sink: &mut Sink) -> Result<Replicas, Reported> {
    let fields = Fields::of(node, &["name", "count"], sink)?;
    Ok(Replicas {
        name: fields.text_or_empty("name", sink)?,
        count: fields.integer("count", sink)?,
        place: fields.get("count").map_or(fields.place, |count| count.place),
    })
}

pub(super) fn sort(node: &Node, sink: &mut Sink) -> Result<SortOrder, Reported> {
    let fields = Fields::of(node, &["order", "legacySortOptions"], sink)?;
    let legacy = fields.read("legacySortOptions", sink, |node, sink| {
        let fields = Fields::of(node, &["orderFirst", "orderLast"], sink)?;
        let mut kinds = |name| -> Result<Vec<Arc<str>>, Reported> {
            Ok(fields.texts(name, sink)?.into_iter().map(|text| text.text).collect())
        };
        Ok(SortOrder::Legacy { first: kinds("orderFirst")?, last: kinds("orderLast")? })
    })?;
    let order = fields.word("order", sink)?;
    let refuse = |message: &str, hint: &str, sink: &mut Sink| {
        let finding = Diagnostic::error(Code::KustomizeValue, message).at(fields.place, "");
        sink.error(finding.hint(hint))
    };
    match (&*order, legacy) {
        ("fifo", None) => Ok(SortOrder::Fifo),
        ("legacy", given) => Ok(given.unwrap_or_else(SortOrder::legacy)),
        ("fifo", Some(_)) => Err(refuse(
            "`legacySortOptions` say nothing about the order `fifo`",
            "leave them out, or write `order: legacy`",
            sink,
        )),
        _ => Err(refuse(
            "`sortOptions` need an order",
            "write `order: legacy` or `order: fifo`",
            sink,
        )),
    }
}
