#!/usr/bin/env bash
# Run every benchmark in its quick form; fail when one misses its target.
set -euo pipefail
cd "$(dirname "$0")/.."

shopt -s nullglob
benchmarks=()
for file in benchmarks/[a-z]*.py; do
    case "$file" in benchmarks/harness.py) ;; *) benchmarks+=("$file") ;; esac
done
if [ "${#benchmarks[@]}" = 0 ]; then
    echo "There is no benchmark yet."
    exit 0
fi
failed=0
for benchmark in "${benchmarks[@]}"; do
    echo "== $benchmark"
    .venv/bin/python "$benchmark" --quick || failed=1
done
exit "$failed"
