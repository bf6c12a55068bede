//! What holds for every root: each claim is checked on disk and in memory.
#![expect(clippy::disallowed_methods, reason = "the tests write the folders that they read")]

use super::{EntryKind, Files};
use crate::source::{
    Answer, Input, Inputs, Likely, PathError, Question, ReadReason, RelPath, Source,
};
use std::sync::Arc;

const ROOT: &[(&str, &str)] = &[
    ("jibe.yaml", "edition: 1\n"),
    ("charts/web/chart.yaml", "\u{FEFF}name: web\n"),
    ("charts/web/templates/service.yaml", ""),
    ("charts/web/.hidden", ""),
    ("charts/web-old/chart.yaml", "name: old\n"),
];

/// Checks a claim on both kinds of root.
fn both(claim: impl Fn(&Files)) {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in ROOT {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    claim(&Files::disk(folder.path()).expect("a folder"));
    claim(&Files::memory(ROOT.iter().copied()).expect("paths"));
}

fn path(text: &str) -> RelPath {
    RelPath::parse(text).expect("a path")
}

fn read(files: &Files, at: &str) -> Result<Arc<Source>, ReadReason> {
    files.read(&path(at), &mut Inputs::default()).map_err(|error| error.reason)
}

fn listed(files: &Files, at: &str) -> Result<Vec<String>, ReadReason> {
    let entries = files.list(&path(at), &mut Inputs::default()).map_err(|error| error.reason)?;
    let mark = |kind| if kind == EntryKind::Folder { "/" } else { "" };
    Ok(entries.iter().map(|entry| entry.name.clone() + mark(entry.kind)).collect())
}

#[test]
fn a_file_is_read_without_its_byte_order_mark() {
    both(|files| {
        assert_eq!(&**read(files, "charts/web/chart.yaml").expect("a file").text(), "name: web\n")
    });
}

#[test]
fn a_file_is_read_once() {
    both(|files| {
        let (one, two) = (read(files, "jibe.yaml"), read(&files.clone(), "./charts/../jibe.yaml"));
        assert!(Arc::ptr_eq(&one.expect("a file"), &two.expect("a file")));
    });
}

#[test]
fn what_is_not_there_is_missing() {
    both(|files| {
        let long = format!("charts/{}", "x".repeat(300));
        for absent in [
            "nothing",
            "charts/nothing/x",
            "jibe.yaml/x",
            "JIBE.yaml",
            "Charts/web/chart.yaml",
            &long,
        ] {
            assert_eq!(read(files, absent).expect_err("no file"), ReadReason::Missing, "{absent}");
            assert_eq!(listed(files, absent), Ok(vec![]), "{absent}");
            assert!(!files.is_folder(&path(absent)), "{absent}");
        }
    });
}

#[test]
fn a_folder_is_no_file() {
    both(|files| {
        for folder in ["", "charts", "charts/web/templates"] {
            assert_eq!(read(files, folder).expect_err("no file"), ReadReason::NotAFile("a folder"));
            assert!(files.is_folder(&path(folder)));
        }
    });
}

#[test]
fn a_file_is_no_folder() {
    both(|files| {
        assert_eq!(listed(files, "jibe.yaml"), Err(ReadReason::NotAFolder("a file")));
        assert!(!files.is_folder(&path("jibe.yaml")));
    });
}

#[test]
fn a_listing_is_sorted_and_shows_what_is_a_folder() {
    both(|files| {
        assert_eq!(listed(files, ""), Ok(vec!["charts/".to_owned(), "jibe.yaml".to_owned()]));
        let web = listed(files, "charts/web").expect("a folder");
        assert_eq!(web, [".hidden", "chart.yaml", "templates/"]);
    });
}

#[test]
fn a_walk_finds_files_at_any_depth_but_no_hidden_ones() {
    both(|files| {
        let found = files.walk(&path("charts"), &mut Inputs::default()).expect("a folder");
        let found: Vec<_> = found.iter().map(RelPath::as_str).collect();
        assert_eq!(
            found,
            [
                "charts/web-old/chart.yaml",
                "charts/web/chart.yaml",
                "charts/web/templates/service.yaml"
            ]
        );
        assert_eq!(files.walk(&path("nothing"), &mut Inputs::default()), Ok(vec![]));
    });
}

#[test]
fn inputs_name_files_absent_files_and_listings() {
    both(|files| {
        let mut inputs = Inputs::default();
        let _kept = files.find(&path("jibe.yaml"), &mut inputs);
        let _kept = files.find(&path("jibe.yaml"), &mut inputs);
        let _kept = files.find(&path("values.yaml"), &mut inputs);
        let _kept = files.find(&path("charts"), &mut inputs);
        let _kept = files.walk(&path("charts/web"), &mut inputs);
        let _kept = files.list(&path("policies"), &mut inputs);
        assert_eq!(
            inputs.iter().cloned().collect::<Vec<_>>(),
            [
                Input::File(path("charts")),
                Input::File(path("jibe.yaml")),
                Input::Absent(path("values.yaml")),
                Input::Listing(path("charts/web")),
                Input::Listing(path("charts/web/templates")),
                Input::Listing(path("policies")),
            ]
        );
    });
}

#[test]
fn what_jibe_writes_is_in_no_list_of_names() {
    let files = Files::memory([
        ("jibe.yaml", ""),
        (".jibe/cache/receipt", ""),
        ("deploy/out/a.yaml", ""),
        ("deploy/notes/.jibe/a.yaml", ""),
    ])
    .expect("paths");
    files.leave_out(&path("deploy/out"));
    assert_eq!(listed(&files, ""), Ok(vec!["deploy/".to_owned(), "jibe.yaml".to_owned()]));
    assert_eq!(listed(&files, "deploy"), Ok(vec!["notes/".to_owned()]));
    assert_eq!(listed(&files, "deploy/notes"), Ok(vec![".jibe/".to_owned()]));
}

#[test]
fn a_folder_that_is_only_on_the_way_to_the_output_is_not_listed() {
    let check = |output: &str, root: &str, a: &str| {
        let files = [("a/b/out/x.yaml", ""), ("a/notes.yaml", ""), ("c/out/x.yaml", "")];
        let files = Files::memory(files).expect("paths");
        files.leave_out(&path(output));
        let names = |folder: &str| listed(&files, folder).expect("a folder").concat();
        assert_eq!((&*names(""), &*names("a")), (root, a), "{output}");
    };
    check("c/out", "a/", "b/notes.yaml");
    check("c/out/below", "a/c/", "b/notes.yaml");
    check("c/new", "a/c/", "b/notes.yaml");
    check("a/b/out", "a/c/", "notes.yaml");
    check("a/b/out/below", "a/c/", "b/notes.yaml");
}

#[test]
fn every_question_is_written_down_with_its_answer() {
    both(|files| {
        let mut inputs = Inputs::default();
        let _kept = files.find(&path("jibe.yaml"), &mut inputs);
        let _kept = files.find(&path("values.yaml"), &mut inputs);
        let _kept = files.list(&path("charts"), &mut inputs);
        assert!(files.is_folder(&path("charts/web")) && !files.is_folder(&path("services")));
        assert!(files.bytes(&path("jibe.yaml"), &mut inputs).is_ok());
        assert!(files.follow(&path("charts")).is_ok() && files.follow(&path("x")).is_err());
        let asked = files.asked().expect("these are all");
        let questions: Vec<_> = asked.iter().map(|(question, _)| question.clone()).collect();
        assert_eq!(
            questions,
            [
                Question::Text(path("jibe.yaml")),
                Question::Text(path("values.yaml")),
                Question::Bytes(path("jibe.yaml")),
                Question::Names(path("charts")),
                Question::Folder(path("charts/web")),
                Question::Folder(path("services")),
                Question::Way(path("charts")),
                Question::Way(path("x")),
            ]
        );
        for (question, answer) in &asked {
            assert_eq!(files.answer(question).as_ref(), Some(answer), "{question:?}");
        }
        assert_eq!(asked[1].1, Answer::Absent);
    });
}

#[test]
fn what_cannot_be_asked_again_is_known() {
    both(|files| {
        assert!(read(files, "charts").is_err());
        assert_eq!(files.asked(), None);
    });
}

#[test]
fn threads_that_read_one_file_get_one_source() {
    both(|files| {
        let sources: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..8).map(|_| scope.spawn(|| read(files, "jibe.yaml"))).collect();
            let joined = threads.into_iter().map(|thread| thread.join().expect("no panic"));
            joined.map(|source| source.expect("a file")).collect()
        });
        assert!(sources.iter().all(|source| Arc::ptr_eq(source, &sources[0])));
    });
}

#[test]
fn a_source_is_found_again_by_its_number() {
    both(|files| {
        let source = read(files, "jibe.yaml").expect("a file");
        assert!(Arc::ptr_eq(&files.source(source.id()), &source));
        assert_eq!(source.line_column(11), (2, 1));
    });
}

#[test]
fn texts_in_memory_obey_the_same_rules_as_files() {
    let files = Files::memory([("x.yaml", "a: \u{10FF00}")]).expect("a path");
    let reserved = ReadReason::Reserved { line: 1, column: 4, character: '\u{10FF00}' };
    assert_eq!(read(&files, "x.yaml").expect_err("refused"), reserved);
}

#[test]
fn no_text_in_memory_lies_below_another() {
    for paths in [["a", "a/b"], ["x", ""], ["x", "."]] {
        let files = Files::memory(paths.map(|path| (path, "")));
        assert_eq!(files.err(), Some(PathError::NotAFile), "{paths:?}");
    }
    assert!(Files::memory([("a-b", ""), ("a", ""), ("a.b/c", "")]).is_ok());
}

#[test]
fn an_argument_is_no_file_of_the_root() {
    let files = Files::memory([("x", "")]).expect("a path");
    let source = files.add("--set a=1", b"a=1".to_vec()).expect("text");
    assert_eq!(source.name(), "--set a=1");
    let refused = files.add("standard input", vec![0xC3]).expect_err("no UTF-8");
    assert_eq!(
        refused.reason,
        ReadReason::NotUtf8 { line: 1, column: 1, byte: 0xC3, likely: Likely::CutOff }
    );
}

#[test]
fn a_fault_in_a_text_has_a_place_and_shows_nothing() {
    let files = Files::memory([("x.yaml", "pin: 1\na: \u{10FF00}")]).expect("a path");
    let path = RelPath::parse("x.yaml").expect("a path");
    let refuse = || files.read(&path, &mut Inputs::default()).expect_err("refused").at;
    let place = refuse().expect("a place in the file");
    let source = files.source(place.file);
    assert_eq!((source.name(), source.line_column(place.span.start)), ("x.yaml", (2, 4)));
    assert!(source.text().trim().is_empty());
    assert_eq!(refuse(), Some(place));
}
