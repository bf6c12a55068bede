//! What the API servers of an environment say to one manifest.

use super::rules::{self, Broken};
use super::schema::{Neighbours, Path, Rule, Step, Violation};
use super::{Advice, Rules, custom, edited, lifecycle};
use crate::api::{Api, Kind};
use crate::diag::{Code, Diagnostic, IN_QUOTES, Severity};
use crate::manifest::{Manifest, point_at};
use crate::source::Place;
use crate::yaml::Node;

/// Everything that a Kubernetes version says against a manifest, in the order of the text.
pub(super) fn findings(manifest: &Manifest, rules: &Rules<'_>) -> Vec<Diagnostic> {
    let kind = |api: &'_ Api| api.kind(&manifest.api_version, &manifest.id.kind).cloned();
    let (mut serving, mut lacking) = (Vec::new(), Vec::new());
    for api in rules.apis {
        match kind(api) {
            Some(kind) => serving.push((api, kind)),
            None => lacking.push(api),
        }
    }
    let gone = lifecycle::removed(manifest, rules.apis)
        .map(|gone| match serving.is_empty() {
            true => gone,
            false => gone.hint(rules.advice.others_serve()),
        })
        .or_else(|| not_served(manifest, &lacking, (serving.len(), rules.advice)));
    let is_gone = gone.as_ref().is_some_and(|gone| gone.code == Code::ApiRemoved);
    let old = lifecycle::deprecated(manifest, rules.apis, &serving).filter(|_| !is_gone);
    let mut found: Vec<Diagnostic> = gone.into_iter().chain(old).collect();
    let mut told: Vec<Told> = Vec::new();
    for (api, kind) in &serving {
        match violations(manifest, kind, rules) {
            Ok(violations) => {
                let broken = broken(manifest, kind, rules, &violations);
                add(&mut told, violations.into_iter().map(of_schema).chain(broken), api);
            }
            Err(finding) => found.push(*finding),
        }
    }
    found.extend(told.into_iter().map(|told| worded(manifest, told, (&serving, rules.advice))));
    found
}

/// A violation with its code, and the versions that find it.
struct Told {
    code: Code,
    violation: Violation,
    versions: Vec<String>,
}

fn of_schema(violation: Violation) -> (Code, Violation) {
    let code = match violation.rule {
        Rule::UnknownKey => Code::CheckUnknownField,
        Rule::Missing => Code::CheckMissing,
        Rule::Type | Rule::Value => Code::CheckSchema,
        Rule::Definition => Code::CheckRule,
    };
    (code, violation)
}

/// What rules beyond types say; nothing where types are wrong, as a server decodes before it judges. What the schema said
/// is not said again.
fn broken(
    manifest: &Manifest,
    kind: &Kind,
    rules: &Rules<'_>,
    violations: &[Violation],
) -> Vec<(Code, Violation)> {
    if violations.iter().any(|found| matches!(found.rule, Rule::Type | Rule::Value)) {
        return Vec::new();
    }
    let judge = |compiled: &rules::Compiled| rules::judge(&manifest.node, kind, compiled);
    let mut found = rules.validators.with_rules(kind, judge);
    found.retain(|broken| violations.iter().all(|told| told.path != broken.path));
    // A server warns only of what it takes.
    found.retain(|broken| violations.is_empty() || broken.code != Code::ApiWarning);
    found.into_iter().map(of_rule).collect()
}

fn of_rule(broken: Broken) -> (Code, Violation) {
    let Broken { code, is_absent, path, place, set_at, message, hints, is_secret } = broken;
    let is_missing = is_absent && code == Code::ApiRequired;
    let rule = if is_missing { Rule::Missing } else { Rule::Value };
    let schema_path = String::new();
    (code, Violation { rule, path, place, set_at, message, hints, schema_path, is_secret })
}

/// What one version finds joins what others found.
fn add(told: &mut Vec<Told>, violations: impl Iterator<Item = (Code, Violation)>, api: &Api) {
    for (code, violation) in violations {
        let same = |known: &&mut Told| {
            (&known.violation.path, &known.violation.message)
                == (&violation.path, &violation.message)
        };
        match told.iter_mut().find(same) {
            Some(known) => known.versions.push(api.version().to_string()),
            None => told.push(Told { code, violation, versions: vec![api.version().to_string()] }),
        }
    }
}

fn violations(
    manifest: &Manifest,
    kind: &Kind,
    rules: &Rules<'_>,
) -> Result<Vec<Violation>, Box<Diagnostic>> {
    let is_secret_object = &*manifest.id.kind == "Secret" && manifest.id.group.is_empty();
    let is_secret = |path: &Path| is_secret_object && is_secret_data(path);
    let name = format!("{} {}", manifest.api_version, manifest.id.kind);
    rules.validators.with(name, kind.schema(), |validator| match validator {
        Ok(validator) => {
            let mut found = validator.validate(&manifest.node, Neighbours::Written, &is_secret);
            found.extend(custom::violations(kind, &manifest.node, &found));
            Ok(found)
        }
        Err(broken) => {
            let message = format!(
                "`{}` is not checked: the schema of its kind cannot be used: {}",
                manifest.id, broken.message
            );
            let finding = Diagnostic::warning(Code::CheckSchema, message);
            let hint = format!("in the custom resource's definition: {}", broken.hint);
            let finding = finding.known_by(manifest.id.in_full(), "");
            Err(Box::new(finding.at(manifest.node.place, "").hint(hint)))
        }
    })
}

/// Whether a Secret may hold a secret there: in its data, and under a name that no Secret has, which may
/// be a misspelt or misplaced one.
fn is_secret_data(path: &Path) -> bool {
    const KNOWN: [&str; 5] = ["apiVersion", "kind", "metadata", "type", "immutable"];
    matches!(path.steps().first(), Some(Step::Key(name)) if !KNOWN.contains(&&**name))
}

fn worded(
    manifest: &Manifest,
    told: Told,
    (serving, advice): (&[(&Api, std::sync::Arc<Kind>)], Advice),
) -> Diagnostic {
    let Told { code, violation, versions } = told;
    let subject = format!("{} {}", manifest.id, violation.path);
    let new = if code == Code::ApiWarning { Diagnostic::warning } else { Diagnostic::error };
    let mut finding = new(code, violation.message.clone()).subject(subject);
    finding = finding.known_by(manifest.id.in_full(), violation.path.by_names(&manifest.node));
    finding = match (edited::cause(manifest, code, &violation), violation.set_at) {
        (Some(edit), _) => {
            finding.at(edit.place, edited::label(edit)).also(violation.place, "found here")
        }
        (None, Some(set_at)) if set_at != violation.place => {
            finding.at(set_at, "set here").also(violation.place, "used here")
        }
        _ => finding.at(violation.place, ""),
    };
    if violation.is_secret {
        finding = finding.without_excerpts();
    }
    if violation.rule == Rule::Missing {
        finding = finding.hint(format!("add {}", violation.path.as_addition()));
    }
    let quotes = violation.hints.iter().position(|hint| hint.starts_with(IN_QUOTES));
    finding.hints.extend(violation.hints);
    match (quotes, hole(&manifest.node, &violation.path, violation.place)) {
        (Some(_), Hole::OfValue) => finding.hints.push(format!("or leave it as it is, and {HOLE}")),
        (Some(at), Hole::OfAnother) => HOLE.clone_into(&mut finding.hints[at]),
        _ => {}
    }
    match code {
        Code::ApiWarning => finding,
        _ => finding.maybe_hint(who_says_so(&versions, serving, advice)),
    }
}

const HOLE: &str = "put the hole in quotes: `\"{{ … }}\"` makes a text";

/// What gave a value alone, not the map or list that it lies in.
enum Hole {
    /// A hole, of a value that a line of the user's sets.
    OfValue,
    /// A hole, of a loop's variable or of something computed.
    OfAnother,
    /// It is written out, or part of what a hole gave.
    None,
}

fn hole(root: &Node, path: &Path, place: Place) -> Hole {
    let mut node = root;
    let mut is_alone = false;
    for step in path.steps() {
        let (inner, written) = match step {
            Step::Key(name) => match node.as_map().and_then(|map| map.get_key_value(&**name)) {
                Some((key, inner)) => (inner, key.place),
                None => return Hole::None,
            },
            Step::Index(at) => match node.as_list().and_then(|items| items.get(*at)) {
                Some(inner) => (inner, node.place),
                None => return Hole::None,
            },
        };
        is_alone = node.place != place && written != place && written.file == place.file;
        node = inner;
    }
    // A number or boolean that is written out is as long as its text.
    let is_written = node.as_scalar().is_none_or(|it| it.text.len() == place.span.range().len());
    match node.set_at {
        _ if !is_alone || node.place != place => Hole::None,
        Some(set_at) if set_at != place => Hole::OfValue,
        _ if is_written => Hole::None,
        _ => Hole::OfAnother,
    }
}

/// Which of several versions refuse what others take.
fn who_says_so(
    versions: &[String],
    serving: &[(&Api, std::sync::Arc<Kind>)],
    advice: Advice,
) -> Option<String> {
    let all = serving.iter().map(|(api, _)| api.version().to_string());
    let others: Vec<_> = all.filter(|version| !versions.contains(version)).collect();
    let (refuse, take) = (versions.join(", "), others.join(", "));
    (!others.is_empty()).then(|| {
        let all = match advice {
            Advice::Workspace => "all versions of the environment",
            Advice::CommandLine => "all versions",
        };
        format!("Kubernetes {refuse} refuses it, {take} takes it: {all} must agree")
    })
}

/// That some or all versions do not know the kind.
fn not_served(
    manifest: &Manifest,
    lacking: &[&Api],
    (serving, advice): (usize, Advice),
) -> Option<Diagnostic> {
    let api = lacking.last()?;
    let unknown = api.unknown(&manifest.api_version, &manifest.id.kind);
    let code = match (unknown.elsewhere, serving) {
        (Some((_, last)), _) if last < api.version() => Code::ApiRemoved,
        (_, 0) => Code::CheckUnknownKind,
        _ => Code::CheckNotServed,
    };
    let wrong_key = if unknown.served_as.is_empty() { "kind" } else { "apiVersion" };
    let node: &Node = manifest.node.get(wrong_key).unwrap_or(&manifest.node);
    let mut finding = point_at(Diagnostic::error(code, unknown.message()), node);
    finding.severity = Severity::Error;
    finding.hints.extend(unknown.hints(advice.definitions()));
    if serving > 0 {
        finding = finding.hint(advice.others_serve());
    }
    Some(finding.subject(manifest.id.to_string()).known_by(manifest.id.in_full(), wrong_key))
}
