#!/usr/bin/env bash
# All tests. The parallel run comes last, so that the output ends with its closing line; arguments go to every run.
set -uo pipefail
cd "$(dirname "$0")/.."

status=0
selected=no

run() {
    .venv/bin/python -m pytest "$@"
    local code=$?
    case $code in
        0) selected=yes ;;
        5) ;; # nothing here carries the marker
        *) selected=yes; [ $status != 0 ] || status=$code ;;
    esac
}

# Playwright's event loop occupies the main thread for a whole session: no asyncio test can share its process.
run -m browser "$@"
run -m 'serial and not browser' "$@"
run -n 2 -m 'not serial and not browser' "$@"

# No test at all is no success.
[ $selected = yes ] || status=5
exit $status
