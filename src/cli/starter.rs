//! The files of a new workspace, chart or service.

use super::output::Stop;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that comes with the program: path and text, with the starter's names to be filled in.
type Page = (&'static str, &'static str);

macro_rules! pages {
    ($folder:literal: $($path:literal)+) => {
        &[$(($path, include_str!(concat!("starter/", $folder, "/", $path))),)+]
    };
}

/// The files of a chart.
pub(crate) const CHART: &[Page] = pages!("chart":
    "chart.yaml" "values.yaml" "values.schema.json" "templates/deployment.yaml" "templates/service.yaml"
    "templates/ingress.yaml" "templates/availability.yaml");

/// The files of a service.
pub(crate) const SERVICE: &[Page] = pages!("service": "service.yaml" "values.yaml");

/// The workspace's own configuration.
pub(crate) const WORKSPACE: &[Page] = &[
    ("jibe.yaml", include_str!("starter/workspace/jibe.yaml")),
    (".gitattributes", include_str!("starter/workspace/gitattributes")),
    ("services/app/prod.yaml", include_str!("starter/workspace/prod.yaml")),
];

/// What stands in the pages where a name goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names<'a> {
    /// In place of `__NAME__`.
    pub(crate) name: &'a str,
    /// In place of `__CHART__`.
    pub(crate) chart: &'a str,
}

/// New files below one folder, all of them or none.
#[derive(Debug, Default)]
pub(crate) struct NewFiles(Vec<(PathBuf, String)>);

impl NewFiles {
    /// Adds pages below `folder`, with names filled in.
    pub(crate) fn pages(mut self, folder: &Path, pages: &[Page], names: Names<'_>) -> Self {
        let filled =
            |text: &str| text.replace("__NAME__", names.name).replace("__CHART__", names.chart);
        self.0.extend(pages.iter().map(|(path, text)| (folder.join(path), filled(text))));
        self
    }

    /// Adds lines to the end of a page that is called so.
    pub(crate) fn append(mut self, name: &str, lines: &str) -> Self {
        for (path, text) in &mut self.0 {
            if path.ends_with(name) {
                text.push_str(lines);
            }
        }
        self
    }

    /// Adds one file.
    pub(crate) fn file(mut self, path: PathBuf, text: String) -> Self {
        self.0.push((path, text));
        self
    }

    /// Writes them; a file that is there already stops everything before the first is written.
    pub(crate) fn write(self) -> Result<Vec<PathBuf>, Stop> {
        if let Some((path, _)) = self.0.iter().find(|(path, _)| path.symlink_metadata().is_ok()) {
            let message = format!("`{}` is there already", path.display());
            return Err(Stop::Usage(message, "choose another name, or remove it first".to_owned()));
        }
        for (path, text) in &self.0 {
            write_new(path, text).map_err(|error| unwritable(path, &error))?;
        }
        Ok(self.0.into_iter().map(|(path, _)| path).collect())
    }
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::File::create_new(path)?.write_all(text.as_bytes())
}

/// A path that the operating system does not let us write.
pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Stop {
    let message = format!("`{}` cannot be written: {error}", path.display());
    Stop::Usage(message, "check the permissions of the folder and the space on the disk".to_owned())
}
