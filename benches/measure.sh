# What the scripts beside this one share: runs are measured into a file, and the medians of the rounds become tables.
# To be sourced by bash.

# built PATH: where cargo puts what it builds for release.
built() {
    echo "${CARGO_TARGET_DIR:-target}/${CARGO_BUILD_TARGET:-$(rustc --print host-tuple)}/release/$1"
}

# bench NAME: the newest program that `cargo bench --no-run` made of a bench.
bench() {
    find "$(built deps)" -name "$1-*" -executable -type f -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2-
}

results=$(mktemp)
trap 'rm -f "$results"' EXIT

# measure NAME COMMAND...: wall clock, user and system time of one run in seconds, and its peak memory in MiB.
measure() { repeat 1 "$@"; }

# repeat RUNS NAME COMMAND...: the mean of so many runs, in the same units.
repeat() {
    local runs=$1 name=$2 line
    shift 2
    local command=("$@")
    [ "$runs" = 1 ] || command=(bash -c 'for _ in $(seq "$0"); do "$@" >/dev/null 2>&1; done' "$runs" "$@")
    line=$(/usr/bin/time -f '%e %U %S %M' "${command[@]}" 2>&1 >/dev/null | tail -1)
    note "$name" "$line" "$runs"
}

# note NAME LINE [RUNS]: what /usr/bin/time said, in the format '%e %U %S %M', of so many runs together.
note() {
    awk -v name="$1" -v runs="${3:-1}" '
    function each(sum) { return runs == 1 ? sum : sprintf("%.4f", sum / runs) }
    { printf "%s\t%s\t%s\t%s\t%.1f\n", name, each($1), each($2), each($3), $4 / 1024 }' <<<"$2" >>"$results"
}

# median COLUMN NAME: 2 is the wall clock, 5 the memory.
median() {
    awk -F '\t' -v column="$1" -v name="$2" '$1 == name { print $column }' "$results" | sort -n |
        awk '{ all[NR] = $1 } END { print NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'
}

# The medians of every run, in the order in which they were first measured.
medians() {
    echo '| run | wall clock, s | user, s | system, s | peak memory, MiB |'
    echo '|---|---|---|---|---|'
    cut -f 1 "$results" | awk '!seen[$0]++' | while read -r name; do
        printf '| %s | %s | %s | %s | %s |\n' "$name" "$(median 2 "$name")" "$(median 3 "$name")" \
            "$(median 4 "$name")" "$(median 5 "$name")"
    done
}

# ratio NAME EXPRESSION: a row of a table of ratios.
ratio() {
    printf '| %s | %s |\n' "$1" "$(awk "BEGIN { printf \"%.2f\", $2 }")"
}
