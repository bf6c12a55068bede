//! What reaches the terminal: the product on standard output, everything else on standard error.

use super::args::{Color, Command, Format, Jibe, Shared};
use jibe::diag::{
    Code, Diagnostic, Failure, Label, Paint, Severity, json_text, on_one_line, report, shell_word,
};
use jibe::source::{RelPath, Secrets};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing to say.
    Clean,
    /// Findings or differences.
    Found,
}

/// Why a command stopped early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The user's files are wrong, or could not be read or written.
    Failure(Failure),
    /// Findings that are printed already decide the exit code.
    Told(Vec<Diagnostic>),
    /// Nothing is wrong, but the command line wants nothing told either.
    Denied(Vec<Diagnostic>),
    /// The command line is wrong: what, and the next step.
    Usage(String, String),
    /// Whoever reads standard output went away, as `head` does.
    Closed,
    /// Standard output cannot be written.
    Output(io::Error),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Output(error),
        }
    }
}

/// Why warnings are as bad as errors.
pub(crate) const DENIED: &str = ", which `--deny warnings` does not let pass";

/// That values which nothing reads were not told, because others may read them, and how to be told.
pub(crate) fn not_all(shared: &Shared) -> String {
    let folder = shared.workspace.iter();
    let folder = folder.map(|folder| format!(" -C {}", shell_word(&folder.to_string_lossy())));
    let all = format!("jibe check{}", folder.collect::<String>());
    format!("note: values that nothing reads are told when no target is left out: run `{all}`")
}

/// Where a command prints.
pub(crate) struct Console {
    format: Format,
    paint: Paint,
    /// What follows the number of errors.
    ending: &'static str,
}

impl Console {
    pub(crate) fn new(jibe: &Jibe) -> Self {
        let shared = &jibe.shared;
        let choice = match shared.color {
            Color::Auto => anstream::AutoStream::choice(&io::stderr()),
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        let paint = match choice {
            anstream::ColorChoice::Never => Paint::Plain,
            _ => Paint::Colour,
        };
        let writes = match &jibe.command {
            Command::Render(render) => render.writes(),
            Command::Check(check) => check.write_baseline,
            Command::Init(_) => true,
            _ => false,
        };
        let ending = if writes { "; nothing was written" } else { "" };
        Self { format: shared.format, paint, ending }
    }

    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Prints the product.
    pub(crate) fn product(&self, text: &str) -> Result<(), Stop> {
        product(text)
    }

    /// Prints the parts of the product, one behind the other.
    pub(crate) fn parts(&self, parts: &[String]) -> Result<(), Stop> {
        let mut out = io::stdout().lock();
        parts.iter().try_for_each(|part| out.write_all(part.as_bytes()))?;
        Ok(out.flush()?)
    }

    /// Prints a JSON document as the product.
    pub(crate) fn json(&self, document: &serde_json::Value) -> Result<(), Stop> {
        self.product(&json_text(document))
    }

    /// Prints a line for the person at the terminal.
    pub(crate) fn note(&self, line: &str) {
        tell(&on_one_line(line));
    }

    /// Prints a line for the person at the terminal, and nothing for a machine.
    pub(crate) fn remark(&self, line: &str) {
        if self.format == Format::Text {
            self.note(line);
        }
    }

    /// Prints several lines at once.
    pub(crate) fn notes(&self, lines: &[String]) {
        tell(&lines.iter().map(|line| on_one_line(line)).collect::<Vec<_>>().join("\n"));
    }

    /// Prints findings on standard error, unless they are part of a JSON document anyway.
    pub(crate) fn findings(&self, diagnostics: &[Diagnostic]) {
        if diagnostics.is_empty() || self.format == Format::Json {
            return;
        }
        let text = report(diagnostics, self.paint);
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// Says why a command stopped, and gives the exit code for it.
    pub(crate) fn stop(&self, stop: &Stop) -> ExitCode {
        match stop {
            Stop::Closed | Stop::Output(_) => unprinted(stop),
            Stop::Usage(message, hint) => {
                match self.format {
                    Format::Text => fault(message, hint),
                    Format::Json => {
                        if let Err(unwritten) = self.json(&usage_in_json(message, hint)) {
                            unprinted(&unwritten);
                        }
                    }
                }
                ExitCode::from(2)
            }
            Stop::Told(found) => exit_code(found),
            Stop::Failure(failure) => self.failed(failure.diagnostics(), ""),
            Stop::Denied(warnings) => self.failed(warnings, DENIED),
        }
    }

    fn failed(&self, found: &[Diagnostic], why: &str) -> ExitCode {
        match self.format {
            Format::Text => {
                self.findings(found);
                let ending = if found.iter().any(is_unfinished) { "" } else { self.ending };
                self.note(&format!("{}{why}{ending}", counted(found)));
            }
            Format::Json => {
                let document = serde_json::json!({ "diagnostics": json_of(found) });
                if let Err(Stop::Output(error)) = self.json(&document) {
                    return unprinted(&Stop::Output(error));
                }
            }
        }
        exit_code(found)
    }
}

/// The exit code for findings that stop a command: 2 if one is about the command line or the machine.
pub(crate) fn exit_code(found: &[Diagnostic]) -> ExitCode {
    ExitCode::from(if found.iter().any(is_trouble) { 2 } else { 1 })
}

/// Prints the product of the program.
pub(crate) fn product(text: &str) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Says that the product could not be printed, unless nobody wants it any more.
pub(crate) fn unprinted(stop: &Stop) -> ExitCode {
    let Stop::Output(error) = stop else { return ExitCode::SUCCESS };
    let message = format!("standard output cannot be written: {error}");
    fault(&message, "make room, or send standard output somewhere else");
    ExitCode::from(2)
}

/// Says what is wrong beside all files. A line break in an argument must not look like a second message.
fn fault(message: &str, hint: &str) {
    tell(&format!("error: {}\n  = help: {}", on_one_line(message), on_one_line(hint)));
}

fn tell(lines: &str) {
    // When standard error is gone there is nobody left to tell.
    let _ = io::stderr().write_all(format!("{lines}\n").as_bytes());
}

/// A path of the tree whose file is named after an object: without the secrets in that name.
pub(crate) fn unsecret(path: &RelPath, secrets: &Secrets) -> String {
    let whole = path.to_string();
    let (folder, file) = whole.rsplit_once('/').unwrap_or(("", &whole));
    let file = secrets.mask(file);
    if folder.is_empty() { file.into_owned() } else { format!("{folder}/{file}") }
}

/// A path as it is printed among lines: on one of them, whatever characters it holds.
pub(crate) fn shown(path: &Path) -> String {
    on_one_line(&path.display().to_string())
}

/// Whether a finding says that a write stopped midway.
fn is_unfinished(found: &Diagnostic) -> bool {
    found.code == Code::TreeUnfinished
}

/// Whether a finding is about the command line or the machine, not about what a user's file says.
fn is_trouble(found: &Diagnostic) -> bool {
    let named_by_argument = |label: &Label| label.position().0.starts_with("--");
    let on_command_line = found.at.as_ref().is_none_or(named_by_argument);
    match found.code {
        Code::SourceUnreadable
        | Code::TreeIo
        | Code::TreeUnfinished
        | Code::TreeBusy
        | Code::TreeOutput => true,
        Code::WorkspaceSelection | Code::ValuesArgument | Code::ValuesLimit => true,
        Code::SourceMissing | Code::WorkspaceMissing | Code::SourceWrongKind => on_command_line,
        Code::WorkspaceSource => on_command_line,
        _ => false,
    }
}

/// A wrong command line in the shape of a finding.
pub(crate) fn usage_in_json(message: &str, hint: &str) -> serde_json::Value {
    let hint = Some(hint.to_owned()).filter(|hint| !hint.is_empty());
    let finding = Diagnostic::error(Code::WorkspaceSelection, message).maybe_hint(hint);
    let mut finding = finding.to_json();
    finding["code"] = "usage".into();
    serde_json::json!({ "diagnostics": [finding] })
}

/// The findings as JSON, in their order.
pub(crate) fn json_of(diagnostics: &[Diagnostic]) -> serde_json::Value {
    diagnostics.iter().map(Diagnostic::to_json).collect()
}

/// A JSON document with its keys in order, as the YAML has them.
pub(crate) fn sorted(mut document: serde_json::Value) -> serde_json::Value {
    document.sort_all_objects();
    document
}

/// `2 errors, 1 warning`.
pub(crate) fn counted(diagnostics: &[Diagnostic]) -> String {
    let of = |severity| diagnostics.iter().filter(|d| d.severity == severity).count();
    let words = [(of(Severity::Error), "error"), (of(Severity::Warning), "warning")];
    let parts =
        words.iter().filter(|(count, _)| *count > 0).map(|(count, word)| number(*count, word));
    parts.collect::<Vec<_>>().join(", ")
}

/// `1 file differs`, `3 files differ`.
pub(crate) fn differ(count: usize) -> String {
    format!("{} {}", number(count, "file"), if count == 1 { "differs" } else { "differ" })
}

/// `1 file`, `3 files`.
pub(crate) fn number(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}
