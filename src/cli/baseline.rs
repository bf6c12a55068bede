//! Findings that were there before: told how many are let pass, and written into their file.

use super::args::{Check, Format};
use super::output::{Console, Outcome, Stop, number};
use super::progress::watched;
use super::select::{Chosen, under};
use jibe::Builder;
use jibe::check::Baseline;
use jibe::diag::{Diagnostic, Severity, Sink, unreadable};
use jibe::source::{Files, Inputs, RelPath, Secrets};
use jibe::tree::{Written, write_file};
use jibe::workspace::Target;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;

/// Says how many findings a run has let pass.
pub(crate) fn tell_known(builder: &Builder<'_>, chosen: &Chosen, console: &Console) {
    let (known, path) = (builder.known_findings(), chosen.workspace.baseline());
    if let Some(path) = path.filter(|_| known > 0) {
        let path = chosen.workspace.files().shown(path);
        console.remark(&format!("note: `{path}` lets {} pass", number(known, "finding")));
    }
}

/// Writes the file that `checks.baseline` names: what is found now, for the chosen targets.
pub(crate) fn write_of(
    check: &Check,
    chosen: &Chosen,
    targets: &[&Target],
    console: &Console,
) -> Result<Outcome, Stop> {
    let workspace = &chosen.workspace;
    let (Some(path), Some(root)) = (workspace.baseline(), workspace.files().root()) else {
        return Err(unnamed());
    };
    let builder = |baseline| {
        Builder::new(workspace)
            .with_inline_secrets(check.strictness.inline_secrets())
            .with_baseline(baseline)
    };
    let first = builder(Baseline::default());
    let found = match watched(targets.len(), &first, || first.tree(targets)) {
        Ok(built) => built.warnings,
        Err(failure) => failure.diagnostics().to_vec(),
    };
    let mut baseline = Baseline::of(&found, workspace.files().secrets());
    keep_others(&mut baseline, chosen, targets)?;
    // What is found later than these, or can never pass, shows now: nothing is written then.
    let second = builder(baseline.clone());
    let built = watched(targets.len(), &second, || second.tree(targets))?;
    console.findings(&built.warnings);
    write((root, path), &baseline, console)
}

/// Takes over what is let pass of targets that were not chosen and are still there.
fn keep_others(baseline: &mut Baseline, chosen: &Chosen, targets: &[&Target]) -> Result<(), Stop> {
    let workspace = &chosen.workspace;
    let names = |targets: &mut dyn Iterator<Item = &Target>| -> BTreeSet<String> {
        targets.map(Target::in_messages).collect()
    };
    let all = names(&mut workspace.targets().iter());
    let own = names(&mut targets.iter().copied());
    let is_there = workspace.baseline().is_some_and(|path| {
        matches!(workspace.files().find(path, &mut Inputs::default()), Ok(Some(_)))
    });
    if own == all || !is_there {
        return Ok(());
    }
    let mut sink = Sink::new(workspace.files());
    let before = match workspace.read_baseline(&mut Inputs::default(), &mut sink) {
        Ok(Some(source)) => Baseline::read(&source, &mut sink).unwrap_or_default(),
        Ok(None) | Err(_) => Baseline::default(),
    };
    sink.finish()?;
    baseline.keep(&before, |within| all.contains(within) && !own.contains(within));
    Ok(())
}

fn unnamed() -> Stop {
    Stop::Usage(
        "jibe.yaml names no baseline that could be written".to_owned(),
        "add `checks: { baseline: baseline.yaml }` to it".to_owned(),
    )
}

fn write(
    (root, path): (&Path, &RelPath),
    baseline: &Baseline,
    console: &Console,
) -> Result<Outcome, Stop> {
    let files = Files::none();
    let nowhere = files.add("a baseline", Vec::new()).expect("an empty text").place(0, 0);
    let written = write_file(root, path, &baseline.text(nowhere), Baseline::is_one)?;
    let word = match written {
        Written::Added => "added",
        Written::Changed => "changed",
        Written::Unchanged => "unchanged",
    };
    let count = usize::try_from(baseline.count()).unwrap_or(usize::MAX);
    let shown = under(root, path.as_str()).display().to_string();
    match console.format() {
        Format::Text => {
            console.note(&format!("{word:8} {shown}: it lets {} pass", number(count, "finding")));
        }
        Format::Json => {
            console.json(&json!({ "baseline": shown, "state": word, "known": count }))?;
        }
    }
    Ok(Outcome::Clean)
}

/// What of the findings of `jibe lint` is new.
pub(crate) struct Sifted {
    pub(crate) new: Vec<Diagnostic>,
    pub(crate) known: usize,
}

/// Lets those pass that the file `path` names; entries that nothing needs are told.
pub(crate) fn sift(path: Option<&Path>, found: Vec<Diagnostic>) -> Sifted {
    let Some(path) = path else { return Sifted { new: found, known: 0 } };
    let files = Files::none();
    let mut sink = Sink::new(&files);
    let read = files.read_anywhere(path).map_err(|error| sink.error(unreadable(&error)));
    let baseline = read.and_then(|source| Baseline::read(&source, &mut sink));
    let baseline = baseline.unwrap_or_default();
    for (_, finding) in baseline.stale(&found, |_| true) {
        sink.tell(finding);
    }
    let (mut new, known) = baseline.sift(found);
    new.extend(sink.finish().unwrap_or_else(|failure| failure.diagnostics().to_vec()));
    Sifted { new, known }
}

/// Writes the findings of `jibe lint` into the file `path`. What can never pass refuses it.
pub(crate) fn write_to(
    path: &Path,
    found: &[Diagnostic],
    console: &Console,
) -> Result<Outcome, Stop> {
    let name = path.file_name().and_then(|name| RelPath::parse(name.to_str()?).ok());
    let Some(name) = name.filter(|name| !name.is_root()) else {
        let message = format!("`{}` names no file", path.display());
        return Err(Stop::Usage(message, "name one, such as baseline.yaml".to_owned()));
    };
    let baseline = Baseline::of(found, &Secrets::default());
    let (new, _) = baseline.sift(found.to_vec());
    if new.iter().any(|finding| finding.severity == Severity::Error) {
        console.findings(&new);
        console.remark("these can never pass; no baseline was written");
        return Err(Stop::Told(new));
    }
    console.findings(&new);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    write((folder.unwrap_or(Path::new(".")), &name), &baseline, console)
}
