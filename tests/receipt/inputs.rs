//! Inputs that are asked for in other ways: kustomizations, definitions, limits, and a tree some folders down.

use super::Receipt::{Believed, NotBelieved};
use super::{Ran, Receipt, Shop, WRITE};
use std::fs;
use std::os::unix::fs::symlink;

const CONFIG: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: NAME\ndata:\n  a: b\n";
const MANY_PARTS: &str = "output:\n  path: deploy/out/{env}/{namespace}/{service}\nenvironments:";

/// A shop with a kustomization, a custom resource and its definition.
fn rich() -> Shop {
    let shop = Shop::new();
    let config = |name: &str| CONFIG.replace("NAME", name);
    shop.put("services/k/service.yaml", "source: third-party/k\n");
    let kustomization = "resources: [own.yaml, ../base]\nconfigMapGenerator:\n  - name: made\n    files: [data.bin]\n";
    shop.put("third-party/k/kustomization.yaml", kustomization);
    shop.put("third-party/k/own.yaml", &config("own"));
    shop.put("third-party/k/data.bin", "abc\n");
    shop.put("third-party/base/kustomization.yaml", "resources: [based.yaml]\n");
    shop.put("third-party/base/based.yaml", &config("based"));
    let definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: things.example.com }\nspec:\n  \
         group: example.com\n  scope: Namespaced\n  names: { kind: Thing, plural: things }\n  versions:\n    - name: v1\n      served: true\n      \
         storage: true\n      schema: { openAPIV3Schema: { type: object, properties: { size: { type: integer } } } }\n";
    shop.put("schemas/thing.yaml", definition);
    let thing = "apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: thing\nsize: 1\n";
    shop.put("services/s1/manifests/thing.yaml", thing);
    shop
}

/// Checks what becomes of the receipt of `shop` after a change, and that the run is what it is without one.
fn check(shop: impl Fn() -> Shop, change: impl Fn(&Shop), expect: &Receipt) -> Ran {
    let shops = [shop(), shop()];
    for shop in &shops {
        let ran = shop.run(WRITE);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(shop.receipt().is_some(), "{ran:?}");
    }
    let [with, without] = &shops;
    fs::remove_dir_all(without.path(".jibe")).expect("a folder");
    change(with);
    change(without);
    let before = with.receipt();
    let (ran, expected) = (with.run(WRITE), without.run(WRITE));
    assert_eq!(ran, expected, "with a receipt and without");
    assert_eq!(with.tree(), without.tree());
    let is_believed = before == with.receipt() && ran.code == Some(0);
    assert_eq!(&if is_believed { Believed } else { NotBelieved }, expect, "{ran:?}");
    ran
}

/// Moves what has a path to another one and leaves a link that leads there.
fn link(shop: &Shop, path: &str, moved: &str, target: &str) {
    fs::rename(shop.path(path), shop.path(moved)).expect("a new place");
    symlink(target, shop.path(path)).expect("a link");
}

#[test]
fn a_workspace_with_a_kustomization_has_a_receipt_too() {
    check(rich, |_| {}, &Believed);
    check(rich, |shop| shop.put("third-party/README.md", "# Not ours\n"), &Believed);
}

#[test]
fn every_change_of_a_kustomization_is_noticed() {
    check(rich, |shop| shop.edit("third-party/base/based.yaml", "b", "c"), &NotBelieved);
    check(rich, |shop| shop.edit("third-party/k/data.bin", "\n", "\r\n"), &NotBelieved);
    check(rich, |shop| shop.put("third-party/k/data.bin", "\u{FEFF}abc\n"), &NotBelieved);
    check(rich, |shop| shop.put("third-party/k/kustomization.yml", ""), &NotBelieved);
}

#[test]
fn a_link_that_leads_out_of_a_kustomization_is_noticed_though_every_byte_is_the_same() {
    let lead_out =
        |shop: &Shop| link(shop, "third-party/k/data.bin", "third-party/data.bin", "../data.bin");
    let ran = check(rich, lead_out, &NotBelieved);
    assert!(ran.stderr.contains("lies outside of"), "{ran:?}");
}

#[test]
fn a_base_that_is_moved_into_its_overlay_is_noticed() {
    let move_in = |shop: &Shop| link(shop, "third-party/base", "third-party/k/base", "k/base");
    check(rich, move_in, &NotBelieved);
}

#[test]
fn a_definition_that_changes_or_comes_is_noticed() {
    let ran =
        check(rich, |shop| shop.edit("schemas/thing.yaml", "integer", "string"), &NotBelieved);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    check(
        rich,
        |shop| shop.put("schemas/more.yaml", &CONFIG.replace("NAME", "more")),
        &NotBelieved,
    );
}

#[test]
fn a_mark_before_the_text_that_makes_a_file_too_long_is_noticed() {
    let shop = Shop::new();
    shop.edit("jibe.yaml", "environments:", "limits: { file: 4Ki }\nenvironments:");
    shop.put("values.yaml", &format!("{:4096}", "colour: red"));
    assert_eq!(shop.run(WRITE).code, Some(0));
    shop.put("values.yaml", &format!("\u{FEFF}{:4096}", "colour: red"));
    let ran = shop.run(WRITE);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("values.yaml"), "{ran:?}");
}

#[test]
fn the_second_run_into_a_folder_some_folders_down_believes_the_first() {
    let deep = || {
        let shop = Shop::new();
        shop.edit("jibe.yaml", "environments:", MANY_PARTS);
        shop
    };
    check(deep, |_| {}, &Believed);
    check(deep, |shop| shop.put("deploy/notes.txt", "mine\n"), &NotBelieved);
    let gone = |shop: &Shop| fs::remove_dir_all(shop.path("deploy")).expect("a folder");
    check(deep, gone, &NotBelieved);
}
