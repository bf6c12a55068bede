#!/usr/bin/env python3
"""Writes the Kubernetes schemas that jibe embeds: one text file a Go package, one line a field.

usage: normalise.py PACKAGE [OUT]

PACKAGE is the unpacked `kubernetes-validate` package of PyPI (the folder that holds `kubernetes-json-schema`), OUT the
folder to write to (default: the one of this file). README.md says how the text reads. The same input gives the same bytes.

What is kept of the published schemas: the types that a resource of `scopes.txt` can hold, their fields, which are
required, list types, merge keys, patch strategies. What is left out: descriptions, lists of kinds, `null` beside a type
(every optional field has it), `apiVersion` and `kind` of resources (the kind itself says them).
"""

import json
import sys
from pathlib import Path

MINORS = range(25, 38)
HERE = Path(__file__).resolve().parent
REF = "#/$defs/"

# Types that are a single value in JSON. The published schemas give some of them no type at all.
SCALARS = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "object",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "micro-time",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "date-time",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "object",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "int-or-string",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON": "any",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray": "schema-or-list",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool": "schema-or-boolean",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray": "schema-or-strings",
}
FORMATS = {
    ("string", None): "string",
    ("string", "byte"): "base64",
    ("boolean", None): "boolean",
    ("integer", "int32"): "int32",
    ("integer", "int64"): "int64",
    ("number", "double"): "double",
}
# Fields that the published schemas require and a server does without: it fills them in, or their empty value will do.
# Found by asking a 1.35 server for every kind with each of its required fields left out once.
NOT_REQUIRED = set("""
    apiextensions.CustomResourceDefinitionVersion.served
    apiextensions.CustomResourceDefinitionVersion.storage
    apps.ControllerRevision.revision
    batch.PodFailurePolicy.rules
    core.ConfigMapNodeConfigSource.kubeletConfigKey
    core.ConfigMapNodeConfigSource.name
    core.ConfigMapNodeConfigSource.namespace
    core.HTTPHeader.value
    core.ISCSIPersistentVolumeSource.lun
    core.ISCSIVolumeSource.lun
    core.LimitRangeSpec.limits
    core.PreferredSchedulingTerm.preference
    core.ScaleIOPersistentVolumeSource.secretRef
    core.ScaleIOVolumeSource.secretRef
    core.SleepAction.seconds
    core.Sysctl.value
    discovery.EndpointSlice.endpoints
    rbac.RoleRef.apiGroup
    resource.DeviceClass.spec
    resource.ResourceClaim.spec
    resource.ResourceClaimTemplate.spec
    resource.ResourceClaimTemplateSpec.spec
    scheduling.PriorityClass.value
    storage.CSIDriver.spec
    storage.CSINode.spec
    storage.CSINodeSpec.drivers
    storage.TokenRequest.audience
""".split())
ATTRIBUTES = {  # in the order in which they are written
    "x-kubernetes-list-type": "list",
    "x-kubernetes-list-map-keys": "keys",
    "x-kubernetes-map-type": "map",
    "x-kubernetes-patch-strategy": "patch",
    "x-kubernetes-patch-merge-key": "merge",
}
KNOWN_TYPE_KEYS = {"type", "properties", "required", "additionalProperties", "description",
                   "x-kubernetes-group-version-kind", "x-kubernetes-map-type",
                   "x-kubernetes-unions"}  # unions: a server ignores them
KNOWN_FIELD_KEYS = {"$ref", "type", "format", "items", "additionalProperties", "enum",
                    "description"} | ATTRIBUTES.keys()


def main(arguments):
    if not 1 <= len(arguments) <= 2:
        sys.exit(__doc__)
    out = Path(arguments[1]) if len(arguments) == 2 else HERE
    scopes = read_scopes(HERE / "scopes.txt")
    versions = {minor: read_version(Path(arguments[0]), minor, scopes) for minor in MINORS}
    for package, text in sorted(write_packages(versions).items()):
        (out / f"{package}.txt").write_text(text, encoding="utf-8", newline="\n")


# ---- reading

def read_scopes(path):
    """(group, kind) -> (scope, resource), or None for a kind that is no resource."""
    rows = [line.split() for line in path.read_text().splitlines() if not line.startswith("#")]
    return {(g, k): None if scope == "-" else (scope, name) for g, k, scope, name in rows}


def read_version(package, minor, scopes):
    """Name of a type -> (its header line's attributes, {field: its line}) for one Kubernetes version."""
    path = package / "kubernetes-json-schema" / f"v1.{minor}.0-local-strict" / "_definitions.json"
    definitions = json.loads(path.read_text(encoding="utf-8"))["$defs"]
    kinds = {name: kind for name in definitions if (kind := resource(name, definitions[name], scopes))}
    spec_side = reachable(kinds, definitions, kinds, {"status"})
    return {
        name: read_type(name, definitions[name], kinds, name in spec_side)
        for name in reachable(kinds, definitions, kinds, set())
    }


def resource(name, definition, scopes):
    """The header attributes of a type that is a resource, else None."""
    kinds = definition.get("x-kubernetes-group-version-kind", [])
    if len(kinds) != 1:  # none, or DeleteOptions and WatchEvent, which every group has
        return None
    group, version, kind = kinds[0]["group"] or "core", kinds[0]["version"], kinds[0]["kind"]
    if (group, kind) not in scopes:
        if kind.endswith("List") and (group, kind[:-4]) in scopes:
            return None
        sys.exit(f"scopes.txt does not name {group} {kind} ({name})")
    if scopes[group, kind] is None:
        return None
    scope, plural = scopes[group, kind]
    return f"group={group} version={version} kind={kind} scope={scope} resource={plural}"


def reachable(start, definitions, kinds, skip):
    """The object types that the types of `start` can hold; fields of resources named in `skip` are not followed."""
    seen, todo = set(), sorted(start)
    while todo:
        name = todo.pop()
        if name in seen or name in SCALARS:
            continue
        seen.add(name)
        left_out = skip if name in kinds else set()
        properties = definitions[name].get("properties", {})
        todo += [ref for field in properties if field not in left_out for ref in references(properties[field])]
    return seen


def references(schema):
    if "$ref" in schema:
        yield schema["$ref"].removeprefix(REF)
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), dict):
            yield from references(schema[inner])


def read_type(name, definition, kinds, in_spec):
    """The header attributes and field lines of one type.

    A server never looks at what `status` lacks, so nothing is required of a type that only stands there.
    """
    refuse_unknown(definition, KNOWN_TYPE_KEYS, name)
    required = set(definition.get("required", [])) if in_spec else set()
    header = [kinds[name]] if name in kinds else []
    if definition.get("x-kubernetes-map-type"):
        header.append("map=" + definition["x-kubernetes-map-type"])
    implied = {"apiVersion", "kind"} if name in kinds else set()
    fields = {
        field: read_field(name, field, schema, field in required and not optional(name, field))
        for field, schema in definition.get("properties", {}).items() if field not in implied
    }
    return " ".join(header), fields


def optional(name, field):
    package, _, short = name.split(".")[-3:]
    return f"{package}.{short}.{field}" in NOT_REQUIRED


def read_field(owner, field, schema, required):
    refuse_unknown(schema, KNOWN_FIELD_KEYS, f"{owner} {field}")
    if "enum" in schema:
        sys.exit(f"{owner} {field} has an enum, which the text form has no word for yet")
    words = [field + ("!" if required else ""), spell(schema, owner)]
    for key, word in ATTRIBUTES.items():
        if key in schema:
            value = schema[key]
            words.append(f"{word}={','.join(value) if isinstance(value, list) else value}")
    return " ".join(words)


def spell(schema, owner):
    """The type as text: `string`, `[]Container`, `{}quantity`, `meta/v1.ObjectMeta`."""
    if "$ref" in schema:
        return spell_reference(schema["$ref"].removeprefix(REF), owner)
    kind = schema.get("type")
    kind = next(k for k in kind if k != "null") if isinstance(kind, list) else kind
    if kind == "array":
        return "[]" + spell(schema["items"], owner)
    if kind == "object":
        return "{}" + spell(schema["additionalProperties"], owner)
    return FORMATS[kind, schema.get("format")]


def spell_reference(name, owner):
    if name in SCALARS:
        return SCALARS[name]
    package, version, short = name.split(".")[-3:]
    return short if name.split(".")[-3:-1] == owner.split(".")[-3:-1] else f"{package}/{version}.{short}"


def refuse_unknown(schema, known, where):
    unknown = set(schema) - known
    if unknown:
        sys.exit(f"{where} has keys that this tool does not know: {sorted(unknown)}")


# ---- writing

def write_packages(versions):
    names = sorted({name for types in versions.values() for name in types}, key=lambda name: name.split(".")[-3:])
    packages = {}
    for name in names:
        package, version, short = name.split(".")[-3:]
        lines = packages.setdefault(package, [HEADER.format(package=package)])
        lines += write_type(f"{package}/{version}.{short}", {m: t[name] for m, t in versions.items() if name in t})
    return {package: "\n".join(lines) + "\n" for package, lines in packages.items()}


HEADER = "# Kubernetes types of the Go package {package}. Written by normalise.py, see README.md; do not edit."


def write_type(title, by_minor):
    """A block for every run of versions in which the type's header stays the same."""
    lines = []
    for header, minors in runs({minor: header for minor, (header, _) in by_minor.items()}):
        fields = {minor: by_minor[minor][1] for minor in minors}
        lines += ["", " ".join(filter(None, [title, header, since_until(minors, MINORS)]))]
        for name in sorted({name for names in fields.values() for name in names}):
            holds = {minor: names[name] for minor, names in fields.items() if name in names}
            lines += [" ".join(filter(None, ["  " + line, since_until(run, minors)])) for line, run in runs(holds)]
    return lines


def runs(by_minor):
    """Neighbouring versions with an equal value: [(value, [minor, …])], oldest first."""
    found = []
    for minor, value in sorted(by_minor.items()):
        if found and found[-1][0] == value and found[-1][1][-1] == minor - 1:
            found[-1][1].append(minor)
        else:
            found.append((value, [minor]))
    return found


def since_until(minors, parent):
    words = []
    if minors[0] != parent[0]:
        words.append(f"since=1.{minors[0]}")
    if minors[-1] != parent[-1]:
        words.append(f"until=1.{minors[-1]}")
    return " ".join(words)


if __name__ == "__main__":
    main(sys.argv[1:])
