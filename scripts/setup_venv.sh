#!/usr/bin/env bash
# Build .venv from the hash-locked requirements: `setup_venv.sh run` to serve, `setup_venv.sh dev` to test as well.
# A second call with unchanged requirements does nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

level=${1:-dev}
case $level in
    run) locks=(requirements/build.txt requirements/run.txt) ;;
    dev) locks=(requirements/build.txt requirements/dev.txt) ;;
    *) echo "Usage: scripts/setup_venv.sh run|dev" >&2; exit 2 ;;
esac

# The stamp holds what the installation depends on, by content: a clone gives every file the same age. The folder
# belongs to it because an environment which was moved or copied points to its old place.
fingerprint() {
    { pwd; "$1" -c 'import sys; print(sys.version, sys.base_prefix)'; cat "${locks[@]}" pyproject.toml; } \
        | "$1" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'
}

stamp=.venv/.installed-$level
if [ -f "$stamp" ] && [ "$(fingerprint .venv/bin/python 2>/dev/null)" = "$(cat "$stamp")" ]; then
    exit 0
fi
if [ "$level" = run ] && [ -f .venv/.installed-dev ]; then
    # What develops also serves, at the same locked versions.
    exec scripts/setup_venv.sh dev
fi

python=$(scripts/find_python.sh)

as_root_on_debian() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

# Debian's python3 leaves out ensurepip, without which an environment has no pip.
make_venv() {
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv --clear .venv
        return
    fi
    local version
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if as_root_on_debian; then
        echo "This Python has no ensurepip: installing python$version-venv."
        scripts/apt_install.sh "python$version-venv" && "$python" -m venv --clear .venv && return
    fi
    if "$python" -m pip --version >/dev/null 2>&1; then
        # A pip outside can install a pip into an environment that has none.
        "$python" -m venv --clear --without-pip .venv
        "$python" -m pip --python .venv/bin/python install --quiet pip
        return
    fi
    echo "This Python ($python) can neither make an environment with pip nor has a pip of its own." >&2
    echo "Run: sudo apt-get install -y python$version-venv    and then make again." >&2
    exit 1
}

usable() {
    .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
        && grep -qF "$PWD/.venv" .venv/bin/activate
}

if ! usable; then
    echo "Making .venv with $("$python" --version)."
    make_venv
fi

echo "Installing the locked requirements (${locks[*]}); the first time takes about a minute."
pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input "$@"; }
# The build tools come first: one requirement is published as source only, and nothing unlocked may build it.
pip install --quiet --require-hashes --requirement "${locks[0]}"
pip install --quiet --require-hashes --no-build-isolation --requirement "${locks[1]}"
pip install --quiet --no-deps --no-build-isolation --editable .

fingerprint .venv/bin/python > "$stamp"
