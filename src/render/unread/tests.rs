//! What several threads note comes to the same as what one does.

use super::{Ledger, Seen, Unread};
use crate::chart::Chart;
use crate::diag::{Severity, Sink};
use crate::render::{Reads, Renderer};
use crate::source::{Files, RelPath};
use crate::values::{self, Known, Layer, Reach, Values};
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::{Arc, Mutex};

/// What a workspace sets for all charts.
const SHARED: &str = "
a:
  b: 1
  c: { d: 2, e: [{ f: 1, g: 2 }, { f: 3 }, 4] }
h: &list [x, { f: 1 }]
i: { j: *list, k: { l: 1 } }
";

/// A chart whose defaults are its name, and what it is rendered with.
struct Given {
    chart: &'static str,
    renderer: Arc<Renderer>,
    values: Values,
}

/// Charts that see all of the shared values, or not all.
fn given() -> Vec<Given> {
    let charts = [("all", "a: {}\nh: []\ni: {}\n"), ("some", "a: {}\nz: 1\n")];
    let texts = charts.iter().flat_map(|(name, defaults)| {
        [
            (format!("{name}/chart.yaml"), format!("name: {name}\nversion: 1.0.0\n")),
            (format!("{name}/values.yaml"), (*defaults).to_owned()),
        ]
    });
    let files = Files::memory(texts).expect("paths");
    let shared = files.add("values.yaml", SHARED.into()).expect("text");
    let mut sink = Sink::new(&files);
    let shared = Layer::read(&shared, "workspace", Reach::Shared, &mut sink).expect("a map");
    let one = |(name, _): (&'static str, _)| {
        let folder = RelPath::parse(name).expect("a path");
        let chart = Chart::load(&files, &folder, &mut Sink::new(&files)).expect("a chart");
        let renderer = Renderer::new(&chart, &mut Sink::new(&files)).expect("no templates");
        let values =
            values::merge(&chart.defaults, std::slice::from_ref(&shared), &Known::default());
        Given { chart: name, renderer: Arc::new(renderer), values }
    };
    charts.map(one).into()
}

/// One render: which chart, what it looked at, what it took as a whole, and what a finding weighs.
#[derive(Debug, Clone)]
struct Render {
    chart: usize,
    looked: Vec<Vec<String>>,
    whole: Vec<Vec<String>>,
    weight: Option<Severity>,
}

fn renders() -> impl Strategy<Value = Vec<Render>> {
    let key =
        prop::sample::select(vec!["a", "b", "c", "d", "e", "*", "f", "g", "h", "i", "j", "k"]);
    let path = vec(key.prop_map(str::to_owned), 1..5);
    let weights = vec![None, Some(Severity::Warning), Some(Severity::Error)];
    let weight = prop::sample::select(weights);
    let render = (0..2usize, vec(path.clone(), 0..6), vec(path, 0..2), weight);
    let render =
        render.prop_map(|(chart, looked, whole, weight)| Render { chart, looked, whole, weight });
    vec(render, 1..7)
}

/// What is told when these renders are noted in turn in so many ledgers.
fn told<'r>(
    given: &[Given],
    renders: impl Iterator<Item = &'r Render>,
    ledgers: usize,
) -> Vec<String> {
    let mut all: Vec<Ledger> = (0..ledgers).map(|_| Ledger::default()).collect();
    for (at, render) in renders.enumerate() {
        let Given { chart, renderer, values } = &given[render.chart];
        let mut reads = Reads::default();
        reads.pass_on(&render.looked, &render.whole, values);
        all[at % ledgers].note(&Seen {
            chart,
            renderer,
            values,
            reads: &reads,
            passed: &[],
            weight: render.weight,
        });
    }
    let findings = Unread(all.into_iter().map(Mutex::new).collect()).findings(|_| true);
    let shown = |finding: &crate::diag::Diagnostic| {
        let place = finding.at.as_ref().map(|label| label.place);
        format!("{:?} {:?} {} {:?}", place, finding.severity, finding.message, finding.hints)
    };
    let mut told: Vec<_> = findings.iter().map(shown).collect();
    told.sort();
    told
}

proptest! {
    #[test]
    fn neither_order_nor_threads_change_what_is_told(renders in renders()) {
        let given = given();
        let expect = told(&given, renders.iter(), 1);
        prop_assert_eq!(&told(&given, renders.iter().rev(), 1), &expect);
        for ledgers in [2, 3] {
            prop_assert_eq!(&told(&given, renders.iter(), ledgers), &expect);
        }
    }
}

#[test]
fn what_two_threads_read_together_is_read() {
    let look = |path: &[&str]| Render {
        chart: 0,
        looked: vec![path.iter().map(|key| (*key).to_owned()).collect()],
        whole: Vec::new(),
        weight: Some(Severity::Warning),
    };
    let renders =
        [look(&["a", "b"]), look(&["a", "c", "d"]), look(&["a", "c", "e", "*", "f"]), look(&["h"])];
    let told = told(&given(), renders.iter(), 2);
    let names: Vec<_> = told.iter().filter_map(|text| text.split('`').nth(1)).collect();
    assert_eq!(names, ["a.c.e[0].g", "h[0]", "h[1]", "i", "i"]);
}
