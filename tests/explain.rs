//! Laws of explanations, over every value and every field of `charts-example`.

use jibe::explain::{
    ChartValues, FieldExplained, Made, Origin, Part, State, Subject, field, in_yaml, leaves,
    path_text, sources, value,
};
use jibe::manifest::ObjectId;
use jibe::source::RelPath;
use jibe::yaml::{self, Node};
use jibe::{Builder, Target, Workspace};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, OnceLock};

fn workspace() -> Workspace {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("charts-example");
    Workspace::open(folder).expect("the example")
}

/// Runs a law over each target of the example that is made of a chart, and over the dependencies of
/// its chart, by name.
fn for_each(law: impl Fn(&Subject<'_>, &Workspace, Option<&str>) + Sync) {
    let workspace = workspace();
    let builder = Builder::new(&workspace).with_trace();
    assert!(workspace.targets().len() > 5, "the example has targets");
    workspace.targets().par_iter().for_each(|target| {
        let Some(merged) = builder.layered(target).expect("values") else { return };
        let built = builder.build(&[target]).expect("a build");
        let made = Made {
            manifests: built.targets[0].manifests.manifests(),
            tree: Some(&built.tree),
            tree_root: "rendered",
        };
        let own = ChartValues {
            dependency: None,
            chart: &merged.chart,
            service: &target.service,
            // Those that it was rendered with.
            values: built.targets[0].values.as_ref().expect("the values of a chart"),
            passed: &[],
            trace: built.targets[0].trace.as_ref(),
        };
        let below = built.targets[0].dependencies.iter().map(|one| ChartValues {
            dependency: Some(&one.name),
            chart: &one.chart,
            service: &one.service,
            values: &one.values,
            passed: &one.passed,
            trace: one.trace.as_ref(),
        });
        let charts: Vec<_> = [own].into_iter().chain(below).collect();
        for (asked, chart) in charts.iter().enumerate() {
            let (files, made) = (workspace.files(), Some(made));
            let subject = Subject { files, target, charts: &charts, asked, made };
            law(&subject, &workspace, chart.dependency);
        }
    });
}

#[test]
fn the_winner_of_every_leaf_is_the_rendered_value_and_its_line_says_so() {
    let seen = Mutex::new((0, BTreeSet::new(), BTreeSet::new()));
    for_each(|subject, _, part| {
        let values = subject.charts[subject.asked].values;
        let all = leaves(values.root());
        for (path, node) in &all {
            let path = path_text(path);
            let told = value(subject, &path).unwrap_or_else(|unknown| panic!("{unknown:?}"));
            assert_eq!(told.state, State::Set, "{path}");
            let again = value(subject, &told.path).expect("what is printed can be asked for");
            assert_eq!((again.value.as_ref(), &again.path), (told.value.as_ref(), &told.path));
            let set_by = told.set_by.expect("somebody set it");
            assert_eq!(Some(&set_by.value), told.value.as_ref(), "{path}");
            assert_eq!(set_by.value, yaml::to_json(node), "{path}");
            assert!(!set_by.layer.is_empty(), "{path}");
            assert!(says(subject, node, set_by.reference.as_deref()), "{path}: {}", set_by.at);
            let is_described = told.description.is_some() || told.allowed.is_some();
            assert!(is_described || path.ends_with(']'), "{path} is in the schema");
        }
        let mut seen = seen.lock().expect("no test panics with it");
        seen.0 += all.len();
        seen.1.insert(subject.target.to_string());
        seen.2.extend(part.map(str::to_owned));
    });
    let (count, targets, dependencies) = seen.into_inner().expect("no test panics with it");
    let workspace = workspace();
    let builder = Builder::new(&workspace);
    let all: Vec<&Target> = workspace.targets().iter().collect();
    let rendered = builder.build(&all).expect("a build").targets;
    let with_values = rendered.iter().filter(|target| target.values.is_some());
    let with_values: BTreeSet<_> = with_values.map(|one| one.target.to_string()).collect();
    assert_eq!(targets, with_values, "every target of a chart is gone through");
    let environments: BTreeSet<_> = all.iter().map(|target| &*target.environment).collect();
    assert!(environments.len() > 2 && !dependencies.is_empty() && count > 500, "{count}");
}

/// Whether the text where a leaf is set holds it, or is the reference that made it.
fn says(subject: &Subject<'_>, node: &Node, reference: Option<&str>) -> bool {
    let text = subject.files.source(node.place.file).text()[node.place.span.range()].to_owned();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match (reference, node.as_scalar()) {
        (Some(reference), _) => text.contains(reference) || reference.contains(&text),
        (None, Some(scalar)) => text.contains(scalar.text.split_whitespace().next().unwrap_or("")),
        (None, None) => text.starts_with(['[', '{']),
    }
}

#[test]
fn what_a_value_was_made_of_is_referred_to_by_it() {
    let chains = Mutex::new(0);
    for_each(|subject, _, _| {
        for (path, _) in leaves(subject.charts[subject.asked].values.root()) {
            let path = path_text(&path);
            let told = value(subject, &path).expect("a leaf");
            let path = told.path;
            let set_by = told.set_by.expect("somebody set it");
            for used in &set_by.made_of {
                let Some(name) = used.name.strip_prefix("values.") else { continue };
                let of = |chart: &ChartValues<'_>| {
                    chart.dependency.unwrap_or(&chart.chart.name)
                        == used.of.as_deref().unwrap_or_default()
                };
                let asked = subject.charts.iter().position(of).unwrap_or(subject.asked);
                let told = value(&Subject { asked, ..*subject }, name).expect("it is there");
                let read = told.referred_by.iter().any(|by| by.path.as_deref() == Some(&path));
                assert!(read, "{name} is not said to be read by {path}: {told:?}");
                assert_eq!(
                    told.set_by.map(|one| one.at),
                    used.set_by.as_ref().map(|one| one.at.clone())
                );
                *chains.lock().expect("no test panics with it") += 1;
            }
        }
    });
    assert!(chains.into_inner().expect("no test panics with it") > 20, "the example refers");
}

/// A field of the example, and what stands where it is said to come from and to be written to.
struct Field {
    told: FieldExplained,
    template: String,
    scalar: Option<String>,
    line: String,
}

/// Every leaf of every object of the example.
fn fields() -> &'static [Field] {
    static FIELDS: OnceLock<Vec<Field>> = OnceLock::new();
    FIELDS.get_or_init(|| {
        let found = Mutex::new(Vec::new());
        for_each(|subject, _, part| {
            let all = subject.made.expect("it was built").manifests.iter();
            let own = all.filter(|manifest| manifest.part.as_deref() == part);
            for manifest in own.filter(|manifest| manifest.verbatim.is_none()) {
                let all = leaves(&manifest.node);
                let told = all.iter().map(|(path, node)| told(subject, &manifest.id, path, node));
                let told: Vec<_> = told.collect();
                found.lock().expect("no test panics with it").extend(told);
            }
        });
        found.into_inner().expect("no test panics with it")
    })
}

fn told(subject: &Subject<'_>, id: &ObjectId, path: &[Part], node: &Node) -> Field {
    let told = field(subject, &id.to_string(), Some(&path_text(path)));
    let told = told.unwrap_or_else(|unknown| panic!("{unknown:?}"));
    let written = told.written.as_ref().expect("the example has a tree");
    let file = written.file.strip_prefix("rendered/").expect("below the tree");
    let tree = subject.made.expect("it was built").tree.expect("a tree");
    let text = tree.get(&RelPath::parse(file).expect("a path")).expect("a file");
    let line = text.lines().nth(written.line.expect("a line") - 1).expect("that line");
    let source = subject.files.source(node.place.file);
    let template = source.text()[node.place.span.range()].to_owned();
    let scalar = node.as_str().map(str::to_owned);
    Field { line: line.to_owned(), told, template, scalar }
}

#[test]
fn every_field_that_a_hole_printed_is_explained_and_no_other() {
    assert!(fields().len() > 1000, "the example has fields");
    for Field { told, template, .. } in fields() {
        let is_printed = template.contains("{{");
        let place = format!("{} {}: {told:?}", told.object, told.path);
        match told.origin {
            Origin::Value | Origin::Computed => assert!(is_printed, "{place}"),
            Origin::Constant => assert_eq!(is_printed, !told.holes.is_empty(), "{place}"),
            Origin::Namespace => assert_eq!(told.path, "metadata.namespace"),
            Origin::Edited => assert!(!is_printed && told.holes.is_empty(), "{place}"),
            Origin::Omitted | Origin::Parts => panic!("{place}"),
        }
    }
}

#[test]
fn a_field_that_is_a_value_equals_the_winner() {
    for Field { told, .. } in fields().iter().filter(|one| one.told.origin == Origin::Value) {
        let used = told.holes.iter().flat_map(|hole| &hole.values);
        let used = used.clone().find(|used| used.role == "printed").expect("the value");
        let (Some(field), Some(value)) = (&told.value, &used.value) else { continue };
        let as_text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let is_same = field == value || field.as_str() == Some(&as_text);
        assert!(is_same, "{} {}: {field} is said to be {value}", told.object, told.path);
        let set_by = used.set_by.as_ref().map(|setting| &setting.value);
        assert!(set_by.is_none_or(|set| set == value), "{used:?}");
    }
}

#[test]
fn only_what_a_template_itself_passes_on_reads_no_value() {
    let holes = fields().iter().flat_map(|one| &one.told.holes);
    let none: BTreeSet<_> = holes.filter(|hole| hole.values.is_empty()).map(|h| &h.text).collect();
    // A name that the template gave to a constant: an item of its own list, an argument of its own.
    let is_name = |hole: &&&String| {
        let name = hole.strip_prefix("{{ ").and_then(|hole| hole.strip_suffix(" }}"));
        name.is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_lowercase()))
    };
    let others: Vec<_> = none.iter().filter(|hole| !is_name(hole)).collect();
    assert!(others.is_empty(), "{others:#?}");
}

#[test]
fn every_field_is_written_where_it_is_said_to_be() {
    for Field { told, scalar, line, .. } in fields() {
        // A long text is folded: its line holds at least its first word.
        let first = scalar.as_deref().unwrap_or_default().split_whitespace().next().unwrap_or("");
        let is_there = line.contains(first) || line.ends_with(['|', '-', ':']);
        assert!(is_there, "{} {} is not in {line:?}", told.object, told.path);
    }
}

#[test]
fn a_trace_changes_no_byte() {
    let workspace = workspace();
    let targets: Vec<&Target> = workspace.targets().iter().collect();
    let plain = Builder::new(&workspace).build(&targets).expect("a build");
    let traced = Builder::new(&workspace).with_trace().build(&targets).expect("a build");
    assert!(plain.tree.files().eq(traced.tree.files()));
    assert!(plain.targets.iter().all(|target| target.trace.is_none()));
}

#[test]
fn values_with_their_sources_read_back_as_the_same_values() {
    for_each(|subject, workspace, _| {
        let root = subject.charts[subject.asked].values.root();
        let text = sources(root, |_| "somewhere: 1".to_owned());
        let file = workspace.files().add("values.yaml", text.into_bytes()).expect("text");
        let read = yaml::parse(file.text(), file.id(), yaml::Options::default()).expect("YAML");
        assert_eq!(in_yaml(&read[0].root), in_yaml(root));
    });
}

/// The keys of every map in a JSON document.
fn keys(document: &serde_json::Value, found: &mut BTreeSet<String>) {
    match document {
        serde_json::Value::Object(map) => {
            found.extend(map.keys().cloned());
            map.iter().filter(|(key, _)| *key != "value").for_each(|(_, one)| keys(one, found));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn every_key_of_the_json_is_on_the_page() {
    let page = include_str!("../docs/explain.md");
    let (_, page) = page.split_once("## How does a program read it?").expect("the section");
    let found = Mutex::new(BTreeSet::new());
    for_each(|subject, _, part| {
        let mut own = BTreeSet::new();
        let told = value(subject, "").expect("all values");
        keys(&serde_json::to_value(told).expect("JSON"), &mut own);
        for (path, _) in leaves(subject.charts[subject.asked].values.root()).into_iter().take(20) {
            let told = value(subject, &path_text(&path)).expect("a leaf");
            keys(&serde_json::to_value(told).expect("JSON"), &mut own);
        }
        let made = subject.made.expect("it was built");
        for one in made.manifests.iter().filter(|one| one.part.as_deref() == part).take(1) {
            let told = field(subject, &one.id.to_string(), None).expect("an object");
            keys(&serde_json::to_value(told).expect("JSON"), &mut own);
        }
        found.lock().expect("no test panics with it").extend(own);
    });
    let found = found.into_inner().expect("no test panics with it");
    assert!(found.len() > 20, "{found:?}");
    let missing: Vec<_> = found.iter().filter(|key| !page.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty(), "docs/explain.md does not name {missing:?}");
}
