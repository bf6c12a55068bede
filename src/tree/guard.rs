//! Folders that nobody means to write a tree into.

use super::trouble;
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::RelPath;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Files that make a folder a source.
const SOURCES: [&str; 3] = ["jibe.yaml", "chart.yaml", "Chart.yaml"];

/// Folders that are read as sources if the folder around them holds one of these files.
const PARTS: [(&str, &[&str]); 3] = [
    ("jibe.yaml", &["charts", "environments", "namespaces", "services", "schemas", "policies"]),
    ("chart.yaml", &["templates", "files", "crds", "overlays", "tests"]),
    ("Chart.yaml", &["templates", "files", "crds", "overlays", "tests", "charts"]),
];

/// Why `root` is refused as an output folder, if it is.
pub(super) fn refusal(root: &Path) -> io::Result<Option<Diagnostic>> {
    let real = real(root)?;
    let why = if real.is_file() {
        Some("is a file, not a folder".to_owned())
    } else if real.exists() && !real.is_dir() {
        Some("is no folder".to_owned())
    } else if real.parent().is_none() {
        Some("is the root of the file system".to_owned())
    } else if std::env::home_dir().is_some_and(|home| is_or_holds(&real, &home)) {
        Some("is your home folder, or holds it".to_owned())
    } else if real.components().any(|part| part.as_os_str().eq_ignore_ascii_case(".git")) {
        Some("lies inside of `.git`".to_owned())
    } else if let Some(file) = SOURCES.iter().find(|file| real.join(file).is_file()) {
        Some(format!("holds `{file}`, so it is a source"))
    } else {
        source_around(&real).map(|file| format!("is read as a source because of `{file}`"))
    };
    let hint = "name another folder with `-o DIR` or `output.path`, such as `rendered`";
    Ok(why.map(|why| {
        let message = format!("`{}` {why}; nothing is written there", root.display());
        Diagnostic::error(Code::TreeOutput, message).hint(hint)
    }))
}

/// Refuses `root` as an output folder if it is none; `doing` says what else cannot be done there: `read`, `opened`.
///
/// # Errors
/// When it is refused, or the operating system does not say what it is.
pub(super) fn refuse(root: &Path, doing: &str, sink: &mut Sink) -> Result<(), Reported> {
    match refusal(root) {
        Ok(None) => Ok(()),
        Ok(Some(refusal)) => Err(sink.error(refusal)),
        Err(error) => Err(sink.error(trouble::io(root, &RelPath::root(), doing, &error))),
    }
}

fn is_or_holds(root: &Path, home: &Path) -> bool {
    let home = home.canonicalize().unwrap_or_else(|_| home.to_owned());
    home.parent().is_some() && home.starts_with(root)
}

/// The file that makes a folder above `real`, and what leads to `real` from there, a source.
fn source_around(real: &Path) -> Option<String> {
    let mut below = real;
    for folder in real.ancestors().skip(1) {
        let name = below.file_name()?.to_string_lossy();
        let part = |(file, parts): &&(&str, &[&str])| {
            parts.contains(&&*name) && folder.join(file).is_file()
        };
        if let Some((file, _)) = PARTS.iter().find(part) {
            return Some(folder.join(file).display().to_string());
        }
        below = folder;
    }
    None
}

/// The path with every link resolved; what is not there yet is taken by its name.
fn real(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let mut missing = Vec::new();
    let mut there = path.as_path();
    loop {
        match there.canonicalize() {
            Ok(real) => return Ok(resolved(real, &missing)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let (Some(parent), Some(last)) = (there.parent(), there.components().next_back())
                else {
                    return Err(error);
                };
                missing.push(last.as_os_str().to_owned());
                there = parent;
            }
            Err(error) => return Err(error),
        }
    }
}

fn resolved(mut real: PathBuf, missing: &[std::ffi::OsString]) -> PathBuf {
    for part in missing.iter().rev() {
        match Path::new(part).components().next() {
            Some(Component::ParentDir) => drop(real.pop()),
            Some(Component::CurDir) | None => {}
            Some(_) => real.push(part),
        }
    }
    real
}
