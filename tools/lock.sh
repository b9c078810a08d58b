#!/usr/bin/env bash
# Write requirements.lock: one file of exact versions and hashes for every supported Python and platform.
# Arguments go to the resolver, e.g. --upgrade.
set -euo pipefail
cd "$(dirname "$0")/.."
resolver=uv==0.13.9 # pinned, since another version may resolve or write otherwise

# An environment of its own, because the resolver is no dependency of anything here.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"${PYTHON:-python3}" -m venv "$scratch"
"$scratch/bin/python" -m pip install -qq --disable-pip-version-check "$resolver"

# The lock names packages, never where this machine gets them from: so no addresses, and no settings of the user's.
"$scratch/bin/uv" pip compile pyproject.toml --extra dev --extra notebooks --extra cluster --extra sensitivity \
    --extra excel --extra app --extra docs \
    --universal --python-version 3.11 --generate-hashes \
    --no-config --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
    --quiet "$@" --output-file requirements.lock
if grep -nE '://|file:|^-|[[:space:]]@[[:space:]]|(^|[^a-z0-9])/[a-z]' <(grep -v -- '--hash=' requirements.lock); then
    echo "requirements.lock names an address or a path" >&2
    exit 1
fi
