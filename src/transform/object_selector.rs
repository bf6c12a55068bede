//! What a user wrote of the objects that an edit is for.

use super::Text;
use crate::source::Place;

/// Which objects are meant; what is not given matches all.
///
/// Patches take the texts for regular expressions ([`super::patch::Selector`]), replacements take them as they stand.
#[derive(Debug, Clone)]
pub struct ObjectSelector {
    /// Where it stands.
    pub place: Place,
    /// The group.
    pub group: Option<Text>,
    /// The version within the group.
    pub version: Option<Text>,
    /// The kind.
    pub kind: Option<Text>,
    /// The name that an object has or had.
    pub name: Option<Text>,
    /// The namespace that it has or had; `default` also means none.
    pub namespace: Option<Text>,
    /// Conditions on labels, in the syntax of Kubernetes.
    pub labels: Option<Text>,
    /// Conditions on annotations, alike.
    pub annotations: Option<Text>,
}
