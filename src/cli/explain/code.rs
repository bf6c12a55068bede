//! `jibe explain CODE`: the manual page of a finding.

use super::super::args::Format;
use super::super::output::{Console, Outcome, Stop};
use jibe::Code;
use jibe::diag::nearest;
use serde_json::json;
use std::path::Path;

/// How wide the manual is.
const WIDTH: usize = 80;

/// Whether a word names a finding, if misspelt: it begins with a stage and is no path.
pub(super) fn is_meant(word: &str) -> bool {
    let name = name(word);
    let stage = name.split_once('/').map(|(stage, _)| stage);
    let is_stage = |known: &Code| known.name().split('/').next() == stage;
    Code::from_name(name).is_some()
        || stage.is_some() && Code::ALL.iter().any(is_stage) && !Path::new(word).exists()
}

/// The code as a report shows it, `error[values/schema]`, or by itself.
fn name(word: &str) -> &str {
    let inner = word.split_once('[').and_then(|(_, rest)| rest.strip_suffix(']'));
    inner.unwrap_or(word)
}

pub(super) fn run(word: &str, console: &Console) -> Result<Outcome, Stop> {
    let Some(code) = Code::from_name(name(word)) else { return Err(unknown(name(word))) };
    let manual = code.manual().split_whitespace().collect::<Vec<_>>().join(" ");
    match console.format() {
        Format::Text => console.product(&format!("{code}\n\n{}", wrapped(&manual)))?,
        Format::Json => console.json(&json!({
            "explains": "code",
            "code": code.name(),
            "manual": manual,
        }))?,
    }
    Ok(Outcome::Clean)
}

fn unknown(name: &str) -> Stop {
    let (stage, wanted) = name.split_once('/').unwrap_or_default();
    let of_stage = || Code::ALL.iter().filter(|code| code.name().starts_with(&format!("{stage}/")));
    let near = nearest(name, Code::ALL.iter().map(|code| code.name())).or_else(|| {
        let last = |code: &'static str| code.split_once('/').map_or("", |(_, last)| last);
        let last = nearest(wanted, of_stage().map(|code| last(code.name())))?;
        of_stage().map(|code| code.name()).find(|name| name.ends_with(last))
    });
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let names: Vec<_> = of_stage().map(|code| format!("`{code}`")).collect();
            format!("the findings of this stage are {}", names.join(", "))
        }
    };
    Stop::Usage(format!("no finding is called `{name}`"), hint)
}

/// The text in lines that are not too long.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is always a line");
        match line.chars().count() + word.chars().count() < WIDTH || line.is_empty() {
            true => {
                *line += if line.is_empty() { "" } else { " " };
                *line += word;
            }
            false => lines.push(word.to_owned()),
        }
    }
    lines.join("\n") + "\n"
}
