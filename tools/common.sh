# Sourced by the other scripts here.

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Installs Debian packages where it may; otherwise says which ones are wanted, and stops.
need_packages() {
    if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
        say "installing Debian packages: $*"
        as_root apt-get update -qq >/dev/null &&
            as_root env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y -qq --no-install-recommends "$@" >/dev/null && return 0
    fi
    say "These Debian packages are missing: $*"
    say "Install them (as root: apt-get install $*) and run make again."
    exit 1
}

# python3 is the default of Debian 12; PYTHON=… names another interpreter.
make_venv() {
    local python="${PYTHON:-python3}"
    command -v "$python" >/dev/null || need_packages python3 python3-venv
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        say "avctl needs Python 3.11 or newer; $python is $("$python" --version). Set PYTHON to another one."
        exit 1
    fi
    # Debian ships python3 without ensurepip, and venv then leaves a half-made folder behind.
    "$python" -c 'import ensurepip, venv' 2>/dev/null || need_packages python3-venv
    "$python" -m venv --clear "$1"
}

# Puts an npm on PATH: the system's, or one from a pinned Python package.
find_npm() {
    if command -v npm >/dev/null && command -v node >/dev/null; then return 0; fi
    if [ ! -x .venv-node/bin/npm ]; then
        make_venv .venv-node
        .venv-node/bin/python -m pip install --quiet --require-hashes -r requirements/node.txt
    fi
    PATH="$PWD/.venv-node/bin:$PATH"
}
