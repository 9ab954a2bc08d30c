#!/usr/bin/env bash
# Before a release: does a newcomer's machine do what the README says? For each Debian (bookworm and trixie, or those
# given), in a system that debootstrap has just made: `make demo` as the very first thing, `make test`, `make demo`
# without a network; and `make demo` and `make check` in a second checkout, behind an index with a newer release of
# every package that the locks name.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "make fresh needs root: it builds whole Debian systems and runs in them." >&2; exit 1; }
for tool in debootstrap unshare python3; do
  command -v "$tool" >/dev/null || { echo "make fresh needs $tool; on Debian run: apt install $tool" >&2; exit 1; }
done
[ $# -gt 0 ] || set -- bookworm trixie

place=$(mktemp -d /var/tmp/fresh.XXXXXX)
running=() # process ids
clean() {
  for process in ${running[@]+"${running[@]}"}; do kill -KILL "$process" 2>/dev/null || true; done
  wait
  rm -rf --one-file-system "$place"
}
trap clean EXIT
trap 'exit 130' INT TERM

# Run a command in the system at $root with mounts and processes of its own: they end with it. $apart may unshare more.
apart=()
inside() {
  # shellcheck disable=SC2016  # the inner shell's words
  unshare --mount --pid --fork --kill-child ${apart[@]+"${apart[@]}"} bash -c '
    mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" env -i "$@"' "$root" \
    HOME=/root LANG=C.UTF-8 TERM=dumb PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    "${environment[@]}" "$@" &
  running+=($!)
  wait $!
}

# Run one step, and print its name, minutes, MB that the system grew by, and last lines.
failed=0
step() {
  local name=$1 began=$SECONDS before result=passed
  shift
  before=$(du -sm "$root" | cut -f1)
  inside "$@" >"$place/log" 2>&1 </dev/null || { result=FAILED failed=1; }
  echo "== $suite: $name $result, $(((SECONDS - began + 30) / 60)) min, +$(($(du -sm "$root" | cut -f1) - before)) MB"
  if [ $result = FAILED ]; then tail -n 60 "$place/log"; else tail -n 3 "$place/log"; fi
}

# What this machine needs to reach the network, the new ones need as well.
environment=()
for name in http_proxy https_proxy no_proxy PIP_INDEX_URL PIP_DEFAULT_TIMEOUT; do
  [ -z "${!name:-}" ] || environment+=("$name=${!name}")
done
mirror=$(. /etc/os-release && [ "$ID" = debian ] && apt-get indextargets --format '$(REPO_URI)' | grep -v security | head -n 1 || true)
certificates=/etc/ssl/certs/ca-certificates.crt
for name in PIP_CERT SSL_CERT_FILE NODE_EXTRA_CA_CERTS; do environment+=("$name=$certificates"); done

python3 scripts/stub_index.py >"$place/index" &
running+=($!)
disown
git archive --format=tar --output "$place/tree.tar" HEAD

for suite in "$@"; do
  root=$place/$suite
  echo "== $suite: making the system ..."
  # The script for sid makes every newer Debian, those too that this debootstrap does not know by name.
  unshare --mount debootstrap --variant=minbase --include=ca-certificates,make,python3 "$suite" "$root" \
    "${mirror:-https://deb.debian.org/debian}" /usr/share/debootstrap/scripts/sid >"$place/log" 2>&1 || { tail -n 20 "$place/log"; exit 1; }
  echo "127.0.0.1 localhost" >"$root/etc/hosts" # debootstrap leaves that to the installer
  cp --dereference /etc/resolv.conf "$root/etc/resolv.conf"
  find /usr/local/share/ca-certificates -type f -exec cp {} "$root/usr/local/share/ca-certificates" \;
  inside update-ca-certificates >/dev/null 2>&1
  for checkout in first second; do
    mkdir "$root/root/$checkout"
    tar -xf "$place/tree.tar" -C "$root/root/$checkout"
  done
  step "make demo" make --no-print-directory -C /root/first demo
  step "make test" make --no-print-directory -C /root/first test
  apart=(--net)
  step "make demo without a network" make --no-print-directory -C /root/first demo
  apart=()
  environment+=("PIP_EXTRA_INDEX_URL=$(cat "$place/index")")
  step "make demo behind newer releases" make --no-print-directory -C /root/second demo
  step "make check behind newer releases" make --no-print-directory -C /root/second check
  # Does that index tempt anybody at all? Whoever resolves takes the stub.
  step "the newer releases are there" sh -c \
    '/root/second/.venv/bin/python -m pip download --no-deps --dest /tmp idna && test -e /tmp/idna-9999-py3-none-any.whl'
  unset 'environment[-1]'
  rm -rf --one-file-system "$root"
done
exit $failed
