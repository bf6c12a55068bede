//! `jibe init`: a workspace that renders and passes its own checks.

use super::args::Init;
use super::output::{Console, Outcome, Stop};
use super::starter::{CHART, Names, NewFiles, SERVICE, WORKSPACE, unwritable};
use jibe::workspace::{ConfigKind, config_schema};
use std::fs;
use std::path::{Path, PathBuf};

const NAMES: Names<'static> = Names { name: "app", chart: "app" };

pub(crate) fn run(init: &Init, console: &Console) -> Result<Outcome, Stop> {
    refuse_taken(&init.folder)?;
    let folder = &init.folder;
    let files = NewFiles::default()
        .pages(folder, WORKSPACE, NAMES)
        .pages(&folder.join("charts/app"), CHART, NAMES)
        .pages(&folder.join("services/app"), SERVICE, NAMES);
    let files =
        schemas(folder).into_iter().fold(files, |files, (path, text)| files.file(path, text));
    for path in files.write()? {
        console.note(&format!("new  {}", path.display()));
    }
    let enter = match folder.as_path() == Path::new(".") {
        true => String::new(),
        false => format!("cd {} && ", folder.display()),
    };
    console.note(&format!("next: {enter}jibe render --write, then commit what it wrote"));
    Ok(Outcome::Clean)
}

fn refuse_taken(folder: &Path) -> Result<(), Stop> {
    let taken = match fs::read_dir(folder) {
        Ok(entries) => entries.flatten().find(|entry| entry.file_name() != ".git"),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(unwritable(folder, &error)),
    };
    let Some(entry) = taken else { return Ok(()) };
    let message = format!(
        "`{}` holds files already, such as {}",
        folder.display(),
        entry.file_name().display()
    );
    Err(Stop::Usage(message, "name a new folder: jibe init shop".to_owned()))
}

/// The schemas that editors check the configuration files with.
fn schemas(folder: &Path) -> Vec<(PathBuf, String)> {
    let kinds = [ConfigKind::Workspace, ConfigKind::Chart, ConfigKind::Service];
    let path = |kind: ConfigKind| folder.join(format!(".jibe/{}.schema.json", kind.name()));
    kinds.into_iter().map(|kind| (path(kind), config_schema(kind))).collect()
}
