#!/usr/bin/env bash
# Write the hash-locked requirements anew. The run-time list has one source: pyproject.toml. What is locked keeps its
# version as long as it fits; UPGRADE=1 takes the newest of everything.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$(scripts/find_python.sh)" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet uv

compile() {
    # --universal: one lock for every system; --no-header: no path of this machine and no host in the file.
    "$work/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        ${UPGRADE:+--upgrade} "$@"
}

compile pyproject.toml --output-file requirements/run.txt
compile requirements/build.in --constraints requirements/run.txt --output-file requirements/build.txt
compile pyproject.toml --extra distributed --constraints requirements/run.txt --output-file requirements/distributed.txt
compile pyproject.toml --extra distributed requirements/build.in requirements/dev.in \
    --constraints requirements/run.txt --constraints requirements/build.txt --output-file requirements/dev.txt
compile pyproject.toml --extra benchmark --constraints requirements/run.txt --output-file requirements/benchmark.txt

if grep -nE 'https?://|/(home|root|tmp|work)/' requirements/*.txt; then
    echo "A lock names a host or a path of this machine (above). Mend scripts/lock.sh before committing it." >&2
    exit 1
fi
echo "Locked: $(grep -c '==' requirements/run.txt) to run, $(grep -c '==' requirements/dev.txt) to develop."
