//! One render: what was printed so far, what was read, and what is left of the budget.

use super::files::TextFile;
use super::reads::{Log, Reads, Respelled};
use super::references::Resolver;
use super::refusal::Refusal;
use super::trace::{Trace, Used};
use super::watch::Watched;
use super::watched;
use super::{ChartInfo, ClusterInfo, TargetInfo};
use crate::diag::{Code, Diagnostic};
use crate::source::{Limits, Place};
use crate::values::{SecretScalars, Values};
use crate::yaml::{Map, Node};
use indexmap::IndexMap;
use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// The name under which templates carry the run; no template may write it.
pub(super) const RUN: &str = "__run";
/// How deep `tpl` and rendered text files may call each other.
pub(super) const MAX_NESTED: usize = 10;
/// How many values of maps and lists that templates make are looked at in search of secrets.
const MAX_LOOKS: u64 = 4_000_000;

/// A value that a hole printed.
#[derive(Debug, Clone)]
pub(super) struct Hole {
    /// What was printed.
    pub value: Printed,
    /// The number of the hole's place.
    pub place: usize,
    /// The scalar of the values that it most likely came from.
    pub origin: Option<Node>,
    /// The number that it came from, if its text would be another one.
    pub respelled: Option<Respelled>,
    /// What it was made of; none in a render that is not traced.
    pub made: Option<Made>,
    /// The secret values that it was made of; none in a render that is not watched.
    pub secrets: Vec<SecretRead>,
    /// Those that parts of a printed map or list were made of; each of them is known by itself as well.
    pub parts: Vec<SecretRead>,
}

/// What a hole of a traced render was made of.
#[derive(Debug, Clone)]
pub(super) struct Made {
    /// The values.
    pub used: Vec<Used>,
    /// The number of the place in the manifest's own template that called the macro around it.
    pub called: Option<usize>,
    /// The number of the expression that printed it.
    pub expression: Option<usize>,
}

/// A secret value that was read: where it is set.
pub(super) type SecretRead = Place;
/// Nodes of manifests, by where they stand and where their value was set, with the secret that is in them.
pub(super) type SecretNodes = IndexMap<(Place, Option<Place>), SecretNode>;

/// What is secret of the nodes that stand at one place: a map that a hole prints has all of its nodes there.
#[derive(Debug, Clone, Default)]
pub(super) struct SecretNode {
    /// The secret that all of them were made of.
    whole: Option<SecretRead>,
    /// By their texts those that some were made of.
    texts: IndexMap<Arc<str>, SecretRead>,
}

impl SecretNode {
    /// The secret that is in a node.
    pub(super) fn of(&self, node: &Node) -> Option<SecretRead> {
        let text = node.as_scalar().map(|scalar| &scalar.text);
        self.whole.or_else(|| self.texts.get(text?).copied())
    }
}

#[derive(Debug, Clone)]
pub(super) enum Printed {
    /// A value.
    Value(Value),
    /// Nothing at all: the key or item disappears.
    Omit,
}

/// One render of a chart's templates for one target.
#[derive(Debug)]
pub(super) struct Run {
    pub values: Node,
    /// Which of them are secret.
    pub secret: SecretScalars,
    /// Values that others set and that this chart does not see.
    pub hidden: Map,
    pub target: TargetInfo,
    pub chart: ChartInfo,
    pub cluster: ClusterInfo,
    /// Names of the chart's text files in order, as templates see them.
    pub files: Arc<[TextFile]>,
    pub limits: Limits,
    /// What resolves references, while that is done.
    resolver: Option<Resolver>,
    log: Mutex<Log>,
    /// The nodes that secret values were made into, by where they stand and where they were set.
    made: Mutex<SecretNodes>,
    /// The keys that they were made into.
    made_keys: Mutex<BTreeSet<Arc<str>>>,
    printing: Mutex<Printing>,
    budget: Arc<Budget>,
    /// The expressions that are watched for what they make of secrets; none if none is.
    watched: Option<Arc<[Watched]>>,
    /// What values that are not secret say, and what is written out.
    open_texts: OnceLock<BTreeSet<Arc<str>>>,
    /// How many values were looked at in search of secrets.
    looks: AtomicU64,
}

/// What the templates of one target have used up, those of all its charts together.
#[derive(Debug, Default)]
pub struct Budget {
    printed: AtomicU64,
    steps: AtomicU64,
}

#[derive(Debug, Default)]
struct Printing {
    /// The place of the hole whose expression was just evaluated.
    pending: Option<usize>,
    /// The place of the last hole or tag of the template itself that called a macro or a text file.
    called: Option<usize>,
    holes: Vec<Hole>,
    /// The secret values that the value that is printed next was made of.
    secrets: (Vec<SecretRead>, Vec<SecretRead>),
    nested: usize,
}

impl Run {
    pub(super) fn new(
        values: &Values,
        (target, chart, cluster): (TargetInfo, ChartInfo, ClusterInfo),
        files: Arc<[TextFile]>,
        (limits, log): (Limits, Log),
    ) -> Self {
        let log = Mutex::new(log);
        let (made, made_keys, printing) = Default::default();
        let secret = values.secret().clone();
        let (values, hidden) = (values.root().clone(), values.hidden().clone());
        Self {
            values,
            secret,
            hidden,
            target,
            chart,
            cluster,
            files,
            limits,
            resolver: None,
            log,
            made,
            made_keys,
            printing,
            budget: Arc::default(),
            watched: None,
            open_texts: OnceLock::new(),
            looks: AtomicU64::new(0),
        }
    }

    /// A run that resolves references.
    pub(super) fn with_resolver(self, resolver: Resolver) -> Self {
        Self { resolver: Some(resolver), ..self }
    }

    pub(super) fn resolver(&self) -> Option<&Resolver> {
        self.resolver.as_ref()
    }

    /// A run that has used up what others of its target have.
    pub(super) fn with_budget(self, budget: &Arc<Budget>) -> Self {
        Self { budget: Arc::clone(budget), ..self }
    }

    /// A run that looks for what expressions make of secret values.
    pub(super) fn with_watched(self, watched: Option<Arc<[Watched]>>) -> Self {
        Self { watched, ..self }
    }

    /// The watched expression of a number, if this run watches.
    pub(super) fn watched(&self, number: usize) -> Option<&Watched> {
        self.watched.as_ref()?.get(number)
    }

    /// Every watched expression.
    pub(super) fn all_watched(&self) -> &[Watched] {
        self.watched.as_deref().unwrap_or_default()
    }

    /// Whether this run watches.
    pub(super) fn is_watched(&self) -> bool {
        self.watched.is_some()
    }

    /// Whether a value that is not secret, a key, or a text that is written out in a template says the same.
    pub(super) fn says_openly(&self, text: &str) -> bool {
        self.open_texts.get_or_init(|| watched::open_texts(self)).contains(text)
            || self.log().says_openly(text)
    }

    /// Counts a value that is looked at in search of secrets; whether there is time for it.
    pub(super) fn may_look(&self) -> bool {
        self.looks.fetch_add(1, Ordering::Relaxed) < MAX_LOOKS
    }

    /// Remembers what the value that is printed next was made of, and what parts of it.
    pub(super) fn print_secrets(&self, secrets: Vec<SecretRead>, parts: Vec<SecretRead>) {
        self.printing().secrets = (secrets, parts);
    }

    /// The secret values that the value that is being printed was made of, and those of its parts.
    pub(super) fn take_printed_secrets(&self) -> (Vec<SecretRead>, Vec<SecretRead>) {
        std::mem::take(&mut self.printing().secrets)
    }

    pub(super) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a node was made of a secret value.
    pub(super) fn keep_secret(&self, node: &Node, value: Place) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.entry((node.place, node.set_at)).or_default().whole = Some(value);
    }

    /// Notes that those of the nodes at one place that say the same as a scalar were made of a secret value.
    pub(super) fn keep_secret_text(&self, node: &Node, value: Place) {
        let Some(scalar) = node.as_scalar() else { return };
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let one = made.entry((node.place, node.set_at)).or_default();
        one.texts.insert(Arc::clone(&scalar.text), value);
    }

    /// Notes that a key was made of a secret value.
    pub(super) fn keep_secret_key(&self, key: &Arc<str>) {
        let mut keys = self.made_keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(Arc::clone(key));
    }

    /// Every key that was made of a secret value.
    pub(super) fn take_secret_keys(&self) -> BTreeSet<Arc<str>> {
        std::mem::take(&mut self.made_keys.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Every node that was made of a secret value.
    pub(super) fn take_secrets(&self) -> SecretNodes {
        std::mem::take(&mut self.made.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn reads(&self) -> Reads {
        self.log().reads()
    }

    /// What the value that is being printed was made of, if the render is traced.
    pub(super) fn made(&self, value: &Value) -> Option<Made> {
        let called = self.called();
        let mut log = self.log();
        let tracer = log.tracer()?;
        let made = Made {
            used: tracer.made_of(value),
            called: called.filter(|_| tracer.is_in_macro()),
            expression: tracer.typed(),
        };
        tracer.printed();
        Some(made)
    }

    /// What a traced render found out.
    pub(super) fn take_trace(&self) -> Option<Trace> {
        self.log().tracer().map(|tracer| std::mem::take(&mut tracer.trace))
    }

    fn printing(&self) -> MutexGuard<'_, Printing> {
        self.printing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A template begins.
    pub(super) fn begin(&self) {
        self.log().begin();
        self.printing().called = None;
    }

    /// Remembers that what stands at `place` calls a macro or a text file.
    pub(super) fn calls(&self, place: usize) {
        self.printing().called = Some(place);
    }

    /// The place of the last call of a macro or a text file by the template itself.
    pub(super) fn called(&self) -> Option<usize> {
        self.printing().called
    }

    /// Remembers that the next value that is printed stands at `place`.
    pub(super) fn expect_hole(&self, place: usize) {
        self.printing().pending = Some(place);
    }

    /// The place of the value that is being printed; none if it is printed by something else.
    pub(super) fn take_expected(&self) -> Option<usize> {
        self.printing().pending.take()
    }

    /// Keeps a printed value aside; its number.
    pub(super) fn keep(&self, hole: Hole) -> usize {
        let mut printing = self.printing();
        printing.holes.push(hole);
        printing.holes.len() - 1
    }

    /// Counts bytes of printed values, which may be few in memory before they are printed.
    pub(super) fn print(&self, bytes: usize) -> Result<(), Refusal> {
        let bytes = bytes as u64;
        let all = self.budget.printed.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        let most = self.limits.target_text;
        if all <= most {
            return Ok(());
        }
        let message =
            format!("what this target prints has {all} bytes or more; at most {most} are allowed");
        let hint = "print less, or raise `limits.targetText` in the workspace's jibe.yaml";
        Err(Diagnostic::error(Code::TemplateLimit, message).hint(hint).into())
    }

    /// Counts the steps that a template took; an error once those of the target are too many.
    pub(super) fn took(&self, steps: u64) -> Result<(), Box<Diagnostic>> {
        let all = self.budget.steps.fetch_add(steps, Ordering::Relaxed).saturating_add(steps);
        let most = self.limits.target_steps;
        if all <= most {
            return Ok(());
        }
        let what = if self.resolver.is_some() { "reference" } else { "template" };
        let message = format!(
            "up to this {what}, those of this target take {all} steps; at most {most} are allowed"
        );
        let hint = format!(
            "do less in {what}s, or raise `limits.targetSteps` in the workspace's jibe.yaml"
        );
        Err(Box::new(Diagnostic::error(Code::TemplateLimit, message).hint(hint)))
    }

    /// Whether the target has used up what it may do or print.
    pub(super) fn is_spent(&self) -> bool {
        self.budget.steps.load(Ordering::Relaxed) > self.limits.target_steps
            || self.budget.printed.load(Ordering::Relaxed) > self.limits.target_text
    }

    /// Everything that was printed since the last call.
    pub(super) fn take_holes(&self) -> Vec<Hole> {
        std::mem::take(&mut self.printing().holes)
    }

    /// Runs a render while another one waits for what it gives: what it prints is no part of that one.
    pub(super) fn apart<T>(&self, work: impl FnOnce() -> T) -> T {
        let waiting = {
            let mut printing = self.printing();
            let own = Printing { nested: printing.nested, ..Printing::default() };
            std::mem::replace(&mut *printing, own)
        };
        let done = work();
        *self.printing() = waiting;
        done
    }

    /// Runs a render within this one.
    pub(super) fn nest<T>(&self, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let depth = {
            let mut printing = self.printing();
            printing.nested += 1;
            printing.nested
        };
        let result = match depth > MAX_NESTED {
            true => Err(Error::new(
                ErrorKind::InvalidOperation,
                format!("`tpl` and text files call each other more than {MAX_NESTED} levels deep"),
            )),
            false => work(),
        };
        self.printing().nested -= 1;
        result
    }
}

impl Object for Run {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

/// The run that a template belongs to.
///
/// # Errors
/// Never for a template that this room renders.
pub(super) fn run_of(state: &State<'_, '_>) -> Result<Arc<Run>, Error> {
    let found = state.lookup(RUN).and_then(|value| value.downcast_object::<Run>());
    found.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "no template is being rendered"))
}
