//! Objects as a kustomization prints them, which are written as they are: what is right about them is kustomize's to say.

use super::lay_out::{Home, Identity, Lot, Object};
use crate::api::is_builtin_group;
use crate::source::{Place, RelPath};
use std::sync::Arc;

/// An object with its text.
#[derive(Debug, Clone)]
pub struct Printed {
    /// Its group, empty for the core group.
    pub group: Arc<str>,
    /// Its kind.
    pub kind: Arc<str>,
    /// The namespace that it says itself.
    pub namespace: Option<Arc<str>>,
    /// Its name.
    pub name: Arc<str>,
    /// The whole text of its file.
    pub text: Arc<str>,
    /// Where it was read.
    pub place: Place,
    /// The name of its file, if it is not for jibe to choose.
    pub file: Option<String>,
}

impl Lot {
    /// Objects for the output folder itself, which inventories remember as those of `target`, a [`label`](super::label).
    ///
    /// Without a name for its file an object gets jibe's own, with its namespace if it says one.
    #[must_use]
    pub fn of_printed(target: &str, objects: Vec<Printed>) -> Self {
        Self {
            target: target.into(),
            folder: RelPath::root(),
            cluster_folder: RelPath::root(),
            objects: objects.into_iter().map(Printed::into_object).collect(),
        }
    }
}

impl Printed {
    fn into_object(self) -> Object {
        let Self { group, kind, namespace, name, text, place, file } = self;
        let group = Some(group).filter(|group| !is_builtin_group(group));
        let home = namespace.map_or(Home::Own, Home::Namespace);
        let object = Object::new(Identity { group, kind, home, name }, text, place);
        match file {
            None => object,
            Some(file) => Object { folded: file.to_lowercase(), file, ..object },
        }
    }
}
