//! The files of a new workspace, chart or service.

use super::output::Stop;
use jibe::chart::Chart;
use jibe::diag::Sink;
use jibe::docs::Readme;
use jibe::source::{Files, RelPath};
use jibe::yaml::{self, Node};
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
const CHART: &[Page] = pages!("chart":
    "chart.yaml" "values.yaml" "values.schema.json" "templates/deployment.yaml" "templates/service.yaml"
    "templates/ingress.yaml" "templates/availability.yaml" "README.md");

/// The files of a service.
pub(crate) const SERVICE: &[Page] = pages!("service": "service.yaml" "values.yaml");

/// The workspace's own configuration.
pub(crate) const WORKSPACE: &[Page] = &[
    ("jibe.yaml", include_str!("starter/workspace/jibe.yaml")),
    (".gitattributes", include_str!("starter/workspace/gitattributes")),
    ("services/app/prod.yaml", include_str!("starter/workspace/prod.yaml")),
];

/// What stands in the pages where a name goes. In quotes there, it gets those that YAML needs, or none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names<'a> {
    /// In place of `__NAME__`.
    pub(crate) name: &'a str,
    /// In place of `__CHART__`.
    pub(crate) chart: &'a str,
}

impl Names<'_> {
    fn fill(self, page: &str) -> String {
        page.replace("\"__NAME__\"", &in_yaml(self.name))
            .replace("\"charts/__CHART__\"", &in_yaml(&format!("charts/{}", self.chart)))
            .replace("__NAME__", self.name)
    }
}

/// A string as YAML has it, also between braces and brackets: bare where it stays the same string.
pub(crate) fn in_yaml(text: &str) -> String {
    let is_bare = |text: &str| {
        let files = Files::none();
        let place = files.add("a name", text.into()).ok()?.place(0, text.len());
        Some(yaml::write(&Node::string(text, place)).trim_end() == text)
    };
    match !text.contains([',', '[', ']', '{', '}']) && is_bare(text) == Some(true) {
        true => text.to_owned(),
        false => serde_json::Value::from(text).to_string(),
    }
}

/// New files below one folder, all of them or none.
#[derive(Debug, Default)]
pub(crate) struct NewFiles(Vec<(PathBuf, String)>);

impl NewFiles {
    /// Adds pages below `folder`, with names filled in.
    pub(crate) fn pages(mut self, folder: &Path, pages: &[Page], names: Names<'_>) -> Self {
        self.0.extend(pages.iter().map(|(path, text)| (folder.join(path), names.fill(text))));
        self
    }

    /// Adds the pages of a chart, the table of its values filled in.
    pub(crate) fn chart(self, folder: &Path, name: &str) -> Self {
        let names = Names { name, chart: name };
        let mut pages = Self::default().pages(Path::new(""), CHART, names);
        let text = with_table(&pages.0).expect("the starter's chart can be read");
        pages.0.retain(|(path, _)| path != Path::new("README.md"));
        pages.0.push(("README.md".into(), text));
        let placed = pages.0.into_iter().map(|(path, text)| (folder.join(path), text));
        Self(self.0.into_iter().chain(placed).collect())
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

/// A chart's README.md with the table that its pages give; none if they are no chart.
fn with_table(pages: &[(PathBuf, String)]) -> Option<String> {
    let pages = pages.iter().map(|(path, text)| (path.to_string_lossy(), text.as_str()));
    let files = Files::memory(pages).ok()?;
    let mut sink = Sink::new(&files);
    let chart = Chart::load(&files, &RelPath::root(), &mut sink).ok()?;
    Some(Readme::read(&chart, &files, &mut sink).ok()??.filled())
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
