#!/usr/bin/env bash
# Pins what pyproject.toml, requirements/*.in and package.json ask for. Arguments go to the resolver:
#   tools/lock.sh --upgrade
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/common.sh

[ -x .venv/bin/python ] || make_venv .venv
[ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet uv

pin() {
    # Universal: one file for x86-64 and aarch64.
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command 'make lock' "$@"
}

pin pyproject.toml -o requirements/runtime.txt "$@"
pin pyproject.toml --group dev -c requirements/runtime.txt -o requirements/dev.txt "$@"
# Lives in the same .venv as the two above.
pin requirements/build.in -c requirements/dev.txt -o requirements/build.txt "$@"
for name in peers node; do
    pin "requirements/$name.in" -o "requirements/$name.txt" "$@"
done

find_npm
npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved
