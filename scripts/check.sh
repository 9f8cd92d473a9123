#!/usr/bin/env bash
# Every check that needs no test run. All of them run, so that one look shows everything to mend.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin

failed=()
check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        printf 'ok      %s\n' "$name"
        if [ "$name" = sizes ]; then printf '%s\n' "$output"; fi
    else
        printf 'FAILED  %s (%s)\n%s\n' "$name" "$*" "$output"
        failed+=("$name")
    fi
}

check lint "$bin/ruff" check .
check format "$bin/ruff" format --check .
check types "$bin/mypy"
check imports "$bin/lint-imports" --no-cache
check sizes "$bin/python" scripts/check_sizes.py
check links "$bin/python" scripts/check_docs.py
if [ -f scripts/check_translations.py ]; then
    check translations "$bin/python" scripts/check_translations.py
fi

if [ "${#failed[@]}" -gt 0 ]; then
    echo "Failed: ${failed[*]}." >&2
    exit 1
fi
echo "All checks passed."
