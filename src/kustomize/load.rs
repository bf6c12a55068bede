//! Finds and reads the files of a kustomization tree.

mod schema;

use super::config::{self, Kustomization, Use};
use super::over::Over;
use super::{objects, unfound};
use crate::diag::{Code, Diagnostic, Reported, Sink, unreadable, unusable_path};
use crate::source::{
    FileId, Files, Inputs, KUSTOMIZATIONS, ReadError, ReadReason, RelPath, Source,
};
use crate::transform::patch::MergeKeys;
use crate::transform::{Identified, Text};
use rayon::prelude::*;
use schema::{LookedUp, Schema};
use std::sync::Arc;

/// How many kustomizations may lead to each other in a row.
const MAX_DEPTH: usize = 200;
/// How many kustomizations one build may read, each as often as it is named.
const MAX_KUSTOMIZATIONS: usize = 20_000;
/// How many objects one build may read, each as often as its file is named.
const MAX_OBJECTS: usize = 1_000_000;
/// How many files are read at the same time, at most: what they hold is kept until all of them are read.
const BATCH: usize = 256;
/// How many files are not worth a second thread.
const FEW: usize = 16;

/// How much the data of all generators of one build may be, in bytes, each file as often as it is named.
const MAX_DATA: usize = 256 * 1024 * 1024;

/// Which files a kustomization may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LoadRestrictor {
    /// Those in or below its own folder, links followed.
    #[default]
    RootOnly,
    /// Any below the root of all files.
    None,
}

/// The folder of a kustomization and the way that led there.
pub(super) struct Loader<'f> {
    files: &'f Files,
    inputs: Inputs,
    restrictor: LoadRestrictor,
    /// The folders of the kustomizations that led here, this one's own last.
    folders: Vec<RelPath>,
    read: usize,
    objects: usize,
    data: usize,
    looked_up: LookedUp,
    /// The OpenAPI document of the first kustomization that names one; the outer ones come first.
    schema: Option<Schema>,
    merge_keys: Option<(FileId, Arc<MergeKeys>)>,
    /// What is known of the objects that the kustomizations are over; none where they make their own.
    over: Option<&'f Over<'f>>,
}

impl<'f> Loader<'f> {
    /// At the folder that is built.
    pub(super) fn new(
        files: &'f Files,
        folder: &RelPath,
        restrictor: LoadRestrictor,
        sink: &mut Sink,
    ) -> Result<Self, Reported> {
        let folder = files.follow(folder).map_err(|error| sink.error(unreadable(&error)))?;
        let (inputs, folders) = (Inputs::default(), vec![folder]);
        let (schema, merge_keys, over) = (None, None, None);
        let (read, objects, data, looked_up) = (0, 0, 0, LookedUp::Nothing);
        Ok(Self {
            files,
            inputs,
            restrictor,
            folders,
            read,
            objects,
            data,
            looked_up,
            schema,
            merge_keys,
            over,
        })
    }

    /// At the folder of a kustomization over rendered objects, which may name any file of the workspace.
    pub(super) fn over(
        files: &'f Files,
        folder: &RelPath,
        over: &'f Over<'f>,
        sink: &mut Sink,
    ) -> Result<Self, Reported> {
        let loader = Self::new(files, folder, LoadRestrictor::None, sink)?;
        Ok(Self { over: Some(over), ..loader })
    }

    /// What is known of the objects that the kustomizations are over; none where they make their own.
    pub(super) fn rendered(&self) -> Option<&'f Over<'f>> {
        self.over
    }

    pub(super) fn into_inputs(self) -> Inputs {
        self.inputs
    }

    /// The folder of the kustomization that is being read.
    pub(super) fn folder(&self) -> &RelPath {
        self.folders.last().expect("a loader stands in a folder")
    }

    /// The kustomization of this folder, and the name of its file.
    ///
    /// Told at the path that led here, if a kustomization did.
    pub(super) fn kustomization(
        &mut self,
        named: Option<&Text>,
        sink: &mut Sink,
    ) -> Result<(Kustomization, &'static str), Reported> {
        self.read += 1;
        if self.read > MAX_KUSTOMIZATIONS {
            let message = format!("more than {MAX_KUSTOMIZATIONS} kustomizations are read");
            let finding = Diagnostic::error(Code::KustomizeCycle, message);
            let finding = named.iter().fold(finding, |finding, path| finding.at(path.place, ""));
            return Err(sink.error(finding.hint("build parts of it by themselves")));
        }
        let (mut found, mut elsewhere) = (Vec::new(), None);
        for name in KUSTOMIZATIONS {
            let path = self.below(name);
            match self.files.find(&path, &mut self.inputs) {
                Ok(Some(source)) if self.leads_out(&path) => {
                    elsewhere = Some(Text::new(name, source.place(0, 0)));
                }
                Ok(source) => found.extend(source.map(|source| (source, name))),
                Err(error) if matches!(error.reason, ReadReason::NotAFile(_)) => {}
                Err(error) => return Err(sink.error(unreadable(&error))),
            }
        }
        let used = if self.over.is_some() { Use::OverObjects } else { Use::Build };
        match &found[..] {
            [(source, name)] => Ok((config::read(source, used, sink)?, name)),
            [] => match elsewhere {
                Some(file) => Err(outside(&file, &self.files.shown(self.folder()), sink)),
                None => Err(self.no_file(named, sink)),
            },
            [(first, one), (_, other), ..] => {
                let message = format!("there are a `{one}` and a `{other}`");
                let finding = Diagnostic::error(Code::KustomizeFile, message);
                Err(sink.error(finding.at(first.place(0, 0), "").hint("remove one of them")))
            }
        }
    }

    fn no_file(&self, named: Option<&Text>, sink: &mut Sink) -> Reported {
        let folder = self.shown(self.folder());
        let message = format!("`{folder}` holds no kustomization file");
        let finding = Diagnostic::error(Code::KustomizeFile, message);
        let finding = match named {
            Some(path) => finding.at(path.place, "named here"),
            None => finding,
        };
        // Over rendered objects there are no `resources`.
        let hint = match self.over {
            Some(_) => "put a file kustomization.yaml there, with its `patches` and the like",
            None => "add a kustomization.yaml that lists its files under `resources`",
        };
        sink.error(finding.hint(hint))
    }

    /// How users write a folder.
    fn shown(&self, folder: &RelPath) -> String {
        let shown = self.files.shown(folder);
        if shown.is_empty() { ".".to_owned() } else { shown }
    }

    /// A path below this folder that holds no `..`.
    fn below(&self, name: &str) -> RelPath {
        self.folder().join(name).unwrap_or_else(|_| self.folder().clone())
    }

    /// Whether a file of this folder is a link to one that this folder may not name.
    fn leads_out(&self, path: &RelPath) -> bool {
        let is_out = |real: RelPath| self.is_outside(&real);
        self.restrictor == LoadRestrictor::RootOnly && self.files.follow(path).is_ok_and(is_out)
    }

    /// Whether a file lies neither in this folder nor below it.
    fn is_outside(&self, real: &RelPath) -> bool {
        let folder = self.folder();
        !folder.is_root() && real.below(folder).is_none()
    }

    /// Whether what looks like an address names what is there: kustomize looks first, but for what is fetched by HTTP, and
    /// for a folder that is spelled as a repository of GitHub.
    fn is_taken_from_here(&self, path: &Text) -> bool {
        let lower = path.text.to_ascii_lowercase();
        let is_web = lower.starts_with("http://") || lower.starts_with("https://");
        let repository = lower.strip_prefix("github.com/").filter(|rest| rest.contains('/'));
        let is_fetched = is_web || repository.is_some() && self.is_folder(path);
        let is_there = |path: RelPath| self.files.follow(&path).is_ok();
        !is_fetched && self.folder().join(&path.text).is_ok_and(is_there)
    }

    /// Whether a path names a folder.
    pub(super) fn is_folder(&self, path: &Text) -> bool {
        self.folder().join(&path.text).is_ok_and(|path| self.files.is_folder(&path))
    }

    /// The objects of the next files that the kustomization names, of as many as are read at the same time: up to the
    /// first folder, at least one. What is wrong with any of them is told.
    pub(super) fn objects<'p>(
        &mut self,
        paths: &'p [Text],
        sink: &mut Sink,
    ) -> Result<Vec<(&'p Text, Vec<Identified>)>, Reported> {
        let is_next = |(at, path): &(usize, &Text)| *at == 0 || !self.may_be_folder(path);
        let count = paths.iter().enumerate().take(BATCH).take_while(is_next).count();
        let read = |path: &'p Text| {
            let mut inputs = Inputs::default();
            let (objects, found) = sink.apart(|own| self.objects_of(path, &mut inputs, own));
            (path, objects, found, inputs)
        };
        let all: Vec<_> = match count < FEW {
            true => paths[..count].iter().map(read).collect(),
            false => paths[..count].par_iter().map(read).collect(),
        };
        let mut done = Ok(Vec::with_capacity(count));
        for (at, (path, objects, found, inputs)) in all.into_iter().enumerate() {
            if at > 0 && objects.is_err() && self.is_folder(path) {
                break;
            }
            self.inputs.extend(&Arc::new(inputs));
            for finding in found {
                let _ = sink.tell(finding);
            }
            let objects = objects.and_then(|objects| self.count(objects, path, sink));
            done = done.and_then(|mut done| {
                done.push((path, objects?));
                Ok(done)
            });
        }
        done
    }

    /// Whether a path may name a folder: whether it does is asked for none that is called like a file.
    fn may_be_folder(&self, path: &Text) -> bool {
        let is_called_file = [".yaml", ".yml", ".json"].iter().any(|end| path.text.ends_with(end));
        !is_called_file && self.is_folder(path)
    }

    fn objects_of(
        &self,
        path: &Text,
        inputs: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<Vec<Identified>, Reported> {
        let source = self.read(path, inputs, sink)?;
        let objects = match kustomization_in(&path.text) {
            None => objects::of_file(&source, sink)?,
            Some(folder) => {
                let objects = sink.unheard(|own| objects::of_file(&source, own));
                objects.map_err(|_| listed(path, folder, sink))?
            }
        };
        Ok(objects.into_iter().map(Identified::from).collect())
    }

    fn count(
        &mut self,
        mut objects: Vec<Identified>,
        path: &Text,
        sink: &mut Sink,
    ) -> Result<Vec<Identified>, Reported> {
        self.objects += objects.len();
        if self.objects > MAX_OBJECTS {
            let message = format!("more than {MAX_OBJECTS} objects are read");
            let finding = Diagnostic::error(Code::KustomizeCycle, message).at(path.place, "");
            return Err(sink.error(finding.hint("build parts of it by themselves")));
        }
        self.meet_read(&mut objects, sink)?;
        Ok(objects)
    }

    /// Counts what the data of a generator takes.
    pub(super) fn weigh(
        &mut self,
        bytes: usize,
        path: &Text,
        sink: &mut Sink,
    ) -> Result<(), Reported> {
        self.data = self.data.saturating_add(bytes);
        if self.data <= MAX_DATA {
            return Ok(());
        }
        let message = format!("generators are given more than {MAX_DATA} bytes");
        let finding = Diagnostic::error(Code::KustomizeData, message).at(path.place, "");
        Err(sink.error(finding.hint("build parts of it by themselves")))
    }

    /// The bytes of a file that the kustomization names.
    pub(super) fn bytes(&mut self, path: &Text, sink: &mut Sink) -> Result<Arc<[u8]>, Reported> {
        self.noting(|own, inputs| {
            let asked = own.allowed(path, inputs, sink)?;
            let bytes = own.files.bytes(&asked, inputs);
            bytes.map_err(|error| own.unread(&error, (path, inputs), sink))
        })
    }

    /// The text of a file that the kustomization names.
    pub(super) fn file(&mut self, path: &Text, sink: &mut Sink) -> Result<Arc<Source>, Reported> {
        self.noting(|own, inputs| own.read(path, inputs, sink))
    }

    /// Does work that notes what it looks at.
    fn noting<T>(&mut self, work: impl FnOnce(&Self, &mut Inputs) -> T) -> T {
        let mut inputs = std::mem::take(&mut self.inputs);
        let done = work(self, &mut inputs);
        self.inputs = inputs;
        done
    }

    fn read(
        &self,
        path: &Text,
        inputs: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<Arc<Source>, Reported> {
        let asked = self.allowed(path, inputs, sink)?;
        let source = self.files.read(&asked, inputs);
        source.map_err(|error| self.unread(&error, (path, inputs), sink))
    }

    /// The path of a file, if the kustomization may name it.
    fn allowed(
        &self,
        path: &Text,
        inputs: &mut Inputs,
        sink: &mut Sink,
    ) -> Result<RelPath, Reported> {
        let asked = self.path(path, sink)?;
        if self.restrictor == LoadRestrictor::RootOnly {
            let real = self.files.follow(&asked);
            let real = real.map_err(|error| self.unread(&error, (path, inputs), sink))?;
            if self.is_outside(&real) {
                return Err(outside(path, &self.shown(self.folder()), sink));
            }
        }
        Ok(asked)
    }

    fn unread(
        &self,
        error: &ReadError,
        (path, inputs): (&Text, &mut Inputs),
        sink: &mut Sink,
    ) -> Reported {
        sink.error(unfound::unread(error, path, self.folder(), (self.files, inputs)))
    }

    fn path(&self, path: &Text, sink: &mut Sink) -> Result<RelPath, Reported> {
        if path.text.is_empty() {
            let finding = Diagnostic::error(Code::KustomizeValue, "an entry is empty");
            let hint = "remove it, or name a file or folder";
            return Err(sink.error(finding.at(path.place, "").hint(hint)));
        }
        if let Some(finding) = remote(&path.text).filter(|_| !self.is_taken_from_here(path)) {
            return Err(sink.error(finding.at(path.place, "")));
        }
        let joined = self.folder().join(&path.text);
        joined.map_err(|error| sink.error(unusable_path(&path.text, error).at(path.place, "")))
    }

    /// Goes to another kustomization, does some work there and comes back; errors show the entry that led there.
    pub(super) fn at<T>(
        &mut self,
        path: &Text,
        sink: &mut Sink,
        work: impl FnOnce(&mut Self, &mut Sink) -> Result<T, Reported>,
    ) -> Result<T, Reported> {
        let asked = self.path(path, sink)?;
        let folder = self.noting(|own, inputs| {
            let folder = own.files.follow(&asked);
            folder.map_err(|error| own.unread(&error, (path, inputs), sink))
        })?;
        if !self.files.is_folder(&folder) {
            let message = format!("`{}` is a file, not the folder of a kustomization", path.text);
            let finding = Diagnostic::error(Code::KustomizeFile, message).at(path.place, "");
            return Err(sink.error(finding.hint(match self.over {
                None => "list files of objects under `resources`",
                Some(_) => "name the folder of a component",
            })));
        }
        let is_around = |visited: &RelPath| {
            visited == &folder || folder.is_root() || visited.below(&folder).is_some()
        };
        if let Some(visited) = self.folders.iter().rfind(|visited| is_around(visited)) {
            return Err(cycle(path, &self.shown(visited), sink));
        }
        if self.folders.len() >= MAX_DEPTH {
            let message = format!("kustomizations lead to each other {MAX_DEPTH} deep");
            let finding = Diagnostic::error(Code::KustomizeCycle, message).at(path.place, "");
            return Err(sink.error(finding.hint("name the base more directly")));
        }
        self.folders.push(folder);
        let done = sink.led_by((path.place, "which this entry leads to"), |sink| work(self, sink));
        self.folders.pop();
        done
    }
}

/// The folder of a path that names a kustomization file.
fn kustomization_in(path: &str) -> Option<&str> {
    let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
    KUSTOMIZATIONS.contains(&name).then_some(folder)
}

/// Reports that a kustomization file is listed as one of objects.
fn listed(path: &Text, folder: &str, sink: &mut Sink) -> Reported {
    let message = format!("`{}` is a kustomization file, not one of objects", path.text);
    let finding = Diagnostic::error(Code::KustomizeFile, message).at(path.place, "");
    sink.error(finding.hint(match folder {
        "." => "leave it out: a kustomization does not list itself".to_owned(),
        _ => format!("name its folder: `{folder}`"),
    }))
}

fn outside(path: &Text, folder: &str, sink: &mut Sink) -> Reported {
    let message =
        format!("`{}` lies outside of `{folder}`, the folder of its kustomization", path.text);
    let finding = Diagnostic::error(Code::KustomizeOutside, message).at(path.place, "");
    let hint = "move the file there, name a folder with a kustomization of its own, or build with `--load-restrictor LoadRestrictionsNone`";
    sink.error(finding.hint(hint))
}

fn cycle(path: &Text, visited: &str, sink: &mut Sink) -> Reported {
    let message = format!(
        "`{}` leads back to `{visited}`, which led here, or to a folder around it",
        path.text
    );
    let finding = Diagnostic::error(Code::KustomizeCycle, message).at(path.place, "");
    sink.error(finding.hint("name a folder beside it: a base may not hold its overlays"))
}

/// The finding for a path that is an address of the web or of git, which kustomize would fetch; none for any other. The
/// caller adds the place.
#[must_use]
pub fn remote(path: &str) -> Option<Diagnostic> {
    let message = || format!("`{path}` is on another machine, and jibe builds from files only");
    let finding = || Diagnostic::error(Code::KustomizeRemote, message());
    is_remote(path).then(|| finding().hint("put a copy into the repository and name its path"))
}

/// Whether a path is an address of the web or of git.
fn is_remote(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let marks =
        ["http://", "https://", "ssh://", "git://", "git::", "git@", "file://", "github.com"];
    marks.iter().any(|mark| lower.starts_with(mark))
        || lower.contains("?ref=")
        || lower.contains("&ref=")
        || lower.contains(".git/")
        || lower.contains(".git?")
        || lower.contains("/_git/")
}
