//! The rows that Helm's own parsers are tested with, and what becomes of them here.

use super::SetKind;
use crate::diag::Sink;
use crate::values::shown::no_files;
use crate::values::{Known, Layer, merge};
use crate::yaml;

/// What stands for an error of either.
const ERROR: &str = "error";

/// `--set`: an argument, and what Helm makes of it.
const SET: [(&str, &str); 49] = [
    ("name1=null,f=false,t=true", r#"{"f":false,"name1":null,"t":true}"#),
    ("name1=value1", r#"{"name1":"value1"}"#),
    ("name1=value1,name2=value2", r#"{"name1":"value1","name2":"value2"}"#),
    ("name1=value1,name2=value2,", r#"{"name1":"value1","name2":"value2"}"#),
    ("name1=value1,,,,name2=value2,", ERROR),
    ("name1=,name2=value2", r#"{"name1":"","name2":"value2"}"#),
    ("leading_zeros=00009", r#"{"leading_zeros":"00009"}"#),
    ("zero_int=0", r#"{"zero_int":0}"#),
    ("long_int=1234567890", r#"{"long_int":1234567890}"#),
    ("boolean=true", r#"{"boolean":true}"#),
    ("is_null=null", r#"{"is_null":null}"#),
    ("name1,name2=", ERROR),
    ("name1,name2=value2", ERROR),
    (r#"name1,name2=value2\"#, ERROR),
    ("name1,name2", ERROR),
    (r#"name1=one\,two,name2=three\,four"#, r#"{"name1":"one,two","name2":"three,four"}"#),
    (r#"name1=one\=two,name2=three\=four"#, r#"{"name1":"one=two","name2":"three=four"}"#),
    (
        "name1=one two three,name2=three two one",
        r#"{"name1":"one two three","name2":"three two one"}"#,
    ),
    ("outer.inner=value", r#"{"outer":{"inner":"value"}}"#),
    ("outer.middle.inner=value", r#"{"outer":{"middle":{"inner":"value"}}}"#),
    ("outer.inner1=value,outer.inner2=value2", r#"{"outer":{"inner1":"value","inner2":"value2"}}"#),
    (
        "outer.inner1=value,outer.middle.inner=value",
        r#"{"outer":{"inner1":"value","middle":{"inner":"value"}}}"#,
    ),
    ("name1.name2", ERROR),
    ("name1.name2,name1.name3", ERROR),
    ("name1.name2=", r#"{"name1":{"name2":""}}"#),
    ("name1.=name2", ERROR),
    ("name1.,name2", ERROR),
    ("name1={value1,value2}", r#"{"name1":["value1","value2"]}"#),
    (
        "name1={value1,value2},name2={value1,value2}",
        r#"{"name1":["value1","value2"],"name2":["value1","value2"]}"#,
    ),
    ("name1={1021,902}", r#"{"name1":[1021,902]}"#),
    ("name1.name2={value1,value2}", r#"{"name1":{"name2":["value1","value2"]}}"#),
    ("name1={1021,902", ERROR),
    ("list[0]=foo", r#"{"list":["foo"]}"#),
    ("list[0].foo=bar", r#"{"list":[{"foo":"bar"}]}"#),
    ("list[0].foo=bar,list[0].hello=world", r#"{"list":[{"foo":"bar","hello":"world"}]}"#),
    ("list[0].foo=bar,list[-30].hello=world", ERROR),
    ("list[0]=foo,list[1]=bar", r#"{"list":["foo","bar"]}"#),
    ("list[0]=foo,list[1]=bar,", r#"{"list":["foo","bar"]}"#),
    ("list[0]=foo,list[3]=bar", r#"{"list":["foo",null,null,"bar"]}"#),
    ("list[0]=foo,list[-20]=bar", ERROR),
    ("illegal[0]name.foo=bar", ERROR),
    ("noval[0]", r#"{"noval":[]}"#),
    ("noval[0]=", r#"{"noval":[""]}"#),
    ("nested[0][0]=1", r#"{"nested":[[1]]}"#),
    ("nested[1][1]=1", r#"{"nested":[null,[null,1]]}"#),
    (
        "name1.name2[0].foo=bar,name1.name2[1].foo=bar",
        r#"{"name1":{"name2":[{"foo":"bar"},{"foo":"bar"}]}}"#,
    ),
    (
        "name1.name2[1].foo=bar,name1.name2[0].foo=bar",
        r#"{"name1":{"name2":[{"foo":"bar"},{"foo":"bar"}]}}"#,
    ),
    ("name1.name2[1].foo=bar", r#"{"name1":{"name2":[null,{"foo":"bar"}]}}"#),
    ("]={}].", ERROR),
];

/// `--set-string`: an argument, and what Helm makes of it.
const SET_STRING: [(&str, &str); 4] = [
    ("long_int_string=1234567890", r#"{"long_int_string":"1234567890"}"#),
    ("boolean=true", r#"{"boolean":"true"}"#),
    ("is_null=null", r#"{"is_null":"null"}"#),
    ("zero=0", r#"{"zero":"0"}"#),
];

/// `--set-literal`: an argument, and what Helm makes of it.
const SET_LITERAL: [(&str, &str); 46] = [
    ("name", ERROR),
    ("name=", r#"{"name":""}"#),
    ("name=value", r#"{"name":"value"}"#),
    ("long_int_string=1234567890", r#"{"long_int_string":"1234567890"}"#),
    ("boolean=true", r#"{"boolean":"true"}"#),
    ("is_null=null", r#"{"is_null":"null"}"#),
    ("zero=0", r#"{"zero":"0"}"#),
    ("name1=null,name2=value2", r#"{"name1":"null,name2=value2"}"#),
    ("name1=value,,,tail", r#"{"name1":"value,,,tail"}"#),
    ("leading_zeros=00009", r#"{"leading_zeros":"00009"}"#),
    ("name=one two three", r#"{"name":"one two three"}"#),
    ("outer.inner=value", r#"{"outer":{"inner":"value"}}"#),
    ("outer.middle.inner=value", r#"{"outer":{"middle":{"inner":"value"}}}"#),
    ("name1.name2", ERROR),
    ("name1.name2=", r#"{"name1":{"name2":""}}"#),
    ("name1.=name2", ERROR),
    ("name1.,name2", ERROR),
    ("name1={value1,value2}", r#"{"name1":"{value1,value2}"}"#),
    ("list[0]=foo", r#"{"list":["foo"]}"#),
    ("list[0].foo=bar", r#"{"list":[{"foo":"bar"}]}"#),
    ("list[-30].hello=world", ERROR),
    ("list[3]=bar", r#"{"list":[null,null,null,"bar"]}"#),
    ("illegal[0]name.foo=bar", ERROR),
    ("noval[0]", r#"{"noval":[]}"#),
    ("noval[0]=", r#"{"noval":[""]}"#),
    ("nested[0][0]=1", r#"{"nested":[["1"]]}"#),
    ("nested[1][1]=1", r#"{"nested":[null,[null,"1"]]}"#),
    ("name1.name2[0].foo=bar", r#"{"name1":{"name2":[{"foo":"bar"}]}}"#),
    ("name1.name2[1].foo=bar", r#"{"name1":{"name2":[null,{"foo":"bar"}]}}"#),
    ("]={}].", r#"{"]":"{}]."}"#),
    ("name=val,val", r#"{"name":"val,val"}"#),
    ("name=val.val", r#"{"name":"val.val"}"#),
    ("name=val=val", r#"{"name":"val=val"}"#),
    ("name=val$val", r#"{"name":"val$val"}"#),
    ("name=(value", r#"{"name":"(value"}"#),
    ("name=value)", r#"{"name":"value)"}"#),
    ("name=(value)", r#"{"name":"(value)"}"#),
    ("name={value", r#"{"name":"{value"}"#),
    ("name=value}", r#"{"name":"value}"}"#),
    ("name={value}", r#"{"name":"{value}"}"#),
    ("name={value1,value2}", r#"{"name":"{value1,value2}"}"#),
    (r#"name=val\val"#, r#"{"name":"val\\val"}"#),
    (r#"name=val\\val"#, r#"{"name":"val\\\\val"}"#),
    (r#"name=val\\\val"#, r#"{"name":"val\\\\\\val"}"#),
    (r#"name={val,.?*v\0a!l)some"#, r#"{"name":"{val,.?*v\\0a!l)some"}"#),
    (
        r#"name=em%GT)tqUDqz,i-\h+Mbqs-!:.m\\rE=mkbM#rR}@{-k@"#,
        r#"{"name":"em%GT)tqUDqz,i-\\h+Mbqs-!:.m\\\\rE=mkbM#rR}@{-k@"}"#,
    ),
];

/// What is another here: the argument, what becomes of it, and why.
const DIFFERENT: [(SetKind, &str, &str, &str); 5] = [
    (SetKind::Typed, "name1=null,f=false,t=true", r#"{"f":false,"t":true}"#, "a null deletes"),
    (SetKind::Typed, "is_null=null", "{}", "a null deletes"),
    (SetKind::Typed, "leading_zeros=00009", r#"{"leading_zeros":9.0}"#, "as in a values file"),
    (SetKind::Typed, "noval[0]", ERROR, "it sets nothing"),
    (SetKind::Literal, "noval[0]", ERROR, "it sets nothing"),
];

/// What an argument makes of empty values, as JSON.
fn ours(kind: SetKind, argument: &str) -> String {
    let files = no_files();
    let mut sink = Sink::new(&files);
    let Ok(layer) = Layer::set(kind, argument, &mut sink) else { return ERROR.to_owned() };
    let base = Layer::empty("defaults", layer.place);
    yaml::to_json(merge(&base, &[layer], &Known::default()).root()).to_string()
}

fn check(kind: SetKind, rows: &[(&str, &str)]) {
    let wrong = rows.iter().filter_map(|(argument, helm)| {
        let is_it = |row: &&(SetKind, &str, &str, &str)| (row.0, row.1) == (kind, *argument);
        let different = DIFFERENT.iter().find(is_it);
        let expect = different.map_or(*helm, |(_, _, ours, _)| ours);
        let is_different = different.is_some() && json(helm) == json(expect);
        let ours = ours(kind, argument);
        let is_wrong = is_different || json(&ours) != json(expect);
        is_wrong.then(|| format!("{argument}\n  here {ours}\n  want {expect}\n"))
    });
    let wrong: String = wrong.collect();
    assert!(wrong.is_empty(), "{wrong}");
}

fn json(text: &str) -> Option<serde_json::Value> {
    (text != ERROR).then(|| serde_json::from_str(text).expect("JSON"))
}

#[test]
fn set_makes_what_helm_makes() {
    check(SetKind::Typed, &SET);
}

#[test]
fn set_string_makes_what_helm_makes() {
    check(SetKind::Text, &SET_STRING);
}

#[test]
fn set_literal_makes_what_helm_makes() {
    check(SetKind::Literal, &SET_LITERAL);
}
