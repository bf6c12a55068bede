//! `jibe values`: the merged values of one target, or in what those of two differ.

use super::args::{Format, Shared, Values, What};
use super::output::{Console, Outcome, Stop, number};
use super::select::{Chosen, one_target, versions};
use jibe::diag::{json_text, nearest};
use jibe::explain::{
    Difference, Setting, Spot, Subject, differences, in_json, in_text, in_yaml, leaves, path_text,
    sources,
};
use jibe::values::Values as Merged;
use jibe::workspace::{Target, Workspace};
use jibe::{Builder, DependencyBuild};
use serde_json::json;

pub(crate) fn run(values: &Values, shared: &Shared, console: &Console) -> Result<Outcome, Stop> {
    if let [left, right] = values.diff.as_slice() {
        return diff(values, shared, (left, right), console);
    }
    let chosen = Chosen::open(shared, &values.what, &values.extra.kube_version)?;
    let target =
        one_target(&chosen.targets()?, |service, flags| format!("jibe values {service} {flags}"))?
            .clone();
    let merged = merged(&chosen, &target, values, console)?;
    let origin = |place| Spot::of(chosen.workspace.files(), place);
    let root = &merged.shown();
    match (console.format(), values.sources) {
        (Format::Text, false) => console.product(&in_yaml(root))?,
        (Format::Text, true) => {
            console.product(&sources(root, |place| origin(place).to_string()))?;
        }
        (Format::Json, false) => console.json(&in_json(root))?,
        (Format::Json, true) => {
            let leaf = |(path, node): (Vec<_>, &jibe::yaml::Node)| json!({ "path": path_text(&path), "value": in_json(node), "source": origin(node.place) });
            console.json(&leaves(root).into_iter().map(leaf).collect())?;
        }
    }
    Ok(Outcome::Clean)
}

fn merged(
    chosen: &Chosen,
    target: &Target,
    values: &Values,
    console: &Console,
) -> Result<Merged, Stop> {
    let builder = Builder::new(&chosen.workspace)
        .with_layers(chosen.layers(&values.extra, &[target])?)
        .with_versions(versions(&values.extra.kube_version)?);
    if let Some(name) = &values.dependency {
        let mut all = builder.dependencies(target)?;
        let at = position(&all, name, target)?;
        return Ok(all.swap_remove(at).values);
    }
    let merged = builder.values(&[target])?;
    console.findings(&merged.warnings);
    merged.values.into_iter().next().flatten().ok_or_else(|| {
        let message = format!("`{target}` is made of plain manifests, which take no values");
        Stop::Usage(message, "name a service of a chart".to_owned())
    })
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
    let side = |environment: &str| {
        let what = What {
            what: values.what.what.clone(),
            environments: vec![environment.to_owned()],
            namespaces: values.what.namespaces.clone(),
            labels: values.what.labels.clone(),
        };
        let chosen = Chosen::open(shared, &what, &values.extra.kube_version)?;
        let command = |service: &str, flags: &str| {
            let namespace = flags.split_once(" -n ").map(|(_, name)| format!(" -n {name}"));
            let namespace = namespace.unwrap_or_default();
            format!("jibe values --diff {left} {right} {service}{namespace}")
        };
        let target = one_target(&chosen.targets()?, command)?.clone();
        let merged = merged(&chosen, &target, values, console)?;
        Ok::<_, Stop>((chosen, target, merged))
    };
    let (one, other) = (side(left)?, side(right)?);
    let found = differences(&subject(&one), &subject(&other));
    let masked = |text: &str| {
        let secrets = |side: &(Chosen, Target, Merged), text: &str| {
            side.0.workspace.files().secrets().mask(text).into_owned()
        };
        secrets(&other, &secrets(&one, text))
    };
    match console.format() {
        Format::Text => console.product(&masked(&in_lines(&found)))?,
        Format::Json => console.product(&masked(&json_text(&json!({
            "left": one.1.in_messages(),
            "right": other.1.in_messages(),
            "differences": found,
        }))))?,
    }
    if console.format() == Format::Text {
        let (left, right) = (one.1.in_messages(), other.1.in_messages());
        console.note(&match found.len() {
            0 => format!("{left} and {right} have the same values"),
            count => format!("{left} and {right} differ in {}", number(count, "value")),
        });
    }
    Ok(if found.is_empty() { Outcome::Clean } else { Outcome::Found })
}

fn subject(side: &(Chosen, Target, Merged)) -> Subject<'_> {
    let (chosen, target, merged) = side;
    let workspace: &Workspace = &chosen.workspace;
    let (files, service) = (workspace.files(), target.service.as_str());
    Subject { files, target, service, values: Some(merged), schema: None, made: None }
}

/// For each difference its path, then both sides as in a diff.
fn in_lines(found: &[Difference]) -> String {
    let shown = |setting: &Option<Setting>| match setting {
        Some(setting) => in_text(&setting.value),
        None => "not set".to_owned(),
    };
    let sides = |one: &Difference| [shown(&one.left), shown(&one.right)];
    let width = found.iter().flat_map(sides).map(|text| text.chars().count());
    let width = width.filter(|width| *width <= 60).max().unwrap_or(0);
    let line = |sign: char, setting: &Option<Setting>| {
        let origin = setting.as_ref().map(|setting| format!("{}  {}", setting.at, setting.layer));
        let line = format!("{sign} {:width$}  {}", shown(setting), origin.unwrap_or_default());
        line.trim_end().to_owned() + "\n"
    };
    let told = found
        .iter()
        .map(|one| format!("{}\n{}{}", one.path, line('-', &one.left), line('+', &one.right)));
    told.collect()
}
