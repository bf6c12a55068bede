//! Volumes and claims of them, by example. A real API server of version 1.35 was asked.

use crate::check::rules::tests::{check, said};

fn check_claim(spec: &str, expect: &str) {
    check(
        &format!(
            "{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: a}}, spec: {spec}}}"
        ),
        expect,
    );
}

fn check_volume(source: &str, expect: &str) {
    check(
        &format!(
            "{{apiVersion: v1, kind: PersistentVolume, metadata: {{name: a}}, spec: {{capacity: {{storage: 1Gi}}, accessModes: [ReadWriteOnce], {source}}}}}"
        ),
        expect,
    );
}

fn check_storage(kind: &str, fields: &str, expect: &str) {
    check(
        &format!(
            "{{apiVersion: storage.k8s.io/v1, kind: {kind}, metadata: {{name: a}}, {fields}}}"
        ),
        expect,
    );
}

fn check_in(version: &str, text: &str, expect: &str) {
    assert_eq!(said(text, version), expect, "of {text} in {version}");
}

#[test]
fn a_claim_says_how_it_is_used_and_how_much_it_is() {
    check_claim("{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1m}}}", "");
    check_claim(
        "null",
        "[api/required] `spec.accessModes` is missing (write one, such as `[ReadWriteOnce]`)\n[api/required] `spec.resources.requests.storage` is missing (write how much space is claimed, such as `10Gi`)",
    );
    check_claim(
        "{accessModes: [ReadWrite], resources: {requests: {storage: 0Gi}}, volumeMode: '', storageClassName: Fast}",
        "[api/enum] `spec.accessModes` has the item `ReadWrite`, but each must be one of `ReadOnlyMany`, `ReadWriteMany`, `ReadWriteOnce`, `ReadWriteOncePod`\n[api/invalid] `spec.resources.requests.storage` must be more than zero, but is the string `0Gi`\n[api/enum] `spec.volumeMode` must be one of `Block`, `Filesystem`, but is the string ``\n[api/invalid] `spec.storageClassName` must be a DNS name of at most 253 small letters, digits, `-` and `.`, but is the string `Fast` (write small letters and digits, with `-` and `.` only between them, such as `my-name`)",
    );
}

#[test]
fn a_mode_for_one_pod_stands_alone() {
    let modes =
        |modes| format!("{{accessModes: {modes}, resources: {{requests: {{storage: 1}}}}}}");
    check_claim(&modes("[ReadWriteOncePod, ReadWriteOncePod]"), "");
    check_claim(
        &modes("[ReadWriteOncePod, ReadWriteOnce]"),
        "[api/forbidden] `spec.accessModes` may not have other modes beside `ReadWriteOncePod` (keep `ReadWriteOncePod` alone, or remove it)",
    );
}

#[test]
fn a_claim_is_filled_from_what_names_its_group() {
    let from = |from: &str| {
        format!("{{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1}}}}, {from}}}")
    };
    for forgotten in ["{kind: unknown, name: a}", "{}", "{kind: VolumeSnapshot}"] {
        check_claim(&from(&format!("dataSource: {forgotten}")), "");
    }
    check_claim(
        &from("dataSource: {kind: PersistentVolumeClaim, name: ''}"),
        "[api/required] `spec.dataSource.name` must not be empty",
    );
    check_claim(
        &from("dataSourceRef: {kind: VolumeSnapshot, name: a}"),
        "[api/invalid] `spec.dataSourceRef` must be a `PersistentVolumeClaim` where it names no `apiGroup` (write the `apiGroup` of its `kind`, such as `snapshot.storage.k8s.io`)",
    );
    check_claim(
        &from(
            "dataSource: {kind: PersistentVolumeClaim, name: a}, dataSourceRef: {kind: PersistentVolumeClaim, name: b}",
        ),
        "[api/invalid] `spec` must have the same in `dataSource` and `dataSourceRef` (keep `dataSourceRef` alone)",
    );
}

#[test]
fn claims_of_a_stateful_set_are_judged_since_1_35() {
    let set = "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a}, spec: {serviceName: b, selector: {matchLabels: {a: b}}, \
               template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}, \
               volumeClaimTemplates: [{metadata: {name: c}, spec: {accessModes: [ReadWriteOnce]}}]}}";
    check_in("1.34", set, "");
    check_in(
        "1.35",
        set,
        "[api/required] `spec.volumeClaimTemplates[0].spec.resources.requests.storage` is missing (write how much space is claimed, such as `10Gi`)",
    );
}

#[test]
fn classes_of_attributes_count_since_1_34() {
    let volume = "{apiVersion: v1, kind: PersistentVolume, metadata: {name: a}, spec: {capacity: {storage: 1}, accessModes: [ReadWriteOnce], volumeAttributesClassName: b, hostPath: {path: /a}}}";
    check_in("1.33", volume, "");
    check_in(
        "1.34",
        volume,
        "[api/required] `spec.csi` is missing (`volumeAttributesClassName` is for CSI volumes)",
    );
}

#[test]
fn a_volume_has_some_storage_and_nothing_else() {
    let volume = |capacity| {
        format!(
            "{{apiVersion: v1, kind: PersistentVolume, metadata: {{name: a}}, spec: {{capacity: {capacity}, accessModes: [ReadWriteOnce], hostPath: {{path: /a}}}}}}"
        )
    };
    check(&volume("{storage: 1m}"), "");
    check(&volume("{}"), "[api/required] `spec.capacity` must not be empty");
    check(
        &volume("{storage: 0, cpu: 1}"),
        "[api/invalid] `spec.capacity` must have `storage` and nothing else\n[api/invalid] `spec.capacity.storage` must be more than zero, but is the integer `0`",
    );
}

#[test]
fn a_volume_has_one_source() {
    check_volume(
        "volumeMode: Block",
        "[api/required] `spec` must not be empty (say where the volume is, such as with `csi` or `nfs`)",
    );
    check_volume(
        "nfs: {server: a, path: /b}, hostPath: {path: /c}",
        "[api/forbidden] `spec.nfs` may not stand beside another source (keep it or `hostPath`)",
    );
}

#[test]
fn a_source_has_what_it_needs() {
    check_volume(
        "glusterfs: {endpoints: a, path: b, endpointsNamespace: ''}",
        "[api/invalid] `spec.glusterfs.endpointsNamespace` must be a DNS label of at most 63 small letters, digits and `-`, but is the string `` (write small letters and digits, with `-` only between them, such as `my-name`)",
    );
    check_volume(
        "cinder: {volumeID: a, secretRef: {}}",
        "[api/required] `spec.cinder.secretRef.name` is missing\n[api/required] `spec.cinder.secretRef.namespace` is missing",
    );
    check_volume(
        "flexVolume: {driver: a, options: {a.k8s.io/b: c}}",
        "[api/invalid] `spec.flexVolume.options[a.k8s.io/b]` stands under a key that must be outside of `kubernetes.io` and `k8s.io`, which are reserved",
    );
    check_volume(
        "azureFile: {secretName: a, shareName: b, secretNamespace: ''}",
        "[api/required] `spec.azureFile.secretNamespace` must not be empty",
    );
    check_volume(
        "storageos: {volumeName: A}",
        "[api/invalid] `spec.storageos.volumeName` must be a DNS label of at most 63 small letters, digits and `-`, but is the string `A` (write small letters and digits, with `-` only between them, such as `my-name`)",
    );
}

#[test]
fn iscsi_has_names_of_its_own_and_chap_a_secret() {
    check_volume("iscsi: {targetPortal: a, iqn: 'iqn.2001-04.com.example:b'}", "");
    check_volume("iscsi: {targetPortal: a, iqn: naa.0123456789abcdef0123456789abcdef}", "");
    check_volume(
        "iscsi: {targetPortal: a, iqn: example, lun: 256, chapAuthSession: true}",
        "[api/required] `spec.iscsi.secretRef` is missing (CHAP takes its password from a Secret)\n[api/invalid] `spec.iscsi.iqn` must be an iSCSI name that begins with `iqn.`, `eui.` or `naa.`, but is the string `example` (write a name such as `iqn.2001-04.com.example:storage.disk`)\n[api/invalid] `spec.iscsi.lun` must be between 0 and 255, but is the integer `256`",
    );
}

#[test]
fn a_local_volume_says_where_it_is() {
    check_volume(
        "local: {path: ''}",
        "[api/required] `spec.nodeAffinity` is missing (say which node has the folder of a `local` volume)\n[api/required] `spec.local.path` must not be empty",
    );
    check_volume(
        "local: {path: /a}, nodeAffinity: {}",
        "[api/required] `spec.nodeAffinity.required` is missing",
    );
}

#[test]
fn a_csi_volume_names_a_driver_and_secrets_wherever_they_are() {
    check_volume("csi: {driver: A.b, volumeHandle: c, nodeStageSecretRef: {}}", "");
    check_volume(
        "csi: {driver: a_b, volumeHandle: '', nodePublishSecretRef: {name: A}}",
        "[api/invalid] `spec.csi.driver` must be the name of a CSI driver: a DNS name, but is the string `a_b` (write letters and digits, with `-` and `.` only between them, such as `disk.csi.example.com`)\n[api/required] `spec.csi.volumeHandle` must not be empty\n[api/required] `spec.csi.nodePublishSecretRef.namespace` is missing\n[api/invalid] `spec.csi.nodePublishSecretRef.name` must be a DNS name of at most 253 small letters, digits, `-` and `.`, but is the string `A` (write small letters and digits, with `-` and `.` only between them, such as `my-name`)",
    );
}

#[test]
fn the_root_folder_is_not_recycled() {
    check_volume(
        "persistentVolumeReclaimPolicy: Recycle, hostPath: {path: /}",
        "[api/forbidden] `spec.persistentVolumeReclaimPolicy` may not be `Recycle` where `hostPath` is the root folder",
    );
}

#[test]
fn an_attachment_names_a_volume_or_brings_one_along() {
    let attachment = |source| format!("spec: {{attacher: a, nodeName: b, source: {source}}}");
    check_storage("VolumeAttachment", &attachment("{persistentVolumeName: c}"), "");
    check_storage(
        "VolumeAttachment",
        &attachment("{}"),
        "[api/required] `spec.source` must not be empty (add `persistentVolumeName`)",
    );
    check_storage(
        "VolumeAttachment",
        &attachment("{persistentVolumeName: ''}"),
        "[api/required] `spec.source.persistentVolumeName` must not be empty",
    );
    check_storage(
        "VolumeAttachment",
        &attachment("{persistentVolumeName: c, inlineVolumeSpec: {}}"),
        "[api/forbidden] `spec.source` may have `inlineVolumeSpec` or `persistentVolumeName`, not both\n[api/required] `spec.source.inlineVolumeSpec.accessModes` is missing",
    );
    check_storage(
        "VolumeAttachment",
        &attachment(
            "{inlineVolumeSpec: {accessModes: [ReadWriteOnce], claimRef: {}, volumeMode: Block, hostPath: {path: /a}}}",
        ),
        "[api/required] `spec.source.inlineVolumeSpec.csi` is missing (only CSI volumes can stand in an attachment)\n[api/forbidden] `spec.source.inlineVolumeSpec.claimRef` may not be there for a volume in an attachment\n[api/forbidden] `spec.source.inlineVolumeSpec.volumeMode` may only be `Filesystem` for a volume in an attachment",
    );
}

#[test]
fn an_attachment_without_a_spec_misses_what_is_in_it() {
    check_storage(
        "VolumeAttachment",
        "spec: null",
        "[api/required] `spec.attacher` is missing\n[api/required] `spec.nodeName` is missing\n[api/required] `spec.source` is missing (add `persistentVolumeName`)",
    );
}

#[test]
fn a_class_names_what_makes_its_volumes() {
    check_storage("StorageClass", "provisioner: A.B/c, parameters: {a: ''}", "");
    check_storage(
        "StorageClass",
        "provisioner: a b, parameters: {'': a}, reclaimPolicy: Recycle, volumeBindingMode: ''",
        "[api/invalid] `provisioner` must be the name of a driver, as the key of a label is one, but is the string `a b` (write a name such as `disk.csi.example.com` or `example.com/nfs`)\n[api/invalid] `parameters` must not have an empty key\n[api/enum] `reclaimPolicy` must be one of `Delete`, `Retain`, but is the string `Recycle`\n[api/enum] `volumeBindingMode` must be one of `Immediate`, `WaitForFirstConsumer`, but is the string ``",
    );
    check_storage(
        "VolumeAttributesClass",
        "driverName: '', parameters: {}",
        "[api/required] `driverName` must not be empty\n[api/required] `parameters` must not be empty",
    );
}

#[test]
fn topologies_differ_whatever_their_order() {
    let topologies = |topologies| format!("provisioner: a, allowedTopologies: {topologies}");
    check_storage(
        "StorageClass",
        &topologies(
            "[{matchLabelExpressions: [{key: a, values: [b, c]}]}, {matchLabelExpressions: [{key: a, values: [c, b]}]}]",
        ),
        "[api/duplicate] `allowedTopologies[1].matchLabelExpressions` is there a second time (remove or rename one of the two)",
    );
    check_storage(
        "StorageClass",
        &topologies(
            "[{matchLabelExpressions: [{key: a, values: [b, b]}, {key: a, values: []}, {values: [c]}]}]",
        ),
        "[api/duplicate] `allowedTopologies[0].matchLabelExpressions[0].values[1]` is the string `b` a second time (remove or rename one of the two)\n[api/duplicate] `allowedTopologies[0].matchLabelExpressions[1].key` is the string `a` a second time (remove or rename one of the two)\n[api/required] `allowedTopologies[0].matchLabelExpressions[1].values` must not be empty\n[api/required] `allowedTopologies[0].matchLabelExpressions[2].key` is missing",
    );
    check_storage(
        "StorageClass",
        &topologies("[{}]"),
        "[api/required] `allowedTopologies[0].matchLabelExpressions` is missing (a term without labels counts as doubled)",
    );
}

#[test]
fn a_driver_says_how_it_works_and_whom_its_tokens_are_for() {
    check_storage(
        "CSIDriver",
        "spec: {fsGroupPolicy: '', volumeLifecycleModes: [persistent], serviceAccountTokenInSecrets: false, nodeAllocatableUpdatePeriodSeconds: 9}",
        "[api/enum] `spec.fsGroupPolicy` must be one of `File`, `None`, `ReadWriteOnceWithFSType`, but is the string ``\n[api/enum] `spec.volumeLifecycleModes` has the item `persistent`, but each must be one of `Ephemeral`, `Persistent` (did you mean `Persistent`?)\n[api/invalid] `spec.serviceAccountTokenInSecrets` must not be there without `tokenRequests` (add `tokenRequests`, or remove it)\n[api/invalid] `spec.nodeAllocatableUpdatePeriodSeconds` must be 10 at least, but is the integer `9`",
    );
    check_storage(
        "CSIDriver",
        "spec: {tokenRequests: [{expirationSeconds: 599}, {audience: ''}]}",
        "[api/invalid] `spec.tokenRequests[0].expirationSeconds` must be between 600 and 4294967296, but is the integer `599`\n[api/duplicate] `spec.tokenRequests[1].audience` is the string `` a second time (remove or rename one of the two)",
    );
}

#[test]
fn a_node_has_each_driver_once() {
    check_storage(
        "CSINode",
        "spec: {drivers: [{name: a, nodeID: b, topologyKeys: [c, c, d e]}, {name: a, nodeID: '', allocatable: {count: -1}}]}",
        "[api/duplicate] `spec.drivers[0].topologyKeys[1]` is the string `c` a second time (remove or rename one of the two)\n[api/invalid] `spec.drivers[0].topologyKeys[2]` must be the key of a label, but is the string `d e` (write at most 63 letters, digits, `-`, `_` and `.`, with a DNS name and `/` before them if they are not yours alone: `example.com/name`)\n[api/duplicate] `spec.drivers[1].name` is the string `a` a second time (remove or rename one of the two)\n[api/required] `spec.drivers[1].nodeID` must not be empty\n[api/invalid] `spec.drivers[1].allocatable.count` must be 0 at least, but is the integer `-1`",
    );
}

#[test]
fn space_is_of_a_class_and_not_below_zero() {
    check_storage(
        "CSIStorageCapacity",
        "storageClassName: '', capacity: -1",
        "[api/required] `storageClassName` must not be empty\n[api/invalid] `capacity` must not be below zero, but is the integer `-1`",
    );
    check_storage("CSIStorageCapacity", "storageClassName: a, maximumVolumeSize: -1", "");
}
