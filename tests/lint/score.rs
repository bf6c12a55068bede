//! How often jibe agrees with the server, and the rules that would make it agree more often, the most valuable first.

use crate::answer::{Answer, Cause, FAMILIES, Family};
use crate::case::{Case, Difference, difference};
use crate::judge::Said;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// How many groups of differences are shown.
const MAX_GROUPS: usize = 400;
/// How much of a message tells groups apart, in characters.
const MAX_MESSAGE: usize = 170;

/// Which kinds hold the specification of a pod, and where.
const PODS: &[(&str, &str)] = &[
    ("Pod/", "spec"),
    ("PodTemplate/", "template.spec"),
    ("CronJob/", "spec.jobTemplate.spec.template.spec"),
    ("Deployment/", "spec.template.spec"),
    ("StatefulSet/", "spec.template.spec"),
    ("DaemonSet/", "spec.template.spec"),
    ("ReplicaSet/", "spec.template.spec"),
    ("ReplicationController/", "spec.template.spec"),
    ("Job/", "spec.template.spec"),
];

#[derive(Default)]
struct Group {
    count: usize,
    kinds: BTreeSet<String>,
    example: String,
}

#[derive(Default, Clone, Copy)]
struct Row {
    refused: usize,
    found: usize,
    same_field: usize,
}

/// The report, as Markdown.
///
/// `areas` says what each base is about.
pub(crate) fn report(judged: &[(Case, Vec<Said>)], areas: &BTreeMap<&str, &str>) -> String {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let mut groups: BTreeMap<(Difference, String, String), Group> = BTreeMap::new();
    let mut taken = (0, 0);
    for (case, said) in judged {
        let differs = difference(&case.answer, said);
        if let Some(family) = case.answer.family() {
            for name in [family.name(), "ALL"] {
                let row = rows.entry(name).or_default();
                row.refused += 1;
                row.found += usize::from(differs != Some(Difference::Missed));
                row.same_field += usize::from(differs.is_none());
            }
        }
        if case.answer == Answer::Taken {
            taken = (taken.0 + 1, taken.1 + usize::from(differs.is_some()));
        }
        if let Some(differs) = differs {
            let subject = subject(case, said, differs);
            let area = area(case, areas, &subject);
            let group = groups.entry((differs, area, subject)).or_default();
            group.count += 1;
            group.kinds.extend(case.base.split('/').next().map(str::to_owned));
            if group.example.is_empty() {
                group.example = format!("{} {}", case.base, case.edit);
            }
        }
    }
    let mut out = table(&rows, taken);
    for (differs, area) in
        groups.keys().map(|(differs, area, _)| (*differs, area)).collect::<BTreeSet<_>>()
    {
        let of_it = groups.iter().filter(|((a, b, _), _)| (*a, b) == (differs, area));
        let of_it = of_it.map(|((_, _, subject), group)| (subject, group)).collect();
        list(&format!("{}, {area}", differs.name()), of_it, &mut out);
    }
    out
}

fn table(rows: &BTreeMap<&str, Row>, (taken, alarms): (usize, usize)) -> String {
    let percent = |part: usize, whole: usize| part as f64 * 100.0 / whole.max(1) as f64;
    let mut out = "| family | refused | found | | field, of found | |\n|---|---|---|---|---|---|\n"
        .to_owned();
    let names = FAMILIES.iter().map(|(_, name)| *name).chain(["ALL"]);
    for (name, row) in names.filter_map(|name| Some((name, rows.get(name)?))) {
        let (found, same) = (percent(row.found, row.refused), percent(row.same_field, row.found));
        let Row { refused, found: count, same_field } = row;
        let _ = writeln!(
            out,
            "| {name} | {refused} | {count} | {found:.1} % | {same_field} | {same:.1} % |"
        );
    }
    let _ = writeln!(out, "\nTaken by the server: {taken}; false alarms: {alarms}.");
    out
}

fn list(title: &str, mut groups: Vec<(&String, &Group)>, out: &mut String) {
    groups.sort_by_key(|(subject, group)| (std::cmp::Reverse(group.count), *subject));
    let whole: usize = groups.iter().map(|(_, group)| group.count).sum();
    let _ = writeln!(out, "\n## {title}: {whole} cases in {} groups\n", groups.len());
    for (subject, group) in groups.iter().take(MAX_GROUPS) {
        let kinds: Vec<&str> = group.kinds.iter().map(String::as_str).collect();
        let _ = writeln!(out, "- {} × {subject}", group.count);
        let example: String = group.example.chars().take(160).collect();
        let _ = writeln!(out, "  - {}; e.g. `{example}`", kinds.join(", "));
    }
}

/// Who would write the rule: of decoding, metadata, pods, or of what the base is about.
fn area(case: &Case, areas: &BTreeMap<&str, &str>, subject: &str) -> String {
    let cause = case.answer.causes().first();
    let field = cause.map_or("", |cause| cause.field.as_str());
    let is_decoded =
        |cause: &Cause| matches!(cause.family, Family::UnknownField | Family::Type | Family::Yaml);
    let area = if cause.is_some_and(is_decoded) {
        "decode"
    } else if field.contains("metadata.") || subject.starts_with("`metadata") {
        "metadata"
    } else if subject.contains("`POD") {
        "pod"
    } else {
        areas.get(case.base.as_str()).copied().unwrap_or_default()
    };
    area.to_owned()
}

/// What tells groups apart.
fn subject(case: &Case, said: &[Said], differs: Difference) -> String {
    let ours = |one: &Said| {
        format!("`{}` {} {}", pattern(&case.base, &one.field), one.code, blurred(&one.message))
    };
    match (differs, case.answer.causes().first()) {
        (Difference::Alarm, _) | (_, None) => said.first().map_or_else(String::new, ours),
        (Difference::Missed, Some(cause)) => {
            let field = pattern(&case.base, &cause.field);
            format!("`{field}` {} · {}", cause.family.name(), blurred(&cause.message))
        }
        (Difference::Field, Some(cause)) => {
            let field = pattern(&case.base, &cause.field);
            let ours = said.first().map_or_else(String::new, ours);
            format!(
                "server `{field}` {} · {} | jibe {ours}",
                cause.family.name(),
                blurred(&cause.message)
            )
        }
    }
}

/// A path without positions and keys, `POD` for the specification of a pod.
fn pattern(base: &str, field: &str) -> String {
    let pod = PODS.iter().find(|(kind, _)| base.starts_with(kind));
    let inside = pod.and_then(|(_, path)| field.strip_prefix(path));
    let whole = match inside.filter(|rest| rest.is_empty() || rest.starts_with(['.', '['])) {
        Some(rest) => format!("POD{rest}"),
        None => field.to_owned(),
    };
    let mut out = String::new();
    let mut is_inside = false;
    for c in whole.chars() {
        match c {
            '[' => out.push_str("[*"),
            _ if is_inside && c != ']' => {}
            _ => out.push(c),
        }
        is_inside = c == '[' || (is_inside && c != ']');
    }
    out
}

/// A message without what was given: quoted texts, numbers, and what stands in brackets.
fn blurred(message: &str) -> String {
    let (said, kept) = message.split_once("supported values").unwrap_or((message, ""));
    let mut out = String::new();
    let mut quote = None;
    let mut before = ' ';
    for c in said.chars() {
        match quote {
            Some(end) if c == end && before != '\\' => quote = None,
            Some(_) => {}
            None if c == '"' || c == '`' => {
                out.push('…');
                quote = Some(c);
            }
            None if c.is_ascii_digit() && out.ends_with('#') => {}
            None if c.is_ascii_digit() => out.push('#'),
            None => out.push(c),
        }
        before = c;
    }
    if !kept.is_empty() {
        out = out + "supported values" + kept;
    }
    let given = out.strip_prefix("Invalid value: ").and_then(|rest| rest.split_once(": "));
    let said = given.map_or(out.as_str(), |(_, said)| said);
    said.replace(['\n', '|'], " ").chars().take(MAX_MESSAGE).collect()
}
