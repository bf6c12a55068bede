//! Examples of merge patches; what kustomize prints for them was recorded from 5.6.0.

use super::{MergeKeys, MergeRules, Merging, merge};
use crate::api::Version;
use crate::source::Files;
use crate::yaml::{MergeKeys as YamlMerge, Node, Options, Rules, Tags, parse, write};

fn read(text: &str) -> Node {
    let files = Files::memory([("x", "")]).expect("a path");
    let file = files.add("x", Vec::new()).expect("a text").id();
    let options = Options {
        rules: Rules::GoYamlV3,
        merge_keys: YamlMerge::Apply,
        tags: Tags::Drop,
        ..Options::default()
    };
    parse(text, file, options).expect("YAML").remove(0).root
}

#[test]
fn the_table_of_merge_keys_is_whole() {
    let keys = MergeKeys::of_kustomize();
    let pod = keys.kind("v1", "Pod").expect("a kind");
    let spec = keys.field(pod, "spec").expect("a field");
    let containers = keys.field(spec, "containers").expect("a list");
    assert_eq!(keys.keys(containers), Some(&["name".into()][..]));
    let ports = keys.field(keys.element(containers).expect("known"), "ports").expect("a list");
    assert_eq!(keys.keys(ports), Some(&["containerPort".into(), "protocol".into()][..]));
}

fn merged(object: &str, patch: &str, keys: &MergeKeys, rules: MergeRules) -> String {
    match merge(read(object), &read(patch), Merging { keys, rules, changes: &[] }) {
        Ok(Some(node)) => write(&node),
        Ok(None) => "nothing".to_owned(),
        Err(fault) => fault.message,
    }
}

#[track_caller]
fn check(object: &str, patch: &str, expect: &str) {
    let keys = MergeKeys::of_kustomize();
    assert_eq!(merged(object, patch, &keys, MergeRules::AsKustomize), expect);
}

#[track_caller]
fn check_by_all_keys(object: &str, patch: &str, expect: &str) {
    let keys = MergeKeys::of_kustomize();
    let header = "apiVersion: v1\nkind: Service\nspec:\n  ports: ";
    let [object, patch] = [object, patch].map(|ports| format!("{header}{ports}\n"));
    let text = merged(&object, &patch, &keys, MergeRules::ByAllKeys);
    assert_eq!(text.replace("apiVersion: v1\nkind: Service\nspec:\n  ports:\n", ""), expect);
}

#[test]
fn a_map_merges_key_by_key_and_a_scalar_keeps_its_quotes() {
    check("a: {b: 1, c: '2'}", "a: {b: null, c: 3, d: 4}", "a:\n  c: \"3\"\n  d: 4\n");
    check("a: 1", "$patch: delete", "nothing");
    check("a: 1", "a: {b: 2}", "the patch has a map where the object has an integer");
}

#[test]
fn ports_of_one_number_are_told_apart_by_all_keys() {
    check_by_all_keys(
        "[{port: 80, name: a}, {port: 80, protocol: UDP, name: b}]",
        "[{port: 80, protocol: TCP, name: c}]",
        "  - name: c\n    port: 80\n    protocol: TCP\n  - name: b\n    port: 80\n    protocol: UDP\n",
    );
    check_by_all_keys(
        "[{port: 80, name: a}, {port: 81}]",
        "[{port: 82}, {port: 80, $patch: replace, nodePort: 1}, {port: 81, $patch: delete}]",
        "  - port: 82\n  - nodePort: 1\n    port: 80\n",
    );
}

#[test]
fn by_all_keys_elements_of_the_patch_stand_in_its_order_and_the_others_keep_theirs() {
    check_by_all_keys(
        "[{port: 80}, {port: 81}, {port: 82}]",
        "[{port: 81, name: b}, {port: 83}]",
        "  - port: 80\n  - name: b\n    port: 81\n  - port: 83\n  - port: 82\n",
    );
    check_by_all_keys(
        "[{port: 80}, {port: 81}]",
        "[{port: 81}, {port: 80}]",
        "  - port: 81\n  - port: 80\n",
    );
    check_by_all_keys("[{port: 80}]", "[{port: 81}]", "  - port: 81\n  - port: 80\n");
}

#[test]
fn by_all_keys_a_value_is_what_the_patch_says_and_the_rest_stays() {
    let keys = MergeKeys::of_kustomize();
    let merged = |object: &str, patch: &str| merged(object, patch, &keys, MergeRules::ByAllKeys);
    assert_eq!(
        merged("a: '2'\nb:\nc: {d: yes}", "a: 3\nc: {e: off, f: null, g: {h: null}}"),
        "a: 3\nb: null\nc:\n  d: \"yes\"\n  e: \"off\"\n  g: {}\n"
    );
    assert_eq!(merged("a: 1\nb: 2", "$patch: replace\nc: 3"), "c: 3\n");
}

#[test]
fn by_all_keys_an_element_of_the_patch_needs_its_keys() {
    let lacks = "the element lacks `port`, by which the list is merged";
    check_by_all_keys("[{port: 80}]", "[{name: a}]", lacks);
    let second = "the patch has a second element with `port: 80` and `protocol: TCP`";
    check_by_all_keys("[{port: 80}]", "[{port: 80}, {port: 80, protocol: TCP}]", second);
}

#[test]
fn lists_of_custom_resources_merge_by_the_keys_of_their_definition() {
    let mut keys = MergeKeys::of_kustomize().as_ref().clone();
    keys.add_custom_resource(&read(
        "spec: {group: e.com, names: {kind: Thing}, versions: [{name: v1, schema: {openAPIV3Schema: {properties: {\
         l: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [a], items: {}},\
         s: {type: array, x-kubernetes-list-type: set, items: {}}}}}}]}",
    ));
    let head = "apiVersion: e.com/v1\nkind: Thing\n";
    let object = format!("{head}l: [{{a: 1, b: 2}}, {{a: 2}}]\ns: [x, y]\n");
    let patch = format!("{head}l: [{{a: 1, b: 3}}]\ns: [z, y]\n");
    let expect = format!("{head}l:\n- a: 1\n  b: 3\n- a: 2\ns:\n- z\n- x\n- \"y\"\n");
    assert_eq!(merged(&object, &patch, &keys, MergeRules::ByAllKeys), expect);
}

#[test]
fn a_list_of_thousands_of_elements_merges_at_once_and_one_without_keys_is_refused() {
    let items =
        |count: usize| (0..count).map(|n| format!("  - {{name: v{n}}}\n")).collect::<String>();
    let head = "apiVersion: v1\nkind: Pod\nspec:\n  volumes:\n";
    let patch = format!("{head}  - {{name: v9, emptyDir: {{}}}}\n");
    let object = format!("{head}{}", items(20_000));
    let keys = MergeKeys::of_kustomize();
    assert!(
        merged(&object, &patch, &keys, MergeRules::AsKustomize)
            .contains("  - emptyDir: {}\n    name: v9\n")
    );
    let message = merged(&format!("{object}  - {{}}\n"), &patch, &keys, MergeRules::AsKustomize);
    assert!(message.starts_with("a list of more than 1000 elements has some without `name`"));
}

/// What a patch makes of a Deployment's pod, by the keys of a Kubernetes version; only the field that it is for.
#[track_caller]
fn check_pod(version: &str, (field, object, patch): (&str, &str, &str), expect: &str) {
    let version = Version::parse(version).expect("a version");
    let [object, patch] = [object, patch].map(|list| {
        format!("apiVersion: apps/v1\nkind: Deployment\nspec: {{template: {{spec: {{{field}: {list}}}}}}}\n")
    });
    let keys = MergeKeys::of_kubernetes(version);
    let text = merged(&object, &patch, &keys, MergeRules::ByAllKeys);
    assert_eq!(text.split_once(&format!("{field}:\n")).map_or(&*text, |(_, list)| list), expect);
}

#[test]
fn lists_merge_by_the_keys_of_the_version_that_the_object_is_for() {
    let gates = ("schedulingGates", "[{name: a}]", "[{name: b}]");
    check_pod("1.25", gates, "      - name: b\n");
    check_pod("1.26", gates, "      - name: b\n      - name: a\n");
    check_pod(
        "1.35",
        ("resourceClaims", "[{name: a, x: 1}, {name: b}]", "[{name: b, x: 2}]"),
        "      - name: a\n        x: 1\n      - name: b\n        x: 2\n",
    );
    check_pod("1.35", ("tolerations", "[{key: a}]", "[{key: b}]"), "      - key: b\n");
    // By its type a map of `name`, which only a server-side apply goes by.
    check_pod(
        "1.35",
        (
            "containers",
            "[{name: c, resources: {claims: [{name: a}]}}]",
            "[{name: c, resources: {claims: [{name: b}]}}]",
        ),
        "      - name: c\n        resources:\n          claims:\n          - name: b\n",
    );
}

/// All that kustomize's table of 1.21 says holds in every version that serves the type still; newer versions say more.
#[test]
fn no_version_merges_a_list_of_kustomizes_table_otherwise() {
    fn same(
        (old, at): (&MergeKeys, super::keys::At),
        (new, own): (&MergeKeys, super::keys::At),
        depth: usize,
    ) -> usize {
        let lists = old.keys(at).is_some().then(|| assert_eq!(old.keys(at), new.keys(own)));
        let below =
            old.names(at).filter_map(|name| Some((old.field(at, name)?, new.field(own, name)?)));
        let element = old.element(at).zip(new.element(own));
        let inner: Vec<_> = below.chain(element).filter(|_| depth < 12).collect();
        let inner = inner.into_iter().map(|(at, own)| same((old, at), (new, own), depth + 1));
        inner.sum::<usize>() + usize::from(lists.is_some())
    }
    let old = MergeKeys::of_kustomize();
    for version in Version::all() {
        let new = MergeKeys::of_kubernetes(version);
        let both =
            |kind: &(&str, &str)| Some((old.kind(kind.0, kind.1)?, new.kind(kind.0, kind.1)?));
        let kinds = [
            ("v1", "Pod"),
            ("v1", "Service"),
            ("apps/v1", "StatefulSet"),
            ("batch/v1", "Job"),
            ("v1", "ServiceAccount"),
            ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"),
        ];
        let compared: usize =
            kinds.iter().filter_map(both).map(|(at, own)| same((&old, at), (&new, own), 0)).sum();
        assert!(compared > 40, "{version}: {compared}");
    }
}

#[test]
fn by_all_keys_an_element_may_lack_all_but_the_first_key_where_it_can_mean_but_one() {
    let hard = "{topologyKey: z, whenUnsatisfiable: DoNotSchedule}";
    let soft = "{topologyKey: z, whenUnsatisfiable: ScheduleAnyway}";
    let field = "topologySpreadConstraints";
    let patch = "[{topologyKey: z, maxSkew: 3}]";
    check_pod(
        "1.35",
        (field, &format!("[{hard}]"), patch),
        "      - maxSkew: 3\n        topologyKey: z\n        whenUnsatisfiable: DoNotSchedule\n",
    );
    check_pod(
        "1.35",
        (field, &format!("[{hard}, {soft}]"), patch),
        "the element lacks `whenUnsatisfiable`, and 2 elements fit without",
    );
    let lacks = "the element lacks `whenUnsatisfiable`, by which the list is merged";
    check_pod("1.35", (field, "[]", patch), lacks);
    let lacks = "the element lacks `topologyKey`, by which the list is merged";
    check_pod("1.35", (field, &format!("[{hard}]"), "[{whenUnsatisfiable: DoNotSchedule}]"), lacks);
}

/// What a patch makes of the list `l` of a custom resource, whose items have these properties and are told apart by `host`
/// and `port`.
#[track_caller]
fn check_custom(properties: &str, (object, patch): (&str, &str), expect: &str) {
    let mut keys = MergeKeys::of_kubernetes(Version::NEWEST);
    let definition = "spec: {group: e.com, names: {kind: Thing}, versions: [{name: v1, schema: {openAPIV3Schema: \
        {properties: {l: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [host, port, protocol], \
        items: {properties: {PROPERTIES}}}}}}}]}";
    keys.add_custom_resource(&read(&definition.replace("PROPERTIES", properties)));
    let head = "apiVersion: e.com/v1\nkind: Thing\n";
    let [object, patch] = [object, patch].map(|list| format!("{head}l: {list}\n"));
    let text = merged(&object, &patch, &keys, MergeRules::ByAllKeys);
    assert_eq!(text.replace(&format!("{head}l:\n"), ""), expect);
}

#[test]
fn keys_of_custom_resources_have_the_defaults_of_their_schema() {
    let defaults = "host: {}, port: {default: 80}, protocol: {default: ''}";
    let one = "- host: a\n  port: 80\n";
    check_custom(defaults, ("[{host: a}]", "[{host: a, port: 80}]"), one);
    check_custom(
        defaults,
        ("[{host: a, port: 80}]", "[{host: a, port: 0x50, protocol: ''}]"),
        "- host: a\n  port: 80\n  protocol: \"\"\n",
    );
    check_custom(defaults, ("[{host: a, port: 80}]", "[{host: a}]"), one);
    check_custom(
        defaults,
        ("[{host: a}]", "[{host: a, port: '80'}, {host: a, port: 81}]"),
        "- host: a\n  port: \"80\"\n- host: a\n  port: 81\n- host: a\n",
    );
}

#[test]
fn a_protocol_is_tcp_only_where_the_schema_says_so() {
    let open = "host: {}, port: {default: 80}, protocol: {}";
    let patch = "[{host: a, protocol: TCP}]";
    check_custom(
        open,
        ("[{host: a, protocol: UDP}]", "[{host: a, x: 1}]"),
        "- host: a\n  protocol: UDP\n  x: 1\n",
    );
    check_custom(open, ("[{host: a}]", patch), "- host: a\n  protocol: TCP\n- host: a\n");
    let truths = "host: {}, port: {}, protocol: {default: false}";
    check_custom(
        truths,
        ("[{host: a, port: 1}]", "[{host: a, port: 1, protocol: false}]"),
        "- host: a\n  port: 1\n  protocol: false\n",
    );
}
