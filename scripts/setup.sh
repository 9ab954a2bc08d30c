#!/usr/bin/env bash
# Make the virtual environment in $1 with what runs; with `tests` as $2, add what tests to one that is made.
# Nothing is resolved here: the locks are complete, so no release of today can change what is installed.
set -euo pipefail
venv=$1
what=${2:-run}
cd "$(dirname "$0")/.."
stamp=$venv/ready
log=$venv/install.log
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

for candidate in python3 python3.11 python3.12 python3.13 python3.14; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$(command -v "$candidate")
    break
  fi
done
[ -n "${python:-}" ] || { echo "Python 3.11 or newer is needed." >&2; exit 1; }
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  # Debian keeps venv in a package of its own.
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's python3-venv ..." >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv; } >/dev/null ||
      { echo "python3-venv could not be installed." >&2; exit 1; }
  else
    echo "Python's venv module is missing; on Debian run: sudo apt install python3-venv" >&2
    exit 1
  fi
fi

# Run a pip command. What pip says goes into the log; if it fails, one sentence says where that is.
pip() {
  if ! "$venv/bin/python" -m pip "$@" >>"$log" 2>&1; then
    echo "The Python packages could not be installed. What pip said is in $log; then run the same command again." >&2
    exit 1
  fi
}

# Install one lock file exactly as it stands. dkimpy ships as source only: it is built by the locked build tools.
install() {
  pip install --no-deps --require-hashes --no-build-isolation --use-pep517 -r "$1"
}

# The stamp is away while packages change. Without it an earlier set-up stopped half-way: its folder can't be trusted.
if [ ! -e "$stamp" ] || ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
  "$python" -m venv --clear "$venv" || { echo "The virtual environment in $venv could not be made." >&2; exit 1; }
fi
rm -f "$stamp"
if [ "$what" = tests ]; then
  echo "Installing the Python packages of the tests into $venv (about 45 MB to download) ..." >&2
  install requirements-dev.lock
else
  echo "Installing Python packages into $venv (about 20 MB to download) ..." >&2
  install requirements-build.lock
  install requirements.lock
  pip install --no-deps --no-build-isolation --editable .
fi
pip check
touch "$stamp"
