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
    let folder = &under(&init.folder, "");
    if let Some(tree) = &init.from_kustomize
        && folder.join(OWN[0]).is_file()
    {
        return written(from_kustomize::more(folder, tree, console)?, (folder, ""), console);
    }
    refuse_taken(init)?;
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
    let to_do = match has_attributes {
        true => "note: add the line `rendered/** text eol=lf` to your .gitattributes",
        false => "",
    };
    written(files, (folder, to_do), console)
}

/// Writes the files and says so, and what is left to do.
fn written(
    files: NewFiles,
    (folder, to_do): (&Path, &str),
    console: &Console,
) -> Result<Outcome, Stop> {
    for path in files.write()? {
        console.note(&format!("new      {}", path.display()));
    }
    if !to_do.is_empty() {
        console.note(to_do);
    }
    let enter = match folder.as_os_str().is_empty() {
        true => String::new(),
        false => format!("cd {} && ", shell_word(&folder.to_string_lossy())),
    };
    console.note(&format!("next: `{enter}jibe render --write`, then commit everything"));
    Ok(Outcome::Clean)
}

/// Other files may be there: a workspace can begin in a repository that has a history.
fn refuse_taken(init: &Init) -> Result<(), Stop> {
    let folder = &*init.folder;
    if folder.exists() && !folder.is_dir() {
        let message = format!("`{}` is not a folder", folder.display());
        return Err(Stop::Usage(message, "name a new folder: jibe init shop".to_owned()));
    }
    let Some(taken) = OWN.iter().find(|own| folder.join(own).symlink_metadata().is_ok()) else {
        return Ok(());
    };
    let message = format!("`{}` is there already", under(folder, taken).display());
    let hint = match &init.from_kustomize {
        Some(tree) if !is_same(folder, tree) => {
            let tree = shell_word(&tree.to_string_lossy());
            format!(
                "jibe keeps files of its own there; make the workspace in the folder of the kustomizations: jibe init {tree} --from-kustomize {tree}"
            )
        }
        _ => "start in a folder without it: jibe init shop".to_owned(),
    };
    Err(Stop::Usage(message, hint))
}

fn is_same(one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
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
