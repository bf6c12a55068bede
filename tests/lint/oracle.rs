//! A real API server, asked in bulk through the program that the variable `JIBE_ORACLE` names.
//!
//! The program reads a stream of manifests and prints a line of JSON for each: `verdict` (`ok`, `bad`, `state`, `unreadable`,
//! `unknown-kind`), `message`, and `causes` with `reason`, `field` and `message`.

use crate::answer::{Answer, Cause, Family, causes};
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};

/// What the server says of each manifest; each is one line of YAML.
pub(crate) fn ask(manifests: &[String]) -> Vec<Answer> {
    said(manifests, &["-"]).iter().map(|line| answer(line)).collect()
}

/// What the server warns of in each, and `apply` where applying from its side refuses it. That a kind is deprecated is
/// another finding's.
pub(crate) fn warnings(manifests: &[String]) -> Vec<Vec<String>> {
    let of_line = |line: &String| {
        let told: Value = serde_json::from_str(line).expect("a line of JSON");
        assert_eq!(told["verdict"], "ok", "{line}");
        let headers = told["warnings"].as_array().map_or(&[][..], Vec::as_slice).iter();
        // `299 - "text"`, the text as JSON has it.
        let text = |header: &Value| {
            let quoted = header.as_str()?.splitn(3, ' ').nth(2)?;
            serde_json::from_str::<String>(quoted).ok()
        };
        let texts = headers.filter_map(text).filter(|text| !text.contains(" is deprecated in v1."));
        texts.chain((told["apply"] == "bad").then(|| "apply".to_owned())).collect()
    };
    said(manifests, &["-apply", "-"]).iter().map(of_line).collect()
}

/// The answers, a line each.
fn said(manifests: &[String], arguments: &[&str]) -> Vec<String> {
    let program = std::env::var("JIBE_ORACLE").expect("JIBE_ORACLE names the program to ask");
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("its input");
    input.write_all(manifests.join("\n---\n").as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("its output");
    let lines = String::from_utf8(output.stdout).expect("text");
    let answers: Vec<String> = lines.lines().map(str::to_owned).collect();
    assert_eq!(answers.len(), manifests.len(), "one answer for each manifest");
    answers
}

/// Refusals that name no field and speak of what the cluster holds or allows.
const OF_STATE: &[&str] = &[
    "not found",
    "pod rejected",
    "not permitted",
    "being terminated",
    "does not match the namespace sent",
];

fn answer(line: &str) -> Answer {
    let told: Value = serde_json::from_str(line).expect("a line of JSON");
    let message = told["message"].as_str().unwrap_or_default();
    let listed = told["causes"].as_array().map_or(&[][..], Vec::as_slice);
    match told["verdict"].as_str() {
        Some("ok") => Answer::Taken,
        Some("state") => Answer::State,
        Some("unreadable") => {
            let (field, message) = (String::new(), message.to_owned());
            Answer::Refused(vec![Cause { family: Family::Yaml, field, message }])
        }
        _ if listed.is_empty() && OF_STATE.iter().any(|words| message.contains(words)) => {
            Answer::State
        }
        _ => Answer::Refused(causes(message, listed)),
    }
}
