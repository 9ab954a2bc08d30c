#!/usr/bin/env bash
# What the tests use and pip cannot bring: Dovecot (a real mail server), Radicale (a real calendar server), PostgreSQL
# (the queue of a host of many owners), Chromium and Node (how the mails look, taps).
# Without root, or without Debian, or without the network, the tests that need what is missing are skipped, and say so.
set -euo pipefail
cd "$(dirname "$0")/.."
export DEBIAN_FRONTEND=noninteractive
wanted=(dovecot:dovecot-imapd radicale:radicale postgres:postgresql chromium:chromium node:nodejs npm:npm) # command:package

# Debian keeps each version of PostgreSQL's server in a folder of its own.
there() { PATH="$PATH:/usr/sbin:$(echo /usr/lib/postgresql/*/bin | tr ' ' :)" command -v "$1" >/dev/null; }

# A server that comes with the tests is not to run on this machine: neither now (policy-rc.d) nor after a restart.
policy=/usr/sbin/policy-rc.d
hold_services() {
  kept=$(mktemp -d)
  if [ -e "$policy" ]; then mv "$policy" "$kept/"; fi
  trap release_services EXIT
  trap 'exit 130' INT TERM
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
}
release_services() {
  rm -f "$policy"
  if [ -e "$kept/policy-rc.d" ]; then mv "$kept/policy-rc.d" "$policy"; fi
  rmdir "$kept"
  trap - EXIT INT TERM
}

# Print how many MB apt would download, rounded up.
megabytes() {
  apt-get install --print-uris -qq --no-install-recommends "$@" 2>/dev/null |
    awk '{ octets += $3 } END { printf "%d", octets / 1000000 + 1 }'
}

missing=() packages=()
for pair in "${wanted[@]}"; do
  there "${pair%:*}" || { missing+=("${pair%:*}"); packages+=("${pair#*:}"); }
done
if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq >/dev/null 2>&1 || true
  echo "Installing Debian's ${packages[*]} for the tests (about $(megabytes "${packages[@]}") MB to download) ..." >&2
  hold_services
  apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null 2>&1 || true
  release_services
  for service in dovecot:dovecot postgres:postgresql; do
    case " ${missing[*]} " in *" ${service%:*} "*) update-rc.d "${service#*:}" disable >/dev/null 2>&1 || true ;; esac
  done
fi
for command in ${missing[@]+"${missing[@]}"}; do
  there "$command" || echo "SKIPPED LATER: $command is not installed and cannot be from here." >&2
done

# The checkers of the HTML, by version and hash; once for each lock file.
done_for=node_modules/.done-for
if command -v npm >/dev/null && ! cmp -s package-lock.json "$done_for"; then
  echo "Installing what checks the HTML into node_modules (about 25 MB to download) ..." >&2
  if npm ci --loglevel=error >/dev/null 2>&1; then
    cp package-lock.json "$done_for"
  else
    echo "SKIPPED LATER: npm ci failed, so the HTML of the mails is not checked." >&2
  fi
fi
