#!/usr/bin/env bash
# Print the path of a Python that is new enough for Trim (3.11), or say what is missing.
set -euo pipefail

for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.14 python; do
    [ -n "$candidate" ] || continue
    path=$(command -v "$candidate" 2>/dev/null) || continue
    if "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "$path"
        exit 0
    fi
done

found=$(python3 --version 2>/dev/null || echo "no python3 at all")
echo "Trim needs Python 3.11 or newer; found: $found." >&2
echo "Install one (Debian 12 and later: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3.12 ..." >&2
exit 1
