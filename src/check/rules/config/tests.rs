//! Config maps and secrets, by example. A real API server of version 1.35 was asked.

use crate::check::rules::tests::check;

fn check_map(fields: &str, expect: &str) {
    check(&format!("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}, {fields}}}"), expect);
}

fn check_secret(kind: &str, fields: &str, expect: &str) {
    check(
        &format!(
            "{{apiVersion: v1, kind: Secret, metadata: {{name: a}}, type: kubernetes.io/{kind}, {fields}}}"
        ),
        expect,
    );
}

#[test]
fn a_key_stands_in_one_of_the_two_maps() {
    check_map("data: {a: b}, binaryData: {c: Yg==}", "");
    check_map(
        "data: {a: b}, binaryData: {a: Yg==}",
        "[api/invalid] `data.a` must not be there: `binaryData` has the key `a`, too (rename the key in one of the two)",
    );
}

#[test]
fn all_values_together_have_a_mebibyte_at_most() {
    let most = "x".repeat(1024 * 1024);
    check_map(&format!("data: {{a: {most}}}"), "");
    check_map(
        &format!("data: {{a: {most}, b: x}}"),
        "[api/length] the document must have at most 1048576 bytes in all values together",
    );
    check_secret(
        "x",
        &format!("data: {{b: eA==}}, stringData: {{a: {most}}}"),
        "[api/length] `data` must have at most 1048576 bytes in all values together",
    );
}

#[test]
fn a_type_of_secret_asks_for_its_keys() {
    check_secret("tls", "data: {tls.crt: null, tls.key: ''}", "");
    check_secret("tls", "stringData: {tls.crt: x}", "[api/required] `data[tls.key]` is missing");
    check_secret("basic-auth", "stringData: {username: x}", "");
    check_secret(
        "basic-auth",
        "stringData: {user: x}",
        "[api/required] `data.password` is missing (one of the two is enough)\n[api/required] `data.username` is missing (one of the two is enough)",
    );
    check_secret(
        "ssh-auth",
        "data: {ssh-privatekey: eA==}, stringData: {ssh-privatekey: ''}",
        "[api/required] `stringData.ssh-privatekey` must not be empty",
    );
    check_secret(
        "ssh-auth",
        "data: {ssh-privatekey: \"\\n\"}",
        "[api/required] `data.ssh-privatekey` must not be empty",
    );
    check_secret(
        "service-account-token",
        "data: {}",
        "[api/required] `metadata.annotations[kubernetes.io/service-account.name]` is missing (name the service account that the token is of)",
    );
}

#[test]
fn what_logs_in_to_a_registry_is_a_map_in_json() {
    check_secret("dockerconfigjson", "stringData: {.dockerconfigjson: '{}'}", "");
    check_secret("dockercfg", "data: {.dockercfg: bnVsbA==}", "");
    check_secret(
        "dockercfg",
        "stringData: {.dockercfg: '{s3cr3t'}",
        "[api/invalid] `stringData[.dockercfg]` must be a map in JSON",
    );
    check_secret(
        "dockercfg",
        "data: {.dockercfg: ''}",
        "[api/invalid] `data[.dockercfg]` must be a map in JSON",
    );
}
