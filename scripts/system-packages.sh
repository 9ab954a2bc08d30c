#!/usr/bin/env bash
# What the tests use and pip cannot bring: Dovecot (a real mail server), Chromium and Node (how the mails look, taps).
# Without root, or without Debian, or without the network, the tests that need what is missing are skipped, and say so.
set -euo pipefail
cd "$(dirname "$0")/.."

# Install a Debian package unless its command is there.
need() {
  local command=$1
  shift
  PATH="$PATH:/usr/sbin" command -v "$command" >/dev/null && return
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "SKIPPED LATER: $command is not installed and cannot be from here." >&2
    return
  fi
  echo "Installing $* for the tests ..." >&2
  [ -n "${updated:-}" ] || apt-get update -qq >/dev/null || true
  updated=yes
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
    echo "SKIPPED LATER: $command could not be installed." >&2
}

need dovecot dovecot-imapd
need chromium chromium
need node nodejs
need npm npm

# The checkers of the HTML, by version and hash; once for each lock file.
done_for=node_modules/.done-for
if command -v npm >/dev/null && ! cmp -s package-lock.json "$done_for"; then
  echo "Installing what checks the HTML ..." >&2
  if npm ci --loglevel=error >/dev/null 2>&1; then
    cp package-lock.json "$done_for"
  else
    echo "SKIPPED LATER: npm ci failed, so the HTML of the mails is not checked." >&2
  fi
fi
