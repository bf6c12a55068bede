//! The house rules: which room may use which, how large things may grow, what no module is called, and that the program
//! is one file.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms in reading order (the `mod` order of `src/lib.rs`) and the rooms above that each may use.
const ROOMS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("diag", &["source"]),
    ("yaml", &["source", "diag"]),
    ("cel", &["diag"]),
    ("api", &["source", "diag", "yaml", "cel"]),
    ("values", &["source", "diag", "yaml"]),
    ("manifest", &["source", "diag", "yaml", "api"]),
    ("transform", &["source", "diag", "yaml", "api", "manifest"]),
    ("check", &["source", "diag", "yaml", "cel", "api", "manifest"]),
    ("lint", &["source", "diag", "yaml", "api", "manifest", "check"]),
    ("kustomize", &["source", "diag", "yaml", "api", "manifest", "transform"]),
    ("chart", &["source", "diag", "yaml", "values"]),
    ("workspace", &["source", "diag", "yaml", "api", "values", "chart"]),
    ("render", &["source", "diag", "yaml", "values", "chart"]),
    ("tree", &["source", "diag", "yaml", "api", "manifest", "check"]),
    ("receipt", &["source", "tree"]),
    (
        "explain",
        &[
            "source",
            "diag",
            "yaml",
            "values",
            "manifest",
            "check",
            "chart",
            "workspace",
            "render",
            "tree",
        ],
    ),
    ("docs", &["source", "diag", "yaml", "values", "check", "chart"]),
    (
        "pipeline",
        &[
            "source",
            "diag",
            "yaml",
            "api",
            "values",
            "manifest",
            "transform",
            "check",
            "kustomize",
            "chart",
            "workspace",
            "render",
            "tree",
        ],
    ),
];

const FORBIDDEN_NAMES: &[&str] =
    &["utils", "util", "helpers", "common", "misc", "core", "prelude", "types", "manager"];

const MAX_LINES: usize = 600;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => found.extend(rust_files(&path)),
            false if path.extension().is_some_and(|e| e == "rs") => found.push(path),
            false => {}
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a readable file")
}

/// The rooms that a file names after `crate::`.
fn rooms_used(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let uses = code.flat_map(|line| line.split("crate::").skip(1).map(str::to_owned));
    uses.map(|rest| {
        rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '{').collect()
    })
    .collect()
}

#[test]
fn imports_stay_inside_their_row_of_the_table() {
    let mut wrong = Vec::new();
    for (room, allowed) in ROOMS {
        for file in rust_files(&root().join("src").join(room)) {
            for used in rooms_used(&read(&file)) {
                if used != *room && !allowed.contains(&used.as_str()) {
                    wrong.push(format!(
                        "{} uses `{used}`; {room} may use {allowed:?}",
                        file.display()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rows_stand_in_the_order_of_the_modules() {
    let text = read(&root().join("src/lib.rs"));
    let modules: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ").or(line.strip_prefix("mod ")))
        .map(|line| line.trim_end_matches(';'))
        .filter(|name| root().join("src").join(name).is_dir())
        .collect();
    let rows: Vec<_> = ROOMS.iter().map(|(room, _)| *room).collect();
    assert_eq!(modules, rows);
}

#[test]
fn a_row_names_only_rows_above_it() {
    for (index, (room, allowed)) in ROOMS.iter().enumerate() {
        for used in *allowed {
            let above = ROOMS[..index].iter().any(|(name, _)| name == used);
            assert!(above, "`{room}` names `{used}`, which does not stand above it");
        }
    }
}

#[test]
fn no_file_is_longer_than_600_lines() {
    let folders = ["src", "tests", "benches"].map(|name| root().join(name));
    let files =
        folders.iter().filter(|folder| folder.is_dir()).flat_map(|folder| rust_files(folder));
    let long = files.filter(|file| read(file).lines().count() > MAX_LINES);
    let names: Vec<_> = long.map(|file| file.display().to_string()).collect();
    assert!(names.is_empty(), "look for the missing noun in {names:?}");
}

#[test]
fn no_module_has_a_name_that_says_nothing() {
    for file in rust_files(&root().join("src")) {
        let stem = file.file_stem().and_then(|stem| stem.to_str()).expect("a name");
        assert!(!FORBIDDEN_NAMES.contains(&stem), "{} needs a noun", file.display());
    }
}

#[test]
fn every_module_opens_with_its_promise() {
    for file in rust_files(&root().join("src")) {
        let first = read(&file).lines().next().unwrap_or_default().to_owned();
        assert!(first.starts_with("//!"), "{} opens without `//!`", file.display());
    }
}

/// Flags of the environment take the place of the repository's.
#[cfg(all(
    target_os = "linux",
    target_env = "gnu",
    target_pointer_width = "64",
    target_endian = "little"
))]
#[test]
fn the_program_needs_no_library_of_the_system() {
    const LOADED: usize = 1;
    const INTERPRETER: usize = 3;
    let flags = ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS"];
    if flags.iter().any(|flags| std::env::var_os(flags).is_some()) {
        eprintln!("skipped: the environment says how the program is linked");
        return;
    }
    let program = fs::read(env!("CARGO_BIN_EXE_jibe")).expect("the program");
    let number = |at: usize, bytes: usize| {
        let digits = program[at..at + bytes].iter().rev();
        digits.fold(0, |sum, digit| (sum << 8) | usize::from(*digit))
    };
    // What an ELF file says of its segments: where they are described, in how many bytes each, how many there are.
    let (start, size, count) = (number(32, 8), number(54, 2), number(56, 2));
    let kinds: Vec<_> = (0..count).map(|index| number(start + index * size, 4)).collect();
    assert!(kinds.contains(&LOADED), "{kinds:?}");
    assert!(!kinds.contains(&INTERPRETER), "linked dynamically: {kinds:?}");
}
