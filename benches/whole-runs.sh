#!/usr/bin/env bash
# Measures whole runs of jibe over fleets of services, beside Helm and beside copying files.
#
#   benches/whole-runs.sh [ROUNDS]      default 3; every round measures everything, so that ratios are
#                                       taken between neighbours on a machine that others use too
#
# JIBE    the program                   default target/release/jibe
# FLEET   writes a workspace            default: the newest target/release/deps/fleet-*, see `cargo bench --no-run`
# HELM    programs to compare with      default: helm; several with spaces between
# FOLDER  where to work                 default: a new folder below ${TMPDIR:-/tmp}; /dev/shm leaves the disk out
# SIZES   numbers of services           default: "1000 2000 4000"
#
# Prints a line per run: name, wall clock, user and system time in seconds, peak memory in MiB.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-3}
jibe=$(realpath "${JIBE:-target/release/jibe}")
fleet=$(realpath "${FLEET:-$(find target/release/deps -name 'fleet-*' -executable -type f -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2)}")
folder=${FOLDER:-$(mktemp -d)}
sizes=${SIZES:-1000 2000 4000}
helm_services=17 # in 3 environments: about 50 runs, to be multiplied

mkdir -p "$folder"
folder=$(realpath "$folder")

# measure NAME COMMAND...
measure() {
    local name=$1
    shift
    local line
    line=$(/usr/bin/time -f '%e %U %S %M' "$@" 2>&1 >/dev/null | tail -1)
    read -r wall user system memory <<<"$line"
    printf '%-34s wall %7s  user %6s  system %6s  MiB %6d\n' \
        "$name" "$wall" "$user" "$system" "$((memory / 1024))"
}

make_fleet() {
    [ -d "$folder/$1" ] || "$fleet" "$folder/$1" "$1" >/dev/null
}

floor() {
    find services charts environments jibe.yaml values.yaml -type f -print0 | xargs -0 cat >/dev/null
    cp -r rendered copied
}

helm_runs() { # HELM FLEET-FOLDER
    cd "$2"
    for number in $(seq 0 $((helm_services - 1))); do
        local service
        service=$(printf 'svc-%05d' "$number")
        for env in dev staging prod; do
            "$1" template "$service" helm --namespace "shop-$env" -f values.yaml -f "helm-$env.yaml" \
                -f "environments/$env.yaml" -f "services/$service/values.yaml" \
                -f "services/$service/$env.yaml" >/dev/null
        done
    done
}
export -f floor helm_runs
export helm_services

# Both print the same objects, or there is nothing to compare.
same_objects() { # HELM
    local plain="$folder/plain" service=svc-00001 env=prod
    mkdir -p "$plain"
    cd "$folder/${sizes%% *}"
    "$1" template "$service" helm --namespace "shop-$env" -f values.yaml -f "helm-$env.yaml" \
        -f "environments/$env.yaml" -f "services/$service/values.yaml" \
        -f "services/$service/$env.yaml" >"$plain/all.yaml"
    diff <("$jibe" render "$plain" -n "shop-$env") <("$jibe" render "$service" -e "$env") >/dev/null
    cd - >/dev/null
}

small="$folder/trivial"
if [ ! -d "$small" ]; then
    mkdir -p "$small/templates"
    printf 'name: small\nversion: 1.0.0\n' >"$small/chart.yaml"
    printf 'greeting: hello\n' >"$small/values.yaml"
    printf 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: small\ndata:\n  greeting: {{ values.greeting }}\n' \
        >"$small/templates/config.yaml"
fi
for size in $sizes; do make_fleet "$size"; done
for helm in ${HELM:-helm}; do
    if command -v "$helm" >/dev/null; then
        same_objects "$helm" || { echo "$helm and jibe do not print the same objects"; exit 1; }
    fi
done

for _ in $(seq "$rounds"); do
    for size in $sizes; do
        cd "$folder/$size"
        rm -rf rendered copied
        measure "first run, $size services" "$jibe" render --write
        measure "second run, $size services" "$jibe" render --write
        measure "check, $size services" "$jibe" check
        measure "floor, $size services" bash -c floor
        rm -rf copied
        if [ "$size" = "${sizes%% *}" ]; then
            for jobs in 1 2; do
                measure "check, $jobs threads" "$jibe" check --jobs "$jobs"
                rm -rf "$folder/other"
                measure "first run, $jobs threads" "$jibe" render -o "$folder/other" --jobs "$jobs"
            done
            for helm in ${HELM:-helm}; do
                command -v "$helm" >/dev/null || continue
                measure "$((helm_services * 3)) times $(basename "$helm") template" \
                    bash -c 'helm_runs "$@"' - "$helm" "$PWD"
            done
        fi
    done
    cd "$small"
    measure "40 starts on a trivial chart" bash -c 'for _ in $(seq 40); do "$0" render . >/dev/null; done' "$jibe"
    measure "40 starts of true" bash -c 'for _ in $(seq 40); do "$(command -v true)" >/dev/null; done'
done
