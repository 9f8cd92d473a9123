#!/usr/bin/env bash
# Install Debian packages as root without a question; the package lists are fetched only when they are needed.
set -euo pipefail

export DEBIAN_FRONTEND=noninteractive
install() {
    apt-get install --yes --quiet=2 --no-install-recommends -o DPkg::Lock::Timeout=120 "$@" </dev/null >/dev/null
}

install "$@" 2>/dev/null && exit 0
apt-get update --quiet=2 </dev/null >/dev/null || true
install "$@"
