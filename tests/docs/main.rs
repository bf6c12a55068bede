//! What README.md and docs/ show is run.
//!
//! Three kinds of things are run, each in the order of its page:
//!
//! - A `console` block: lines that begin with `$ ` are commands, the lines behind a command are what
//!   it prints on both outputs. `...` on a line of its own stands for lines that are left out. An exit
//!   code other than 0 is shown as `(exit code 1)`. A comment before it says where the commands run:
//!   `<!-- workspace: charts-example -->` is a fresh copy of that folder, `<!-- workspace: empty -->`
//!   an empty one; later blocks of the page go on there.
//! - A block whose first line names a file, `# charts/web/values.yaml` or `{# templates/_a.j2 #}`, is that file;
//!   in a `json` block that line is no part of it.
//! - Behind `<!-- chart -->` a `jinja` block is a template. The `yaml` block behind it is what it
//!   becomes, the `text` block behind it the message that it gets. So is a row of a table that ends
//!   in the columns `template` and `becomes`, the latter as JSON.
//!
//! Where a chart's page shows a `helm` block before a `jinja` block, or a column `Helm` beside `template`, both give
//! the same objects: what Helm makes of it was recorded from the real program, see `helm.rs`. A
//! column `Helm gives` stands where the results differ, a column `flags` for what is typed.
//!
//! `cargo bless` writes the results anew: read the diff.

mod chart;
mod codes;
mod console;
mod helm;
mod limits;
mod names;
mod page;

use chart::Bench;
use console::Folder;
use helm::{Asked, Helm, Outcome};
use page::{Item, Page, Row};
use std::ops::Range;
use std::path::{Path, PathBuf};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn blesses() -> bool {
    std::env::var_os("JIBE_BLESS").is_some()
}

/// Where the things of a page are run.
enum Place {
    Nowhere,
    Folder(Folder),
    Chart(Bench),
}

impl Place {
    fn named(directive: &str) -> Option<Self> {
        match directive.split_once(':').map_or((directive, ""), |(a, b)| (a.trim(), b.trim())) {
            ("chart", "") => Some(Self::Chart(Bench::default())),
            ("workspace", "empty") => Some(Self::Folder(Folder::empty())),
            ("workspace", name) => Some(Self::Folder(Folder::copy(&repository().join(name)))),
            _ => None,
        }
    }

    fn file(&mut self, path: &str, text: &str) {
        match self {
            Self::Nowhere => {}
            Self::Folder(folder) => folder.write(path, text),
            Self::Chart(bench) => bench.write(path, text),
        }
    }
}

/// A page that is being run.
struct Run {
    page: Page,
    place: Place,
    helm: Helm,
    /// The template of a `helm` block, of which the next `jinja` block is the counterpart.
    theirs: Option<String>,
    /// The template whose result stands in the next block.
    pending: Option<String>,
}

/// Runs a page and compares it with what it shows.
fn run(path: &Path) {
    let page = Page::read(path);
    let items = page.items();
    let mut run =
        Run { page, place: Place::Nowhere, helm: Helm::open(), theirs: None, pending: None };
    for item in items {
        let shown = format!("{}:{}", path.display(), item.line() + 1);
        match item {
            Item::Comment { text, .. } => {
                run.place = Place::named(&text).unwrap_or(run.place);
            }
            Item::Block { kind, text, lines } => run.block(&kind, &text, lines, &shown),
            Item::Row(row) => run.row(&row, &shown),
        }
    }
    let is_over = run.pending.is_none() && run.theirs.is_none();
    assert!(is_over, "{}: the last template shows no result", path.display());
    run.helm.finish();
    run.page.finish(path);
}

impl Run {
    fn block(&mut self, kind: &str, text: &str, lines: Range<usize>, at: &str) {
        if let Some(name) = page::file_name(text) {
            assert!(kind != "console", "{at}: a command names no file");
            // JSON has no comments.
            let behind_name = text.split_once('\n').map_or("", |(_, rest)| rest);
            return self.place.file(&name, if kind == "json" { behind_name } else { text });
        }
        match (kind, &mut self.place) {
            ("console", Place::Folder(folder)) => {
                self.page.replace(lines, &folder.run(text, at));
            }
            ("console", _) => {
                panic!("{at}: no `<!-- workspace: … -->` comment says where this runs");
            }
            ("helm", Place::Chart(_)) => {
                assert!(
                    self.theirs.is_none(),
                    "{at}: the block for Helm before it has no counterpart"
                );
                self.theirs = Some(text.to_owned());
            }
            ("jinja", Place::Chart(_)) => {
                assert!(self.pending.is_none(), "{at}: the template before it shows no result");
                self.pending = Some(text.to_owned());
            }
            (_, Place::Chart(bench)) => {
                let Some(template) = self.pending.take() else { return };
                self.page.compare(lines, text, &bench.block(&template, kind), at);
                if let Some(theirs) = self.theirs.take() {
                    let helm = self.helm.outcome(&Asked::new(bench, "", &theirs), at);
                    let jibe = bench.outcome(&template, "");
                    assert!(
                        helm::agree(&helm, &jibe),
                        "{at}: Helm gives {helm:#?}, jibe {jibe:#?}"
                    );
                }
            }
            _ => {}
        }
    }

    fn row(&mut self, row: &Row, at: &str) {
        let Place::Chart(bench) = &self.place else { return };
        let jibe = bench.outcome(&format!("x: {}\n", row.template), &row.flags);
        let (place, shown) = &row.becomes;
        let mut fresh = vec![(*place, shown.as_str(), hole(&jibe))];
        if let Some(theirs) = &row.helm {
            let asked = Asked::new(bench, &row.flags, &format!("x: {theirs}"));
            let helm = self.helm.outcome(&asked, at);
            let agree = helm::agree(&helm, &jibe);
            if let Some((place, shown)) = &row.helm_gives {
                assert!(!agree, "{at}: Helm gives the same, so this row belongs elsewhere");
                fresh.push((*place, shown, hole(&helm)));
            } else {
                assert!(agree, "{at}: Helm gives {helm:?}, jibe {jibe:?}");
            }
        }
        self.page.compare_row(row, &fresh, at);
    }
}

/// What the hole of a row became, as its cell shows it.
fn hole(outcome: &Outcome) -> String {
    match outcome {
        Ok(objects) => {
            let value = objects.first().and_then(|object| object.get("x"));
            value.map_or("nothing".to_owned(), |value| value.to_string())
        }
        Err(message) => format!("error: {message}"),
    }
}

fn check(name: &str) {
    run(&repository().join(name));
}

macro_rules! pages {
    ($($test:ident: $path:literal,)+) => {
        $(#[test] fn $test() { check($path); })+

        #[test]
        fn every_page_is_run() {
            let named = [$($path),+];
            for page in pages() {
                assert!(named.contains(&page.as_str()), "add {page} to the list in tests/docs/main.rs");
            }
        }
    };
}

pages! {
    the_readme_shows_what_happens: "README.md",
    start: "docs/start.md",
    example_page: "docs/example.md",
    workspace: "docs/workspace.md",
    dependencies: "docs/dependencies.md",
    values: "docs/values.md",
    explain: "docs/explain.md",
    secrets: "docs/secrets.md",
    templates: "docs/templates.md",
    output: "docs/output.md",
    checks: "docs/checks.md",
    baseline: "docs/baseline.md",
    lint: "docs/lint.md",
    overlays: "docs/overlays.md",
    from_helm: "docs/from-helm.md",
    from_kustomize: "docs/from-kustomize.md",
    limits_page: "docs/limits.md",
    compatibility: "docs/compatibility.md",
    kustomize_page: "docs/kustomize.md",
    codes_page: "docs/codes.md",
    library: "docs/library.md",
    architecture: "docs/ARCHITECTURE.md",
    contributing: "docs/CONTRIBUTING.md",
    decisions: "docs/decisions.md",
    performance: "docs/performance.md",
}

fn pages() -> Vec<String> {
    let entries = std::fs::read_dir(repository().join("docs")).expect("docs/");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let pages: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|e| e == "md")).collect();
    let name = |path: &PathBuf| path.file_name().expect("a name").to_string_lossy().into_owned();
    pages.iter().map(|path| format!("docs/{}", name(path))).collect()
}

#[test]
fn the_readme_lists_every_page() {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("README.md");
    let links = page::links(&readme);
    for page in pages() {
        assert!(links.contains(&page), "README.md, \"Read on\", does not list {page}");
    }
}

#[test]
fn the_table_of_rooms_stands_in_reading_order() {
    let read = |path| std::fs::read_to_string(repository().join(path)).expect("a file");
    let (library, page) = (read("src/lib.rs"), read("docs/ARCHITECTURE.md"));
    let modules = library.lines().filter_map(|line| line.strip_prefix("pub mod "));
    let modules: Vec<_> = modules.map(|name| name.trim_end_matches(';')).collect();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("/` |"));
    let rows: Vec<_> = rows.map(|(room, _)| room).filter(|room| !room.contains('/')).collect();
    assert_eq!(rows[..modules.len()], modules, "docs/ARCHITECTURE.md");
}

#[test]
fn every_link_leads_to_a_page_and_a_heading() {
    for page in pages().iter().map(String::as_str).chain(["README.md", "CHANGELOG.md"]) {
        let path = repository().join(page);
        for link in page::links(&std::fs::read_to_string(&path).expect("a page")) {
            let (file, heading) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file {
                "" => path.clone(),
                _ => path.parent().expect("a folder").join(file),
            };
            assert!(target.exists(), "{page} links to {link}, which is not there");
            let text = std::fs::read_to_string(&target).unwrap_or_default();
            let there = heading.is_empty() || page::headings(&text).iter().any(|h| h == heading);
            assert!(there, "{page} links to {link}, but {file} has no such heading");
        }
    }
}
