#!/bin/sh
# Runs the client libraries of OpenAI, as the registries have them, against the doors that BASE, BUSY and HANGS name.
# The test `unmodified_client_libraries_are_served` starts these doors and calls this.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/python"
"$work/python/bin/pip" install --quiet --disable-pip-version-check openai
cp "$here/check.mjs" "$work"
npm install --prefix "$work" --silent --no-audit --no-fund openai
"$work/python/bin/python" "$here/check.py"
node "$work/check.mjs"
