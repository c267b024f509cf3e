#!/bin/sh
# Make sure there is a Chromium for the browser tests and the measurements.
set -eu

found() {
    for name in chromium chromium-browser google-chrome; do
        if command -v "$name" >/dev/null; then
            return 0
        fi
    done
    return 1
}

install() {
    "$@" apt-get update -q
    "$@" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium
}

if found; then
    exit 0
elif ! command -v apt-get >/dev/null; then
    :
elif [ "$(id -u)" = 0 ]; then
    install
elif sudo -n true 2>/dev/null; then
    install sudo
fi
if ! found; then
    echo "Chromium is missing, and the browser tests need it. Run this first: sudo apt install chromium" >&2
    exit 1
fi
