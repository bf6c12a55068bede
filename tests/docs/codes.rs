//! docs/codes.md is written from the codes themselves.

use super::{blesses, repository};
use jibe::Code;
use std::fmt::Write;

const HEAD: &str = "\
# What does this code mean?

Every finding has a code: `error[values/schema]`. The part before the `/` is the stage of the pipeline that found it.
Codes that begin with `check/` or `api/` may weigh otherwise where [jibe.yaml says so](checks.md#how-do-findings-weigh). This page is
written from the source by `cargo bless`.
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    let mut last = "";
    for code in Code::ALL {
        let stage = code.name().split('/').next().unwrap_or_default();
        if stage != last {
            write!(page, "\n## {stage}\n\n| code | what it means, and what to do |\n|---|---|\n")
                .expect("a string takes any text");
            last = stage;
        }
        let manual = code.manual().split_whitespace().collect::<Vec<_>>().join(" ");
        let manual = manual.replace('|', "\\|");
        writeln!(page, "| `{code}` | {manual} |").expect("a string takes any text");
    }
    page
}

#[test]
fn the_page_of_codes_lists_every_code_with_its_manual_entry() {
    let path = repository().join("docs/codes.md");
    if blesses() {
        std::fs::write(&path, page()).expect("a writable page");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == page(), "docs/codes.md is stale: run `cargo bless`");
}
