//! The files of one root, on disk or in memory, each read once.

use super::asked::Asked;
use super::disk::{self, Disk};
use super::memory::Memory;
use super::{
    Answer, FileId, Input, Inputs, Limits, OWN_FOLDER, PathError, Question, ReadError, ReadReason,
    RelPath, Secrets, Source, text,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

/// The files below one root. Cheap to clone; clones share what was read.
#[derive(Debug, Clone)]
pub struct Files(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    read: Mutex<Read>,
    limits: OnceLock<Limits>,
    /// What no list of names has, because it is written and not read.
    left_out: OnceLock<RelPath>,
    secrets: Secrets,
}

#[derive(Debug)]
enum Store {
    Disk(Disk),
    Memory(Memory),
}

#[derive(Debug, Default)]
struct Read {
    sources: Vec<Arc<Source>>,
    by_path: BTreeMap<RelPath, FileId>,
    /// Texts that cannot be read, by name, line and column of their fault.
    refused: BTreeMap<(String, usize, usize), FileId>,
    asked: Asked,
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name, without the folder.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
}

/// What a name in a folder stands for, links followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A fifo, socket, device or dangling link; reading it is refused.
    Other,
}

impl Files {
    /// The files below the folder `root`, which is written into messages as given.
    ///
    /// # Errors
    /// When `root` is no folder that can be opened.
    pub fn disk(root: &Path) -> Result<Self, ReadError> {
        Ok(Self::over(Store::Disk(Disk::open(root)?)))
    }

    /// A set of files in memory: path and text.
    ///
    /// # Errors
    /// When a path is none below a root, or one of a folder: the root, or a path with others below it.
    pub fn memory<P, T>(files: impl IntoIterator<Item = (P, T)>) -> Result<Self, PathError>
    where
        P: AsRef<str>,
        T: Into<Arc<str>>,
    {
        let files = files
            .into_iter()
            .map(|(path, text)| RelPath::parse(path.as_ref()).map(|path| (path, text.into())));
        Ok(Self::over(Store::Memory(Memory::new(files.collect::<Result<_, _>>()?)?)))
    }

    /// No files below the root; texts come in by [`Files::add`] and [`Files::read_anywhere`].
    #[must_use]
    pub fn none() -> Self {
        Self::memory(Vec::<(&str, &str)>::new()).expect("no path is wrong where none is")
    }

    fn over(store: Store) -> Self {
        let (read, limits, left_out, secrets) = Default::default();
        Self(Arc::new(Inner { store, read, limits, left_out, secrets }))
    }

    /// How much is read of these files and made from them.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.0.limits.get().copied().unwrap_or_default()
    }

    /// The texts among them that no output may show.
    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.0.secrets
    }

    /// Changes the limits, for what is read from now on; only the first time counts.
    pub fn limit(&self, limits: Limits) {
        // Whoever opens the same files again has read the same settings.
        let _ = self.0.limits.set(limits);
    }

    /// Leaves the folder of the output out of all lists of names from now on, and a folder that is only on the way
    /// to it, so that nothing depends on whether it was written before; only the first time counts.
    pub fn leave_out(&self, output: &RelPath) {
        // Whoever opens the same files again has read the same settings.
        let _ = self.0.left_out.set(output.clone());
    }

    /// The text of a file.
    ///
    /// # Errors
    /// When there is no such file, or it is none that may be read.
    pub fn read(&self, path: &RelPath, inputs: &mut Inputs) -> Result<Arc<Source>, ReadError> {
        self.find(path, inputs)?.ok_or_else(|| self.error(path, ReadReason::Missing))
    }

    /// The text of a file, or none if nothing has that path.
    ///
    /// # Errors
    /// When the path is there, but is none that may be read.
    pub fn find(
        &self,
        path: &RelPath,
        inputs: &mut Inputs,
    ) -> Result<Option<Arc<Source>>, ReadError> {
        if let Some(known) = self.known(path) {
            inputs.note(Input::File(path.clone()));
            return Ok(Some(known));
        }
        match self.text(path) {
            Ok(text) => {
                inputs.note(Input::File(path.clone()));
                Ok(Some(self.keep(path, text)))
            }
            Err(ReadReason::Missing) => {
                inputs.note(Input::Absent(path.clone()));
                self.note(Question::Text(path.clone()), Some(&Answer::Absent));
                Ok(None)
            }
            Err(reason) => {
                inputs.note(Input::File(path.clone()));
                self.note(Question::Text(path.clone()), None);
                Err(self.error(path, reason))
            }
        }
    }

    /// The bytes of a file, whatever they are. Asking again reads again.
    ///
    /// # Errors
    /// When there is no such file, or it is none that may be read.
    pub fn bytes(&self, path: &RelPath, inputs: &mut Inputs) -> Result<Arc<[u8]>, ReadError> {
        let bytes: Result<Arc<[u8]>, _> = self.load(path).map(Arc::from);
        inputs.note(match &bytes {
            Err(ReadReason::Missing) => Input::Absent(path.clone()),
            _ => Input::File(path.clone()),
        });
        let answer = answered(bytes.clone(), Answer::Bytes);
        self.note(Question::Bytes(path.clone()), answer.as_ref());
        bytes.map_err(|reason| self.error(path, reason))
    }

    /// The names in a folder, sorted by bytes; none if there is no such folder.
    ///
    /// # Errors
    /// When the path is no folder, leads out of the root, or holds a name that no path may hold and that is not hidden.
    pub fn list(&self, folder: &RelPath, inputs: &mut Inputs) -> Result<Vec<Entry>, ReadError> {
        inputs.note(Input::Listing(folder.clone()));
        let names = self.names(folder);
        let answer = answered(names.clone(), Answer::Names);
        self.note(Question::Names(folder.clone()), answer.as_ref());
        match names {
            Err(ReadReason::Missing) => Ok(Vec::new()),
            names => names.map_err(|reason| self.error(folder, reason)),
        }
    }

    /// The names in a folder that are no output, sorted by bytes.
    fn names(&self, folder: &RelPath) -> Result<Vec<Entry>, ReadReason> {
        let mut entries = self.all_names(folder)?;
        let own = if folder.is_root() { OWN_FOLDER } else { "" };
        entries.retain(|entry| entry.name != own && !self.is_for_output(folder, entry));
        entries.sort();
        Ok(entries)
    }

    fn all_names(&self, folder: &RelPath) -> Result<Vec<Entry>, ReadReason> {
        match &self.0.store {
            Store::Disk(disk) => disk.list(folder),
            Store::Memory(memory) => memory.list(folder),
        }
    }

    /// Whether a name in a folder is that of the output, or of a folder with nothing in it but the way to the
    /// output, which a run makes that writes for the first time.
    fn is_for_output(&self, folder: &RelPath, entry: &Entry) -> bool {
        let way = self.0.left_out.get().and_then(|output| output.below(folder));
        let is_nothing_else = |path: RelPath| {
            let names = self.all_names(&path);
            names.is_ok_and(|names| names.iter().all(|entry| self.is_for_output(&path, entry)))
        };
        match way.map(|way| way.split_once('/').unwrap_or((way, ""))) {
            Some((first, "")) => entry.name == first,
            Some((first, _)) => {
                entry.name == first && folder.join(first).is_ok_and(is_nothing_else)
            }
            None => false,
        }
    }

    /// Whether a folder is there, inside the root. An answer that shapes the result is better had from
    /// [`Files::list`], which writes down that it was asked.
    #[must_use]
    pub fn is_folder(&self, path: &RelPath) -> bool {
        let answer = self.folder(path);
        self.note(Question::Folder(path.clone()), Some(&answer));
        answer == Answer::Present
    }

    fn folder(&self, path: &RelPath) -> Answer {
        let is_there = match &self.0.store {
            Store::Disk(disk) => disk.is_folder(path),
            Store::Memory(memory) => memory.is_folder(path),
        };
        if is_there { Answer::Present } else { Answer::Absent }
    }

    /// Everything that was asked so far, with the answers, sorted by the questions. What is made of these
    /// files depends on nothing else that they hold.
    ///
    /// None if something was looked at that is no such question: what could not be read, a file that was
    /// named on the command line, or what changed while it was looked at.
    #[must_use]
    pub fn asked(&self) -> Option<Vec<(Question, Answer)>> {
        self.state().asked.all()
    }

    /// The answer that a question has now, whatever was read before; none if there is no simple one. The
    /// answer is not kept.
    #[must_use]
    pub fn answer(&self, question: &Question) -> Option<Answer> {
        match question {
            Question::Text(path) => answered(self.text(path), Answer::Text),
            Question::Bytes(path) => answered(self.load(path), |bytes| Answer::Bytes(bytes.into())),
            Question::Names(folder) => answered(self.names(folder), Answer::Names),
            Question::Folder(path) => Some(self.folder(path)),
            Question::Way(path) => answered(self.way(path), Answer::Way),
        }
    }

    /// Remembers an answer; none stands for what was looked at and has no simple one.
    fn note(&self, question: Question, answer: Option<&Answer>) {
        let asked = &mut self.state().asked;
        match answer {
            Some(answer) => asked.note(question, answer),
            None => asked.note_other(),
        }
    }

    /// Takes in a text that is no file of the root: standard input, an argument, a file named with `-f`.
    ///
    /// # Errors
    /// When the bytes are not UTF-8, over the size limit or hold a reserved character.
    pub fn add(&self, name: &str, bytes: Vec<u8>) -> Result<Arc<Source>, ReadError> {
        let text = text::text_of(bytes, self.limits().file)
            .map_err(|reason| self.refusal(name.to_owned(), reason))?;
        Ok(self.state().push(name.to_owned(), text))
    }

    /// Reads a file that the user named on the command line, wherever it lies.
    ///
    /// A pipe is read to its end, so that `-f <(sops decrypt values.yaml)` works.
    ///
    /// # Errors
    /// When it is not there, a folder, not UTF-8 or over the size limit.
    pub fn read_anywhere(&self, path: &Path) -> Result<Arc<Source>, ReadError> {
        self.state().asked.note_other();
        let name = disk::written(path);
        let text = disk::read_named(path, self.limits().file)
            .map_err(|reason| self.refusal(name.clone(), reason))?;
        Ok(self.state().push(name, text))
    }

    /// The text behind a number that this set of files gave out.
    #[must_use]
    pub fn source(&self, id: FileId) -> Arc<Source> {
        Arc::clone(&self.state().sources[id.index()])
    }

    /// How a path of this root is written in messages.
    #[must_use]
    pub fn shown(&self, path: &RelPath) -> String {
        match &self.0.store {
            Store::Disk(disk) => disk.shown(path),
            Store::Memory(_) => path.to_string(),
        }
    }

    /// The folder on disk that is the root, as given; none for files in memory.
    #[must_use]
    pub fn root(&self) -> Option<&Path> {
        match &self.0.store {
            Store::Disk(disk) => Some(disk.root()),
            Store::Memory(_) => None,
        }
    }

    fn known(&self, path: &RelPath) -> Option<Arc<Source>> {
        let state = self.state();
        state.by_path.get(path).map(|id| Arc::clone(&state.sources[id.index()]))
    }

    fn text(&self, path: &RelPath) -> Result<Arc<str>, ReadReason> {
        self.load(path).and_then(|bytes| text::text_of(bytes, self.limits().file))
    }

    fn load(&self, path: &RelPath) -> Result<Vec<u8>, ReadReason> {
        match &self.0.store {
            Store::Disk(disk) => disk.read(path, self.limits().file),
            Store::Memory(memory) => memory.read(path, self.limits().file),
        }
    }

    /// Keeps what was read; if another thread was first, its text stands.
    fn keep(&self, path: &RelPath, text: Arc<str>) -> Arc<Source> {
        let name = self.shown(path);
        let mut state = self.state();
        if let Some(id) = state.by_path.get(path) {
            return Arc::clone(&state.sources[id.index()]);
        }
        let source = state.push(name, text);
        state.by_path.insert(path.clone(), source.id());
        state.asked.note(Question::Text(path.clone()), &Answer::Text(Arc::clone(source.text())));
        source
    }

    /// The path below the root that a path leads to, links followed.
    ///
    /// # Errors
    /// When nothing is there, or links lead out of the root.
    pub fn follow(&self, path: &RelPath) -> Result<RelPath, ReadError> {
        let way = self.way(path);
        let answer = answered(way.clone(), Answer::Way);
        self.note(Question::Way(path.clone()), answer.as_ref());
        way.map_err(|reason| self.error(path, reason))
    }

    fn way(&self, path: &RelPath) -> Result<RelPath, ReadReason> {
        match &self.0.store {
            Store::Disk(disk) => disk.follow(path),
            Store::Memory(memory) => memory.follow(path),
        }
    }

    /// Where a folder on disk really lies, links followed: for a walk, which goes round in a circle only where
    /// lists of names do, and these are asked for.
    pub(super) fn real_path(&self, path: &RelPath) -> Option<PathBuf> {
        match &self.0.store {
            Store::Disk(disk) => disk.resolve(path).ok(),
            Store::Memory(_) => None,
        }
    }

    pub(super) fn error(&self, path: &RelPath, reason: ReadReason) -> ReadError {
        self.refusal(self.shown(path), reason)
    }

    /// The error for a text of this name. Its place is one in a blank text of as many lines and
    /// columns: nothing is kept of what could not be read.
    fn refusal(&self, name: String, reason: ReadReason) -> ReadError {
        let at = reason.line_column().map(|(line, column)| {
            let source = self.state().blank(&name, line, column);
            source.place(source.text().len(), source.text().len())
        });
        ReadError { at, ..ReadError::new(name, reason) }
    }

    fn state(&self) -> MutexGuard<'_, Read> {
        self.0.read.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// What a file that was read answers, or that it is not there.
fn answered<T>(read: Result<T, ReadReason>, answer: impl FnOnce(T) -> Answer) -> Option<Answer> {
    match read {
        Ok(read) => Some(answer(read)),
        Err(ReadReason::Missing) => Some(Answer::Absent),
        Err(_) => None,
    }
}

impl Read {
    fn push(&mut self, name: String, text: Arc<str>) -> Arc<Source> {
        let source = Arc::new(Source::new(FileId::from_index(self.sources.len()), name, text));
        self.sources.push(Arc::clone(&source));
        source
    }

    /// A text that ends at this line and column, with nothing in it.
    fn blank(&mut self, name: &str, line: usize, column: usize) -> Arc<Source> {
        let key = (name.to_owned(), line, column);
        if let Some(id) = self.refused.get(&key) {
            return Arc::clone(&self.sources[id.index()]);
        }
        let text = "\n".repeat(line - 1) + &" ".repeat(column - 1);
        let source = self.push(name.to_owned(), text.into());
        self.refused.insert(key, source.id());
        source
    }
}

#[cfg(test)]
mod tests;
