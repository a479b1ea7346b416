#!/bin/sh
# Writes requirements.lock anew from pyproject.toml: exact versions and hashes of every runtime, test and dev package, for any
# operating system and any Python from 3.11 on, and nothing of the machine it is made on. Needs uv; takes it from the PATH or
# installs it into a throw-away environment.
set -eu
cd "$(dirname "$0")/.."

if command -v uv >/dev/null 2>&1; then
  uv=uv
else
  tmp=$(mktemp -d)
  trap 'rm -rf "$tmp"' EXIT
  "${PYTHON:-python3}" -m venv "$tmp"
  "$tmp/bin/pip" install --quiet --disable-pip-version-check uv
  uv="$tmp/bin/uv"
fi

# An index set up for this user or machine must not choose the hashes that everyone else installs by; uv reads no pip settings.
unset UV_INDEX UV_EXTRA_INDEX_URL UV_FIND_LINKS
"$uv" pip compile pyproject.toml --output-file requirements.lock --upgrade --no-config --universal --python-version 3.11 \
  --all-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-strip-extras --quiet >/dev/null

if grep -nE '://|^-|(^|[ "])/' requirements.lock; then
  echo "requirements.lock names an address, an option or a path (above); it must not" >&2
  exit 1
fi
