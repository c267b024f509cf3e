#!/bin/sh
# Make a virtual environment with the locked packages and this project in it. Used by `make setup`.
set -eu
venv=$1

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if new_enough "$name"; then
            echo "$name"
            return
        fi
    done
    echo "Python 3.11 or newer is needed. Install it, or name it: make setup PYTHON=/path/to/python3" >&2
    exit 1
}

need_venv() {
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        return
    fi
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -q
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$package"
    else
        echo "Python's venv is missing. Run this first: sudo apt install $package" >&2
        exit 1
    fi
}

python=$(find_python)
need_venv
# An environment of another Python, or one that was moved, is made anew.
if ! new_enough "$venv/bin/python" || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi
export PIP_DISABLE_PIP_VERSION_CHECK=1
echo "Installing the locked packages, a few minutes the first time."
"$venv/bin/python" -m pip install --quiet --require-hashes --requirement requirements.lock
"$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
