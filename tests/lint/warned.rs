//! What a server warns of beside what jibe warns of.
//!
//! `warned.yaml` holds manifests that a server takes, each with a name of its own that says what is odd about it; `warned.txt` what
//! a server of 1.35 said of each: `NAME: warning`, and `NAME: apply` where applying from the server's side refuses it.

use crate::bases::{Base, bases, folder};
use crate::judge::Judge;
use crate::oracle;
use jibe::source::{Files, Inputs, RelPath};
use jibe::yaml;
use std::collections::BTreeMap;

/// Where jibe says it otherwise: the name of the manifest, and why.
const OTHERWISE: &[(&str, &str)] = &[
    ("memory-millis", "the server has put the limit into the requests, and warns of both"),
    ("memory-number", "the server has put the limit into the requests, and warns of both"),
    ("file-thrice", "the server says one sentence of two items once"),
    ("o.p-", "the server names the name that it has made"),
    ("slice", "the server names `spec`, which a slice has not"),
    ("set", "the server leaves out the template's `spec`"),
];

/// What is said of each manifest, by its name.
type Said = BTreeMap<String, Vec<String>>;

fn manifests() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(folder().join("warned.yaml")).expect("the manifests");
    let files = Files::memory([("warned.yaml", text.as_str())]).expect("a path");
    let path = RelPath::parse("warned.yaml").expect("a path");
    let source = files.read(&path, &mut Inputs::default()).expect("a text");
    let documents = yaml::parse(source.text(), source.id(), yaml::Options::default());
    let name = |root: &yaml::Node| {
        let given = |key| root.at(&["metadata", key]).and_then(yaml::Node::as_str);
        given("name").or_else(|| given("generateName")).expect("a name").to_owned()
    };
    let documents = documents.expect("YAML").into_iter();
    documents.map(|one| (name(&one.root), yaml::to_json(&one.root).to_string())).collect()
}

fn recorded() -> Said {
    let text = std::fs::read_to_string(folder().join("warned.txt")).expect("the answers");
    let mut said = Said::new();
    for line in text.lines() {
        let (name, warning) = line.split_once(": ").expect("a name and a warning");
        said.entry(name.to_owned()).or_default().push(warning.to_owned());
    }
    said
}

/// A path in one spelling: `spec.hard[memory]`, `spec.hard.memory` and `.spec.hard.memory` are one.
fn path(text: &str) -> String {
    text.replace('[', ".").replace(']', "").trim_matches('.').to_lowercase()
}

/// The path that a warning of the server begins with, or nothing.
fn path_of(warning: &str) -> String {
    let is_path = |c: char| c.is_alphanumeric() || "[]./-_".contains(c);
    let word: String = warning.chars().take_while(|c| is_path(*c)).collect();
    if word.contains('.') || warning.starts_with("metadata") { path(&word) } else { String::new() }
}

/// The warnings of the server that jibe has no warning at the same place for, and those of jibe that are left over.
fn differences(server: &[String], jibe: &[String]) -> Vec<String> {
    let mut left: Vec<String> = jibe.iter().map(|one| path(one)).collect();
    let mut missed = Vec::new();
    let mut of_server: Vec<_> = server.iter().filter(|one| *one != "apply").collect();
    of_server.sort_by_key(|one| path_of(one).is_empty());
    for warning in of_server {
        let theirs = path_of(warning);
        let is_there = |ours: &String| ours.starts_with(&theirs) || theirs.starts_with(&**ours);
        match left.iter().position(is_there) {
            Some(at) => drop(left.remove(at)),
            None => missed.push(format!("the server alone: {warning}")),
        }
    }
    let is_refused = server.iter().any(|one| one == "apply");
    missed.extend(left.into_iter().filter(|_| !is_refused).map(|one| format!("jibe alone: {one}")));
    missed
}

fn compared(manifests: &[(String, String)], said: &Said) -> Vec<String> {
    let judge = Judge::new();
    let one = |(name, text): &(String, String)| {
        let server = said.get(name).map_or(&[][..], Vec::as_slice);
        let jibe = judge.warnings(text);
        let found = differences(server, &jibe);
        let is_silent = !server.is_empty() && jibe.is_empty();
        let silent = is_silent.then(|| "jibe says nothing".to_owned());
        found.into_iter().chain(silent).map(|what| format!("{name}: {what}")).collect::<Vec<_>>()
    };
    manifests.iter().flat_map(one).collect()
}

#[test]
fn jibe_warns_of_what_the_server_warns_of_and_of_what_applying_refuses() {
    let found = compared(&manifests(), &recorded());
    let is_known =
        |line: &&String| OTHERWISE.iter().any(|(name, _)| line.starts_with(&format!("{name}: ")));
    let (known, new): (Vec<_>, Vec<_>) = found.iter().partition(is_known);
    assert!(new.is_empty(), "{new:#?}");
    for (name, why) in OTHERWISE {
        let is_there = known.iter().any(|line| line.starts_with(&format!("{name}: ")));
        assert!(is_there, "{name} is no different any more: {why}");
    }
}

#[test]
fn no_base_is_warned_of_that_a_server_says_nothing_of() {
    let texts: Vec<_> = bases().iter().map(named).collect();
    assert_eq!(compared(&texts, &of_bases()), Vec::<String>::new());
}

/// What the server says of the bases themselves.
fn of_bases() -> Said {
    recorded().into_iter().filter(|(name, _)| name.contains('/')).collect()
}

fn named(base: &Base) -> (String, String) {
    (base.id.clone(), base.manifest.to_string())
}

#[test]
#[ignore = "asks a server; writes what it says anew"]
fn record_warnings() {
    let bases: Vec<_> = bases().iter().map(named).collect();
    let all: Vec<_> = manifests().into_iter().chain(bases).collect();
    let texts: Vec<String> = all.iter().map(|(_, text)| text.clone()).collect();
    let mut lines = Vec::new();
    for ((name, _), said) in all.iter().zip(oracle::warnings(&texts)) {
        lines.extend(said.into_iter().map(|warning| format!("{name}: {warning}\n")));
    }
    std::fs::write(folder().join("warned.txt"), lines.concat()).expect("a writable file");
}
