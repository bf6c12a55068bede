//! `jibe explain`: why a value is what it is, what a field was made of, what a finding means.

mod code;
mod text;

use super::args::{Explain, Format, Shared, What};
use super::output::{Console, Outcome, Stop};
use super::rows::table;
use super::select::{Chosen, one_target, under, versions};
use super::values::{charts, position};
use jibe::diag::visible;
use jibe::explain::{self, ChartValues, Made, Subject, Unknown, object_and_path};
use jibe::manifest::Manifests;
use jibe::render::Trace;
use jibe::workspace::Target;
use jibe::{Builder, Builds, Code, DependencyBuild, Failure, Layered, Tree, Unchecked};
use serde::Serialize;
use serde_json::json;

const EXAMPLES: [(&str, &str); 6] = [
    ("jibe explain web image.tag -e prod", "who set a value, what that overrode, where it goes"),
    ("jibe explain web autoscaling -e prod", "the values below a map, and who set each"),
    ("jibe explain web Deployment/web spec.replicas -e prod", "what a field was made of"),
    ("jibe explain web Deployment/web -e prod", "the same for all fields of an object"),
    ("jibe explain values/schema", "what a finding means, and what to do"),
    ("jibe values --diff staging prod web", "in what the values of two environments differ"),
];

pub(crate) fn run(typed: &Explain, shared: &Shared, console: &Console) -> Result<Outcome, Stop> {
    match typed.words.as_slice() {
        [] => usage(console),
        [word] if code::is_meant(word) => code::run(word, console),
        [_, _, _, fourth, ..] => Err(Stop::Usage(
            format!("`{fourth}` is one word too many"),
            "write jibe explain SERVICE PATH or jibe explain SERVICE KIND/NAME PATH".to_owned(),
        )),
        [service, rest @ ..] => of_service(service, rest, (typed, shared), console),
    }
}

fn usage(console: &Console) -> Result<Outcome, Stop> {
    match console.format() {
        Format::Text => {
            let rows = EXAMPLES.map(|(command, gives)| vec![command.to_owned(), gives.to_owned()]);
            console.product(&table(&rows, ""))?;
        }
        Format::Json => console.json(&json!({
            "explains": "itself",
            "usage": EXAMPLES.map(|(command, _)| command),
            "codes": Code::ALL.iter().map(|code| code.name()).collect::<Vec<_>>(),
        }))?,
    }
    Ok(Outcome::Clean)
}

/// Whether a word names an object: `Deployment/web`. Keys of values begin otherwise.
fn is_object(word: &str) -> bool {
    let kind = word.split(['/', '.']).next().unwrap_or_default();
    word.contains('/') && kind.starts_with(|first: char| first.is_ascii_uppercase())
}

/// What is said of an object where the service has to stand.
fn without_service(stop: Stop, word: &str, rest: &[String]) -> Stop {
    let is_missing = |failure: &Failure| {
        failure.diagnostics().iter().any(|finding| finding.code == Code::SourceMissing)
    };
    match stop {
        Stop::Failure(failure) if is_object(word) && is_missing(&failure) => {
            let words = [&[word.to_owned()], rest].concat().join(" ");
            Stop::Usage(
                format!("`{word}` names an object, but the service that it belongs to comes first"),
                format!("write jibe explain SERVICE {words}"),
            )
        }
        stop => stop,
    }
}

fn of_service(
    service: &str,
    rest: &[String],
    (typed, shared): (&Explain, &Shared),
    console: &Console,
) -> Result<Outcome, Stop> {
    let what = What {
        what: vec![service.to_owned()],
        environments: typed.what.environments.clone(),
        namespaces: typed.what.namespaces.clone(),
        labels: typed.what.labels.clone(),
    };
    let chosen = Chosen::open(shared, &what, &typed.extra.kube_version)
        .map_err(|stop| without_service(stop, service, rest))?;
    let targets = chosen.targets()?;
    let target = one_target(&targets, |service, flags| {
        let words = rest.iter().map(String::as_str);
        let words = ["jibe explain", service].into_iter().chain(words).chain([flags]);
        words.collect::<Vec<_>>().join(" ")
    })?;
    let builder = Builder::new(&chosen.workspace)
        .with_layers(chosen.layers(&typed.extra, &[target])?)
        .with_versions(versions(&typed.extra.kube_version)?)
        .with_trace();
    let merged = builder.layered(target)?;
    let built = builder.build(&[target]).map_or_else(
        |failure| builder.unchecked(target).map_or(Became::Nothing(failure), Became::Unchecked),
        Became::Built,
    );
    let asks_for_manifest = rest.len() > 1 || rest.iter().any(|word| is_object(word));
    let note = built.note();
    let bench = Bench { chosen: &chosen, target, merged, built };
    // What stands in the way of an answer about manifests is what is wrong with them.
    let bench = match bench {
        Bench { built: Became::Nothing(failure), .. }
            if asks_for_manifest || typed.dependency.is_some() =>
        {
            return Err(failure.into());
        }
        bench => bench,
    };
    let (charts, tree_root) = (bench.charts(), bench.tree_root());
    let asked = bench.asked(typed.dependency.as_deref(), rest)?;
    let told = told(&bench.subject((&charts, asked), &tree_root), rest)
        .map_err(|Unknown { message, hint }| Stop::Usage(message, hint))?;
    if let (Some(note), Format::Text) = (note, console.format()) {
        console.note(note);
    }
    match (console.format(), &told) {
        (Format::Text, Told::Value(value)) => console.product(&visible(&text::value(value)))?,
        (Format::Text, Told::Field(field)) => console.product(&visible(&text::field(field)))?,
        (Format::Json, told) => {
            console.json(&serde_json::to_value(told).expect("every part has a JSON form"))?;
        }
    }
    Ok(Outcome::Clean)
}

fn told(subject: &Subject<'_>, words: &[String]) -> Result<Told, Unknown> {
    match words {
        [object, path] => field(subject, object, Some(path)),
        [word] => match subject.made.and_then(|made| object_and_path(made.manifests, word)) {
            Some((object, path)) => field(subject, object, path),
            None if is_object(word) => field(subject, word, None),
            None => value(subject, word),
        },
        _ => value(subject, ""),
    }
}

fn value(subject: &Subject<'_>, path: &str) -> Result<Told, Unknown> {
    explain::value(subject, path).map(|told| Told::Value(Box::new(told)))
}

fn field(subject: &Subject<'_>, object: &str, path: Option<&str>) -> Result<Told, Unknown> {
    explain::field(subject, object, path).map(|told| Told::Field(Box::new(told)))
}

/// An explanation.
#[derive(Serialize)]
#[serde(tag = "explains", rename_all = "lowercase")]
enum Told {
    Value(Box<explain::ValueExplained>),
    Field(Box<explain::FieldExplained>),
}

/// What the target became.
enum Became {
    /// All that it can.
    Built(Builds),
    /// Manifests that do not pass the checks.
    Unchecked(Unchecked),
    /// Nothing, for these reasons.
    Nothing(Failure),
}

impl Became {
    /// What whoever asks should know about the answer.
    fn note(&self) -> Option<&'static str> {
        match self {
            Self::Built(_) => None,
            Self::Unchecked(_) => {
                Some("note: the target has errors, so it is not written: see `jibe render`")
            }
            Self::Nothing(_) => Some(
                "note: the target has errors, so its manifests are not known: see `jibe render`",
            ),
        }
    }

    fn manifests(&self) -> Option<&Manifests> {
        match self {
            Self::Built(built) => built.targets.first().map(|target| target.manifests.manifests()),
            Self::Unchecked(made) => Some(&made.manifests),
            Self::Nothing(_) => None,
        }
    }

    fn trace(&self) -> Option<&Trace> {
        match self {
            Self::Built(built) => built.targets.first()?.trace.as_ref(),
            Self::Unchecked(made) => made.trace.as_ref(),
            Self::Nothing(_) => None,
        }
    }

    fn dependencies(&self) -> &[DependencyBuild] {
        match self {
            Self::Built(built) => built.targets.first().map_or(&[], |target| &target.dependencies),
            Self::Unchecked(made) => &made.dependencies,
            Self::Nothing(_) => &[],
        }
    }

    fn tree(&self) -> Option<&Tree> {
        match self {
            Self::Built(built) => Some(&built.tree),
            Self::Unchecked(_) | Self::Nothing(_) => None,
        }
    }
}

/// What an explanation is made from.
struct Bench<'b> {
    chosen: &'b Chosen,
    target: &'b Target,
    merged: Option<Layered>,
    built: Became,
}

impl Bench<'_> {
    /// The folder of the tree, as a user would write its path; empty without a workspace.
    fn tree_root(&self) -> String {
        let workspace = &self.chosen.workspace;
        let root = workspace.files().root().filter(|_| workspace.has_settings());
        let folder = root.map(|root| under(root, workspace.output().root().as_str()));
        folder.map(|folder| folder.display().to_string().replace('\\', "/")).unwrap_or_default()
    }

    /// The target's own chart, then its dependencies.
    fn charts(&self) -> Vec<ChartValues<'_>> {
        let mut charts = charts(self.target, self.merged.as_ref(), self.built.dependencies());
        if let Some(own) = charts.first_mut() {
            own.trace = self.built.trace();
        }
        charts
    }

    /// The number of the chart that is asked about: a dependency by its name, or else the one that an
    /// object came out of.
    fn asked(&self, name: Option<&str>, words: &[String]) -> Result<usize, Stop> {
        let all = self.built.dependencies();
        if let Some(name) = name {
            return position(all, name, self.target).map(|at| at + 1);
        }
        let made_by = self.built.manifests().zip(words.first());
        let made_by = made_by.and_then(|(all, word)| {
            let (object, _) = object_and_path(all, word)?;
            explain::dependency_of(all, object)
        });
        let at = made_by.and_then(|name| all.iter().position(|one| one.name == name));
        Ok(at.map_or(0, |at| at + 1))
    }

    fn subject<'s>(
        &'s self,
        (charts, asked): (&'s [ChartValues<'s>], usize),
        tree_root: &'s str,
    ) -> Subject<'s> {
        let tree = self.built.tree().filter(|_| self.chosen.workspace.has_settings());
        Subject {
            files: self.chosen.workspace.files(),
            target: self.target,
            charts,
            asked,
            made: self.built.manifests().map(|manifests| Made { manifests, tree, tree_root }),
        }
    }
}
