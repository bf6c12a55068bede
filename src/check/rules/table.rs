//! The tables of `schema/rules/`: what a server asks of single fields.
//!
//! A test reads every line and finds every field in the types, so reading cannot fail.

use super::grammar::{self, Grammar};
use crate::api::{Version, paragraphs};
use std::collections::BTreeMap;
use std::sync::OnceLock;

const TABLES: &[&str] = &[
    include_str!("../../../schema/rules/admission.txt"),
    include_str!("../../../schema/rules/batch.txt"),
    include_str!("../../../schema/rules/cluster.txt"),
    include_str!("../../../schema/rules/config.txt"),
    include_str!("../../../schema/rules/definitions.txt"),
    include_str!("../../../schema/rules/devices.txt"),
    include_str!("../../../schema/rules/network.txt"),
    include_str!("../../../schema/rules/pod.txt"),
    include_str!("../../../schema/rules/required.txt"),
    include_str!("../../../schema/rules/scaling.txt"),
    include_str!("../../../schema/rules/storage.txt"),
    include_str!("../../../schema/rules/volume.txt"),
    include_str!("../../../schema/rules/workload.txt"),
];

/// What is asked of one field of a type. `schema/rules/README.md` says what each word means.
#[derive(Debug, Default)]
pub(super) struct FieldRule {
    /// The way from the type: names, and `[]` for every item.
    pub(super) way: Vec<&'static str>,
    pub(super) required: bool,
    pub(super) present: bool,
    pub(super) always: bool,
    pub(super) pointer: bool,
    pub(super) default: Option<&'static str>,
    pub(super) choices: Vec<String>,
    pub(super) range: Option<(i64, i64)>,
    pub(super) grammar: Option<&'static Grammar>,
    pub(super) longest: Option<usize>,
    pub(super) most: Option<usize>,
    /// The fields that tell items apart; none for whole items.
    pub(super) unique: Option<Vec<&'static str>>,
    since: Option<Version>,
    until: Option<Version>,
}

impl FieldRule {
    pub(super) fn holds_for(&self, version: Version) -> bool {
        self.since.is_none_or(|since| since <= version)
            && self.until.is_none_or(|until| version <= until)
    }

    /// The only step of the way, if it is one field of the type.
    pub(super) fn field(&self) -> Option<&'static str> {
        match self.way.as_slice() {
            [name] => Some(name),
            _ => None,
        }
    }
}

/// The rules of one type. Most types are in no object of a run, so lines are read when a type is first asked for.
#[derive(Default)]
struct TypeLines {
    /// The lines of each block, in the order of the tables.
    blocks: Vec<&'static str>,
    rules: OnceLock<Vec<FieldRule>>,
}

impl TypeLines {
    fn rules(&self) -> &[FieldRule] {
        self.rules.get_or_init(|| self.read().expect("a test reads every line"))
    }

    /// Reads the lines; the one that cannot be read if there is one.
    fn read(&self) -> Result<Vec<FieldRule>, &'static str> {
        let lines = self.blocks.iter().flat_map(|block| block.lines()).map(without_comment);
        lines.filter(|line| !line.is_empty()).map(|line| read_rule(line).ok_or(line)).collect()
    }
}

/// The rules of a type, such as `core/v1.Container`, or of it in [any version](of_any_version), in the order of the table.
pub(super) fn of_type(name: &str) -> &'static [FieldRule] {
    static TABLE: OnceLock<BTreeMap<&str, TypeLines>> = OnceLock::new();
    let table = TABLE.get_or_init(|| index(TABLES));
    table.get(name).map_or(&[], TypeLines::rules)
}

/// How rules call a type that is alike in every version of its API: `flowcontrol/*.Subject` of `flowcontrol/v1.Subject`.
pub(super) fn of_any_version(name: &str) -> String {
    let (package, rest) = name.split_once('/').unwrap_or((name, ""));
    let (_, kind) = rest.split_once('.').unwrap_or_default();
    format!("{package}/*.{kind}")
}

/// Where each type's lines are: blocks stand apart by an empty line and begin with the names of their types.
fn index(tables: &[&'static str]) -> BTreeMap<&'static str, TypeLines> {
    let mut types: BTreeMap<&str, TypeLines> = BTreeMap::new();
    for block in tables.iter().flat_map(|table| paragraphs(table)) {
        let (names, lines) = block.split_once('\n').unwrap_or((block, ""));
        for name in without_comment(names).split_ascii_whitespace() {
            types.entry(name).or_default().blocks.push(lines);
        }
    }
    types
}

fn without_comment(line: &'static str) -> &'static str {
    line.split_once('#').map_or(line, |(rule, _)| rule).trim_ascii()
}

fn read_rule(line: &'static str) -> Option<FieldRule> {
    let mut words = line.split_ascii_whitespace();
    let way = words.next()?.split('.').flat_map(|step| match step.strip_suffix("[]") {
        Some(name) => vec![name, "[]"],
        None => vec![step],
    });
    let mut rule = FieldRule { way: way.collect(), ..FieldRule::default() };
    for word in words {
        let (name, text) = word.split_once('=').unwrap_or((word, ""));
        match name {
            "required" => rule.required = true,
            "present" => rule.present = true,
            "always" => rule.always = true,
            "optional" => {}
            "pointer" => rule.pointer = true,
            "default" => rule.default = Some(text),
            "enum" => {
                rule.choices = text.split('|').map(|choice| choice.replace('~', " ")).collect()
            }
            "range" => rule.range = Some(read_range(text)?),
            "grammar" => rule.grammar = Some(grammar::named(text)?),
            "longest" => rule.longest = Some(text.parse().ok()?),
            "most" => rule.most = Some(text.parse().ok()?),
            "unique" => {
                rule.unique = Some(text.split(',').filter(|field| !field.is_empty()).collect());
            }
            "since" => rule.since = Some(Version::parse(text).ok()?),
            "until" => rule.until = Some(Version::parse(text).ok()?),
            _ => return None,
        }
    }
    Some(rule)
}

/// `1..65535`, `0..`.
fn read_range(text: &str) -> Option<(i64, i64)> {
    let (least, most) = text.split_once("..")?;
    let most = if most.is_empty() { i64::MAX } else { most.parse().ok()? };
    Some((least.parse().ok()?, most))
}

#[cfg(test)]
mod tests {
    use super::{TABLES, index, of_any_version, read_range, read_rule};
    use crate::api::{Api, Version};
    use std::collections::BTreeMap;

    #[test]
    fn every_line_can_be_read_and_is_of_a_field_that_there_is() {
        let mut fields: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for version in Version::all() {
            for kind in Api::new(version).kinds() {
                for shape in &kind.shapes() {
                    for name in [shape.name.to_owned(), of_any_version(shape.name)] {
                        let known = fields.entry(name).or_default();
                        known.extend(shape.fields().map(|(name, _)| name));
                    }
                }
            }
        }
        for (name, lines) in index(TABLES) {
            let known = fields.get(name).unwrap_or_else(|| panic!("there is no type {name}"));
            let rules = lines.read().unwrap_or_else(|line| panic!("cannot be read: {line}"));
            assert!(!rules.is_empty(), "{name} has a block without lines");
            for rule in rules {
                assert!(known.contains(&rule.way[0]), "{name} has no field {}", rule.way[0]);
            }
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the files of the sources themselves")]
    fn files_of_rules_are_those_that_are_embedded() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/rules");
        let files =
            std::fs::read_dir(folder).expect("the folder").map(|e| e.expect("a file").path());
        let tables = files.filter(|path| path.extension().is_some_and(|end| end == "txt"));
        assert_eq!(tables.count(), TABLES.len());
    }

    #[test]
    fn a_word_that_is_none_is_not_passed_over() {
        assert!(read_rule("name requird").is_none());
        assert!(read_rule("name grammar=dns-labl").is_none());
        let rule = read_rule("webhooks[].name enum=a~b|c range=1..").expect("a rule");
        assert_eq!(
            (rule.way, rule.choices),
            (vec!["webhooks", "[]", "name"], vec!["a b".to_owned(), "c".to_owned()])
        );
        assert_eq!((read_range("0.."), read_range("..9")), (Some((0, i64::MAX)), None));
    }
}
