//! Receipts that are broken, foreign or forged, workspaces that take none, and runs that end early.

use super::Receipt::{Believed, NotBelieved};
use super::{RECEIPT, Shop, UNCHANGED, WRITE, check, leave};
use sha2::{Digest, Sha256};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::Duration;

fn text(shop: &Shop) -> String {
    fs::read_to_string(shop.path(RECEIPT)).unwrap_or_default()
}

/// Checks that the run is as without a receipt if this is done to it.
fn spoil(change: impl Fn(&Shop)) {
    let only_with_one = |shop: &Shop| {
        if shop.path(RECEIPT).is_file() {
            change(shop);
        }
    };
    check(only_with_one, &NotBelieved);
}

#[test]
fn a_broken_receipt_is_none() {
    spoil(|shop| leave(&shop.path(RECEIPT), b""));
    spoil(|shop| leave(&shop.path(RECEIPT), b"\xff\xfe\0"));
    spoil(|shop| {
        let text = text(shop);
        leave(&shop.path(RECEIPT), &text.as_bytes()[..text.len() / 2]);
    });
    spoil(|shop| {
        let text = text(shop).replacen("text values.yaml", "text values.yml", 1);
        leave(&shop.path(RECEIPT), text.as_bytes());
    });
}

#[test]
fn a_huge_receipt_is_none() {
    let path = |shop: &Shop| shop.path(RECEIPT);
    let grow = |shop: &Shop| {
        leave(&path(shop), b"");
        fs::set_permissions(path(shop), fs::Permissions::from_mode(0o600)).expect("our own");
        let file = fs::File::options().write(true).open(path(shop)).expect("a file");
        file.set_len(1 << 40).expect("a file with a hole");
        fs::set_permissions(path(shop), fs::Permissions::from_mode(0o400)).expect("our own");
    };
    spoil(grow);
}

#[test]
fn a_receipt_that_is_no_file_is_none_and_stays() {
    let shop = Shop::written();
    let receipt = shop.path(RECEIPT);
    let aside = shop.path("aside");
    fs::rename(&receipt, &aside).expect("a file");
    symlink("../../aside", &receipt).expect("a link");
    let ran = shop.run(WRITE);
    assert!(ran.stderr.contains("50 unchanged"), "{ran:?}");
    assert!(receipt.is_symlink());

    fs::remove_file(&receipt).expect("a link");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &receipt,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o400),
        0,
    )
    .expect("a fifo");
    assert_eq!(shop.run(WRITE), ran);
    fs::remove_file(&receipt).expect("a fifo");
    fs::create_dir(&receipt).expect("a folder");
    assert_eq!(shop.run(WRITE), ran);
}

#[test]
fn a_workspace_that_takes_none_is_written_all_the_same() {
    let blocks: [fn(&Shop); 3] = [
        |shop| shop.put(".jibe", "a file"),
        |shop| shop.put(".jibe/cache", "a file"),
        |shop| {
            fs::create_dir(shop.path("elsewhere")).expect("a folder");
            symlink("elsewhere", shop.path(".jibe")).expect("a link");
        },
    ];
    for block in blocks {
        let shop = Shop::new();
        block(&shop);
        let first = shop.run(WRITE);
        assert!(
            first.stderr.ends_with("50 files written, 0 unchanged, 0 deleted, 0 kept\n"),
            "{first:?}"
        );
        assert_eq!(shop.run(WRITE).stderr, UNCHANGED);
        assert_eq!(shop.receipt(), None);
    }
}

#[test]
fn a_folder_that_nobody_may_write_is_refused_as_without_one() {
    // Whoever may do everything is not kept from writing.
    if rustix::process::geteuid().is_root() {
        return;
    }
    let lock = |shop: &Shop| {
        fs::set_permissions(shop.path("rendered"), fs::Permissions::from_mode(0o500))
            .expect("our own");
    };
    let ran = check(lock, &NotBelieved);
    assert_eq!(ran.code, Some(2), "{ran:?}");
}

/// The receipt of the one workspace for the tree of the other.
fn forged(sources: &Shop, tree: &Shop) -> String {
    let (sources, tree) = (text(sources), text(tree));
    let body = |text: &str| text[..text.rfind("end ").expect("an end")].to_owned();
    let (sources, tree) = (body(&sources), body(&tree));
    let at = |text: &str| text.find("\ntree ").expect("a tree") + 1;
    let body = sources[..at(&sources)].to_owned() + &tree[at(&tree)..];
    let end: String = Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{body}end {end}\n")
}

#[test]
fn a_forged_receipt_deceives_its_own_user_but_no_check_and_nobody_who_gets_it_from_git() {
    let (shop, other) = (Shop::written(), Shop::new());
    other.edit("values.yaml", "red", "blue");
    assert_eq!(other.run(WRITE).code, Some(0));
    let forged = forged(&shop, &other);
    fs::remove_dir_all(shop.path("rendered")).expect("a folder");
    fs::rename(other.path("rendered"), shop.path("rendered")).expect("a folder");

    leave(&shop.path(RECEIPT), forged.as_bytes());
    assert!(shop.run(WRITE).stderr.starts_with("0 files written, 50 unchanged"));
    let checked = shop.run(&["check"]);
    assert_eq!(checked.code, Some(1), "{checked:?}");
    assert!(checked.stderr.contains("50 files differ"), "{checked:?}");

    // Git makes files that their owner may write.
    fs::set_permissions(shop.path(RECEIPT), fs::Permissions::from_mode(0o644)).expect("our own");
    assert!(shop.run(WRITE).stderr.contains("50 files written"));
}

#[test]
fn a_receipt_that_came_out_of_git_is_none() {
    for mode in [0o644, 0o600, 0o664, 0o755] {
        let checked_out = |shop: &Shop| {
            let mode = fs::Permissions::from_mode(mode);
            fs::set_permissions(shop.path(RECEIPT), mode).expect("a file of our own");
        };
        spoil(checked_out);
    }
}

#[test]
fn two_runs_at_once_leave_one_that_is_believed() {
    let shop = Shop::new();
    let runs =
        [shop.command(WRITE), shop.command(WRITE)].map(|mut run| run.spawn().expect("it runs"));
    for run in runs {
        assert!(run.wait_with_output().expect("it ends").status.success());
    }
    assert_eq!(shop.run(WRITE).stderr, UNCHANGED);
    let receipt = shop.receipt();
    assert!(receipt.is_some());
    assert_eq!(shop.run(WRITE).code, Some(0));
    assert_eq!(receipt, shop.receipt());
}

#[test]
fn what_a_killed_run_left_is_met_as_without_one() {
    let hash = "0".repeat(64);
    let journal = format!("a/shop/s1/configmap-s1.yaml {hash} a/shop/s1\n");
    let ran = check(|shop| shop.put("rendered/.jibe-lock", &journal), &NotBelieved);
    assert!(ran.stderr.contains("a run that was killed was finished first"), "{ran:?}");
    check(|shop| shop.put("rendered/a/shop/s1/.jibe-1f-1.tmp", "kind:"), &NotBelieved);
    check(|shop| shop.put("rendered/.jibe-lock", "\npid 1\n"), &Believed);
    let half = |shop: &Shop| {
        shop.edit("values.yaml", "red", "blue");
        shop.put(".jibe/cache/receipt.new", "jibe rec");
    };
    check(half, &NotBelieved);
}

#[test]
fn whenever_a_run_is_killed_the_next_one_is_right() {
    let shop = Shop::written();
    let colours = ["blue", "tan", "grey", "pink", "red", "black"];
    for (number, pair) in colours.windows(2).enumerate() {
        let from = if number == 0 { "red" } else { pair[0] };
        shop.edit("values.yaml", from, pair[1]);
        let mut run = shop.command(WRITE).spawn().expect("it runs");
        std::thread::sleep(Duration::from_millis(60 * number as u64 + 40));
        let _ = run.kill();
        let _ = run.wait();
        assert_eq!(shop.run(WRITE).code, Some(0));
        let text = fs::read_to_string(shop.path("rendered/e/shop/s9/configmap-s9.yaml"));
        assert!(text.expect("a manifest").contains(pair[1]));
        assert_eq!(shop.run(&["check"]).code, Some(0));
    }
}
