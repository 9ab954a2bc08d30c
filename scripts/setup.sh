#!/usr/bin/env bash
# Make the virtual environment and install what the lock file names. The second run needs no network.
set -euo pipefail
venv=$1
cd "$(dirname "$0")/.."
python=$(command -v python3.13 || command -v python3.12 || command -v python3.11 || command -v python3)
for candidate in python3 python3.11 python3.12 python3.13; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    python=$(command -v "$candidate")
    break
  fi
done
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed." >&2; exit 1; }
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  # Debian keeps venv in a package of its own.
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing python3-venv ..." >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv; } >/dev/null
  else
    echo "Python's venv module is missing; on Debian run: apt-get install python3-venv" >&2
    exit 1
  fi
fi
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
echo "Installing Python packages into $venv ..." >&2
"$venv/bin/python" -m pip install --quiet --require-hashes -r requirements-dev.lock
"$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
