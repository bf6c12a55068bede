//! What a traced render reads, expression by expression.
//!
//! A string that a template passes on keeps its memory, so it is known again wherever it is printed.
//! A number has none: it is known by being equal to what was read. What filters and operators make
//! is made of what its expression read, and of what the names in it were made of.

use super::numbered::{Argument, Call, Expression, Purpose};
use super::reads::Path;
use super::trace::{Role, Root, Trace, Used, text_address};
use crate::source::FileId;
use crate::yaml::{Key, Node, Value as Meaning};
use indexmap::IndexMap;
use minijinja::value::Value;
use std::ops::Range;
use std::sync::Arc;

/// How many reads of one template are kept.
const MAX_READS: usize = 65_536;

/// One look at a value.
#[derive(Debug, Clone)]
struct Look {
    path: Path,
    /// What it means, if it is a scalar.
    meaning: Option<Meaning>,
    /// The text of a string.
    text: Option<Arc<str>>,
    kind: LookKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LookKind {
    /// It is a scalar.
    Scalar,
    /// It is a map or list, most likely on the way to a part of it.
    Step,
    /// All of a map or list was taken.
    Whole,
    /// It is not there.
    Absent,
}

/// The record of one traced render.
#[derive(Debug)]
pub(super) struct Tracer {
    expressions: Arc<[Expression]>,
    looks: Vec<Look>,
    /// The expression that is running.
    current: Option<usize>,
    /// The expression of a YAML file that is running; it may call a text file's macro.
    typed: Option<usize>,
    /// The first look of the running expression.
    since: usize,
    /// The first look of the running expression of a YAML file.
    begin: usize,
    /// Strings by their memory: the number of the look that gave them.
    texts: IndexMap<usize, usize>,
    /// Keys by their memory.
    keys: IndexMap<usize, (Arc<str>, Path)>,
    /// Texts that text files made, by their memory: kept, and what they were made of.
    files: IndexMap<usize, (Value, Vec<Used>)>,
    /// What the names of a file's expressions were made of.
    names: IndexMap<(FileId, Arc<str>), Vec<Used>>,
    pub(super) trace: Trace,
}

impl Tracer {
    pub(super) fn new(expressions: Arc<[Expression]>) -> Self {
        let mut trace = Trace::default();
        trace.set_places(expressions.iter().map(|expression| expression.place).collect());
        Self {
            expressions,
            looks: Vec::new(),
            current: None,
            typed: None,
            since: 0,
            begin: 0,
            texts: IndexMap::new(),
            keys: IndexMap::new(),
            files: IndexMap::new(),
            names: IndexMap::new(),
            trace,
        }
    }

    /// A template begins: nothing that others read says anything about it.
    pub(super) fn begin(&mut self) {
        self.looks.clear();
        self.texts.clear();
        self.files.clear();
        self.names.clear();
        (self.current, self.typed, self.since, self.begin) = (None, None, 0, 0);
    }

    /// An expression begins.
    pub(super) fn at(&mut self, number: usize) {
        self.close();
        let expressions = Arc::clone(&self.expressions);
        let Some(expression) = expressions.get(number) else { return };
        if expression.purpose == Purpose::Parameters {
            self.pass(expression);
        } else if expression.purpose == Purpose::Typed {
            (self.typed, self.begin) = (Some(number), self.looks.len());
        }
        (self.current, self.since) = (Some(number), self.looks.len());
    }

    /// A macro begins: its parameters are made of what the running expression passes.
    fn pass(&mut self, macro_: &Expression) {
        let expressions = Arc::clone(&self.expressions);
        let Some(caller) = self.current.and_then(|number| expressions.get(number)) else { return };
        let read = self.used(self.since..self.looks.len());
        let is_it = |call: &&Call| macro_.calls.iter().any(|own| own.name == call.name);
        let call = match caller.calls.as_slice() {
            [only] => Some(only),
            several => several.iter().find(is_it),
        };
        for (at, parameter) in macro_.binds.iter().enumerate() {
            let made = match call {
                Some(call) => {
                    let named = |one: &&Argument| one.keyword.as_ref() == Some(parameter);
                    let placed = call.arguments.get(at).filter(|one| one.keyword.is_none());
                    let passed = call.arguments.iter().find(named).or(placed);
                    passed.map_or_else(Vec::new, |one| self.passed(one, &read, caller))
                }
                None => {
                    read.iter().map(|used| Used { role: Role::Likely, ..used.clone() }).collect()
                }
            };
            self.names.insert((macro_.place.file, Arc::clone(parameter)), made);
        }
    }

    /// What an argument is made of: of the reads those that it names, and what its names are made of.
    fn passed(&self, argument: &Argument, read: &[Used], caller: &Expression) -> Vec<Used> {
        let mut made = Vec::new();
        for chain in &argument.chains {
            let Some((name, attributes)) = chain.split_first() else { continue };
            let is_named = |used: &&Used| {
                let begins = attributes.iter().zip(&used.path).all(|(word, key)| **word == **key);
                used.root.name() == &**name && begins && used.path.len() >= attributes.len()
            };
            made.extend(read.iter().filter(is_named).cloned());
            let known = self.names.get(&(caller.place.file, Arc::clone(name)));
            made.extend(known.into_iter().flatten().cloned());
        }
        made
    }

    /// What the running expression has read becomes what its names are made of.
    fn close(&mut self) {
        let expressions = Arc::clone(&self.expressions);
        let Some(expression) = self.current.and_then(|number| expressions.get(number)) else {
            return;
        };
        let is_new = self.since < self.looks.len() || !expression.names.is_empty();
        if expression.purpose == Purpose::Parameters || expression.binds.is_empty() || !is_new {
            return;
        }
        let mut made = self.used(self.since..self.looks.len());
        made.extend(self.of_names(self.current));
        if !made.is_empty() {
            self.bind(expression, &made);
        }
    }

    fn bind(&mut self, expression: &Expression, made: &[Used]) {
        for name in &expression.binds {
            self.names.insert((expression.place.file, Arc::clone(name)), made.to_vec());
        }
    }

    /// What the names of an expression were made of.
    fn of_names(&self, number: Option<usize>) -> Vec<Used> {
        let Some(expression) = number.and_then(|at| self.expressions.get(at)) else {
            return Vec::new();
        };
        let file = expression.place.file;
        let made =
            expression.names.iter().filter_map(|name| self.names.get(&(file, Arc::clone(name))));
        made.flatten().cloned().collect()
    }

    fn look(&mut self, look: Look) {
        if let Some(current) = self.current {
            let value = (look.path.root(), look.path.keys());
            match look.kind {
                LookKind::Whole => self.trace.taken_by(current, value),
                _ => self.trace.read_by(current, value),
            }
        }
        if self.looks.len() >= MAX_READS {
            self.begin_again();
        }
        if let Some(text) = &look.text {
            self.texts.insert(text_address(text), self.looks.len());
        }
        self.looks.push(look);
    }

    /// Forgets what was read before the running expression, or all if that is too much.
    fn begin_again(&mut self) {
        let keep = self.begin.min(self.since);
        let from = if keep > MAX_READS / 2 { keep } else { self.looks.len() };
        self.looks.drain(..from);
        self.texts.clear();
        (self.begin, self.since) =
            (self.begin.saturating_sub(from), self.since.saturating_sub(from));
    }

    /// A value was looked at.
    pub(super) fn read(&mut self, node: &Node, path: Path) {
        let scalar = node.as_scalar();
        let kind = if scalar.is_some() { LookKind::Scalar } else { LookKind::Step };
        self.look(Look {
            path,
            meaning: scalar.map(|scalar| scalar.value),
            text: scalar.filter(|scalar| scalar.as_str().is_some()).map(|s| Arc::clone(&s.text)),
            kind,
        });
    }

    /// All of a map or list was taken.
    pub(super) fn read_whole(&mut self, path: Path) {
        self.look(Look { path, meaning: None, text: None, kind: LookKind::Whole });
    }

    /// A value was asked for that is not there.
    pub(super) fn missed(&mut self, path: Path) {
        self.look(Look { path, meaning: None, text: None, kind: LookKind::Absent });
    }

    /// The keys of a map were listed.
    pub(super) fn listed<'k>(&mut self, keys: impl Iterator<Item = &'k Key>, path: &Path) {
        for key in keys {
            let name = Arc::clone(&key.name);
            self.keys.insert(text_address(&name), (Arc::clone(&name), path.join(name)));
        }
    }

    /// How many looks there were so far; for [`Tracer::made_file`].
    pub(super) fn mark(&self) -> usize {
        self.looks.len()
    }

    /// The text file `name` was made since a mark; its text, known by its memory from now on.
    pub(super) fn made_file(&mut self, name: &str, text: &Value, since: usize) -> Value {
        self.read_whole(Path::of(Root::Files).join(name.into()));
        let Some(content) = text.as_str() else { return text.clone() };
        let content: Arc<str> = content.into();
        let address = text_address(&content);
        let text = Value::from(content);
        let used = self.used(since.min(self.looks.len())..self.looks.len());
        self.files.insert(address, (text.clone(), used));
        text
    }

    /// What a range of looks saw; steps on the way to something else are left out.
    fn used(&self, range: Range<usize>) -> Vec<Used> {
        let looks = self.looks.get(range).unwrap_or_default();
        let mut used: Vec<Used> = Vec::new();
        for look in looks {
            let (root, path) = (look.path.root(), look.path.keys());
            let role = if look.kind == LookKind::Absent { Role::Absent } else { Role::Read };
            let leads = |other: &Look| {
                let keys = other.path.keys();
                other.path.root() == root && keys.len() > path.len() && keys.starts_with(&path)
            };
            let within = |other: &Look| {
                other.kind == LookKind::Whole
                    && other.path.root() == root
                    && other.path.keys().len() < path.len()
                    && path.starts_with(&other.path.keys())
            };
            let is_step =
                look.kind == LookKind::Step && looks.iter().any(leads) || looks.iter().any(within);
            let one = Used { root, path, role };
            if !is_step && !used.contains(&one) {
                used.push(one);
            }
        }
        used
    }

    /// What a printed value was made of; the value that it is comes first.
    pub(super) fn made_of(&self, value: &Value) -> Vec<Used> {
        let own = self.begin.min(self.looks.len())..self.looks.len();
        let mut used = self.used(own.clone());
        let names = self.of_names(self.typed);
        let elsewhere = || if names.is_empty() { None } else { self.equal_to_any(value) };
        match self.known(value).or_else(|| self.equal(value, own)).or_else(elsewhere) {
            Some(exact) => {
                used.retain(|one| (one.root, &one.path) != (exact[0].root, &exact[0].path));
                used.splice(0..0, exact);
            }
            None => used.extend(names),
        }
        let mut seen = Vec::new();
        used.retain(|one| {
            !seen.contains(one) && {
                seen.push(one.clone());
                true
            }
        });
        used
    }

    /// The value that a printed string is, known by its memory; for the text of a file what that was
    /// made of.
    fn known(&self, value: &Value) -> Option<Vec<Used>> {
        let address = text_address(value.as_str()?);
        if let Some(look) = self.texts.get(&address).and_then(|at| self.looks.get(*at)) {
            return Some(vec![used_as(&look.path, Role::Printed)]);
        }
        if let Some((_, path)) = self.keys.get(&address) {
            return Some(vec![used_as(path, Role::Key)]);
        }
        let (_, used) = self.files.get(&address)?;
        Some(used.clone()).filter(|used| !used.is_empty())
    }

    /// The value among those of a range that a printed one equals.
    fn equal(&self, value: &Value, own: Range<usize>) -> Option<Vec<Used>> {
        let look = self.looks[own].iter().rev().find(|look| is_same(value, look))?;
        Some(vec![used_as(&look.path, Role::Printed)])
    }

    /// The value that a printed number equals, if a name may have brought it from another expression.
    fn equal_to_any(&self, value: &Value) -> Option<Vec<Used>> {
        let mut equal = self.looks.iter().rev().filter(|look| is_same(value, look));
        let latest = equal.next().filter(|_| value.as_str().is_none())?;
        let keys = latest.path.keys();
        let role =
            if equal.all(|look| look.path.keys() == keys) { Role::Printed } else { Role::Likely };
        Some(vec![used_as(&latest.path, role)])
    }

    /// What a value within a printed map or list was made of.
    pub(super) fn part_made_of(&self, value: &Value, whole: &[Used]) -> Vec<Used> {
        self.known(value).unwrap_or_else(|| whole.to_vec())
    }

    /// A hole has printed: what follows belongs to the loop around it.
    pub(super) fn printed(&mut self) {
        let around = self.typed.and_then(|at| self.expressions.get(at)?.around);
        (self.current, self.since) = (around, self.looks.len());
    }

    /// The expression of a YAML file that is running.
    pub(super) fn typed(&self) -> Option<usize> {
        self.typed
    }

    /// What is read from here on is read by what an expression printed.
    pub(super) fn resume(&mut self, expression: Option<usize>) {
        self.current = expression;
    }

    /// Whether the running expression stands in a macro.
    pub(super) fn is_in_macro(&self) -> bool {
        let running = self.typed.and_then(|at| self.expressions.get(at));
        running.is_some_and(|expression| expression.in_macro)
    }
}

fn used_as(path: &Path, role: Role) -> Used {
    Used { root: path.root(), path: path.keys(), role }
}

fn is_same(value: &Value, look: &Look) -> bool {
    match (value.as_str(), look.text.as_deref()) {
        (Some(text), Some(read)) => text == read,
        (Some(_), None) | (None, Some(_)) => false,
        (None, None) => look.meaning.is_some() && super::convert::meaning(value) == look.meaning,
    }
}
