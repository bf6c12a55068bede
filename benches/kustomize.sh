#!/usr/bin/env bash
# Measures builds of kustomizations by jibe beside the same builds by kustomize.
#
#   benches/kustomize.sh [ROUNDS]       default 3; every round measures everything, so that ratios are
#                                       taken between neighbours on a machine that others use, too
#
# JIBE       the program                       default: what `cargo build --release` makes
# KUSTOMIZE  the program to compare with       default: kustomize, left out if it is not there
# LOAD       writes kustomizations             default: what `cargo bench --no-run` makes
# FOLDER     where to work                     default: a new folder below ${TMPDIR:-/tmp}
# SIZES      numbers of objects                default: "50 1000 5000 10000 25000 50000"
# MOST       the most that kustomize builds    default 5000, which takes it minutes; 50000 would take it a day
# CRDS       how many definitions of 74 kB     default 40
#
# A size is an overlay (prefix, namespace, labels with selectors, annotations, images, replicas, ten merge patches and a JSON
# patch, generators where jibe builds them) over a base of so many objects. Both print the same bytes, or there is nothing to
# compare. Beyond 1,000 objects kustomize is measured in the first round only.
#
# Prints the two tables of docs/performance.md: the median of the rounds for each run, then the ratios.
set -euo pipefail
cd "$(dirname "$0")/.."
. benches/measure.sh

rounds=${1:-3}
jibe=$(realpath "${JIBE:-$(built jibe)}")
kustomize=$(command -v "${KUSTOMIZE:-kustomize}" || true)
load=$(realpath "${LOAD:-$(bench kustomize)}")
folder=${FOLDER:-$(mktemp -d)}
sizes=${SIZES:-50 1000 5000 10000 25000 50000}
most=${MOST:-5000}
crds=${CRDS:-40}
starts=20 # of builds that take milliseconds only

mkdir -p "$folder"
folder=$(realpath "$folder")

make() { # LOAD NUMBER
    [ -d "$folder/$1-$2" ] || "$load" "$folder/$1-$2" "$1" "$2"
}

make generated 5
kind=plain
! "$jibe" render "$folder/generated-5/overlay" >/dev/null 2>&1 || kind=generated
for size in $sizes; do make "$kind" "$size"; done
make crds "$crds"

# times COMMAND...: how often a command is run for one measurement.
times() {
    local line
    line=$(/usr/bin/time -f '%e' "$@" 2>&1 >/dev/null | tail -1)
    awk -v seconds="$line" -v most="$starts" 'BEGIN { print seconds < 0.5 ? most : 1 }'
}

# timed NAME COMMAND...: the mean of as many runs as it takes.
timed() { repeat "$(times "${@:2}")" "$@"; }

# compare NAME FOLDER SIZE
compare() {
    timed "jibe, $1" "$jibe" render "$2/overlay"
    [ -n "$kustomize" ] && [ "$3" -le "$most" ] || return 0
    if [ "$3" -gt 1000 ]; then
        [ "$round" = 1 ] || return 0
        # Once is long enough: the bytes are compared in the same run.
        local line
        line=$(/usr/bin/time -f '%e %U %S %M' "$kustomize" build "$2/overlay" 2>&1 >"$folder/printed.yaml" | tail -1)
        note "kustomize, $1" "$line"
        same "$1" "$2"
        return 0
    fi
    if [ "$round" = 1 ]; then
        "$kustomize" build "$2/overlay" >"$folder/printed.yaml"
        same "$1" "$2"
    fi
    timed "kustomize, $1" "$kustomize" build "$2/overlay"
}

same() { # NAME FOLDER
    cmp <("$jibe" render "$2/overlay") "$folder/printed.yaml" || { echo "$1: jibe and kustomize print different bytes"; exit 1; }
}

for round in $(seq "$rounds"); do
    for size in $sizes; do compare "$size objects" "$folder/$kind-$size" "$size"; done
    compare "$crds definitions" "$folder/crds-$crds" 0
done

# compared NAME COLUMN RUN OTHER [FACTOR]: one run by another one.
compared() {
    ratio "$1" "$(median "$2" "$3") / $(median "$2" "$4") * ${5:-1}"
}

echo "Processors: $(nproc). Rounds: $rounds. Load: $kind."
echo
medians

echo
echo '| ratio | times |'
echo '|---|---|'
for what in $(printf '%s_objects ' $sizes) "${crds}_definitions"; do
    what=${what/_/ }
    grep -q "^kustomize, $what" "$results" || continue
    compared "$what: kustomize / jibe, wall clock" 2 "kustomize, $what" "jibe, $what"
    compared "$what: jibe / kustomize, peak memory" 5 "jibe, $what" "kustomize, $what"
done
first=
for size in $sizes; do
    [ "$size" -ge 1000 ] || continue
    [ -z "$first" ] || compared "jibe, $size / $first objects, an object, wall clock" 2 "jibe, $size objects" "jibe, $first objects" "$first / $size"
    first=${first:-$size}
done
