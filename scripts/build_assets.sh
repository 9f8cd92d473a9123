#!/usr/bin/env bash
# Build the style sheet, scripts and fonts of the pages into trim/web/static, where they are committed.
# Needs Node and npm; nobody needs this to run or test Trim. Example: scripts/build_assets.sh
set -euo pipefail
cd "$(dirname "$0")/assets"
static=../../trim/web/static
frontend=node_modules/govuk-frontend/dist/govuk
font=node_modules/@fontsource-variable/atkinson-hyperlegible-next

npm ci --no-fund --no-audit --ignore-scripts >/dev/null
mkdir -p "$static/css" "$static/js" "$static/fonts" "$static/licences"

node_modules/.bin/sass --no-source-map --style=compressed --quiet-deps --load-path=node_modules \
    scss/trim.scss "$static/css/trim.css"
# The script's own map is not shipped, so the line that names it would be a 404 in every developer console.
sed '/^\/\/# sourceMappingURL=/d; s/\/\/# sourceMappingURL=.*$//' "$frontend/govuk-frontend.min.js" \
    >"$static/js/govuk-frontend.js"
cp "$font"/files/*-latin-wght-normal.woff2 "$font"/files/*-latin-ext-wght-normal.woff2 "$static/fonts/"
cp "$font/LICENSE" "$static/licences/atkinson-hyperlegible-next.txt"

# The lock names neither a registry nor a funding page: it must serve wherever packages come from.
node -e '
const fs = require("fs"), file = "package-lock.json", lock = JSON.parse(fs.readFileSync(file));
for (const entry of Object.values(lock.packages)) { delete entry.resolved; delete entry.funding; }
fs.writeFileSync(file, JSON.stringify(lock, null, 2) + "\n");
'
