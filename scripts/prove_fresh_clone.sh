#!/usr/bin/env bash
# Prove the first of the two commands: a clone of what is committed, with an empty HOME and no .venv, serves a demonstration
# with `make run`, and a second `make run` keeps its data. Everything happens in a temporary folder. Needs Python, git, make.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
# Absolute, because a Python named by the caller may be the only one that is new enough.
python=$("$repository/scripts/find_python.sh")

work=$(mktemp -d)
server=
stop_server() {
    [ -n "$server" ] || return 0
    # The whole group: make, the shell it started, and the server.
    kill -TERM -- "-$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
}
trap 'stop_server; rm -rf "$work"' EXIT

port=$("$python" -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
git clone --quiet --no-local "$repository" "$work/trim"
mkdir "$work/home"
for name in $(compgen -e | grep -E '^(TRIM_|PYTHON|VIRTUAL_ENV|PYTEST_|COV_|MAKE|MFLAGS)'); do unset "$name"; done
export HOME=$work/home PORT=$port TRIM_INSTANCE=$work/instance PYTHON=$python

answers() {
    "$python" -c "
import sys, urllib.request
try:
    sys.exit(urllib.request.urlopen('http://127.0.0.1:$port/health', timeout=5).status != 200)
except OSError:
    sys.exit(1)"
}

# Starts `make run` and returns once it answers; says what it printed when it does not.
start_server() {
    local log=$1 patience=$2
    set -m
    make --no-print-directory -C "$work/trim" run >"$log" 2>&1 </dev/null &
    server=$!
    set +m
    local begun=$SECONDS
    until answers; do
        if ! kill -0 "$server" 2>/dev/null || [ $((SECONDS - begun)) -gt "$patience" ]; then
            echo "make run does not answer on port $port. It printed:" >&2
            cat "$log" >&2
            exit 1
        fi
        sleep 0.5
    done
    echo "make run answered after $((SECONDS - begun)) s."
}

# What must not change between two starts: everybody's id. A demonstration made anew would have others.
people() {
    "$python" - "$TRIM_INSTANCE/trim.sqlite3" <<'PYTHON'
import hashlib, sqlite3, sys
ids = [row[0] for row in sqlite3.connect(sys.argv[1]).execute("SELECT id FROM person ORDER BY id")]
print(len(ids), hashlib.sha256("".join(ids).encode()).hexdigest())
PYTHON
}

start_server "$work/first.log" 600
first=$(people)
stop_server
start_server "$work/second.log" 60
second=$(people)
stop_server

if [ "$first" != "$second" ] || [ "${first%% *}" = 0 ]; then
    echo "The second make run did not keep the data: $first, then $second." >&2
    exit 1
fi
if [ -n "$(git -C "$work/trim" status --porcelain)" ]; then
    echo "make run leaves files that git would take up:" >&2
    git -C "$work/trim" status --porcelain >&2
    exit 1
fi
echo "Proved: a fresh clone serves a demonstration of ${first%% *} people, and the second start keeps it."
