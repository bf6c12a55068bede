//! Values that refer to other values: `!tpl "{{ values.a }}"`.

use crate::source::Place;
use crate::yaml::Scalar;

/// The tag of a value that refers to others.
pub const REFERENCE: &str = "!tpl";

/// Whether a scalar is an expression that stands for a value.
#[must_use]
pub fn is_reference(scalar: &Scalar) -> bool {
    scalar.tag.as_deref() == Some(REFERENCE)
}

/// A value that was referred to, once it is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Where among the values it stands; list items count as their position, `0` first.
    pub path: Vec<String>,
    /// Its bytes in the values file.
    pub place: Place,
    /// Its expression, without the tag.
    pub text: String,
    /// The paths that it looked at, in order.
    pub looked: Vec<Vec<String>>,
    /// Those of them that it took as a whole, in order.
    pub whole: Vec<Vec<String>>,
    /// The paths that it asked for and that nobody sets, in order.
    pub absent: Vec<Vec<String>>,
    /// What it looked at besides values, in order: `target` or `chart` first.
    pub context: Vec<Vec<String>>,
}

impl Reference {
    /// Whether it looked at the value at a path, asked for it, or took all of a map or list that it lies
    /// in.
    #[must_use]
    pub fn reads(&self, path: &[String]) -> bool {
        is_in(&self.looked, path)
            || is_in(&self.absent, path)
            || (0..path.len()).any(|length| is_in(&self.whole, &path[..length]))
    }

    /// What it looked at to make something of, in order: neither what lies on the way to something else
    /// nor the parts of what it took as a whole.
    pub fn made_of(&self) -> impl Iterator<Item = &[String]> {
        let made = self.looked.iter().filter(|path| {
            let is_step = leads_on(path, &self.looked) || leads_on(path, &self.absent);
            let is_part = (0..path.len()).any(|length| is_in(&self.whole, &path[..length]));
            !is_part && (!is_step || is_in(&self.whole, path))
        });
        made.map(Vec::as_slice)
    }

    /// What it looked at besides values to make something of, in order.
    pub fn made_besides(&self) -> impl Iterator<Item = &[String]> {
        let made = self.context.iter().filter(|path| !leads_on(path, &self.context));
        made.map(Vec::as_slice)
    }

    /// Whether a place lies in it, so that what stands there was made by it.
    #[must_use]
    pub fn made(&self, place: Place) -> bool {
        let (own, span) = (self.place.span, place.span);
        self.place.file == place.file && own.start <= span.start && span.end <= own.end
    }
}

/// Whether a path is the begin of another one out of some that are in order.
fn leads_on(path: &[String], paths: &[Vec<String>]) -> bool {
    let next = paths.partition_point(|one| one.as_slice() <= path);
    paths.get(next).is_some_and(|next| next.starts_with(path))
}

/// Whether a path is among others that are in order.
fn is_in(paths: &[Vec<String>], path: &[String]) -> bool {
    paths.binary_search_by(|one| one.as_slice().cmp(path)).is_ok()
}
