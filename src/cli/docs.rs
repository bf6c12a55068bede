//! `jibe docs`: the table of a chart's values, printed or kept in its README.md.

use super::args::{Docs, Format, Shared};
use super::new::charts_in;
use super::output::{Console, Outcome, Stop, number};
use super::select::{under, workspace_root};
use super::starter::unwritable;
use jibe::chart::Chart;
use jibe::diag::{Sink, nearest};
use jibe::docs::{Readme, rows, table};
use jibe::source::Files;
use jibe::workspace::{Target, Workspace, locate};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A chart and the files that it lies among.
type Found = (Files, Arc<Chart>);

/// What a README.md without markers is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Without {
    /// A fault: its table was asked for.
    Fault,
    /// None of jibe's business.
    Fine,
}

impl Without {
    fn of(docs: &Docs) -> Self {
        if docs.charts.is_empty() { Self::Fine } else { Self::Fault }
    }
}

pub(crate) fn run(docs: &Docs, shared: &Shared, console: &Console) -> Result<Outcome, Stop> {
    let here = Path::new(".");
    let is_here = docs.charts.is_empty() && shared.workspace.is_none();
    let charts = match docs.charts.as_slice() {
        [] if is_here && here.join("chart.yaml").is_file() => vec![load(here)?],
        [] => of_workspace(shared)?,
        named => {
            named.iter().map(|word| load(&path_of(word, shared)?)).collect::<Result<_, _>>()?
        }
    };
    match (docs.write, console.format()) {
        (true, _) => write(&charts, Without::of(docs), console)?,
        (false, Format::Text) => console.product(&in_markdown(&charts))?,
        (false, Format::Json) => console.json(&charts.iter().map(in_json).collect())?,
    }
    Ok(Outcome::Clean)
}

/// A name is that of a folder in `charts/`; anything that is written as a path is one.
fn path_of(word: &str, shared: &Shared) -> Result<PathBuf, Stop> {
    let path = Path::new(word);
    if word.contains('/') || word == "." || word == ".." || path.join("chart.yaml").is_file() {
        return Ok(path.to_owned());
    }
    let start = shared.workspace.as_deref().unwrap_or(Path::new("."));
    let root = workspace_root(start).ok().flatten().unwrap_or_else(|| start.to_owned());
    let path = under(&root, &format!("charts/{word}"));
    if path.exists() {
        return Ok(path);
    }
    let message = format!("there is no chart `{word}` in `{}`", under(&root, "charts").display());
    let hint = match nearest(word, charts_in(&root).iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name a folder in `charts/`, or the path of a chart".to_owned(),
    };
    Err(Stop::Usage(message, hint))
}

fn load(path: &Path) -> Result<Found, Stop> {
    let (files, folder) = locate(path)?;
    let mut sink = Sink::new(&files);
    let chart = Chart::load(&files, &folder, &mut sink);
    sink.finish()?;
    Ok((files, chart.expect("an error leaves a failure behind")))
}

/// The charts that the services of the workspace use.
fn of_workspace(shared: &Shared) -> Result<Vec<Found>, Stop> {
    let workspace = Workspace::open(shared.workspace.as_deref().unwrap_or(Path::new(".")))?;
    let charts = charts(&workspace, &workspace.targets().iter().collect::<Vec<_>>())?;
    Ok(charts.into_iter().map(|chart| (workspace.files().clone(), chart)).collect())
}

fn charts(workspace: &Workspace, targets: &[&Target]) -> Result<Vec<Arc<Chart>>, Stop> {
    let mut sink = Sink::new(workspace.files());
    let charts = workspace.charts(targets, &mut sink);
    sink.finish()?;
    Ok(charts.expect("an error leaves a failure behind"))
}

/// The tables, with a heading for each chart if there are several.
fn in_markdown(charts: &[Found]) -> String {
    let tables = charts.iter().map(|(files, chart)| match charts.len() {
        1 => table(chart, files),
        _ => format!("## {}\n\n{}", chart.name, table(chart, files)),
    });
    tables.collect::<Vec<_>>().join("\n")
}

fn in_json((files, chart): &Found) -> serde_json::Value {
    let values = rows(chart, files).into_iter().map(|row| {
        json!({
            "path": row.path,
            "type": row.kind,
            "default": row.default,
            "required": row.is_required,
            "sensitive": row.is_sensitive,
            "description": row.description,
        })
    });
    json!({ "chart": chart.name, "values": values.collect::<Vec<_>>() })
}

/// Writes the tables into the README.md files; one that was asked for must have a place for it.
fn write(charts: &[Found], without: Without, console: &Console) -> Result<(), Stop> {
    let mut wanted = Vec::new();
    for (files, chart) in charts {
        let mut sink = Sink::new(files);
        match Readme::read(chart, files, &mut sink) {
            Ok(Some(readme)) => wanted.push((files, readme)),
            Ok(None) if without == Without::Fault => _ = sink.error(Readme::missing(chart, files)),
            Ok(None) | Err(_) => {}
        }
        sink.finish()?;
    }
    let (mut written, mut unchanged) = (0, 0);
    for (files, readme) in wanted {
        if readme.is_in_step() {
            unchanged += 1;
            continue;
        }
        written += 1;
        let path = under(files.root().unwrap_or(Path::new(".")), readme.path.as_str());
        fs::write(&path, readme.filled()).map_err(|error| unwritable(&path, &error))?;
        console.note(&format!("changed  {}", path.display()));
    }
    console.note(&format!("{} written, {unchanged} unchanged", number(written, "file")));
    Ok(())
}

/// The README.md files of the charts of targets whose tables are not what the charts say.
pub(crate) fn out_of_step(workspace: &Workspace, targets: &[&Target]) -> Result<Vec<Readme>, Stop> {
    let mut sink = Sink::new(workspace.files());
    let charts = charts(workspace, targets)?;
    let read =
        |chart: &Arc<Chart>| Readme::read(chart, workspace.files(), &mut sink).ok().flatten();
    let readmes: Vec<_> = charts.iter().filter_map(read).filter(|one| !one.is_in_step()).collect();
    sink.finish()?;
    Ok(readmes)
}
