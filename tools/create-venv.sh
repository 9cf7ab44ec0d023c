#!/bin/sh
# Makes the virtual environment FOLDER from the first Python that is new enough, or says which is
# missing. PYTHON=… in the environment names one to take instead. An environment that works stays.
#
#     tools/create-venv.sh .venv
set -eu

folder=$1
least='(3, 11)'

fail() {
    printf 'tracker: %s\n' "$@" >&2
    exit 1
}

is_new_enough() {
    "$1" -c "import sys; sys.exit(sys.version_info < $least)" >/dev/null 2>&1
}

if [ -x "$folder/bin/python" ] && is_new_enough "$folder/bin/python" &&
    "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi

python=
for name in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14}; do
    if is_new_enough "$name"; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    fail "needs Python 3.11 or newer, and found none as ${PYTHON:-python3, python3.11 … python3.14}." \
        "Install one (Debian: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3 …"
fi

# Debian ships Python without the part that puts pip into a new environment.
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    package="python$version-venv"
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
        printf 'tracker: installing %s\n' "$package" >&2
        apt-get update -qq >/dev/null
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null
    else
        fail "$python has no module ensurepip; install it (Debian: apt-get install $package)."
    fi
fi

"$python" -m venv --clear "$folder"
