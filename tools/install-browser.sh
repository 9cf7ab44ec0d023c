#!/bin/sh
# Sees to it that the browser tests find Chromium and a font with Chinese characters: installs
# them on Debian as root, says what is missing elsewhere. Without a browser the tests are skipped
# and say so; under CI=true a missing browser is a failure.
set -eu

missing=
if ! command -v chromium >/dev/null 2>&1 && ! command -v google-chrome >/dev/null 2>&1; then
    missing=chromium
fi
if ! command -v fc-list >/dev/null 2>&1 || [ -z "$(fc-list :lang=zh family 2>/dev/null)" ]; then
    missing="$missing fontconfig fonts-noto-cjk"
fi
if [ -z "$missing" ]; then
    exit 0
fi

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    printf 'tracker: installing %s\n' "$missing" >&2
    # shellcheck disable=SC2086 # a list of packages
    if apt-get update -qq >/dev/null &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null; then
        exit 0
    fi
    printf 'tracker: the installation failed\n' >&2
else
    printf 'tracker: the browser tests need Chromium or Chrome and a font with Chinese characters; missing: %s\n' "$missing" >&2
    printf 'tracker: Debian: apt-get install %s\n' "$missing" >&2
fi

if [ "${CI:-}" = true ]; then
    exit 1
fi
printf 'tracker: going on without; tests that need it are skipped\n' >&2
