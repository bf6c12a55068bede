//! `jibe init`: a workspace that renders and passes its own checks.

mod from_kustomize;

use super::args::Init;
use super::output::{Console, Outcome, Stop};
use super::select::under;
use super::starter::{Names, NewFiles, SERVICE, WORKSPACE};
use jibe::diag::shell_word;
use jibe::workspace::{ConfigKind, config_schema};
use std::path::{Path, PathBuf};

const NAMES: Names<'static> = Names { name: "app", chart: "app" };

/// What a workspace has of its own; none of it may be there.
const OWN: [&str; 5] = ["jibe.yaml", "charts", "services", "environments", ".jibe"];

const ATTRIBUTES: &str = ".gitattributes";

pub(crate) fn run(init: &Init, console: &Console) -> Result<Outcome, Stop> {
    refuse_taken(&init.folder)?;
    let folder = &under(&init.folder, "");
    let has_attributes = folder.join(ATTRIBUTES).exists();
    let attributes = WORKSPACE.iter().find(|(path, _)| *path == ATTRIBUTES && !has_attributes);
    let files = match &init.from_kustomize {
        Some(tree) => from_kustomize::files(folder, tree, console)?.pages(
            folder,
            attributes.copied().as_slice(),
            NAMES,
        ),
        None => starter(folder),
    };
    let kinds = match &init.from_kustomize {
        Some(_) => &[ConfigKind::Workspace, ConfigKind::Service][..],
        None => &[ConfigKind::Workspace, ConfigKind::Chart, ConfigKind::Service],
    };
    let schemas = kinds.iter().map(|kind| schema(folder, *kind));
    let files = schemas.fold(files, |files, (path, text)| files.file(path, text));
    for path in files.write()? {
        console.note(&format!("new      {}", path.display()));
    }
    if has_attributes {
        console.note("note: add the line `rendered/** text eol=lf` to your .gitattributes");
    }
    let enter = match folder.as_os_str().is_empty() {
        true => String::new(),
        false => format!("cd {} && ", shell_word(&folder.to_string_lossy())),
    };
    console.note(&format!("next: `{enter}jibe render --write`, then commit everything"));
    Ok(Outcome::Clean)
}

/// Other files may be there: a workspace can begin in a repository that has a history.
fn refuse_taken(folder: &Path) -> Result<(), Stop> {
    if folder.exists() && !folder.is_dir() {
        let message = format!("`{}` is not a folder", folder.display());
        return Err(Stop::Usage(message, "name a new folder: jibe init shop".to_owned()));
    }
    let Some(taken) = OWN.iter().find(|own| folder.join(own).symlink_metadata().is_ok()) else {
        return Ok(());
    };
    let message = format!("`{}` is there already", under(folder, taken).display());
    Err(Stop::Usage(message, "start in a folder without it: jibe init shop".to_owned()))
}

/// A chart, a service and two environments.
fn starter(folder: &Path) -> NewFiles {
    let has_attributes = folder.join(ATTRIBUTES).exists();
    let pages = WORKSPACE.iter().filter(|(path, _)| !(has_attributes && *path == ATTRIBUTES));
    NewFiles::default()
        .pages(folder, &pages.copied().collect::<Vec<_>>(), NAMES)
        .chart(&folder.join("charts/app"), NAMES.name)
        .pages(&folder.join("services/app"), SERVICE, NAMES)
}

/// The schema that editors check a configuration file with.
fn schema(folder: &Path, kind: ConfigKind) -> (PathBuf, String) {
    (folder.join(format!(".jibe/{}.schema.json", kind.name())), config_schema(kind))
}
