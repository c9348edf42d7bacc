#!/usr/bin/env bash
# Makes what is asked for: runtime (.venv), dev (adds what tests need), peers (.venv-peers).
# make calls it, and only when a file it depends on has changed.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/common.sh

# pip alone may have been left out of a venv that another tool made.
usable() { "$1/bin/python" -c 'import pip' 2>/dev/null; }

install() { "$1/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes "${@:2}"; }

runtime() {
    usable .venv || make_venv .venv
    install .venv -r requirements/runtime.txt -r requirements/build.txt
    # Editable: the checkout is what runs. The entry points of pyproject.toml are written here.
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
}

dev() {
    install .venv -r requirements/dev.txt
}

peers() {
    usable .venv-peers || make_venv .venv-peers
    install .venv-peers -r requirements/peers.txt
}

for part in "${@:-runtime}"; do
    case "$part" in
        runtime | dev | peers) "$part" ;;
        *) say "usage: tools/setup.sh [runtime] [dev] [peers]" && exit 2 ;;
    esac
done
