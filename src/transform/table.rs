//! Which fields the edits change: kustomize's own tables, and what users add to them.

use super::id::or;
use super::rows::Rows;
use super::{FieldPath, FieldSpec, Pattern};
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use std::sync::{Arc, OnceLock};

const FIELDS: &str = include_str!("../../schema/kustomize/fields.tsv");

/// The fields that each edit changes.
///
/// Cheap to clone; tables of a base and of its overlay are usually the very same.
#[derive(Debug, Clone, Default)]
pub struct Tables(Arc<Lists>);

/// The lists of one set of tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lists {
    /// Of `namePrefix`.
    pub name_prefix: Vec<FieldSpec>,
    /// Of `nameSuffix`.
    pub name_suffix: Vec<FieldSpec>,
    /// Of `namespace`.
    pub namespace: Vec<FieldSpec>,
    /// Of `commonLabels`.
    pub common_labels: Vec<FieldSpec>,
    /// Of `labels`, besides what the entry says.
    pub labels: Vec<FieldSpec>,
    /// Of `labels` with `includeTemplates`.
    pub template_labels: Vec<FieldSpec>,
    /// Of `commonAnnotations`.
    pub annotations: Vec<FieldSpec>,
    /// The fields that hold names of other objects.
    pub name_references: Vec<NameReference>,
    /// The fields in which variables are looked for.
    pub var_references: Vec<FieldSpec>,
    /// Of `images`.
    pub images: Vec<FieldSpec>,
    /// Of `replicas`.
    pub replicas: Vec<FieldSpec>,
}

/// The fields that hold names of objects of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameReference {
    /// The kind whose names they are.
    pub target: Pattern,
    /// The fields.
    pub referrers: Vec<FieldSpec>,
}

/// Two rows name the same field, but only one of them makes it where it is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The path of the field.
    pub path: Arc<str>,
}

impl Tables {
    /// Those that kustomize has itself.
    #[must_use]
    pub fn builtin() -> Self {
        static BUILTIN: OnceLock<Tables> = OnceLock::new();
        BUILTIN.get_or_init(|| Self(Arc::new(read_builtin()))).clone()
    }

    /// Those of these lists.
    #[must_use]
    pub fn of(mut lists: Lists) -> Self {
        lists.sort();
        Self(Arc::new(lists))
    }

    /// These and others; a row that is there already is not added.
    ///
    /// # Errors
    /// When a row is there already that differs in making what is missing.
    pub fn merged(&self, others: &Self) -> Result<Self, Conflict> {
        if Arc::ptr_eq(&self.0, &others.0) || *others.0 == Lists::default() {
            return Ok(self.clone());
        }
        if *self.0 == Lists::default() && Arc::ptr_eq(&others.0, &Self::builtin().0) {
            return Ok(others.clone());
        }
        let mut lists = Lists::clone(&self.0);
        lists.take(&others.0)?;
        lists.sort();
        match lists == *self.0 {
            true => Ok(self.clone()),
            false => Ok(Self(Arc::new(lists))),
        }
    }
}

impl std::ops::Deref for Tables {
    type Target = Lists;

    fn deref(&self) -> &Lists {
        &self.0
    }
}

impl Lists {
    /// The list of this name, as a file of `configurations` calls it; none for `nameReference`.
    pub fn list_mut(&mut self, name: &str) -> Option<&mut Vec<FieldSpec>> {
        Some(match name {
            "namePrefix" => &mut self.name_prefix,
            "nameSuffix" => &mut self.name_suffix,
            "namespace" => &mut self.namespace,
            "commonLabels" => &mut self.common_labels,
            "labels" => &mut self.labels,
            "templateLabels" => &mut self.template_labels,
            "commonAnnotations" => &mut self.annotations,
            "varReference" => &mut self.var_references,
            "images" => &mut self.images,
            "replicas" => &mut self.replicas,
            _ => return None,
        })
    }

    fn take(&mut self, others: &Self) -> Result<(), Conflict> {
        merge_into(&mut self.name_prefix, &others.name_prefix)?;
        merge_into(&mut self.name_suffix, &others.name_suffix)?;
        merge_into(&mut self.namespace, &others.namespace)?;
        merge_into(&mut self.annotations, &others.annotations)?;
        merge_into(&mut self.common_labels, &others.common_labels)?;
        merge_into(&mut self.labels, &others.labels)?;
        merge_into(&mut self.template_labels, &others.template_labels)?;
        merge_into(&mut self.var_references, &others.var_references)?;
        self.refer_all(&others.name_references)?;
        merge_into(&mut self.images, &others.images)?;
        merge_into(&mut self.replicas, &others.replicas)
    }

    /// Adds fields that hold names of objects.
    fn refer_all(&mut self, references: &[NameReference]) -> Result<(), Conflict> {
        let own = self.name_references.iter().enumerate();
        let mut places: IndexMap<Pattern, usize, RandomState> = IndexMap::default();
        for (at, own) in own {
            places.entry(own.target.clone()).or_insert(at);
        }
        for reference in references {
            match places.get(&reference.target) {
                Some(at) => {
                    let own = &mut self.name_references[*at];
                    merge_into(&mut own.referrers, &reference.referrers)?;
                }
                None => {
                    places.insert(reference.target.clone(), self.name_references.len());
                    self.name_references.push(reference.clone());
                }
            }
        }
        Ok(())
    }

    fn sort(&mut self) {
        for list in [
            &mut self.name_prefix,
            &mut self.name_suffix,
            &mut self.namespace,
            &mut self.common_labels,
            &mut self.labels,
            &mut self.template_labels,
            &mut self.annotations,
            &mut self.var_references,
            &mut self.images,
            &mut self.replicas,
        ] {
            list.sort_by_cached_key(|spec| rank(&spec.pattern));
        }
        self.name_references.sort_by_cached_key(|reference| rank(&reference.target));
    }
}

/// Adds rows; one whose field is there already must make what is missing just so.
///
/// # Errors
/// When it does not.
pub(super) fn merge_into(own: &mut Vec<FieldSpec>, others: &[FieldSpec]) -> Result<(), Conflict> {
    let mut own = Rows::of(own);
    for other in others {
        match own.like(other) {
            Some(spec) if spec.create != other.create => {
                return Err(Conflict { path: (*other.path).into() });
            }
            Some(_) => {}
            None => own.push(other.clone()),
        }
    }
    Ok(())
}

/// Adds rows whose fields are not there already.
pub fn add_missing(own: &mut Vec<FieldSpec>, others: &[FieldSpec]) {
    let mut own = Rows::of(own);
    for other in others {
        if own.like(other).is_none() {
            own.push(other.clone());
        }
    }
}

/// What rows are sorted by: the order in which kustomize thinks kinds should be made, then group, version and kind.
fn rank(pattern: &Pattern) -> (i32, String) {
    let (group, version) = (or(&pattern.group, "~G"), or(&pattern.version, "~V"));
    let name = format!("{group}_{version}_{}", or(&pattern.kind, "~K"));
    (super::sort::builtin_rank(&pattern.kind), name)
}

fn read_builtin() -> Lists {
    let mut lists = Lists::default();
    let mut references: IndexMap<Pattern, Vec<FieldSpec>> = IndexMap::new();
    // Many rows name the same few kinds and fields.
    let mut texts: IndexMap<&str, Arc<str>, RandomState> = IndexMap::default();
    let mut paths: IndexMap<&str, FieldPath, RandomState> = IndexMap::default();
    for line in FIELDS.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let [table, target, group, version, kind, path, create] =
            std::array::from_fn(|_| columns.next().expect("a row of fields.tsv has seven columns"));
        let mut text = |text| Arc::clone(texts.entry(text).or_insert_with(|| text.into()));
        let pattern = Pattern { group: text(group), version: text(version), kind: text(kind) };
        let path = paths.entry(path).or_insert_with(|| path.into()).clone();
        let spec = FieldSpec { pattern, path, create: create == "true" };
        match lists.list_mut(table) {
            Some(list) => list.push(spec),
            None => references.entry(target_of(target)).or_default().push(spec),
        }
    }
    lists.name_references = by_target(references);
    // A label on an object is a label in its templates, and a selector besides.
    let templates = lists.template_labels.clone();
    merge_into(&mut lists.common_labels, &templates).expect("fields.tsv holds no row twice");
    lists.sort();
    lists
}

/// The references of each kind of object; a row that stands twice counts once.
pub fn by_target(rows: IndexMap<Pattern, Vec<FieldSpec>>) -> Vec<NameReference> {
    let reference = |(target, rows): (Pattern, Vec<FieldSpec>)| {
        let mut referrers = Vec::with_capacity(rows.len());
        add_missing(&mut referrers, &rows);
        NameReference { target, referrers }
    };
    rows.into_iter().map(reference).collect()
}

/// `group/version/kind`, where `*` means any.
fn target_of(text: &str) -> Pattern {
    let mut parts = text.split('/').map(|part| if part == "*" { "" } else { part });
    let mut next = || parts.next().unwrap_or_default().into();
    Pattern { group: next(), version: next(), kind: next() }
}

#[cfg(test)]
mod tests {
    use super::{Lists, Tables};
    use crate::transform::{FieldSpec, Pattern};

    fn spec(kind: &str, path: &str) -> FieldSpec {
        let pattern = Pattern { kind: kind.into(), ..Pattern::default() };
        FieldSpec { pattern, path: path.into(), create: false }
    }

    fn made(kind: &str, path: &str) -> FieldSpec {
        FieldSpec { create: true, ..spec(kind, path) }
    }

    #[test]
    fn the_tables_have_as_many_rows_as_kustomizes_own_of_which_one_stands_twice() {
        let tables = Tables::builtin();
        let counts = [
            tables.name_prefix.len(),
            tables.name_suffix.len(),
            tables.namespace.len(),
            tables.common_labels.len(),
            tables.template_labels.len(),
            tables.annotations.len(),
            tables.images.len(),
            tables.replicas.len(),
            tables.name_references.len(),
            tables.name_references.iter().map(|reference| reference.referrers.len()).sum(),
            tables.var_references.len(),
        ];
        assert_eq!(counts, [1, 1, 3, 32, 10, 9, 4, 4, 16, 166, 72]);
    }

    #[test]
    fn none_of_its_own_rows_hides_another() {
        let merged = Lists::default();
        let mut again = merged.clone();
        again.take(&Tables::builtin()).expect("no conflict");
        again.sort();
        assert_eq!(again, *Tables::builtin());
    }

    #[test]
    fn a_row_for_any_kind_behind_one_for_a_kind_is_lost_as_in_kustomize() {
        let path = "metadata/name";
        let own = Lists { name_prefix: vec![spec("Ingress", path)], ..Lists::default() };
        let all = Lists { name_prefix: vec![spec("", path)], ..Lists::default() };
        let merged = Tables::of(own).merged(&Tables::of(all)).expect("no conflict");
        assert_eq!(merged.name_prefix, [spec("Ingress", path)]);
    }

    #[test]
    fn a_row_that_is_there_already_is_not_added() {
        let tables = Tables::builtin();
        let same =
            Lists { replicas: vec![made("Deployment", "spec/replicas")], ..Lists::default() };
        let merged = tables.merged(&Tables::of(same)).expect("no conflict");
        assert_eq!(merged.replicas.len(), 4);
    }

    #[test]
    fn the_same_path_made_where_it_is_missing_and_not_made_is_a_conflict() {
        let other =
            Lists { replicas: vec![spec("Deployment", "spec/replicas")], ..Lists::default() };
        let conflict = Tables::builtin().merged(&Tables::of(other)).expect_err("a conflict");
        assert_eq!(&*conflict.path, "spec/replicas");
    }
}
