//! What README.md and docs/ show is run.
//!
//! Three kinds of things are run, each in the order of its page:
//!
//! - A `console` block: lines that begin with `$ ` are commands, the lines behind a command are what
//!   it prints on both outputs. `...` on a line of its own stands for lines that are left out. An exit
//!   code other than 0 is shown as `(exit code 1)`. A comment before it says where the commands run:
//!   `<!-- workspace: charts-example -->` is a fresh copy of that folder, `<!-- workspace: empty -->`
//!   an empty one; later blocks of the page go on there.
//! - A block whose first line names a file, `# charts/web/values.yaml` or `{# templates/_a.j2 #}`, is that file.
//! - Behind `<!-- chart -->` a `jinja` block is a template. The `yaml` block behind it is what it
//!   becomes, the `text` block behind it the message that it gets. So is a row of a table that ends
//!   in the columns `template` and `becomes`, the latter as JSON.
//!
//! `cargo bless` writes the results anew: read the diff.

mod chart;
mod codes;
mod console;
mod limits;
mod page;

use chart::Bench;
use console::Folder;
use page::{Item, Page};
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

/// Runs a page and compares it with what it shows.
fn run(path: &Path) {
    let mut page = Page::read(path);
    let mut place = Place::Nowhere;
    let mut pending: Option<String> = None;
    for item in page.items() {
        let shown = format!("{}:{}", path.display(), item.line() + 1);
        match (&item, &mut place) {
            (Item::Comment { text, .. }, _) => {
                place = Place::named(text).unwrap_or(place);
                continue;
            }
            (Item::Block { kind, text, lines }, _) if page::file_name(text).is_some() => {
                assert!(kind != "console", "{shown}: a command names no file");
                let name = page::file_name(text).expect("it was just found");
                place.file(&name, text);
                let _ = lines;
            }
            (Item::Block { kind, text, lines }, Place::Folder(folder)) if kind == "console" => {
                page.replace(lines.clone(), &folder.run(text, &shown));
            }
            (Item::Block { kind, .. }, _) if kind == "console" => {
                panic!("{shown}: no `<!-- workspace: … -->` comment says where this runs");
            }
            (Item::Block { kind, text, .. }, Place::Chart(_)) if kind == "jinja" => {
                assert!(pending.is_none(), "{shown}: the template before it shows no result");
                pending = Some(text.clone());
            }
            (Item::Block { kind, text, lines }, Place::Chart(bench)) if pending.is_some() => {
                let fresh = bench.block(&pending.take().expect("a template"), kind);
                page.compare(lines.clone(), text, &fresh, &shown);
            }
            (Item::Row { template, becomes, lines }, Place::Chart(bench)) => {
                let fresh = bench.row(template);
                page.compare_row(lines.clone(), becomes, &fresh, &shown);
            }
            _ => {}
        }
    }
    assert!(pending.is_none(), "{}: the last template shows no result", path.display());
    page.finish(path);
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
    values: "docs/values.md",
    templates: "docs/templates.md",
    output: "docs/output.md",
    checks: "docs/checks.md",
    from_helm: "docs/from-helm.md",
    limits_page: "docs/limits.md",
    compatibility: "docs/compatibility.md",
    codes_page: "docs/codes.md",
    library: "docs/library.md",
    architecture: "docs/ARCHITECTURE.md",
    contributing: "docs/CONTRIBUTING.md",
    decisions: "docs/decisions.md",
}

fn pages() -> Vec<String> {
    let entries = std::fs::read_dir(repository().join("docs")).expect("docs/");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let pages: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|e| e == "md")).collect();
    let name = |path: &PathBuf| path.file_name().expect("a name").to_string_lossy().into_owned();
    pages.iter().map(|path| format!("docs/{}", name(path))).collect()
}

/// The names between the brackets of a constant list in a source file.
fn names_in(path: &str, list: &str) -> Vec<String> {
    let source = std::fs::read_to_string(repository().join(path)).expect("source");
    let (_, from) = source.split_once(&format!("const {list}: ")).expect("the list");
    let (body, _) = from.split_once("];").expect("its end");
    body.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_filter_and_function_has_an_example() {
    let rows = Page::read(&repository().join("docs/templates.md")).items();
    let templates: Vec<_> = rows
        .iter()
        .filter_map(|item| match item {
            Item::Row { template, .. } => Some(template.as_str()),
            _ => None,
        })
        .collect();
    let names = "src/render/filters/names.rs";
    let filters = names_in(names, "NAMES").into_iter().map(|name| format!("| {name}"));
    let functions = names_in(names, "FUNCTIONS").into_iter().map(|name| format!("{{{{ {name}"));
    for used in filters.chain(functions) {
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let is_shown =
            |text: &&str| text.match_indices(&used).any(|(at, _)| ends(&text[at + used.len()..]));
        assert!(templates.iter().any(is_shown), "docs/templates.md has no example of `{used}`");
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
