#!/usr/bin/env bash
# Measures `jibe lint` over many objects in one file and over one small file, beside kubeconform.
#
#   benches/lint.sh [ROUNDS]            default 5; every round measures everything
#
# JIBE         the program                      default: what `cargo build --release` makes
# KUBECONFORM  the program to compare with      default: kubeconform, left out if it is not there
# SCHEMAS      its schemas, so that it fetches none: a template for -schema-location, such as
#              '/data/1.35.0/{{ .ResourceKind }}{{ .KindSuffix }}.json'
# VERSION      the Kubernetes version           default 1.35
# FOLDER       where to work                    default: a new folder below ${TMPDIR:-/tmp}
#
# Prints the table of docs/performance.md: the median of the rounds. On a machine that others use, too, compare user times.
set -euo pipefail
cd "$(dirname "$0")/.."
. benches/measure.sh

rounds=${1:-5}
jibe=$(realpath "${JIBE:-$(built jibe)}")
kubeconform=$(command -v "${KUBECONFORM:-kubeconform}" || true)
version=${VERSION:-1.35}
folder=${FOLDER:-$(mktemp -d)}
mkdir -p "$folder"

# objects NUMBER: a third each of Deployments, Pods and Services, the same for the same number.
objects() {
    awk -v number="$1" '
    function pick(below) { seed = (seed * 1103515245 + 12345) % 2147483648; return int(seed / 65536) % below }
    function meta(kind, api) {
        name = "team-" pick(40) "-service-" n
        printf "apiVersion: %s\nkind: %s\nmetadata:\n  name: %s\n  labels: {app: service-%d}\n", api, kind, name, n
    }
    function container(indent, has_limits) {
        printf "%scontainers:\n%s- name: main\n%s  image: registry.example.com/service-%d:1.%d.%d\n", indent, indent, indent, n, pick(30), pick(100)
        printf "%s  ports: [{containerPort: %d}]\n", indent, 8000 + pick(1000)
        if (has_limits) printf "%s  resources:\n%s    limits: {memory: %dMi}\n", indent, indent, 64 * (1 + pick(16))
    }
    BEGIN {
        seed = 1
        for (n = 0; n < number; n++) {
            if (n) print "---"
            if (n % 3 == 0) {
                meta("Deployment", "apps/v1")
                printf "spec:\n  replicas: %d\n  selector:\n    matchLabels: {app: service-%d}\n  template:\n    metadata:\n      labels: {app: service-%d}\n    spec:\n", pick(9), n, n
                container("      ", 1)
            } else if (n % 3 == 1) { meta("Pod", "v1"); print "spec:"; container("  ", 0) }
            else {
                meta("Service", "v1")
                printf "spec:\n  selector: {app: service-%d}\n  ports:\n  - {name: http, port: 80, targetPort: 8080}\n", n
            }
        }
    }'
}

objects 10002 >"$folder/many.yaml"
objects 3 >"$folder/small.yaml"
schemas=()
[ -z "${SCHEMAS:-}" ] || schemas=(-schema-location "$SCHEMAS")
peer() { "$kubeconform" -strict -kubernetes-version "$version.0" "${schemas[@]}" "$1"; }

# starts NAME COMMAND...: of milliseconds only, so the mean of many.
starts() { repeat 40 "$@"; }

# What is measured is taken by both.
"$jibe" lint --kube-version "$version" "$folder/many.yaml" "$folder/small.yaml" >&2
[ -z "$kubeconform" ] || peer "$folder/many.yaml"

for _ in $(seq "$rounds"); do
    measure "jibe lint, 10,002 objects" "$jibe" lint --kube-version "$version" "$folder/many.yaml"
    measure "the same, threads: 1" "$jibe" lint --jobs 1 --kube-version "$version" "$folder/many.yaml"
    starts "jibe lint, 3 objects" "$jibe" lint --kube-version "$version" "$folder/small.yaml"
    if [ -n "$kubeconform" ]; then
        flags=(-strict -kubernetes-version "$version.0" "${schemas[@]}")
        measure "kubeconform -strict, 10,002 objects" "$kubeconform" "${flags[@]}" "$folder/many.yaml"
        starts "kubeconform -strict, 3 objects" "$kubeconform" "${flags[@]}" "$folder/small.yaml"
    fi
done

medians
