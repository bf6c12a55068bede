//! The embedded schemas of `schema/kubernetes/`: an index over their text.
//!
//! `text  --index-->  Block (one type in a run of versions)  --fields-->  Field (one line)`
//!
//! Only the lines that begin a type are read to build the index; field lines are read when a kind's schema is
//! asked for. The text comes from `normalise.py` and a test reads all of it, so reading it cannot fail.

use super::{Scope, Version};
use std::sync::OnceLock;

const PACKAGES: &[&str] = &[
    include_str!("../../schema/kubernetes/admissionregistration.txt"),
    include_str!("../../schema/kubernetes/apiextensions.txt"),
    include_str!("../../schema/kubernetes/apiregistration.txt"),
    include_str!("../../schema/kubernetes/apiserverinternal.txt"),
    include_str!("../../schema/kubernetes/apps.txt"),
    include_str!("../../schema/kubernetes/authentication.txt"),
    include_str!("../../schema/kubernetes/authorization.txt"),
    include_str!("../../schema/kubernetes/autoscaling.txt"),
    include_str!("../../schema/kubernetes/batch.txt"),
    include_str!("../../schema/kubernetes/certificates.txt"),
    include_str!("../../schema/kubernetes/coordination.txt"),
    include_str!("../../schema/kubernetes/core.txt"),
    include_str!("../../schema/kubernetes/discovery.txt"),
    include_str!("../../schema/kubernetes/events.txt"),
    include_str!("../../schema/kubernetes/flowcontrol.txt"),
    include_str!("../../schema/kubernetes/lifecycle.txt"),
    include_str!("../../schema/kubernetes/meta.txt"),
    include_str!("../../schema/kubernetes/networking.txt"),
    include_str!("../../schema/kubernetes/node.txt"),
    include_str!("../../schema/kubernetes/policy.txt"),
    include_str!("../../schema/kubernetes/rbac.txt"),
    include_str!("../../schema/kubernetes/resource.txt"),
    include_str!("../../schema/kubernetes/scheduling.txt"),
    include_str!("../../schema/kubernetes/storage.txt"),
    include_str!("../../schema/kubernetes/storagemigration.txt"),
];

/// The name of the type of every object's `metadata`.
pub(super) const OBJECT_META: &str = "meta/v1.ObjectMeta";

/// One type as it holds for a run of versions.
pub(super) struct Block {
    /// Package, version and name: `apps/v1.DeploymentSpec`.
    pub(super) name: &'static str,
    /// What the line says after the name.
    header: Attributes,
    fields: &'static str,
}

/// One field of a type.
pub(super) struct Field {
    pub(super) name: &'static str,
    /// The type as it is spelt: `string`, `[]Container`, `{}quantity`, `meta/v1.ObjectMeta`.
    pub(super) spelling: &'static str,
    pub(super) attributes: Attributes,
}

/// What a resource says about itself in the line of its type.
pub(super) struct Resource {
    /// Empty for the core group.
    pub(super) group: &'static str,
    pub(super) version: &'static str,
    pub(super) kind: &'static str,
    pub(super) scope: Scope,
    /// Its name in URLs and role rules, such as `deployments`.
    pub(super) plural: &'static str,
}

/// `key=value` words of a line.
#[derive(Clone, Copy)]
pub(super) struct Attributes(&'static str);

impl Attributes {
    pub(super) fn get(self, key: &str) -> Option<&'static str> {
        self.words().find_map(|(name, text)| (name == key).then_some(text))
    }

    fn words(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.0.split(' ').filter_map(|word| word.split_once('='))
    }

    /// Whether the line holds for a version, by its `since` and `until`.
    fn hold_for(self, version: Version) -> bool {
        self.words().all(|(key, text)| match key {
            "since" => expect_version(text) <= version,
            "until" => version <= expect_version(text),
            _ => true,
        })
    }
}

fn expect_version(text: &str) -> Version {
    Version::parse(text).expect("normalise.py writes only versions that are embedded")
}

/// Every block, sorted by name; blocks of one type lie beside each other, oldest first.
pub(super) fn blocks() -> &'static [Block] {
    static INDEX: OnceLock<Vec<Block>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut index: Vec<Block> = PACKAGES.iter().flat_map(|text| package_blocks(text)).collect();
        index.sort_by_key(|block| block.name);
        index
    })
}

/// The groups of all kinds of all versions; the core group is empty. All resources of a package are of one group.
pub(super) fn groups() -> impl Iterator<Item = &'static str> {
    PACKAGES.iter().filter_map(|text| {
        let resource = package_blocks(text).find_map(|block| block.resource())?;
        Some(resource.group)
    })
}

/// Blocks stand apart by an empty line; the first paragraph is the file's comment.
fn package_blocks(text: &'static str) -> impl Iterator<Item = Block> {
    paragraphs(text).skip(1).map(|paragraph| {
        let (line, fields) = paragraph.split_once('\n').unwrap_or((paragraph, ""));
        let (name, header) = line.split_once(' ').unwrap_or((line, ""));
        Block { name, header: Attributes(header), fields }
    })
}

/// The blocks of an embedded table, which stand apart by an empty line: what `text.split("\n\n")` gives, in much less time.
/// Every start of the program waits for it.
pub(crate) fn paragraphs(text: &'static str) -> impl Iterator<Item = &'static str> {
    let gaps = memchr::memmem::find_iter(text.as_bytes(), "\n\n");
    let mut from = 0;
    gaps.chain([text.len()]).map(move |gap| {
        let paragraph = &text[from..gap];
        from = gap + 2;
        paragraph
    })
}

/// The type of this name in this version.
pub(super) fn find(name: &str, version: Version) -> Option<&'static Block> {
    let blocks = blocks();
    let first = blocks.partition_point(|block| block.name < name);
    let same = blocks[first..].iter().take_while(|block| block.name == name);
    same.into_iter().find(|block| block.header.hold_for(version))
}

impl Block {
    /// The type's fields in a version, sorted by name.
    pub(super) fn fields(&self, version: Version) -> impl Iterator<Item = Field> {
        let fields = self.fields.lines().map(read_field);
        fields.filter(move |field| field.attributes.hold_for(version))
    }

    /// The type that a field's spelling names: a bare name is one of the same package and version.
    pub(super) fn full_name(&self, spelling: &str) -> String {
        let (package, _) = self.name.rsplit_once('.').expect("a type's name holds a dot");
        match spelling.contains('/') {
            true => spelling.to_owned(),
            false => format!("{package}.{spelling}"),
        }
    }

    /// The resource that this type is, if it is one: then its line begins with the group.
    pub(super) fn resource(&self) -> Option<Resource> {
        let mut words = self.header.words();
        let mut next = |key| words.next().filter(|(name, _)| *name == key).map(|(_, text)| text);
        let group = match next("group")? {
            "core" => "",
            group => group,
        };
        let (version, kind) = (next("version")?, next("kind")?);
        let scope = match next("scope")? {
            "cluster" => Scope::Cluster,
            _ => Scope::Namespaced,
        };
        Some(Resource { group, version, kind, scope, plural: next("resource")? })
    }

    /// What the line says after the name.
    pub(super) fn attributes(&self) -> Attributes {
        self.header
    }

    /// Whether this block holds for a version.
    pub(super) fn holds_for(&self, version: Version) -> bool {
        self.header.hold_for(version)
    }
}

fn read_field(line: &'static str) -> Field {
    let mut words = line.trim_start().splitn(3, ' ');
    let mut next = || words.next().unwrap_or_default();
    let (word, spelling, attributes) = (next(), next(), Attributes(next()));
    let name = word.trim_end_matches('!');
    Field { name, spelling, attributes }
}
