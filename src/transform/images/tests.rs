//! What entries make of images, and that an entry looks only where it can find something.

use super::seen::{AllSeen, Seen};
use super::{Image, ImageNames, set_images, split};
use crate::diag::Sink;
use crate::source::{Files, Place};
use crate::transform::{Resource, Resources, Text};
use crate::yaml;
use proptest::prelude::*;
use std::sync::Arc;

#[test]
fn a_port_of_a_host_is_no_tag() {
    assert_eq!(split("host:5000/app"), ("host:5000/app", "", ""));
    assert_eq!(split("host:5000/app:1"), ("host:5000/app", "1", ""));
    assert_eq!(split("app:1@sha256:a"), ("app", "1", "sha256:a"));
    assert_eq!(split("app@sha256:a"), ("app", "", "sha256:a"));
}

fn image(name: &str, (new_name, suffix): (&str, &str), place: Place) -> Image {
    let text = |text: &str| (!text.is_empty()).then(|| Text::new(text, place));
    Image {
        name: Text::new(name, place),
        new_name: text(new_name),
        new_tag: None,
        digest: None,
        tag_suffix: text(suffix),
        place,
    }
}

/// What entries, each a name, a new name and a suffix, make of objects that each have such an image; all entries at once,
/// or each by itself.
fn made(images: &[&str], entries: &[(&str, &str, &str)], at_once: usize) -> String {
    let text: String = images
        .iter()
        .enumerate()
        .map(|(at, image)| {
            format!("{{apiVersion: v1, kind: Pod, metadata: {{name: p{at}}}, spec: {{containers: [{{image: '{image}'}}]}}}}\n---\n")
        })
        .collect();
    let files = Files::memory([("x", "")]).expect("a path");
    let source = files.add("pods.yaml", text.into_bytes()).expect("a text");
    let mut sink = Sink::new(&files);
    let documents = yaml::read(&source, &mut sink).unwrap_or_else(|_| panic!("{}", source.text()));
    let list = documents.into_iter().map(|document| Resource::new(document.root)).collect();
    let mut resources = Resources::from_list(list);
    let place = source.place(0, 0);
    let entries: Vec<_> =
        entries.iter().map(|(name, new, suffix)| image(name, (new, suffix), place)).collect();
    for entries in entries.chunks(at_once) {
        let done = set_images((entries, ImageNames::Patterns), &[], &mut resources, &mut sink);
        done.unwrap_or_else(|_| panic!("names are patterns"));
    }
    yaml::write_all(resources.iter().map(|one| &one.node))
}

const IMAGES: &[&str] = &[
    "web",
    "web:1",
    "host:5000/web",
    "host:5000/a/web:1@sha256:00",
    "hostx5000/a/web@sha256:00",
    "web@sha256:1:2",
    "a.b/c.d",
    "a/b/c/d:1",
    "",
];
const NAMES: &[&str] = &[
    "web",
    "w.b",
    "host:5000/web",
    "host.5000/a/web",
    "web:1",
    "web@sha256",
    "web@sha256:1",
    "a.b/c/d",
    "a.b/c.d",
    ".*web",
    "(web|d)",
    "",
    "a/",
    "b/web",
    "web:1-x",
];
const NEW: &[&str] = &["", "web", "a/b/web", "c.d"];
const SUFFIXES: &[&str] = &["", "-x"];

proptest! {
    #[test]
    fn entries_at_once_make_what_each_by_itself_makes(
        images in prop::collection::vec(prop::sample::select(IMAGES), 1..5),
        entries in prop::collection::vec(
            (prop::sample::select(NAMES), prop::sample::select(NEW), prop::sample::select(SUFFIXES)), 1..6,
        ),
    ) {
        prop_assert_eq!(made(&images, &entries, entries.len()), made(&images, &entries, 1));
    }
}

#[test]
fn an_entry_looks_only_at_objects_whose_images_may_have_its_name() {
    let files = Files::memory([("x", "")]).expect("a path");
    let place = files.add("x", Vec::new()).expect("a text").place(0, 0);
    let seen = |text: String| Seen { texts: vec![Arc::from(text)], ..Seen::default() };
    let mut all = AllSeen::new((0..1000).map(|at| seen(format!("host/a.b/app-{at}:1"))).collect());
    let candidates = |all: &AllSeen, name: &str| {
        all.candidates(&image(name, ("", ""), place), &ImageNames::Patterns)
    };
    assert_eq!(candidates(&all, "host/a.b/app-7"), [7]);
    assert!(candidates(&all, "app-1001").is_empty());
    assert_eq!(candidates(&all, "host/.*").len(), 1000);
    all.set(7, seen("host/other".to_owned()));
    assert!(candidates(&all, "host/a.b/app-7").is_empty());
    assert_eq!(candidates(&all, "other"), [7]);
}
