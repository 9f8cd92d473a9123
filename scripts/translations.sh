#!/usr/bin/env bash
# Bring the French catalogue up to date with the sources, and compile it. Example: scripts/translations.sh
# Then fill in what is empty in trim/translations/fr/LC_MESSAGES/messages.po, run it again, commit .po and .mo.
# With the names of small .po files, their translations are copied in: scripts/translations.sh my_french.po
set -euo pipefail
fragments=()
for fragment in "$@"; do fragments+=("$(realpath "$fragment")"); done
cd "$(dirname "$0")/.."
bin=.venv/bin
catalogue=trim/translations/fr/LC_MESSAGES/messages.po
template=$(mktemp)
trap 'rm -f "$template"' EXIT
# Two runs at once would lose one of them.
exec 9<babel.cfg
flock 9

"$bin/pybabel" --quiet extract --mapping=babel.cfg --keywords="_l lazy_gettext lazy_ngettext:1,2" --no-wrap \
    --add-location=file --sort-output --project=Trim --output="$template" .
"$bin/pybabel" --quiet update --input-file="$template" --output-file="$catalogue" --locale=fr \
    --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
"$bin/python" scripts/add_translations.py ${fragments[@]+"${fragments[@]}"}
"$bin/pybabel" --quiet compile --input-file="$catalogue" --output-file="${catalogue%.po}.mo" --locale=fr --statistics
