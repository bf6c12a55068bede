//! What kustomize 5.6.0 printed for generated values, against what the writer prints for them; what
//! kubectl 1.32 read, against what the reader reads.
//!
//! The scripts in `tests/conformance/yaml/` made the recordings; `known-differences.txt` beside them
//! lists the values that kustomize prints in another way, with the reason, and must be exact.

use jibe::source::{FileId, Files, Place, Span};
use jibe::yaml::{self, Node, Options, Rules};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::path::Path;

fn file() -> FileId {
    let files = Files::memory([("x", "")]).expect("a path");
    files.add("x", Vec::new()).expect("a text").id()
}

fn recorded(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/yaml");
    std::fs::read_to_string(folder.join(name)).expect("a file of the repository")
}

/// What we print for a value where kustomize printed it: behind `  k00001:`.
fn printed(value: &str, file: FileId, rules: Rules) -> Result<String, String> {
    let text = format!("spec:\n  k00001: {value}\n");
    let options = Options { rules, ..Options::default() };
    let documents = yaml::parse(&text, file, options);
    let mut documents = documents.map_err(|problems| problems[0].message.clone())?;
    let mut root = documents.remove(0).root;
    if rules == Rules::GoYamlV3 {
        yaml::spell_out(&mut root);
    }
    let printed = yaml::write(&root);
    let behind = printed.strip_prefix("spec:\n  k00001:").expect("the key that went in");
    Ok(behind.to_owned())
}

/// Holds the list of a file to exactly the recorded values that are printed in another way.
#[track_caller]
fn check_differences(rules: Rules, list: &str) {
    let (recorded, file) = (recorded("recorded.txt"), file());
    let mut differences = BTreeSet::new();
    for line in recorded.lines() {
        let (value, theirs) = line.rsplit_once('\t').expect("a value and what was printed");
        let theirs: Option<String> = serde_json::from_str(theirs).ok();
        if printed(value, file, rules).ok() != theirs {
            differences.insert(value);
        }
    }
    assert!(recorded.lines().count() > 5000);
    let known = self::recorded(list);
    let known: BTreeSet<_> =
        known.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")).collect();
    let new: Vec<_> = differences.difference(&known).collect();
    let gone: Vec<_> = known.difference(&differences).collect();
    assert!(new.is_empty() && gone.is_empty(), "not listed: {new:#?}\nlisted but equal: {gone:#?}");
}

#[test]
fn the_writer_prints_what_kustomize_prints() {
    check_differences(Rules::GoYamlV2, "known-differences.txt");
}

#[test]
fn a_resource_read_as_kustomize_reads_it_is_printed_as_kustomize_prints_it() {
    check_differences(Rules::GoYamlV3, "known-differences-of-resources.txt");
}

/// The string that a line of the recording puts in.
fn string_of(value: &str, file: FileId) -> Option<String> {
    let documents = yaml::parse(value, file, Options::default()).ok()?;
    documents.first().and_then(|document| document.root.as_str()).map(str::to_owned)
}

#[test]
fn what_kustomize_prints_for_a_string_reads_back_as_that_string() {
    let (recorded, file) = (recorded("recorded.txt"), file());
    let mut checked = 0;
    for line in recorded.lines().filter(|line| line.starts_with('"')) {
        let (value, theirs) = line.rsplit_once('\t').expect("a value and what was printed");
        let Ok(theirs) = serde_json::from_str::<String>(theirs) else { continue };
        let string = string_of(value, file).expect("a string");
        // kustomize reads U+0085 as a line break, so that what it prints is another string.
        if string.contains('\u{85}') {
            continue;
        }
        let text = format!("spec:\n  k00001:{theirs}");
        let documents = yaml::parse(&text, file, Options::default()).expect(&text);
        let read = documents[0].root.at(&["spec", "k00001"]).and_then(Node::as_str);
        assert_eq!(read, Some(string.as_str()), "{text:?}");
        checked += 1;
    }
    assert!(checked > 2500, "{checked}");
}

/// Whether two JSON values are the same; kubectl has integers above `i64::MAX` as floats.
fn same_json(ours: &Json, theirs: &Json) -> bool {
    match (ours, theirs) {
        (Json::Number(a), Json::Number(b)) if a.is_i64() && b.is_i64() => a == b,
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Object(a), Json::Object(b)) => a.keys().eq(b.keys()) && a.values().eq(b.values()),
        (a, b) => a == b,
    }
}

/// What kubectl reads and the reader refuses: bytes that are no text, which kubectl replaces in
/// silence, and keys that are no numbers in JSON.
const REFUSED: &[&str] =
    &["!!binary 0x1F", "!!binary 18446744073709551615", "{.inf: x}", "{+.inf: x}", "{.NaN: x}"];

#[test]
fn the_reader_reads_what_kubectl_reads() {
    let (recorded, file) = (recorded("read.txt"), file());
    let mut wrong = Vec::new();
    for line in recorded.lines() {
        let (value, theirs) = line.rsplit_once('\t').expect("a value and what was read");
        let theirs: Option<Json> = serde_json::from_str(theirs).ok();
        let documents = yaml::parse(&format!("k: {value}\n"), file, Options::default()).ok();
        let ours = documents.map(|documents| yaml::to_json(&documents[0].root)["k"].take());
        let same = match (&ours, &theirs) {
            (Some(ours), Some(theirs)) => same_json(ours, theirs),
            (ours, theirs) => ours.is_none() && theirs.is_none(),
        };
        if same == REFUSED.contains(&value) {
            wrong.push((value, ours, theirs));
        }
    }
    assert!(recorded.lines().count() > 4000);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Data whose meaning YAML 1.1 and 1.2 share.
const PLAIN_DATA: &[&str] = &[
    "a: 1\nb: [x, -2, 1.5, true, null, \"0644\", '1.0']\nc: {d: {}, e: []}\n",
    "- a: |\n    two\n    lines\n- >-\n  folded\n  text\n- \"esc \\n \\u00e9 \\\"\"\n",
    "a: &x {b: 1}\nc: *x\nd:\n- *x\n- *x\n",
    "? a long key\n: v\n\"quoted key\": 'it''s'\n",
    "multi: line one\n  line two\n\n  line four\n",
    "numbers: [9223372036854775807, -9223372036854775808, 18446744073709551615, 1.0e+3, 0.5]\n",
];

#[test]
fn serde_yaml_reads_plain_data_alike() {
    fn json(value: &serde_yaml::Value) -> serde_json::Value {
        serde_json::to_value(value).expect("plain data")
    }
    let file = file();
    for text in PLAIN_DATA {
        let theirs: serde_yaml::Value = serde_yaml::from_str(text).expect(text);
        let ours = yaml::parse(text, file, Options::default()).expect(text);
        assert_eq!(yaml::to_json(&ours[0].root), json(&theirs), "{text}");
        // Our own text is plain to it too, as strings that it would misread are in quotes.
        let written = yaml::write(&ours[0].root);
        let back: serde_yaml::Value = serde_yaml::from_str(&written).expect(&written);
        let back = yaml::from_json(&json(&back), Place::new(file, Span::default()));
        assert!(yaml::same_data(&back, &ours[0].root), "{written}");
    }
}

#[test]
fn serde_yaml_reads_what_is_written_for_recorded_strings() {
    let (recorded, file) = (recorded("recorded.txt"), file());
    for line in recorded.lines().filter(|line| line.starts_with('"')) {
        let (value, _) = line.rsplit_once('\t').expect("a value and what was printed");
        let string = string_of(value, file).expect("a string");
        // To YAML 1.2 these are no line breaks.
        if string.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
            continue;
        }
        let node = Node::string(string.as_str(), Place::new(file, Span::default()));
        let written = yaml::write(&Node::list(vec![node], Place::new(file, Span::default())));
        let back: Vec<String> = serde_yaml::from_str(&written).expect(&written);
        assert_eq!(back, [string], "{written}");
    }
}
