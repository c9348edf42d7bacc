#!/usr/bin/env bash
# Fetches the panel's ES modules (pinned in package-lock.json with integrity hashes) into service/panel/vendor/.
# The page's import map:
#   "preact"                /panel/vendor/preact.module.js
#   "preact/hooks"          /panel/vendor/hooks.module.js
#   "@preact/signals-core"  /panel/vendor/signals-core.module.js
#   "@preact/signals"       /panel/vendor/signals.module.js
#   "htm"                   /panel/vendor/htm.module.js
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/common.sh

find_npm
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null

vendor=service/panel/vendor
rm -rf "$vendor.new"
mkdir -p "$vendor.new"

# take PACKAGE FILE NAME: the module, without its reference to a source map that is not served, and its licence.
# Every name ends in .js: not every web server knows .mjs for JavaScript.
take() {
    sed '/^\/\/# sourceMappingURL=/d' "node_modules/$1/$2" >"$vendor.new/$3"
    cp "node_modules/$1/LICENSE" "$vendor.new/LICENSE.$(basename "$1")"
}

take preact dist/preact.mjs preact.module.js
take preact hooks/dist/hooks.mjs hooks.module.js
take @preact/signals-core dist/signals-core.module.js signals-core.module.js
take @preact/signals dist/signals.module.js signals.module.js
take htm dist/htm.module.js htm.module.js

rm -rf "$vendor"
mv "$vendor.new" "$vendor"
