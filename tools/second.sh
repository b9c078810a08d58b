#!/usr/bin/env bash
# Run the fast tests on a second Python, at the other end of the supported range: Mesa differs between the two.
set -euo pipefail
cd "$(dirname "$0")/.."
case $(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])') in
    3.11) minors="3.13 3.12" ;;
    *) minors="3.11" ;;
esac

status=0
# shellcheck disable=SC2086 # one word a version
PYTHON=${SECOND_PYTHON:-} tools/venv.sh .venv-second $minors || status=$?
if [ "$status" = 3 ]; then
    echo "******** NO SECOND PYTHON ($minors): the tests ran on one only ********" >&2
    if [ -n "${CI:-}" ]; then exit 1; else exit 0; fi
elif [ "$status" != 0 ]; then
    exit "$status"
fi
echo "******** second Python: $(.venv-second/bin/python --version), Mesa" \
    "$(.venv-second/bin/python -c 'import importlib.metadata as m; print(m.version("mesa"))') ********"
exec .venv-second/bin/python -m pytest -m "not slow" -n auto --dist worksteal
