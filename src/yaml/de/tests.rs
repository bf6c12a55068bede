//! Examples of typed structs and of what is said when they do not fit.

use super::from_node;
use crate::source::{Files, Inputs, RelPath};
use crate::yaml::{Options, parse};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Workspace {
    #[serde(default)]
    requires: Option<String>,
    #[serde(default)]
    environments: BTreeMap<String, Environment>,
    #[serde(default)]
    limit: u8,
    #[serde(default)]
    ratio: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Environment {
    kubernetes: String,
    #[serde(default)]
    namespaces: Vec<String>,
    #[serde(default)]
    pod_security: Level,
    #[serde(default)]
    source: Option<Source>,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Level {
    #[default]
    Privileged,
    Baseline,
    Restricted,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Source {
    Chart(String),
    Git { url: String },
    None,
}

fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, (String, String, Option<String>)> {
    let files = Files::memory([("x.yaml", text)]).expect("a path");
    let path = RelPath::parse("x.yaml").expect("a path");
    let source = files.read(&path, &mut Inputs::default()).expect("a file");
    let documents = parse(source.text(), source.id(), Options::default()).expect("YAML");
    from_node(&documents[0].root).map_err(|problem| {
        (problem.message, source.text()[problem.span.range()].to_owned(), problem.hint)
    })
}

fn check(text: &str, message: &str, place: &str, hint: &str) {
    let error = read::<Workspace>(text).expect_err("it does not fit");
    let hint = (!hint.is_empty()).then(|| hint.to_owned());
    assert_eq!(error, (message.to_owned(), place.to_owned(), hint));
}

#[test]
fn a_struct_is_read_from_a_map() {
    let text = "requires: \"1\"\nlimit: 3\nratio: 1\nenvironments:\n  prod: {kubernetes: \"1.35\", namespaces: [a], \
                podSecurity: baseline, source: {chart: web}}\n  dev: {kubernetes: \"1.34\", source: {git: {url: u}}}\n  x: {kubernetes: a, source: none}\n";
    let read: Workspace = read(text).expect("it fits");
    let prod = &read.environments["prod"];
    assert_eq!((read.requires.as_deref(), read.limit), (Some("1"), 3));
    assert!((read.ratio - 1.0).abs() < f64::EPSILON);
    assert_eq!((prod.kubernetes.as_str(), &prod.pod_security), ("1.35", &Level::Baseline));
    assert_eq!(prod.namespaces, ["a"]);
    assert!(matches!(&prod.source, Some(Source::Chart(name)) if name == "web"));
    assert!(matches!(&read.environments["dev"].source, Some(Source::Git { url }) if url == "u"));
    assert!(matches!(&read.environments["x"].source, Some(Source::None)));
}

#[test]
fn null_is_no_value() {
    assert!(read::<Workspace>("requires: null\n").expect("it fits").requires.is_none());
    assert!(read::<Workspace>("requires:\n").expect("it fits").requires.is_none());
}

#[test]
fn an_unknown_field_is_shown_at_its_key_with_a_near_name() {
    check(
        "environments:\n  prod: {kubernetes: \"1\", podsecurity: x}\n",
        "unknown field `podsecurity` in `environments.prod`",
        "podsecurity",
        "did you mean `podSecurity`?",
    );
    check(
        "zzz: 1\n",
        "unknown field `zzz`",
        "zzz",
        "known here: `requires`, `environments`, `limit` and `ratio`",
    );
}

#[test]
fn a_number_is_no_string() {
    check(
        "environments: {prod: {kubernetes: 1.10}}\n",
        "`environments.prod.kubernetes`: `1.10` is a number, not a string",
        "1.10",
        "put it in quotes: `\"1.10\"`",
    );
    check(
        "environments: {prod: {kubernetes: a, namespaces: [a, yes]}}\n",
        "`environments.prod.namespaces[1]`: `yes` is a boolean, not a string",
        "yes",
        "put it in quotes: `\"yes\"`",
    );
}

#[test]
fn a_wrong_type_is_shown_at_the_value() {
    check(
        "limit: x\n",
        "`limit` must be a whole number from 0 to 255, but is the string `x`",
        "x",
        "",
    );
    check(
        "limit: 300\n",
        "`limit` must be a whole number from 0 to 255, but is the integer `300`",
        "300",
        "",
    );
    check("environments: [a]\n", "`environments` must be a map, but is a list", "[a]", "");
    check("[]\n", "this must be a map, but is a list", "[]", "");
}

#[test]
fn a_missing_field_is_shown_at_the_map() {
    check(
        "environments: {prod: {namespaces: []}}\n",
        "the field `kubernetes` of `environments.prod` is missing",
        "{namespaces: []}",
        "add `kubernetes: …`",
    );
}

#[test]
fn an_unknown_choice_names_the_choices() {
    check(
        "environments: {prod: {kubernetes: a, podSecurity: restrict}}\n",
        "`environments.prod.podSecurity` must be one of `privileged`, `baseline` and `restricted`, but is `restrict`",
        "restrict",
        "did you mean `restricted`?",
    );
    check(
        "environments: {prod: {kubernetes: a, source: chart}}\n",
        "`environments.prod.source`: `chart` needs a value",
        "chart",
        "write `chart: …`",
    );
}
