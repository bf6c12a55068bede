//! Templates and values become YAML documents whose every leaf knows where it came from.
//!
//! `source --prepare--> marked template --engine--> marked text --cut--> YAML with holes --fill--> Node*`
//!
//! The same way leads from a reference among the values to what it stands for, see [`References`].
//!
//! Promise: in a YAML file a value fills a typed hole and can never change the structure or the type
//! of what stands around it; text files give plain strings; an undefined value is an error that
//! names it and the file to set it in; no template reaches a clock, a random number, the
//! environment or the network; a hostile template ends in a finding. This is the only room that
//! knows the template engine, and nothing of it is to be seen outside. Knows no Kubernetes beyond
//! the question whether a version serves a kind.

mod attribute;
mod convert;
mod cut;
mod engine;
mod errors;
mod numbered;
mod expression;
mod files;
mod fill;
mod filters;
mod imports;
mod marks;
mod mentions;
mod object;
mod operands;
mod prepare;
mod reads;
mod references;
mod refusal;
mod refuse;
mod run;
mod scan;
mod scope;
mod sources;
mod stack;
mod text;
mod trace;
mod tracer;
mod unread;
mod watch;
mod watched;

#[cfg(test)]
mod tests;

pub use reads::Reads;
pub use references::References;
pub use run::Budget;
pub use stack::Threads;
pub use trace::{Extent, Omitted, PrintedBy, Role, Root, Trace, Used};
pub use unread::{Seen, Unread};

use crate::chart::Chart;
use crate::diag::{Reported, Sink};
use crate::source::Place;
use crate::values::Values;
use crate::yaml::Node;
use engine::{Detail, Engine};
use mentions::Mentions;
use reads::Reading;
use sources::Sources;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// The templates of one chart, read and ready; shared by all its targets.
#[derive(Debug)]
pub struct Renderer {
    engine: Engine,
    sources: Sources,
    /// What the templates say about values, once somebody asks.
    mentions: OnceLock<Mentions>,
    /// The same templates, watched for what they make of secrets, once they read one.
    watching: OnceLock<Engine>,
}

/// What a chart is rendered with.
#[derive(Debug)]
pub struct Context<'a> {
    /// The merged values: `values`.
    pub values: &'a Values,
    /// For whom it is rendered: `target`.
    pub target: TargetInfo,
    /// What the cluster serves: `cluster`.
    pub cluster: ClusterInfo,
    /// What the target's other charts have used up already.
    pub budget: Arc<Budget>,
}

/// The target as templates see it. What a target does not have is null.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetInfo {
    /// `target.env`.
    pub environment: Option<String>,
    /// `target.namespace`: the name in the cluster.
    pub namespace: Option<String>,
    /// `target.service`.
    pub service: String,
    /// `target.labels`.
    pub labels: BTreeMap<String, String>,
}

/// The chart as its templates see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct ChartInfo {
    name: String,
    version: String,
    /// The file that sets the chart's defaults, as a user would write its path.
    values_file: String,
}

/// Whether the cluster serves a kind: `apiVersion`, `kind`.
pub type Serves = Arc<dyn Fn(&str, &str) -> bool + Send + Sync>;

/// The cluster as templates see it.
#[derive(Clone)]
pub struct ClusterInfo {
    /// `cluster.version`: the Kubernetes version, such as `1.35`.
    pub version: String,
    /// `cluster.serves(api_version, kind)`.
    pub serves: Serves,
}

impl fmt::Debug for ClusterInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClusterInfo").field("version", &self.version).finish_non_exhaustive()
    }
}

/// What a chart's templates printed.
#[derive(Debug)]
pub struct Rendered {
    /// The documents that have content: templates in the order of their names, documents in the
    /// order of the text. A node's `place` is the text of the template that made it, `set_at` the
    /// value that filled it.
    pub documents: Vec<Node>,
    /// Every value that was looked at; none if that was not recorded.
    pub reads: Reads,
    /// What secret values became.
    pub secrets: SecretsMade,
    /// What everything was made of; none unless the renderer traces.
    pub trace: Option<Trace>,
}

/// The nodes and keys of documents that secret values were made into.
#[derive(Debug, Default)]
pub struct SecretsMade {
    nodes: run::SecretNodes,
    keys: BTreeSet<Arc<str>>,
    /// Whether any secret value was looked at.
    is_read: bool,
}

impl SecretsMade {
    /// Those of a run.
    fn of(run: &run::Run) -> Self {
        let (nodes, keys) = (run.take_secrets(), run.take_secret_keys());
        Self { nodes, keys, is_read: run.log().saw_secret() }
    }

    /// Takes over those of another chart of the same target.
    pub fn extend(&mut self, other: Self) {
        self.nodes.extend(other.nodes);
        self.keys.extend(other.keys);
        self.is_read |= other.is_read;
    }

    /// Whether no secret value was printed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.keys.is_empty()
    }

    /// The keys that secret values were made into.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| &**key)
    }

    /// Where the secret value is set that a hole made into this node; none if it holds none.
    #[must_use]
    pub fn value_in(&self, node: &Node) -> Option<Place> {
        self.nodes.get(&(node.place, node.set_at))?.of(node)
    }
}

impl Renderer {
    /// Prepares a chart's templates for rendering.
    ///
    /// # Errors
    /// When a template does not parse or says what no template may say; everything found is reported.
    pub fn new(chart: &Chart, sink: &mut Sink) -> Result<Self, Reported> {
        Self::with(chart, Detail::Output, sink)
    }

    /// The same; what it renders tells besides what each value was made of, which takes longer.
    ///
    /// # Errors
    /// As [`Renderer::new`].
    pub fn traced(chart: &Chart, sink: &mut Sink) -> Result<Self, Reported> {
        Self::with(chart, Detail::Traced, sink)
    }

    fn with(chart: &Chart, detail: Detail, sink: &mut Sink) -> Result<Self, Reported> {
        let files = sink.files().clone();
        let sources = Sources::of(chart, |path| files.shown(path));
        let engine = Engine::new(&sources, detail, sink)?;
        Ok(Self { engine, sources, mentions: OnceLock::new(), watching: OnceLock::new() })
    }

    /// What its templates say about values.
    fn mentions(&self) -> &Mentions {
        self.mentions.get_or_init(|| Mentions::of(&self.sources))
    }

    /// Renders all templates for one target.
    ///
    /// # Errors
    /// When a template asks for a value that is not set, fails or prints what is no YAML; the
    /// errors of all templates are reported.
    pub fn render(&self, context: &Context<'_>, sink: &mut Sink) -> Result<Rendered, Reported> {
        self.rendered(context, Reading::Recorded, sink)
    }

    /// The same for whoever does not ask which values were looked at: that is not recorded.
    ///
    /// # Errors
    /// As [`Renderer::render`].
    pub fn render_only(
        &self,
        context: &Context<'_>,
        sink: &mut Sink,
    ) -> Result<Rendered, Reported> {
        self.rendered(context, Reading::Ignored, sink)
    }

    /// Renders; once more, watched, if a secret value was looked at. That tells only what was made of it.
    fn rendered(
        &self,
        context: &Context<'_>,
        reading: Reading,
        sink: &mut Sink,
    ) -> Result<Rendered, Reported> {
        let mut rendered = self.engine.render(context, reading, sink)?;
        if rendered.secrets.is_read {
            rendered.secrets.extend(self.watched(context, sink)?.secrets);
        }
        Ok(rendered)
    }

    fn watched(&self, context: &Context<'_>, sink: &mut Sink) -> Result<Rendered, Reported> {
        let engine = match self.watching.get() {
            Some(engine) => engine,
            None => {
                let engine = Engine::new(&self.sources, Detail::Watched, sink)?;
                self.watching.get_or_init(|| engine)
            }
        };
        let (target, cluster) = (context.target.clone(), context.cluster.clone());
        let budget = Arc::default();
        let again = Context { values: context.values, target, cluster, budget };
        engine.render(&again, Reading::Ignored, sink)
    }
}
