//! Values that refer to other values, resolved after the merge and before the schema judges.
//!
//! `Values with !tpl  --each, on demand-->  expression  --engine-->  marked text  --cut, fill-->  Values`
//!
//! Promise: a reference is evaluated when something asks for it, once, and keeps its type; what it
//! looked at is known; a circle ends in a finding that names each line of it.

use super::engine::{self, Detail};
use super::errors;
use super::expression::Expression;
use super::object;
use super::reads::{Log, Path};
use super::run::Run;
use super::stack::on_big_stack;
use super::trace::Root;
use super::{ChartInfo, Context};
use crate::chart::{Chart, below};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::{Files, Limits, Place};
use crate::values::{Reference, Values, is_reference, scalars};
use crate::yaml::{Data, Map, Node};
use indexmap::IndexMap;
use minijinja::Environment;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How deep lists and maps may be nested in what a reference stands for.
const MAX_DEPTH: usize = 200;
/// How many references may lead from one to the next.
const MAX_CHAIN: usize = 64;
/// The expressions of values files, each read once; shared by all targets.
pub struct References {
    environment: Environment<'static>,
    expressions: Mutex<IndexMap<Place, Read>>,
}

type Read = Result<Arc<Expression>, Arc<Vec<Diagnostic>>>;

impl std::fmt::Debug for References {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("References").finish_non_exhaustive()
    }
}

impl References {
    /// None read yet; each may take as many steps as a template.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            environment: engine::environment(limits, Detail::Output),
            expressions: Mutex::default(),
        }
    }

    /// The values of the context with all their references resolved, those that nobody reads too.
    ///
    /// # Errors
    /// When an expression is none, fails, or refers to itself; the findings of all are reported.
    pub fn resolve(
        self: &Arc<Self>,
        chart: &Chart,
        context: &Context<'_>,
        sink: &mut Sink,
    ) -> Result<Values, Reported> {
        let values = context.values;
        let (root, references) = self.within(chart, context, (values.root(), Use::Own), sink)?;
        let root = root.unwrap_or_else(|| values.root().clone());
        Ok(values.clone().resolved(root, references))
    }

    /// What a chart passes on to another, with its references to the values of the context resolved,
    /// and what they were; without what is `omit`, and nothing if all of it is.
    ///
    /// # Errors
    /// As [`References::resolve`].
    pub fn pass(
        self: &Arc<Self>,
        chart: &Chart,
        context: &Context<'_>,
        passed: &Node,
        sink: &mut Sink,
    ) -> Result<(Option<Node>, Vec<Reference>), Reported> {
        self.within(chart, context, (passed, Use::Passed), sink)
    }

    fn within(
        self: &Arc<Self>,
        chart: &Chart,
        context: &Context<'_>,
        (root, of): (&Node, Use),
        sink: &mut Sink,
    ) -> Result<(Option<Node>, Vec<Reference>), Reported> {
        let values = context.values;
        let files = sink.files().clone();
        let about = ChartInfo {
            name: chart.name.clone(),
            version: chart.version.clone(),
            values_file: files.shown(&below(&chart.folder, "values.yaml")),
        };
        let resolved = on_big_stack(|| {
            let resolver = Resolver {
                shared: Arc::clone(self),
                files,
                values: values.clone(),
                of,
                work: Mutex::default(),
            };
            let about = (context.target.clone(), about, context.cluster.clone());
            let limits = resolver.files.limits();
            let run = Run::new(values, about, Arc::new([]), (limits, Log::default()))
                .with_resolver(resolver);
            resolve_all(root, &Arc::new(run))
        });
        match resolved.map_err(|finding| sink.error(*finding))? {
            Ok(resolved) => Ok(resolved),
            Err(found) => {
                let told = found.into_iter().map(|finding| sink.error(finding));
                Err(told.last().expect("a failed reference left a finding"))
            }
        }
    }

    fn expression(&self, node: &Node, files: &Files) -> Read {
        let known = || self.expressions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(read) = known().get(&node.place) {
            return read.clone();
        }
        let source = files.source(node.place.file);
        let read = Expression::read(&source, node, &files.limits(), &self.environment);
        let read = read.map(Arc::new).map_err(Arc::new);
        known().insert(node.place, read.clone());
        read
    }
}

/// The tree without references, and what they were.
fn resolve_all(
    root: &Node,
    run: &Arc<Run>,
) -> Result<(Option<Node>, Vec<Reference>), Vec<Diagnostic>> {
    let found =
        scalars(root, |path, node, scalar| is_reference(scalar).then(|| (path.to_vec(), node)));
    for (_, node) in &found {
        run.resolve(node);
    }
    let resolver = run.resolver().expect("it was made with one");
    let findings = std::mem::take(&mut resolver.work().found);
    if !findings.is_empty() {
        return Err(findings);
    }
    let reference = |(path, node): (Vec<String>, &Node)| {
        let [looked, whole, absent, context] = resolver.work().done.get(&node.place)?.reads.clone();
        let text = node.as_str().unwrap_or_default().to_owned();
        Some(Reference { path, place: node.place, text, looked, whole, absent, context })
    };
    let references = found.into_iter().filter_map(reference).collect();
    Ok((resolver.without_references(root), references))
}

/// Whether a reference stands below a node, or is the node.
fn refers(node: &Node) -> bool {
    match &node.data {
        Data::Scalar(scalar) => is_reference(scalar),
        Data::List(items) => items.iter().any(refers),
        Data::Map(map) => map.values().any(refers),
    }
}

/// Where references stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Among a chart's own values, where each must be something.
    Own,
    /// In what a chart passes on to another, where `omit` leaves that one's own value as it is.
    Passed,
}

/// The references of one target while they are resolved.
#[derive(Debug)]
pub(super) struct Resolver {
    shared: Arc<References>,
    files: Files,
    values: Values,
    of: Use,
    work: Mutex<Work>,
}

#[derive(Debug, Default)]
struct Work {
    done: IndexMap<Place, Done>,
    /// Those that are being evaluated, each because the one before it asks for it.
    open: Vec<Open>,
    found: Vec<Diagnostic>,
}

#[derive(Debug)]
struct Open {
    place: Place,
    /// The deepest that it asked for so far.
    next: Option<Link>,
    /// Whether one that it asked for failed, so that what it says about itself means nothing.
    failed: bool,
}

/// The next reference of a chain, and how many there are from it on.
#[derive(Debug, Clone, Copy)]
struct Link {
    place: Place,
    length: usize,
}

/// A reference that was evaluated.
#[derive(Debug)]
struct Done {
    next: Option<Link>,
    /// What it stands for; none if it failed, or is `omit`.
    node: Option<Arc<Node>>,
    /// What it looked at, what of it as a whole, what it asked for in vain, and what besides values.
    reads: [Vec<Vec<String>>; 4],
}

impl Work {
    /// How many references lead from one to the next, beginning with this one.
    fn length(&self, place: Place) -> usize {
        1 + self.done.get(&place).and_then(|done| done.next).map_or(0, |next| next.length)
    }

    /// The last reference of a chain.
    fn end(&self, first: Option<Link>) -> Option<Place> {
        let next = |link: &Link| self.done.get(&link.place)?.next;
        std::iter::successors(first, next).last().map(|link| link.place)
    }
}

impl Resolver {
    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a reference stands for; none if it failed, and then also the one that asks for it.
    pub(super) fn resolve(&self, node: &Node, run: &Arc<Run>) -> Option<Arc<Node>> {
        let found = self.known(node.place, run).unwrap_or_else(|| self.evaluated(node, run));
        let mut work = self.work();
        let own = Link { place: node.place, length: work.length(node.place) };
        if let Some(asks) = work.open.last_mut() {
            asks.failed |= found.is_none();
            if asks.next.is_none_or(|next| next.length < own.length) {
                asks.next = Some(own);
            }
        }
        found
    }

    /// What is known of a reference; none if it was not evaluated yet, or is not to be.
    fn known(&self, place: Place, run: &Run) -> Option<Option<Arc<Node>>> {
        let mut work = self.work();
        if let Some(done) = work.done.get(&place) {
            return Some(done.node.clone());
        }
        let refused = match work.open.iter().position(|open| open.place == place) {
            Some(from) => self.circle(&work.open[from..]),
            None if work.open.len() >= MAX_CHAIN => self.too_far(work.open[0].place, place),
            // What is too much was told when it became so.
            None if run.is_spent() && !work.found.is_empty() => return Some(None),
            None => return None,
        };
        work.found.push(refused);
        Some(None)
    }

    fn evaluated(&self, node: &Node, run: &Arc<Run>) -> Option<Arc<Node>> {
        self.work().open.push(Open { place: node.place, failed: false, next: None });
        // What this one reads is no read of the one that asks for it.
        let outer = std::mem::take(&mut *run.log());
        let evaluated = run.apart(|| self.evaluate(node, run));
        let own = std::mem::replace(&mut *run.log(), outer).paths();
        let mut work = self.work();
        let open = work.open.pop().expect("it was opened above");
        let length = 1 + open.next.map_or(0, |next| next.length);
        let node_of = match evaluated {
            _ if open.failed => None,
            // Asked for in another order, it would have been too far from the beginning.
            Ok(_) if length > MAX_CHAIN => {
                let last = work.end(open.next);
                work.found.push(self.too_far(node.place, last.unwrap_or(node.place)));
                None
            }
            Ok(value) => value.map(|value| Arc::new(Node { place: node.place, ..value })),
            Err(findings) => {
                work.found.extend(findings);
                None
            }
        };
        let done = Done { node: node_of.clone(), reads: own, next: open.next };
        work.done.insert(node.place, done);
        node_of
    }

    /// What a reference stands for; none if that is `omit` where it may be.
    fn evaluate(&self, node: &Node, run: &Arc<Run>) -> Result<Option<Node>, Vec<Diagnostic>> {
        let expression = self.shared.expression(node, &self.files);
        let expression = expression.map_err(|found| found.to_vec())?;
        let about = errors::About { run, values: &self.values };
        let (value, steps) = expression.evaluate(about, run);
        let took = run.took(steps.unwrap_or(run.limits.template_steps));
        // One that failed counts as much as may be, so what is too much then says nothing.
        if let (Ok(_), Err(finding), true) = (&value, took, self.work().found.is_empty()) {
            return Err(vec![finding.at(node.place, "")]);
        }
        match value? {
            Some(value) if depth(&value) > MAX_DEPTH => Err(vec![too_deep(node.place)]),
            None if self.of == Use::Own => Err(vec![expression.without_value()]),
            value => Ok(value),
        }
    }

    /// Resolves the references below a node.
    pub(super) fn resolve_below(&self, node: &Node, run: &Arc<Run>) {
        match &node.data {
            Data::Scalar(scalar) if is_reference(scalar) => drop(self.resolve(node, run)),
            Data::Scalar(_) => {}
            Data::List(items) => items.iter().for_each(|item| self.resolve_below(item, run)),
            Data::Map(map) => map.values().for_each(|node| self.resolve_below(node, run)),
        }
    }

    /// The node with what its references stand for; none if that is `omit`.
    pub(super) fn without_references(&self, node: &Node) -> Option<Node> {
        if !refers(node) {
            return Some(node.clone());
        }
        let data = match &node.data {
            Data::Scalar(_) => {
                let work = self.work();
                return work.done.get(&node.place)?.node.as_deref().cloned();
            }
            Data::List(items) => {
                let items = items.iter().filter_map(|item| self.without_references(item));
                Data::List(Arc::new(items.collect()))
            }
            Data::Map(map) => {
                let entries = map.iter();
                let entries = entries
                    .filter_map(|(key, node)| Some((key.clone(), self.without_references(node)?)));
                Data::Map(Arc::new(entries.collect::<Map>()))
            }
        };
        Some(Node { data, ..node.clone() })
    }

    /// Whether the lists at a path of the values merge as sets.
    pub(super) fn is_set(&self, path: &Path) -> bool {
        path.root() == Root::Values && self.values.has_lists() && self.values.is_set(&path.keys())
    }

    /// What stands at a path of the values once all is resolved; all below it must be.
    pub(super) fn seen(&self, node: &Node, path: &Path) -> Node {
        let node = self.without_references(node).unwrap_or_else(|| node.clone());
        match path.root() == Root::Values && self.values.has_lists() {
            true => self.values.united(&path.keys(), node),
            false => node,
        }
    }

    /// `file:line`
    fn line(&self, place: Place) -> String {
        let source = self.files.source(place.file);
        format!("{}:{}", source.name(), source.line_column(place.span.start).0)
    }

    fn circle(&self, members: &[Open]) -> Diagnostic {
        let key =
            |place: &Place| (self.files.source(place.file).name().to_owned(), place.span.start);
        let mut places: Vec<Place> = members.iter().map(|open| open.place).collect();
        // The same circle gives the same finding, wherever it is entered.
        let first = (0..places.len()).min_by_key(|at| key(&places[*at])).unwrap_or_default();
        places.rotate_left(first);
        let lines = places.iter().chain(&places[..1]).map(|place| self.line(*place));
        let lines = lines.collect::<Vec<_>>().join(" → ");
        let (message, hint) = match places.len() {
            1 => ("the value refers to itself".to_owned(), "write it out, without `!tpl`"),
            _ => (
                format!("values refer to each other in a circle: {lines}"),
                "write one of them out, without `!tpl`",
            ),
        };
        let finding = Diagnostic::error(Code::ValuesReference, message).at(places[0], "");
        let finding =
            places[1..].iter().fold(finding, |finding, place| finding.also(*place, "and this one"));
        finding.hint(hint)
    }

    fn too_far(&self, first: Place, last: Place) -> Diagnostic {
        let message = format!(
            "{} refers to this value through more than {MAX_CHAIN} others",
            self.line(first)
        );
        Diagnostic::error(Code::ValuesReference, message)
            .at(last, "")
            .also(first, "begins here")
            .hint("let it refer to the last of them directly")
    }
}

/// How deep lists and maps are nested in a node.
fn depth(node: &Node) -> usize {
    match &node.data {
        Data::Scalar(_) => 0,
        Data::List(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Data::Map(map) => 1 + map.values().map(depth).max().unwrap_or_default(),
    }
}

fn too_deep(place: Place) -> Diagnostic {
    let message = format!("the value is nested more than {MAX_DEPTH} levels deep");
    Diagnostic::error(Code::TemplateLimit, message).at(place, "").hint("write it flatter")
}

impl Run {
    /// What a reference among the values stands for; none if it failed.
    pub(super) fn resolve(self: &Arc<Self>, node: &Node) -> Option<Arc<Node>> {
        self.resolver()?.resolve(node, self)
    }

    /// Notes that the value at `path` was looked at, and gives what it stands for.
    pub(super) fn referred(self: &Arc<Self>, node: &Node, path: Path) -> minijinja::Value {
        let Some(resolved) = self.resolve(node) else {
            // It only stops the one that asks; what is wrong is already told.
            let kind = minijinja::ErrorKind::InvalidOperation;
            return minijinja::Error::new(kind, "a value that this one refers to has failed")
                .into();
        };
        self.log().read(&resolved, &path, || path.clone());
        object::value(&resolved, path, self)
    }
}
