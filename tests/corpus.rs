//! Inputs that once broke a property of `fuzz/`, or come close: every file below `tests/corpus/TARGET`
//! is replayed, and so are mutations of it, made in the same way each time.

#[path = "../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "it is a library elsewhere")]
mod properties;
mod random;

use properties::{PROPERTIES, Property};
use random::Random;
use std::fs;
use std::path::Path;

/// How many mutations of each input are tried.
const MUTATIONS: usize = 20;

/// The inputs of a property, by name.
fn inputs(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(target);
    let entries =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut inputs: Vec<_> = entries
        .map(|path| (path.display().to_string(), fs::read(&path).expect("a file")))
        .collect();
    inputs.sort();
    inputs
}

/// The input with a few bytes changed, removed, repeated or taken from another one.
fn mutated(input: &[u8], other: &[u8], numbers: &mut Random) -> Vec<u8> {
    let signs = b"{}[]:,-?&*!|>'\"%@`#~<. \n\t0aZ\\";
    let mut bytes = input.to_vec();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + numbers.below(8)).min(bytes.len());
        match numbers.below(5) {
            0 => bytes.insert(at, signs[numbers.below(signs.len())]),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.splice(at..at, bytes[at..end].to_vec()).for_each(drop),
            3 if at < bytes.len() => bytes[at] ^= 1 << numbers.below(8),
            _ => {
                let from = numbers.below(other.len().max(1));
                let taken = &other[from..(from + numbers.below(16)).min(other.len())];
                bytes.splice(at..at, taken.iter().copied()).for_each(drop);
            }
        }
    }
    bytes
}

/// The property holds for every input and its mutations.
fn check(target: &str) {
    let found = PROPERTIES.iter().find(|(name, _)| *name == target);
    let property: Property = found.expect("a property").1;
    let inputs = inputs(target);
    assert!(!inputs.is_empty());
    let mut numbers = Random::new(0);
    for (name, input) in &inputs {
        println!("{name}");
        property(input);
        for _ in 0..MUTATIONS {
            let other = &inputs[numbers.below(inputs.len())].1;
            let mutated = mutated(input, other, &mut numbers);
            println!("{:?}", String::from_utf8_lossy(&mutated));
            property(&mutated);
        }
    }
}

#[test]
fn yaml_is_read_or_refused() {
    check("yaml_read");
}

#[test]
fn what_was_written_reads_back_as_the_same_data() {
    check("yaml_round_trip");
}

#[test]
fn templates_give_manifests_or_findings_and_the_same_each_time() {
    check("template_render");
}

#[test]
fn objects_have_an_identity_of_their_own_or_are_refused() {
    check("manifest_identify");
}

#[test]
fn files_lie_below_the_output_folder_under_plain_names() {
    check("path_mapping");
}

#[test]
fn expressions_have_values_of_the_type_that_was_judged_or_say_why_not() {
    check("cel_run");
}

#[test]
fn definitions_and_their_objects_are_taken_or_refused_and_the_same_each_time() {
    check("definition_lint");
}
