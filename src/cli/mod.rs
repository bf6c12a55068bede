//! The program: what can be typed, and what is printed.
//!
//! `arguments --parse--> Command --run--> Outcome | Stop --> exit code`
//!
//! Promise: standard output carries only the product; everything else goes to standard error; exit
//! code 0 is clean, 1 findings or differences, 2 usage or input/output trouble. Uses the public
//! library only.

mod args;
mod baseline;
mod check;
mod explain;
mod docs;
mod init;
mod kustomize;
mod lint;
mod list;
mod new;
mod output;
mod progress;
mod receipt;
mod render;
mod rows;
mod select;
mod starter;
mod threads;
mod values;

use args::{Command, Jibe, SchemaOf};
use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, Parser};
use jibe::diag::{json_text, visible};
use jibe::workspace::{ConfigKind, config_schema};
use output::{Console, Outcome, Stop, usage_in_json};
use std::io::Write;
use std::process::ExitCode;

/// Runs the program with the arguments of the process.
pub(crate) fn run() -> ExitCode {
    let jibe = match Jibe::try_parse() {
        Ok(jibe) => jibe,
        Err(error) => return usage(&with_advice(error)),
    };
    let console = Console::new(&jibe);
    threads::prepare(jibe.shared.jobs);
    match command(&jibe, &console) {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Err(stop) => console.stop(&stop),
    }
}

/// Says what to type in place of a command that other tools have.
fn with_advice(mut error: clap::Error) -> clap::Error {
    let typed = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(typed)) => typed.as_str(),
        _ => return error,
    };
    let advice = match typed {
        "verify" | "test" | "diff" => {
            "`jibe check` renders, validates and compares with the committed tree"
        }
        "show" | "why" | "describe" => {
            "`jibe explain SERVICE PATH -e ENV` says where a value comes from"
        }
        "apply" | "install" | "upgrade" | "deploy" | "sync" | "uninstall" | "rollback" => {
            "`jibe render --write` writes the tree; commit it, and Argo CD or Flux applies it"
        }
        "create" | "add" => "`jibe new chart`, `jibe new service` or `jibe new env` adds one",
        _ => return error,
    };
    error.remove(ContextKind::SuggestedSubcommand);
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![advice.into()]));
    error
}

/// Help and version are products; anything else is a wrong command line.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        let printed = error.print().and_then(|()| std::io::stdout().flush());
        return printed
            .map_or_else(|error| output::unprinted(&error.into()), |()| ExitCode::SUCCESS);
    }
    let text = error.render().to_string();
    if asks_for_json() {
        let mut parts = text.trim().split("\n\n").map(str::trim);
        let message = parts.next().unwrap_or_default().trim_start_matches("error: ");
        let hint = parts.find_map(|part| part.strip_prefix("tip: ")).unwrap_or_default();
        let document = json_text(&usage_in_json(message, hint));
        if let Err(unwritten) = output::product(&document) {
            output::unprinted(&unwritten);
        }
    } else {
        // It repeats what was typed, or what a script pasted.
        let _ = std::io::stderr().write_all(visible(&text).as_bytes());
    }
    ExitCode::from(2)
}

/// Whether a command line that could not be read asks for JSON.
fn asks_for_json() -> bool {
    let words: Vec<_> = std::env::args_os().collect();
    let pair = |pair: &[std::ffi::OsString]| pair[0] == "--format" && pair[1] == "json";
    words.iter().any(|word| word == "--format=json") || words.windows(2).any(pair)
}

fn command(jibe: &Jibe, console: &Console) -> Result<Outcome, Stop> {
    let shared = &jibe.shared;
    match &jibe.command {
        Command::Render(render) => render::run(render, shared, console),
        Command::Check(check) => check::run(check, shared, console),
        Command::Lint(lint) => lint::run(lint, shared, console),
        Command::Values(values) => values::run(values, shared, console),
        Command::Explain(typed) => explain::run(typed, shared, console),
        Command::Docs(docs) => docs::run(docs, shared, console),
        Command::List(list) => list::run(list, shared, console),
        Command::Init(init) => init::run(init, console),
        Command::New(new) => new::run(new, shared, console),
        Command::Schema(schema) => {
            let kind = match schema.file {
                SchemaOf::Jibe => ConfigKind::Workspace,
                SchemaOf::Chart => ConfigKind::Chart,
                SchemaOf::Service => ConfigKind::Service,
            };
            console.product(&config_schema(kind)).map(|()| Outcome::Clean)
        }
        Command::Completions(completions) => {
            let mut text = Vec::new();
            clap_complete::generate(completions.shell, &mut Jibe::command(), "jibe", &mut text);
            console.product(&String::from_utf8_lossy(&text)).map(|()| Outcome::Clean)
        }
        Command::Man => {
            let mut text = Vec::new();
            clap_mangen::Man::new(Jibe::command()).render(&mut text)?;
            console.product(&String::from_utf8_lossy(&text)).map(|()| Outcome::Clean)
        }
    }
}
