#!/usr/bin/env bash
# Dovecot, for the tests against a real mail server. Without root, or without Debian, those tests skip and say so.
set -euo pipefail
command -v dovecot >/dev/null || [ -x /usr/sbin/dovecot ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "Dovecot is not installed and cannot be from here: the tests that need it will be skipped." >&2
  exit 0
fi
echo "Installing Dovecot for the tests ..." >&2
{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends dovecot-imapd; } >/dev/null
