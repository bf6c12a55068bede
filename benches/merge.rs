//! How long it takes to merge nine layers of 2,000 leaves each for 1,000 targets, on two threads:
//! `cargo bench --bench merge`.
//!
//! Four layers are the same for all targets; five belong to one of 100 services, and lie over them in
//! another order for each of its ten targets, so that no two targets are the same. The schema is without
//! lists that merge, or keys the lists of `env`.

use divan::Bencher;
use jibe::diag::Sink;
use jibe::source::Files;
use jibe::values::{Known, Layer, Merger, Reach};
use rayon::prelude::*;
use std::fmt::Write;
use std::sync::Arc;

const TARGETS: usize = 1_000;
const SERVICES: usize = 100;
const SHARED: usize = 4;
const OWN: usize = 5;

fn main() {
    divan::main();
}

/// 2,000 leaves: 40 maps of 10 maps with 5 scalars each.
fn maps(layer: usize) -> String {
    let mut text = String::new();
    for outer in 0..40 {
        writeln!(text, "group{outer}:").expect("a string takes any text");
        for inner in 0..10 {
            let leaves: Vec<_> = (0..5).map(|leaf| format!("key{leaf}: value {layer}")).collect();
            writeln!(text, "  part{inner}: {{ {} }}", leaves.join(", ")).expect("as above");
        }
    }
    text
}

/// 2,000 leaves: 20 lists `env` of 50 items with a name and a value each.
fn lists(layer: usize) -> String {
    let mut text = String::new();
    for group in 0..20 {
        writeln!(text, "group{group}:\n  env:").expect("a string takes any text");
        for item in 0..50 {
            let number = item + layer;
            writeln!(text, "  - {{ name: VARIABLE_{number}, value: value {layer} }}")
                .expect("as above");
        }
    }
    text
}

/// The defaults, and the layers of each target.
fn ladders(text: fn(usize) -> String) -> (Layer, Vec<Vec<Layer>>) {
    let files = Files::memory::<&str, &str>([]).expect("no paths");
    let read = |name: String, reach: Reach, text: String| {
        let source = files.add(&name, text.into_bytes()).expect("text");
        Layer::read(&source, name, reach, &mut Sink::new(&files)).expect("a map")
    };
    let defaults = read("defaults".to_owned(), Reach::Own, text(0));
    let shared = 1..SHARED;
    let shared: Vec<_> =
        shared.map(|at| read(format!("shared {at}"), Reach::Shared, text(at))).collect();
    let of_service = |service: usize| -> Vec<_> {
        let own = 0..OWN;
        own.map(|at| read(format!("{service} {at}"), Reach::Own, text(SHARED + at))).collect()
    };
    let services: Vec<_> = (0..SERVICES).map(of_service).collect();
    let of_target = |target: usize| {
        let (mut own, turn) = (services[target % SERVICES].clone(), target / SERVICES);
        own.rotate_left(turn % OWN);
        if turn >= OWN {
            own.reverse();
        }
        shared.iter().cloned().chain(own).collect()
    };
    let ladders = (0..TARGETS).map(of_target).collect();
    (defaults, ladders)
}

fn keyed() -> Known {
    let schema = serde_json::json!({ "additionalProperties": { "properties": { "env": {
        "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
    } } } });
    Known::declared_by(&Arc::new(schema))
}

fn merge(bencher: Bencher<'_, '_>, text: fn(usize) -> String, known: &Known) {
    let (base, ladders) = ladders(text);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("threads");
    bencher.bench(|| {
        pool.install(|| {
            let merger = Merger::default();
            let one = |layers: &Vec<Layer>| {
                let values = merger.merge(&base, layers, known);
                values.root().as_map().map_or(0, |map| map.len())
            };
            ladders.par_iter().map(one).sum::<usize>()
        })
    });
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn nine_layers_of_maps(bencher: Bencher<'_, '_>) {
    merge(bencher, maps, &Known::default());
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn nine_layers_of_maps_beside_keyed_lists(bencher: Bencher<'_, '_>) {
    merge(bencher, maps, &keyed());
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn nine_layers_of_keyed_lists(bencher: Bencher<'_, '_>) {
    merge(bencher, lists, &keyed());
}
