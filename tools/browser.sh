#!/usr/bin/env bash
# What browser tests need of the machine: Debian's Chromium, and a font with Chinese glyphs.
# A missing one is installed or named, never passed over.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/common.sh

missing=()
command -v chromium >/dev/null || missing+=(chromium)
[ -n "$(fc-list ':family=Noto Sans CJK SC' 2>/dev/null)" ] || missing+=(fontconfig fonts-noto-cjk)
[ ${#missing[@]} = 0 ] || need_packages "${missing[@]}"

chromium --version
