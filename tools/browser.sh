#!/usr/bin/env bash
# What tests need of the machine beside Python: Debian's Chromium, a font with Chinese glyphs, and poppler to look at PDFs.
# A missing one is installed or named, never passed over.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/common.sh

missing=()
command -v chromium >/dev/null || missing+=(chromium)
[ -n "$(fc-list ':family=Noto Sans CJK SC' 2>/dev/null)" ] || missing+=(fontconfig fonts-noto-cjk)
command -v pdftoppm >/dev/null || missing+=(poppler-utils)
[ ${#missing[@]} = 0 ] || need_packages "${missing[@]}"

chromium --version
