//! Kinds as types with fields, for rules that a JSON Schema cannot say.

use super::Version;
use super::embedded::{self, Block, OBJECT_META};
use std::collections::BTreeMap;

/// The types that the objects of a kind are made of, in one Kubernetes version. The first is the kind itself.
#[derive(Debug)]
pub struct Shapes(Vec<Shape>);

/// One type.
#[derive(Debug)]
pub struct Shape {
    /// Package, version and name: `apps/v1.DeploymentSpec`; `custom` for a custom resource.
    pub name: &'static str,
    fields: Vec<(&'static str, Form)>,
    merged: Vec<(&'static str, Vec<&'static str>)>,
}

/// The types that all kinds of a Kubernetes version are made of.
#[derive(Debug)]
pub struct AllShapes {
    /// Each type once.
    pub shapes: Shapes,
    /// What manifests write as `apiVersion` and `kind`, and the position of the kind's type; sorted by it.
    pub kinds: Vec<(String, &'static str, usize)>,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// A scalar, or what has no fields that are known.
    Scalar,
    /// An object; its type's position among the [`Shapes`].
    Object(usize),
    /// A list of them.
    List(Box<Form>),
    /// A map with the user's keys.
    Map(Box<Form>),
}

impl Shapes {
    /// The kind itself.
    pub const ROOT: usize = 0;

    pub(super) fn of_kind(block: &'static Block, version: Version) -> Self {
        let mut reader = Reader::new(version);
        reader.place(block);
        Self(reader.finish())
    }

    /// The types of everything that a version serves itself.
    #[must_use]
    pub fn of_all(version: Version) -> AllShapes {
        let mut reader = Reader::new(version);
        let served = embedded::blocks().iter().filter(|block| block.holds_for(version));
        let kinds = served.filter_map(|block| {
            let resource = block.resource()?;
            let api_version = super::api_version(resource.group, resource.version);
            Some((api_version, resource.kind, reader.place(block)))
        });
        let kinds = kinds.collect();
        AllShapes { shapes: Self(reader.finish()), kinds }
    }

    /// Of a custom resource only the metadata is known.
    pub(super) fn of_custom(version: Version) -> Self {
        let metadata =
            embedded::find(OBJECT_META, version).expect("every version has object metadata");
        let mut reader = Reader::new(version);
        reader.place(metadata);
        let metadata = reader.finish().into_iter().map(Shape::one_further);
        let fields = vec![("metadata", Form::Object(1))];
        let custom = Shape { name: "custom", fields, merged: Vec::new() };
        Self(std::iter::once(custom).chain(metadata).collect())
    }

    /// Every type, in the order of their positions.
    pub fn iter(&self) -> std::slice::Iter<'_, Shape> {
        self.0.iter()
    }

    /// The type at a position that a [`Form`] of these holds.
    #[must_use]
    pub fn get(&self, position: usize) -> &Shape {
        &self.0[position]
    }
}

impl<'s> IntoIterator for &'s Shapes {
    type Item = &'s Shape;
    type IntoIter = std::slice::Iter<'s, Shape>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Shape {
    /// Its fields with what they hold, sorted by name.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &Form)> {
        self.fields.iter().map(|(name, form)| (*name, form))
    }

    /// What a field holds.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Form> {
        let at = self.fields.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        Some(&self.fields[at].1)
    }

    /// The keys by which a patch merges the list in a field, none for a list of scalars; nothing if it replaces it.
    ///
    /// All of the keys that tell its items apart where the schema names several (`x-kubernetes-list-map-keys`), though
    /// `x-kubernetes-patch-merge-key` is but the first of them.
    #[must_use]
    pub fn merged_by(&self, field: &str) -> Option<&[&'static str]> {
        let (_, keys) = self.merged.iter().find(|(name, _)| *name == field)?;
        Some(keys)
    }

    fn one_further(mut self) -> Self {
        self.fields.iter_mut().for_each(|(_, form)| form.shift());
        self
    }
}

impl Form {
    /// The type's position, if it is an object.
    #[must_use]
    pub fn object(&self) -> Option<usize> {
        match self {
            Self::Object(position) => Some(*position),
            _ => None,
        }
    }

    fn shift(&mut self) {
        match self {
            Self::Scalar => {}
            Self::Object(position) => *position += 1,
            Self::List(item) | Self::Map(item) => item.shift(),
        }
    }
}

struct Reader {
    version: Version,
    places: BTreeMap<&'static str, usize>,
    blocks: Vec<&'static Block>,
}

/// The keys by which the list in a field merges, if it does.
fn merge_keys(field: &embedded::Field) -> Option<Vec<&'static str>> {
    let says = |word| field.attributes.get(word);
    let merges = says("patch")?.split(',').any(|strategy| strategy == "merge");
    let is_merged = merges && field.spelling.starts_with("[]");
    is_merged.then(|| match says("keys").or(says("merge")) {
        Some(keys) => keys.split(',').collect(),
        None => Vec::new(),
    })
}

impl Reader {
    fn new(version: Version) -> Self {
        Self { version, places: BTreeMap::new(), blocks: Vec::new() }
    }

    fn place(&mut self, block: &'static Block) -> usize {
        if let Some(known) = self.places.get(block.name) {
            return *known;
        }
        let place = self.blocks.len();
        self.places.insert(block.name, place);
        self.blocks.push(block);
        place
    }

    fn finish(mut self) -> Vec<Shape> {
        let mut shapes = Vec::new();
        while let Some(block) = self.blocks.get(shapes.len()).copied() {
            let fields: Vec<_> = block.fields(self.version).collect();
            let keys = |field: &embedded::Field| Some((field.name, merge_keys(field)?));
            let merged = fields.iter().filter_map(keys).collect();
            let form = |field: embedded::Field| (field.name, self.form(block, field.spelling));
            let mut fields: Vec<_> = fields.into_iter().map(form).collect();
            fields.sort_by_key(|(name, _)| *name);
            shapes.push(Shape { name: block.name, fields, merged });
        }
        shapes
    }

    fn form(&mut self, block: &Block, spelling: &str) -> Form {
        if let Some(item) = spelling.strip_prefix("[]") {
            return Form::List(Box::new(self.form(block, item)));
        }
        if let Some(item) = spelling.strip_prefix("{}") {
            return Form::Map(Box::new(self.form(block, item)));
        }
        let name = match spelling.starts_with("schema-or-") {
            true => "JSONSchemaProps",
            false => spelling,
        };
        match embedded::find(&block.full_name(name), self.version) {
            Some(inner) => Form::Object(self.place(inner)),
            None => Form::Scalar,
        }
    }
}
