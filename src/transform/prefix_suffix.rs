//! `namePrefix` and `nameSuffix`.

use super::field::told;
use super::scalar::text_of;
use super::{Create, FieldSpec, Gvk, Resource, Text, set_scalar, visit};
use crate::diag::Diagnostic;
use crate::yaml::Node;
use std::sync::Arc;

/// What is put before or behind names, and the fields that hold them.
#[derive(Debug, Clone)]
pub struct Affix<'a> {
    /// The text.
    pub text: Text,
    /// Where it goes.
    pub side: Side,
    /// The fields.
    pub fields: &'a [FieldSpec],
}

/// Where an affix goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before the name.
    Prefix,
    /// Behind the name.
    Suffix,
}

/// The field that makes an affix a part of the identity.
const NAME: &str = "metadata/name";

impl Affix<'_> {
    /// Puts it to the name of an object, unless that is a definition of a custom resource, a namespace or an API service.
    pub(super) fn change(&self, resource: &mut Resource) -> Result<(), Box<Diagnostic>> {
        let id = resource.original_id();
        if is_left_alone(&id.gvk) {
            return Ok(());
        }
        let mut fields = self.fields.iter().filter(|spec| spec.pattern.selects(&id.gvk));
        fields.try_for_each(|spec| add_to(resource, self, spec))
    }
}

fn add_to(
    resource: &mut Resource,
    affix: &Affix<'_>,
    spec: &FieldSpec,
) -> Result<(), Box<Diagnostic>> {
    let own = &affix.text.text;
    if &*spec.path == NAME && !own.is_empty() {
        let affixes = match affix.side {
            Side::Prefix => &mut resource.prefixes,
            Side::Suffix => &mut resource.suffixes,
        };
        affixes.push(Arc::clone(own));
        resource.remember_id();
    }
    // Once more by the kind of now: a patch may have changed it.
    let id = resource.id();
    if !spec.pattern.selects(&id.gvk) {
        return Ok(());
    }
    let set = &mut |node: &mut Node| {
        // A null has a text, too.
        let old = text_of(node);
        let text = match affix.side {
            Side::Prefix => format!("{own}{old}"),
            Side::Suffix => format!("{old}{own}"),
        };
        set_scalar(node, &Text::new(text, affix.text.place))
    };
    visit(&mut resource.node, &spec.path, spec.made(Create::Scalar), set)
        .map_err(|fault| told(fault, &spec.path, &id))
}

fn is_left_alone(gvk: &Gvk) -> bool {
    match &*gvk.kind {
        "CustomResourceDefinition" | "Namespace" => true,
        "APIService" => gvk.group() == "apiregistration.k8s.io",
        _ => false,
    }
}
