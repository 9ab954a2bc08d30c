#!/usr/bin/env bash
# The cheap half of `make fresh`: each lock holds all it needs, and pip of several years takes it with setup.sh's flags.
# $1 is the Python of an environment in which everything is installed.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
"$python" scripts/lock_closure.py

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
# Run a command; show what it said only if it fails.
quiet() { "$@" >"$place/log" 2>&1 || { cat "$place/log"; echo "Failed: $*" >&2; exit 1; }; }

# All is fetched once, by hash; each pip then takes it from there.
flags=(--no-deps --require-hashes --no-build-isolation)
all=(-r requirements-build.lock -r requirements.lock -r requirements-fleet.lock -r requirements-dev.lock)
quiet "$python" -m pip download --dest "$place/files" "${flags[@]}" "${all[@]}"
versions=("pip==22.3.1" "pip==23.0.1" pip)
# Those don't start on Python 3.12 and later.
"$python" -c 'import sys; sys.exit(sys.version_info >= (3, 12))' || versions=("pip==23.2.1" pip)
for version in "${versions[@]}"; do
  rm -rf "$place/wheel"
  quiet "$python" -m pip download --no-deps --dest "$place/wheel" "$version"
  wheel=$(echo "$place"/wheel/pip-*.whl)
  quiet "$python" -m venv --clear --without-pip "$place/venv"
  pip=("$place/venv/bin/python" "$wheel/pip" install --no-index --find-links "$place/files") # a wheel runs as it is
  quiet "${pip[@]}" "${flags[@]}" -r requirements-build.lock
  quiet "${pip[@]}" "${flags[@]}" --use-pep517 --dry-run "${all[@]}"
  echo "$(basename "$wheel" -py3-none-any.whl) takes the locks."
done
