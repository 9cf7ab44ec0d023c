#!/bin/sh
# Sees to it that the browser tests find Chromium and a font with Chinese characters: installs
# them on Debian as root, says what is missing elsewhere. Without a browser the tests are skipped
# and say so; under CI=true a missing browser is a failure.
#
# The headless shell is the same browser without its own windows and menus, which takes less time
# to open each page; where it cannot be had, Chromium or Chrome does.
set -eu

SHELL_PACKAGE=chromium-headless-shell

has() {
    command -v "$1" >/dev/null 2>&1
}

can_install() {
    [ "$(id -u)" -eq 0 ] && has apt-get
}

install() {
    printf 'tracker: installing %s\n' "$*" >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

wanted=
has "$SHELL_PACKAGE" || ! can_install || wanted=$SHELL_PACKAGE
fonts=
if ! has fc-list || [ -z "$(fc-list :lang=zh family 2>/dev/null)" ]; then
    fonts="fontconfig fonts-noto-cjk"
fi
if [ -n "$wanted$fonts" ] && can_install; then
    # The lists of packages on a fresh machine are old or absent.
    apt-get update -qq >/dev/null || true
fi
if [ -n "$wanted" ]; then
    install "$wanted" || printf 'tracker: there is no %s; any Chromium does\n' "$wanted" >&2
fi

missing=$fonts
if ! has "$SHELL_PACKAGE" && ! has chromium && ! has google-chrome; then
    missing="chromium $missing"
fi
if [ -z "$missing" ]; then
    exit 0
fi
if can_install; then
    # shellcheck disable=SC2086 # a list of packages
    if install $missing; then
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
