//! From manifests that passed every check to files.

use crate::api::{Api, Version};
use crate::check::{Checked, Inline, InlineSecrets, Rules, Validators, check};
use crate::diag::{Severities, Sink};
use crate::manifest::{Placement, Stamp, drafts, identify};
use crate::source::{Files, Inputs, RelPath};
use crate::tree::{Lot, Part, Tree, lay_out};

const NAMESPACE: &str = "shop-prod";

/// The manifests of a file, identified and checked for the namespace `shop-prod`.
fn checked(text: &str, apis: &[Api], sink: &mut Sink, files: &Files) -> Checked {
    let path = RelPath::parse("all.yaml").expect("a path");
    let source = files.read(&path, &mut Inputs::default()).expect(text);
    let other = ["kube-system".to_owned()];
    let placement = Placement {
        apis,
        namespace: Some(NAMESPACE),
        other_namespaces: &other,
        stamp: Stamp::Absent,
    };
    let drafts = drafts(&source, sink).expect("YAML");
    let manifests = identify(drafts, &placement, sink).expect("objects");
    let severities = Severities::default();
    let validators = Validators::default();
    let rules = Rules {
        advice: crate::check::Advice::Workspace,
        apis,
        severities: &severities,
        validators: &validators,
        inline: Inline::without_values(InlineSecrets::Allowed),
        known: None,
    };
    check(manifests, &rules, sink).expect("right manifests")
}

fn laid_out(text: &str) -> Tree {
    let files = Files::memory([("all.yaml", text)]).expect("a path");
    let mut sink = Sink::new(&files);
    let apis = [Api::new(Version::parse("1.35").expect("a version"))];
    let checked = checked(text, &apis, &mut sink, &files);
    let part = Part {
        target: "prod/shop/web",
        namespace: Some(NAMESPACE),
        folder: RelPath::parse("prod/shop/web").expect("a path"),
        cluster_folder: RelPath::parse("prod/_cluster/web").expect("a path"),
        apis: &apis,
        checked: &checked,
    };
    lay_out(vec![Lot::of(&part)], &mut sink).expect("a tree")
}

const OBJECTS: &str = "\
kind: ConfigMap
apiVersion: v1
metadata: { name: web }
data: { b: 'on', a: '1' }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: web, namespace: kube-system }
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: 'system:web' }
rules: []
";

#[test]
fn manifests_lie_where_they_live() {
    let tree = laid_out(OBJECTS);
    let paths: Vec<String> = tree.files().map(|(path, _)| path.to_string()).collect();
    assert_eq!(
        paths,
        [
            "prod/_cluster/web/clusterrole-system%3Aweb.yaml",
            "prod/shop/web/configmap-web.yaml",
            "prod/shop/web/role_kube-system_web.yaml",
        ]
    );
}

#[test]
fn a_manifest_is_written_as_canonical_yaml() {
    let tree = laid_out(OBJECTS);
    let path = RelPath::parse("prod/shop/web/configmap-web.yaml").expect("a path");
    insta::assert_snapshot!(tree.get(&path).expect("a file"), @r#"
    apiVersion: v1
    data:
      a: "1"
      b: "on"
    kind: ConfigMap
    metadata:
      name: web
      namespace: shop-prod
    "#);
}

#[test]
fn an_encrypted_document_keeps_its_bytes() {
    let text = "# mine\napiVersion: v1\nkind: Secret\nmetadata:\n    name:   web\n    namespace: shop-prod\n\
                data:\n    a: ENC[AES256_GCM,data:eA==]\nsops:\n    mac: ENC[AES256_GCM,data:eQ==]\n";
    let tree = laid_out(text);
    let (path, written) = tree.files().next().expect("a file");
    assert_eq!((path.as_str(), &**written), ("prod/shop/web/secret-web.yaml", text));
}
