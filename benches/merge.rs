//! How long it takes to merge nine layers of 2,000 leaves each for 1,000 targets, on two threads:
//! `cargo bench --bench merge`.
//!
//! Four layers are the same for all targets, five belong to one of 100 services each; the schema is
//! without lists that merge, or keys the lists of `env`.

use divan::Bencher;
use jibe::diag::Sink;
use jibe::source::Files;
use jibe::values::{self, Known, Layer, Reach};
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

/// The defaults, and the layers of each service.
fn ladders(text: fn(usize) -> String) -> (Layer, Vec<Vec<Layer>>) {
    let files = Files::memory::<&str, &str>([]).expect("no paths");
    let read = |name: String, text: String| {
        let source = files.add(&name, text.into_bytes()).expect("text");
        Layer::read(&source, name, Reach::Own, &mut Sink::new(&files)).expect("a map")
    };
    let shared: Vec<_> = (0..SHARED).map(|at| read(format!("shared {at}"), text(at))).collect();
    let of_service = |service: usize| {
        let own = (0..OWN).map(|at| read(format!("{service} {at}"), text(SHARED + at)));
        shared[1..].iter().cloned().chain(own).collect()
    };
    let ladders = (0..SERVICES).map(of_service).collect();
    (shared[0].clone(), ladders)
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
            let one = |target: usize| {
                let values = values::merge(&base, &ladders[target % SERVICES], known);
                values.root().as_map().map_or(0, |map| map.len())
            };
            (0..TARGETS).into_par_iter().map(one).sum::<usize>()
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
