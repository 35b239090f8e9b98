#!/usr/bin/env bash
# Builds the wheel, installs it with the tested pins into a clean environment, and runs the demo outside of the checkout.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
.venv/bin/python -m build --wheel --no-isolation --outdir "$work/dist" . >"$work/build.log" || { cat "$work/build.log"; exit 1; }
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check -r requirements.lock
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps "$work"/dist/*.whl
cd "$work"
"$work/venv/bin/vlmingest" --version
"$work/venv/bin/vlmingest" demo --out "$work/demo"
"$work/venv/bin/vlmingest" demo --out "$work/demo" --engine local | grep -i "nothing is new"
"$work/venv/bin/vlmingest" verify --db "$work/demo/vlmingest.db"
