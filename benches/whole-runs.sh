#!/usr/bin/env bash
# Measures whole runs of jibe over fleets of services, beside Helm and beside copying files.
#
#   benches/whole-runs.sh [ROUNDS]      default 3; every round measures everything, so that ratios are
#                                       taken between neighbours on a machine that others use too
#
# JIBE    the program                   default: what `cargo build --release` makes
# FLEET   writes a workspace            default: what `cargo bench --no-run` makes
# HELM    programs to compare with      default: helm; several with spaces between
# FOLDER  where to work                 default: a new folder below ${TMPDIR:-/tmp}; one in memory (tmpfs) leaves the disk out
# SIZES   numbers of services           default: "1000 2000 4000 5560"; a service makes 18 objects
#
# Before each measurement the disk is synced, so that none waits for what another one left behind. The
# floor is what no program could avoid: it reads every input, copies the finished tree and syncs it; for a
# second run, which changes nothing, it is to read every input and every file of the tree. The run after a
# change renders everything, but the change is a remark, so that nothing is to be written.
#
# Prints the two tables of docs/performance.md: the median of the rounds for each run, then the ratios.
set -euo pipefail
cd "$(dirname "$0")/.."
. benches/measure.sh

rounds=${1:-3}
jibe=$(realpath "${JIBE:-$(built jibe)}")
fleet=$(realpath "${FLEET:-$(bench fleet)}")
folder=${FOLDER:-$(mktemp -d)}
sizes=${SIZES:-1000 2000 4000 5560}
helm_services=17 # in 3 environments: 51 runs, to be multiplied
starts=40

mkdir -p "$folder"
folder=$(realpath "$folder")

# synced NAME COMMAND...
synced() {
    sync -f "$folder"
    measure "$@"
}

# Takes folders away without deleting them: ext4 looks long for an inode while many were freed a moment ago.
mkdir -p "$folder/aside"
aside() {
    for old in "$@"; do
        [ ! -e "$old" ] || mv "$old" "$(mktemp -d -p "$folder/aside")"
    done
}

make_fleet() {
    [ -d "$folder/$1" ] || "$fleet" "$folder/$1" "$1" >/dev/null
}

read_all() { # PATH...
    find "$@" -type f -print0 | xargs -0 cat >/dev/null
}

floor() {
    read_all services charts environments jibe.yaml values.yaml
    cp -r rendered copied
    sync -f copied
}

second_floor() {
    read_all services charts environments jibe.yaml values.yaml rendered
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
export -f read_all floor second_floor helm_runs
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
        aside rendered copied .jibe
        synced "first run, $size services" "$jibe" render --write
        synced "second run, $size services" "$jibe" render --write
        aside .jibe
        synced "second run without its receipt, $size services" "$jibe" render --write
        echo '# changed' >>services/svc-00001/prod.yaml
        synced "run after a change, $size services" "$jibe" render --write
        synced "check, $size services" "$jibe" check
        synced "floor, $size services" bash -c floor
        synced "floor of a second run, $size services" bash -c second_floor
        if [ "$size" = "${sizes%% *}" ]; then
            for jobs in 1 2; do
                synced "check, threads: $jobs" "$jibe" check --jobs "$jobs"
                aside "$folder/other"
                synced "first run, threads: $jobs" "$jibe" render -o "$folder/other" --jobs "$jobs"
            done
            for helm in ${HELM:-helm}; do
                command -v "$helm" >/dev/null || continue
                synced "$((helm_services * 3)) times $(basename "$helm") template" \
                    bash -c 'helm_runs "$@"' - "$helm" "$PWD"
            done
        fi
    done
    cd "$small"
    synced "$starts starts on a trivial chart" bash -c 'for _ in $(seq "$1"); do "$0" render . >/dev/null; done' "$jibe" "$starts"
    synced "$starts starts of true" bash -c 'for _ in $(seq "$1"); do "$0" >/dev/null; done' "$(type -P true)" "$starts"
done

echo "Processors: $(nproc). File system: $(stat -f -c %T "$folder"). Rounds: $rounds."
echo
medians

base=${sizes%% *}
wall() { median 2 "$1"; }
echo
echo '| ratio of wall clocks | times |'
echo '|---|---|'
for helm in ${HELM:-helm}; do
    runs="$((helm_services * 3)) times $(basename "$helm") template"
    grep -q "^$runs" "$results" || continue
    ratio "$(basename "$helm") template, once for each service and environment / first run" \
        "$(wall "$runs") / ($helm_services * 3) * $base * 3 / $(wall "first run, $base services")"
done
ratio "first run / second run" "$(wall "first run, $base services") / $(wall "second run, $base services")"
ratio "second run without its receipt / second run" \
    "$(wall "second run without its receipt, $base services") / $(wall "second run, $base services")"
ratio "run after a change / second run without its receipt" \
    "$(wall "run after a change, $base services") / $(wall "second run without its receipt, $base services")"
ratio "first run / floor" "$(wall "first run, $base services") / $(wall "floor, $base services")"
ratio "second run / its floor" \
    "$(wall "second run, $base services") / $(wall "floor of a second run, $base services")"
ratio "check, one thread / two" "$(wall "check, threads: 1") / $(wall "check, threads: 2")"
ratio "first run, one thread / two" "$(wall "first run, threads: 1") / $(wall "first run, threads: 2")"
for size in ${sizes#"$base"}; do
    ratio "first run, $size / $base services, per service" \
        "$(wall "first run, $size services") / $size / ($(wall "first run, $base services") / $base)"
done
printf '| one start on a trivial chart, in ms | %s |\n' \
    "$(awk "BEGIN { printf \"%.1f\", ($(wall "$starts starts on a trivial chart") - $(wall "$starts starts of true")) * 1000 / $starts }")"
