#!/usr/bin/env bash
# Make or refresh a virtual environment with the locked dependencies and this checkout in it.
#
#   tools/venv.sh FOLDER MINOR...     e.g.  tools/venv.sh .venv 3.11 3.12 3.13
#
# Takes $PYTHON if set, else the first Python of these minor versions that runs. Exits 3 if there is none.
# Quick when nothing has changed: the lock and pyproject.toml as installed are kept in the folder and compared.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1
shift

# The minor version of a Python, or nothing. A version manager's stand-in may be on the path, named like a Python,
# and still run none: so each is tried by running it.
minor_of() {
    "$1" -c 'import venv, ensurepip, sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null </dev/null || true
}

find_python() {
    local minor candidate
    if [ -n "${PYTHON:-}" ]; then
        if [ -n "$(minor_of "$PYTHON")" ]; then echo "$PYTHON"; return; fi
        echo "PYTHON=$PYTHON does not run, or has no venv module" >&2
        return 3
    fi
    for minor in "$@"; do
        for candidate in "python$minor" python3 "${PYENV_ROOT:-$HOME/.pyenv}/versions/$minor".*/bin/python; do
            if [ "$(minor_of "$candidate")" = "$minor" ]; then echo "$candidate"; return; fi
        done
    done
    echo "no Python found that runs, of: $*" >&2
    return 3
}

python=$folder/bin/python
current=$(minor_of "$python")
if [ -n "${PYTHON:-}" ]; then wanted=$(minor_of "$PYTHON"); else wanted=$*; fi
if ! [[ -n "$current" && " $wanted " == *" $current "* ]] || ! cmp -s requirements.lock "$folder/installed.lock"; then
    base=$(find_python "$@")
    echo "$folder: a new environment with $("$base" --version) ($base)"
    # Afresh, so that a package which left the lock is gone from the environment too.
    "$base" -m venv --clear "$folder"
    "$python" -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
    cp requirements.lock "$folder/installed.lock"
fi
if ! cmp -s pyproject.toml "$folder/installed.toml"; then
    # A second step, since hashes and an editable install exclude each other in one.
    "$python" -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
    cp pyproject.toml "$folder/installed.toml"
fi
echo "$folder: $("$python" --version), ready"
