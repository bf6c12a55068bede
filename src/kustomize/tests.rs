//! Whole builds of small trees.

use super::{Options, build, print};
use crate::diag::Sink;
use crate::source::{Files, RelPath};

/// Builds the root of these files and compares what is printed, or the findings.
#[track_caller]
fn check(files: &[(&str, &str)], expect: &str) {
    let files = Files::memory(files.iter().copied()).expect("paths");
    let mut sink = Sink::new(&files);
    let built = build(&files, &RelPath::root(), &Options::default(), &mut sink);
    let text = match built {
        Ok((resources, _)) => print(&resources),
        Err(_) => {
            let failure = sink.finish().expect_err("a failed build reports");
            let lines = failure.diagnostics().iter();
            lines.map(|finding| format!("{finding} ({})\n", finding.hints.join("; "))).collect()
        }
    };
    assert_eq!(text, expect);
}

#[test]
fn an_object_is_printed_in_the_canonical_form() {
    check(
        &[
            ("kustomization.yaml", "resources: [a.yaml]\n"),
            ("a.yaml", "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n"),
        ],
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n",
    );
}
