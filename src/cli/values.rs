//! `jibe values`: the merged values of one target, or in what those of two differ.

use super::args::{Format, Shared, Values, What};
use super::output::{Console, Outcome, Stop, number};
use super::rows::{made_from, setting, table};
use super::select::{Chosen, one_target, versions};
use jibe::diag::nearest;
use jibe::explain::{
    ChartValues, Difference, Setting, Spot, Subject, differences, in_json, in_yaml, leaves,
    refers_to, shown, sources, value_path,
};
use jibe::source::Place;
use jibe::workspace::{Target, Workspace};
use jibe::yaml::Node;
use jibe::{Builder, DependencyBuild, Layered};
use serde_json::json;

pub(crate) fn run(values: &Values, shared: &Shared, console: &Console) -> Result<Outcome, Stop> {
    if let [left, right] = values.diff.as_slice() {
        return diff(values, shared, (left, right), console);
    }
    let chosen = Chosen::open(shared, &values.what, &values.extra.kube_version)?;
    let target =
        one_target(&chosen.targets()?, |service, flags| format!("jibe values {service} {flags}"))?
            .clone();
    let side = Side::merge(chosen, target, values, console)?;
    let charts = side.charts();
    let subject = side.subject(&charts);
    let root = &shown(&subject).expect("the target has a chart");
    match (console.format(), values.sources) {
        (Format::Text, false) => console.product(&in_yaml(root))?,
        (Format::Text, true) => console.product(&sources(root, |place| origin(&subject, place)))?,
        (Format::Json, false) => console.json(&in_json(root))?,
        (Format::Json, true) => {
            let values_of = charts[subject.asked].values;
            let leaf = |(path, node): (Vec<_>, &Node)| {
                json!({
                    "path": value_path(&subject, values_of, &path),
                    "value": in_json(node),
                    "source": Spot::of(subject.files, node.place),
                    "refers_to": refers_to(&subject, node.place).unwrap_or_default(),
                })
            };
            console.json(&leaves(root).into_iter().map(leaf).collect())?;
        }
    }
    Ok(Outcome::Clean)
}

/// `services/web/values.yaml:3`, and for a reference what it refers to.
fn origin(subject: &Subject<'_>, place: Place) -> String {
    let spot = Spot::of(subject.files, place);
    match refers_to(subject, place) {
        None => spot.to_string(),
        Some(paths) if paths.is_empty() => format!("{spot}, by reference"),
        Some(paths) => format!("{spot}, by reference to {}", paths.join(", ")),
    }
}

/// A target with its merged values, or those of a dependency.
struct Side {
    chosen: Chosen,
    target: Target,
    own: Layered,
    dependencies: Vec<DependencyBuild>,
    /// The number of the chart that is meant.
    asked: usize,
}

impl Side {
    fn merge(
        chosen: Chosen,
        target: Target,
        values: &Values,
        console: &Console,
    ) -> Result<Self, Stop> {
        let builder = Builder::new(&chosen.workspace)
            .with_layers(chosen.layers(&values.extra, &[&target])?)
            .with_versions(versions(&values.extra.kube_version)?);
        let (dependencies, asked) = match &values.dependency {
            Some(name) => {
                let all = builder.dependencies(&target)?;
                let at = position(&all, name, &target)?;
                (all, at + 1)
            }
            None => {
                console.findings(&builder.values(&[&target])?.warnings);
                (Vec::new(), 0)
            }
        };
        let own = builder.layered(&target)?.ok_or_else(|| {
            let message = format!("`{target}` is made without a chart, so it takes no values");
            Stop::Usage(message, "name a service of a chart".to_owned())
        })?;
        drop(builder);
        Ok(Self { chosen, target, own, dependencies, asked })
    }

    fn charts(&self) -> Vec<ChartValues<'_>> {
        charts(&self.target, Some(&self.own), &self.dependencies)
    }

    fn subject<'s>(&'s self, charts: &'s [ChartValues<'s>]) -> Subject<'s> {
        let (files, asked) = (self.chosen.workspace.files(), self.asked);
        Subject { files, target: &self.target, charts, asked, made: None }
    }
}

/// A target's own chart and its dependencies, as explanations take them.
pub(crate) fn charts<'s>(
    target: &'s Target,
    own: Option<&'s Layered>,
    dependencies: &'s [DependencyBuild],
) -> Vec<ChartValues<'s>> {
    let own = own.map(|own| ChartValues {
        dependency: None,
        chart: &own.chart,
        service: &target.service,
        values: &own.values,
        passed: &[],
        trace: None,
    });
    let below = dependencies.iter().map(|one| ChartValues {
        dependency: Some(&one.name),
        chart: &one.chart,
        service: &one.service,
        values: &one.values,
        passed: &one.passed,
        trace: one.trace.as_ref(),
    });
    own.into_iter().chain(below).collect()
}

/// Where the dependency of this name stands among those that are rendered.
pub(crate) fn position(
    all: &[DependencyBuild],
    name: &str,
    target: &Target,
) -> Result<usize, Stop> {
    all.iter().position(|one| *one.name == *name).ok_or_else(|| {
        let message = format!("no dependency `{name}` is rendered for `{target}`");
        let hint = match nearest(name, all.iter().map(|one| &*one.name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if all.is_empty() => "leave `--dependency` out".to_owned(),
            None => {
                let names: Vec<_> = all.iter().map(|one| format!("`{}`", one.name)).collect();
                format!("there are {}", names.join(", "))
            }
        };
        Stop::Usage(message, hint)
    })
}

/// The values of one service in two environments; exit code 1 if they differ, as of `diff`.
fn diff(
    values: &Values,
    shared: &Shared,
    (left, right): (&str, &str),
    console: &Console,
) -> Result<Outcome, Stop> {
    let chosen = |environment: &str| -> Result<Chosen, Stop> {
        let what = What {
            what: values.what.what.clone(),
            environments: vec![environment.to_owned()],
            namespaces: values.what.namespaces.clone(),
            labels: values.what.labels.clone(),
        };
        let chosen = Chosen::open(shared, &what, &values.extra.kube_version)?;
        refuse_a_service(&chosen.workspace, (left, right))?;
        chosen.targets()?;
        Ok(chosen)
    };
    let side = |chosen: Chosen| {
        let command = |service: &str, flags: &str| {
            let namespace = flags.split_once(" -n ").map(|(_, name)| format!(" -n {name}"));
            let namespace = namespace.unwrap_or_default();
            format!("jibe values --diff {left} {right} {service}{namespace}")
        };
        let target = one_target(&chosen.targets()?, command)?.clone();
        Side::merge(chosen, target, values, console)
    };
    // An environment that is none matters more than which service is meant.
    let (one, other) = (chosen(left)?, chosen(right)?);
    let (one, other) = (side(one)?, side(other)?);
    // What is secret in one of them is so in the other, too.
    let secrets = [&one, &other].map(|side| side.chosen.workspace.files().secrets());
    secrets[0].add_all(secrets[1]);
    secrets[1].add_all(secrets[0]);
    let charts = (one.charts(), other.charts());
    let found = differences(&one.subject(&charts.0), &other.subject(&charts.1));
    let (left, right) = (one.target.in_messages(), other.target.in_messages());
    match console.format() {
        Format::Text => {
            console.product(&in_lines(&found))?;
            console.note(&match found.len() {
                0 => format!("{left} and {right} have the same values"),
                count => format!("{left} and {right} differ in {}", number(count, "value")),
            });
        }
        Format::Json => {
            console.json(&json!({ "left": left, "right": right, "differences": found }))?;
        }
    }
    Ok(if found.is_empty() { Outcome::Clean } else { Outcome::Found })
}

/// That a service stands where the second environment should.
fn refuse_a_service(workspace: &Workspace, (left, right): (&str, &str)) -> Result<(), Stop> {
    let is_environment = |name: &str| workspace.environments().any(|one| one.name == name);
    if is_environment(right) || !workspace.services().any(|service| service == right) {
        return Ok(());
    }
    let other = workspace.environments().map(|one| &*one.name).find(|name| *name != left);
    let other = other.unwrap_or("ENV");
    let message = format!("there is no environment `{right}`, but a service");
    let hint = format!(
        "name two environments, then the service: jibe values --diff {left} {other} {right}"
    );
    Err(Stop::Usage(message, hint))
}

/// For each difference its path, then both sides as in a diff, with what a reference was made of.
fn in_lines(found: &[Difference]) -> String {
    let mut rows = Vec::new();
    for one in found {
        rows.push(vec![one.path.clone()]);
        for (sign, setting) in [('-', &one.left), ('+', &one.right)] {
            rows.extend(side_rows(sign, setting.as_ref()));
        }
    }
    table(&rows, "")
}

fn side_rows(sign: char, side: Option<&Setting>) -> Vec<Vec<String>> {
    let Some(side) = side else { return vec![vec![format!("{sign} not set")]] };
    let mut rows = vec![setting(side)];
    rows[0][0] = format!("{sign} {}", rows[0][0]);
    let chain = table(&made_from(&side.made_of), "  ");
    rows.extend(chain.lines().map(|line| vec![line.to_owned()]));
    rows
}
