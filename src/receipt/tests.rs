//! What a receipt keeps and what it believes, over files in memory.

use super::{Command, Program, Receipt};
use crate::source::{Files, Inputs, Limits, RelPath};
use crate::tree::{Hash, Seal};

const FILES: [(&str, &str); 3] = [
    ("jibe.yaml", "edition: 1\n"),
    ("charts/web/chart.yaml", "name: web\n"),
    (".jibe/jibe.schema.json", "{}\n"),
];

fn path(text: &str) -> RelPath {
    RelPath::parse(text).expect("a path")
}

fn program(bytes: &[u8]) -> Program {
    Program::read(bytes).expect("bytes can be read")
}

fn command() -> Command {
    Command::new("all")
}

/// Files that were asked one question of each kind, and one for what is not there.
fn looked_at() -> Files {
    let files = Files::memory(FILES).expect("paths");
    files.leave_out(&path("rendered"));
    let mut inputs = Inputs::default();
    files.read(&path("jibe.yaml"), &mut inputs).expect("a file");
    assert!(files.find(&path("values.yaml"), &mut inputs).expect("no error").is_none());
    files.list(&RelPath::root(), &mut inputs).expect("a folder");
    files.list(&path("services"), &mut inputs).expect("no folder");
    assert!(files.is_folder(&path("charts/web")));
    files.bytes(&path("jibe.yaml"), &mut inputs).expect("a file");
    files.follow(&path("charts/web")).expect("a folder");
    files
}

fn receipt_of(files: &Files) -> Option<Receipt> {
    let folders = vec![path("prod/shop/web"), path("prod/shop/worker")];
    let seal = Seal { folders, hash: Hash::of(b"inventories") };
    Receipt::of((program(b"jibe"), command()), files, (path("rendered"), seal))
}

fn receipt() -> Receipt {
    receipt_of(&looked_at()).expect("all that was asked can be asked again")
}

/// Whether the receipt is believed over these files.
fn believed<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> bool {
    let files = Files::memory(files).expect("paths");
    receipt().is_up_to_date(&files, || Some(program(b"jibe")))
}

#[test]
fn a_receipt_reads_back_as_itself() {
    assert_eq!(Receipt::parse(receipt().text().as_bytes()), Some(receipt()));
}

#[test]
fn a_receipt_is_lines_that_can_be_read() {
    let text = receipt().text();
    let short: Vec<_> = text
        .lines()
        .map(|line| line.split(' ').map(|word| &word[..word.len().min(16)]).collect::<Vec<_>>())
        .map(|words| words.join(" "))
        .collect();
    insta::assert_snapshot!(short.join("\n"), @r"
    jibe receipt 1
    program 84ce8136a8723113
    command 5ef5ef0364b6939c
    output rendered
    2eeb5f12f97db235 text jibe.yaml
    absent text values.yaml
    2eeb5f12f97db235 bytes jibe.yaml
    3fe7edf2640f670f names .
    absent names services
    present folder charts/web
    1faf5027d4c374b5 way charts/web
    tree f70fc5410f8297b6
    prod/shop/web
    prod/shop/worker
    end 6f7b83929c1a7e89
    ");
}

#[test]
fn the_same_files_are_believed() {
    assert!(believed(FILES));
}

#[test]
fn a_changed_file_is_not_believed() {
    assert!(!believed([("jibe.yaml", "edition: 2\n"), FILES[1]]));
}

#[test]
fn a_file_that_appears_where_none_was_is_not_believed() {
    assert!(!believed([FILES[0], FILES[1], ("values.yaml", "")]));
    assert!(!believed([FILES[0], FILES[1], ("services/web/service.yaml", "")]));
}

#[test]
fn a_folder_with_another_name_in_it_is_not_believed() {
    assert!(!believed([FILES[0], FILES[1], ("README.md", "")]));
}

#[test]
fn a_folder_that_is_gone_is_not_believed() {
    assert!(!believed([FILES[0], ("charts/api/chart.yaml", "")]));
}

#[test]
fn what_nobody_looked_at_may_be_anything() {
    assert!(believed([FILES[0], ("charts/web/README.md", "")]));
}

#[test]
fn whether_jibe_has_a_folder_of_its_own_changes_nothing() {
    assert!(believed([FILES[0], FILES[1]]));
}

#[test]
fn whether_the_output_is_there_yet_changes_nothing() {
    assert!(believed([FILES[0], FILES[1], ("rendered/prod/shop/web/configmap-web.yaml", "")]));
}

#[test]
fn the_receipt_of_another_program_is_not_believed() {
    let files = Files::memory(FILES).expect("paths");
    assert!(!receipt().is_up_to_date(&files, || Some(program(b"another"))));
    assert!(!receipt().is_up_to_date(&files, || None));
}

#[test]
fn a_receipt_with_any_byte_spoilt_is_none() {
    let bytes = receipt().text().into_bytes();
    for at in 0..bytes.len() {
        let mut spoilt = bytes.clone();
        spoilt[at] ^= 1;
        assert_eq!(Receipt::parse(&spoilt), None, "byte {at}");
        assert_eq!(Receipt::parse(&bytes[..at]), None, "cut off at {at}");
    }
}

#[test]
fn a_receipt_that_asks_twice_or_leads_out_is_none() {
    let check = |from: &str, to: &str| {
        let text = receipt().text();
        let body = &text[..text.rfind("end ").expect("an end")];
        assert!(body.contains(from), "{from}");
        let body = body.replace(from, to);
        let text = format!("{body}end {}\n", Hash::of(body.as_bytes()));
        assert_eq!(Receipt::parse(text.as_bytes()), None, "{from} -> {to}");
    };
    check("absent text values.yaml\n", "absent text values.yaml\nabsent text values.yaml\n");
    check("prod/shop/web\n", "prod/shop/web\nprod/shop/web\n");
    check("prod/shop/worker", "prod/../../..");
    check("output rendered", "output ../rendered");
    check("output rendered", "output /rendered");
    check("text values.yaml", "device values.yaml");
    check("jibe receipt 1", "jibe receipt 2");
}

#[test]
fn files_that_were_looked_at_in_another_way_have_no_receipt() {
    let files = looked_at();
    assert!(receipt_of(&files).is_some());
    assert!(files.read(&path("charts"), &mut Inputs::default()).is_err());
    assert_eq!(receipt_of(&files), None);
}

#[test]
fn files_with_another_limit_have_no_receipt() {
    let usual = Limits::default();
    for (file, has_one) in [(usual.file, true), (usual.file - 1, false), (usual.file + 1, false)] {
        let files = looked_at();
        files.limit(Limits { file, ..usual });
        assert_eq!(receipt_of(&files).is_some(), has_one, "{file}");
    }
}
