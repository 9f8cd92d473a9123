#!/usr/bin/env bash
# See to what pip cannot install: Pango and a font for PDFs, and with `setup_system.sh browser` what browser tests need.
# As root on Debian it installs what is missing; anybody else gets the one line to run. It never stops the caller: without
# Pango all but PDFs works, and missing parts are named again by `trim doctor` and at the end of the tests.
set -euo pipefail
cd "$(dirname "$0")/.."

python=.venv/bin/python
[ -x "$python" ] || python=$(scripts/find_python.sh)

has_library() {
    "$python" - "$@" <<'PYTHON'
import ctypes, ctypes.util, sys
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        continue
    sys.exit(0)
sys.exit(1)
PYTHON
}

has_font() {
    local folders=() folder
    for folder in /usr/share/fonts /usr/local/share/fonts /Library/Fonts /System/Library/Fonts "${HOME:-/nonexistent}/.fonts" \
        "${HOME:-/nonexistent}/.local/share/fonts"; do
        if [ -d "$folder" ]; then folders+=("$folder"); fi
    done
    [ "${#folders[@]}" -gt 0 ] || return 1
    [ -n "$(find -L "${folders[@]}" \( -name '*.ttf' -o -name '*.otf' -o -name '*.ttc' \) -print -quit 2>/dev/null)" ]
}

has_browser() {
    local name
    for name in "${TRIM_TEST_CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [ -n "$name" ] && command -v "$name" >/dev/null; then return 0; fi
    done
    return 1
}

missing=()
has_library libpango-1.0.so.0 libpango-1.0.so libpango-1.0-0 libpango-1.0.dylib || missing+=(libpango-1.0-0)
has_library libpangoft2-1.0.so.0 libpangoft2-1.0.so libpangoft2-1.0-0 libpangoft2-1.0.dylib || missing+=(libpangoft2-1.0-0)
has_library libharfbuzz-subset.so.0 libharfbuzz-subset.so libharfbuzz-subset-0 libharfbuzz-subset.0.dylib \
    || missing+=(libharfbuzz-subset0)
has_font || missing+=(fonts-dejavu-core)
if [ "${1:-}" = browser ]; then
    has_browser || missing+=(chromium)
    # The program inside the wheel of Playwright needs it on Linux, and a bare Debian lacks it.
    [ "$(uname)" != Linux ] || has_library libatomic.so.1 || missing+=(libatomic1)
fi

[ "${#missing[@]}" -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing what the system lacks: ${missing[*]}."
    if scripts/apt_install.sh "${missing[@]}"; then exit 0; fi
    echo "That failed; going on without. To try by hand:" >&2
else
    echo "The system lacks ${missing[*]}; going on without. To install:" >&2
fi
if command -v brew >/dev/null; then
    echo "    brew install pango" >&2
else
    echo "    sudo apt-get install -y ${missing[*]}" >&2
fi
