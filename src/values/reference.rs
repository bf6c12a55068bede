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
        self.place.holds(place)
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

#[cfg(test)]
mod tests {
    use super::Reference;
    use crate::values::shown::no_files;

    fn paths(text: &str) -> Vec<Vec<String>> {
        let path = |path: &str| path.split('.').map(str::to_owned).collect();
        let mut paths: Vec<Vec<String>> = text.split_whitespace().map(path).collect();
        paths.sort();
        paths
    }

    /// A reference that looked at some paths, took some as a whole and asked for some in vain.
    fn reference([looked, whole, absent]: [&str; 3]) -> Reference {
        let source = no_files().add("values.yaml", b"a".to_vec()).expect("text");
        let [looked, whole, absent] = [looked, whole, absent].map(paths);
        let (path, text, context) = Default::default();
        Reference { path, place: source.place(0, 1), text, looked, whole, absent, context }
    }

    #[track_caller]
    fn check_made_of(read: [&str; 3], expect: &[&str]) {
        let reference = reference(read);
        let made_of: Vec<_> = reference.made_of().map(|path| path.join(".")).collect();
        assert_eq!(made_of, expect);
    }

    #[test]
    fn what_lies_on_the_way_makes_nothing() {
        check_made_of(
            ["image image.tag image.registry tag", "", ""],
            &["image.registry", "image.tag", "tag"],
        );
        check_made_of(["image", "", "image.tag"], &[]);
        check_made_of(["image image-x", "", ""], &["image", "image-x"]);
    }

    #[test]
    fn what_is_taken_as_a_whole_makes_more_than_its_parts() {
        check_made_of(["probe probe.port", "probe", ""], &["probe"]);
    }

    #[test]
    fn a_value_is_read_if_it_is_looked_at_or_lies_in_what_is_taken() {
        let reference = reference(["image image.tag probe", "probe", "image.digest"]);
        let reads = |path: &str| paths(path).iter().all(|path| reference.reads(path));
        assert!(reads("image image.tag image.digest probe.http.port"));
        assert!(!reads("image.registry") && !reads("image.tag.x") && !reads("other"));
    }
}
