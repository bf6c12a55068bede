//! What is believed, and every kind of change that is not.

use super::Receipt::{Believed, NotBelieved};
use super::{RECEIPT, Shop, UNCHANGED, WRITE, check, check_words};
use std::fs;
use std::process::Command;

const MANIFEST: &str = "rendered/a/shop/s1/configmap-s1.yaml";

#[test]
fn where_nothing_changed_the_receipt_is_believed() {
    let ran = check(|_| {}, &Believed);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", UNCHANGED));
}

#[test]
fn a_machine_is_told_the_same() {
    let (with, without) = (Shop::written(), Shop::written());
    fs::remove_dir_all(without.path(".jibe")).expect("a folder");
    let before = with.receipt();
    let words = ["render", "--write", "--format", "json", "--jobs", "1"];
    let ran = with.run(&words);
    assert!(ran.stdout.contains("\"unchanged\": 50"), "{ran:?}");
    assert_eq!(ran, without.run(&words));
    assert_eq!(before, with.receipt(), "how it is printed makes no other run");
}

#[test]
fn what_nobody_reads_may_change() {
    check(|shop| shop.put("charts/web/README.md", "# Better\n"), &Believed);
    check(|shop| shop.put(".jibe/jibe.schema.json", "{}\n"), &Believed);
}

#[test]
fn a_time_says_nothing() {
    let touch = |shop: &Shop| {
        let file = fs::File::options().write(true).open(shop.path("values.yaml")).expect("a file");
        file.set_modified(std::time::UNIX_EPOCH).expect("a time");
    };
    check(touch, &Believed);
    let secretly = |shop: &Shop| {
        let file = shop.path("values.yaml");
        let time = fs::metadata(&file).expect("a file").modified().expect("a time");
        shop.edit("values.yaml", "red", "tan");
        let file = fs::File::options().write(true).open(file).expect("a file");
        file.set_modified(time).expect("a time");
    };
    let ran = check(secretly, &NotBelieved);
    assert!(ran.stderr.contains("50 files written"), "{ran:?}");
}

#[test]
fn every_kind_of_changed_input_is_noticed() {
    let changes: [(&str, &str, &str); 6] = [
        ("services/s3/values.yaml", "3", "33"),
        ("charts/web/templates/config.yaml", "data:", "data:\n  more: x"),
        ("charts/web/values.schema.json", "integer", "string"),
        ("charts/base/templates/_labels.yaml", "shop", "store"),
        ("charts/web/chart.yaml", "1.0.0", "1.0.1"),
        ("jibe.yaml", "  e:", "  f:"),
    ];
    for (file, from, to) in changes {
        check(|shop| shop.edit(file, from, to), &NotBelieved);
    }
}

#[test]
fn files_that_come_and_go_are_noticed() {
    check(|shop| shop.put("services/s1/a.yaml", "size: 5\n"), &NotBelieved);
    check(|shop| shop.put("environments/a.yaml", "size: 5\n"), &NotBelieved);
    let job = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: more\n";
    check(|shop| shop.put("charts/web/templates/more.yaml", job), &NotBelieved);
    check(|shop| shop.put("services/s1/manifests/more.yaml", job), &NotBelieved);
    let gone =
        |path: &'static str| move |shop: &Shop| fs::remove_file(shop.path(path)).expect("a file");
    check(gone("services/s1/values.yaml"), &NotBelieved);
    check(gone("charts/web/values.schema.json"), &NotBelieved);
    check(|shop| fs::remove_dir_all(shop.path("services/s1")).expect("a folder"), &NotBelieved);
}

#[test]
fn every_kind_of_changed_output_is_noticed() {
    check(|shop| shop.edit(MANIFEST, "red", "blue"), &NotBelieved);
    check(|shop| fs::remove_file(shop.path(MANIFEST)).expect("a file"), &NotBelieved);
    check(|shop| shop.edit(MANIFEST, "\n", "\r\n"), &NotBelieved);
    check(|shop| shop.put("rendered/a/shop/s1/notes.txt", "mine\n"), &NotBelieved);
    check(|shop| shop.put("rendered/a/_cluster/s1/notes.txt", "mine\n"), &NotBelieved);
    check(|shop| fs::remove_dir_all(shop.path("rendered")).expect("a folder"), &NotBelieved);
    let inventory = "rendered/a/shop/s1/.jibe-inventory";
    check(|shop| shop.edit(inventory, "configmap-s1.yaml", "configmap-s2.yaml"), &NotBelieved);
    check(|shop| fs::remove_file(shop.path(inventory)).expect("a file"), &NotBelieved);
    let stray = "jibe inventory 1 a/shop/gone\n";
    check(|shop| shop.put("rendered/a/shop/gone/.jibe-inventory", stray), &NotBelieved);
    let link = |shop: &Shop| {
        let manifest = shop.path(MANIFEST);
        fs::rename(&manifest, shop.path("aside.yaml")).expect("a file");
        std::os::unix::fs::symlink("../../../../aside.yaml", manifest).expect("a link");
    };
    check(link, &NotBelieved);
}

#[test]
fn an_edit_that_its_inventory_knows_is_noticed() {
    let claim = |shop: &Shop| {
        shop.edit(MANIFEST, "red", "blue");
        let sha = |path: &str| {
            use sha2::Digest;
            let hash = sha2::Sha256::digest(fs::read(shop.path(path)).expect("a file"));
            hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        let inventory = "rendered/a/shop/s1/.jibe-inventory";
        let text =
            format!("jibe inventory 1 a/shop/s1\nconfigmap-s1.yaml {} a/shop/s1\n", sha(MANIFEST));
        shop.put(inventory, &text);
    };
    let ran = check(claim, &NotBelieved);
    assert!(ran.stderr.contains("1 file written, 49 unchanged"), "{ran:?}");
}

#[test]
fn other_arguments_ask_for_another_run() {
    for more in [&["--force"][..], &["--adopt"], &["--no-prune"], &["--kube-version", "1.34"]] {
        check_words(&[WRITE, more].concat(), |_| {}, &NotBelieved);
    }
    let some = ["render", "--write", "-e", "a,b"];
    check_words(&some, |shop| shop.edit("values.yaml", "red", "tan"), &NotBelieved);
    check_words(&["render", "--write", "--set", "size=7"], |_| {}, &NotBelieved);
}

#[test]
fn after_a_run_with_other_values_the_plain_one_writes_again() {
    let other = |shop: &Shop| {
        let ran = shop.run(&["render", "--write", "--set", "size=7"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
    };
    let ran = check(other, &NotBelieved);
    assert!(ran.stderr.contains("45 files written"), "{ran:?}");
}

#[test]
fn another_build_of_the_program_believes_nothing() {
    let shop = Shop::written();
    let other = shop.path("jibe");
    let mut bytes = fs::read(env!("CARGO_BIN_EXE_jibe")).expect("the program");
    bytes.push(0);
    fs::write(&other, bytes).expect("a new file");
    fs::set_permissions(
        &other,
        fs::metadata(env!("CARGO_BIN_EXE_jibe")).expect("the program").permissions(),
    )
    .expect("a file of our own");
    let before = shop.receipt();
    let ran = Command::new(&other).args(WRITE).current_dir(shop.root()).output().expect("it runs");
    assert!(ran.status.success());
    assert_ne!(before, shop.receipt(), "it left its own");
    let (own, ran) = (shop.receipt(), shop.run(WRITE));
    assert_eq!(ran.stderr, UNCHANGED);
    assert_ne!(own, shop.receipt());
}

#[test]
fn a_run_that_has_something_to_tell_leaves_none() {
    let shop = Shop::new();
    shop.put("services/s1/a.yaml", "sise: 5\n");
    for _ in 0..2 {
        let ran = shop.run(WRITE);
        assert!(ran.stderr.contains("sise"), "{ran:?}");
        assert_eq!(shop.receipt(), None);
    }
}

#[test]
fn a_run_over_few_targets_leaves_none() {
    let shop = Shop::new();
    fs::remove_dir_all(shop.path("services/s0")).expect("a folder");
    assert_eq!(shop.run(WRITE).code, Some(0));
    assert!(!shop.path(".jibe").exists());
}

#[test]
fn the_same_workspace_has_the_same_receipt_wherever_it_lies() {
    let (one, other) = (Shop::written(), Shop::new());
    assert_eq!(other.run(&["render", "--write", "--jobs", "1"]).code, Some(0));
    let text = |shop: &Shop| fs::read_to_string(shop.path(RECEIPT)).expect("a receipt");
    assert_eq!(text(&one), text(&other));
    assert!(!text(&one).contains(&*one.root().to_string_lossy()), "no path of the machine");
}

#[test]
fn git_never_sees_it() {
    let shop = Shop::written();
    let git = |words: &[&str]| {
        let output = Command::new("git").args(words).current_dir(shop.root()).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    assert_eq!(fs::read_to_string(shop.path(".jibe/cache/.gitignore")).expect("a file"), "*\n");
    if git(&["init", "-q"]).is_some() {
        let seen = git(&["status", "--porcelain", "-uall"]).expect("a status");
        assert!(seen.contains("jibe.yaml") && !seen.contains(".jibe/"), "{seen}");
    }
}
