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

    /// Leaves the folder of the output out of all lists of names from now on, so that nothing depends on whether
    /// it was written before; only the first time counts.
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
                self.state().asked.note(Question::Text(path.clone()), &Answer::Absent);
                Ok(None)
            }
            Err(reason) => {
                inputs.note(Input::File(path.clone()));
                self.state().asked.note_other();
                Err(self.error(path, reason))
            }
        }
    }

    /// The bytes of a file, whatever they are. They are not kept: asking again reads again.
    ///
    /// # Errors
    /// When there is no such file, or it is none that may be read.
    pub fn bytes(&self, path: &RelPath, inputs: &mut Inputs) -> Result<Arc<[u8]>, ReadError> {
        let question = Question::Bytes(path.clone());
        let bytes = self.load(path).map(Arc::from);
        inputs.note(match &bytes {
            Err(ReadReason::Missing) => Input::Absent(path.clone()),
            _ => Input::File(path.clone()),
        });
        match &bytes {
            Ok(bytes) => self.state().asked.note(question, &Answer::Bytes(Arc::clone(bytes))),
            Err(ReadReason::Missing) => self.state().asked.note(question, &Answer::Absent),
            Err(_) => self.state().asked.note_other(),
        }
        bytes.map_err(|reason| self.error(path, reason))
    }

    /// The names in a folder, sorted by bytes; none if there is no such folder.
    ///
    /// # Errors
    /// When the path is no folder, leads out of the root, or holds a name that no path may hold and that is not hidden.
    pub fn list(&self, folder: &RelPath, inputs: &mut Inputs) -> Result<Vec<Entry>, ReadError> {
        inputs.note(Input::Listing(folder.clone()));
        let answer = self.names(folder);
        let question = || Question::Names(folder.clone());
        match &answer {
            Ok(answer) => self.state().asked.note(question(), answer),
            Err(_) => self.state().asked.note_other(),
        }
        match answer.map_err(|reason| self.error(folder, reason))? {
            Answer::Names(entries) => Ok(entries),
            _ => Ok(Vec::new()),
        }
    }

    /// The names in a folder as an answer.
    fn names(&self, folder: &RelPath) -> Result<Answer, ReadReason> {
        let listed = match &self.0.store {
            Store::Disk(disk) => disk.list(folder),
            Store::Memory(memory) => memory.list(folder),
        };
        match listed {
            Err(ReadReason::Missing) => Ok(Answer::Absent),
            Err(reason) => Err(reason),
            Ok(mut entries) => {
                let output = self.0.left_out.get().filter(|output| output.parent() == *folder);
                let output = output.map_or("", RelPath::file_name);
                let own = if folder.is_root() { OWN_FOLDER } else { "" };
                entries.retain(|entry| entry.name != own && entry.name != output);
                entries.sort();
                Ok(Answer::Names(entries))
            }
        }
    }

    /// Whether a folder is there, inside the root. An answer that shapes the result is better had from
    /// [`Files::list`], which writes down that it was asked.
    #[must_use]
    pub fn is_folder(&self, path: &RelPath) -> bool {
        let answer = self.folder(path);
        self.state().asked.note(Question::Folder(path.clone()), &answer);
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
    /// named on the command line, where a link leads, or what changed while it was looked at.
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
            Question::Names(folder) => self.names(folder).ok(),
            Question::Folder(path) => Some(self.folder(path)),
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
        self.state().asked.note_other();
        let followed = match &self.0.store {
            Store::Disk(disk) => disk.follow(path),
            Store::Memory(memory) => memory.follow(path),
        };
        followed.map_err(|reason| self.error(path, reason))
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
