#!/usr/bin/env bash
# Installs Debian's Caddy, behind which a test opens the console as phones do, if the machine has none; its service stays off.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/setup/apt.sh

command -v caddy >/dev/null && exit 0
apt_install caddy
# The package enables its service for the next boot; nobody asked for that one. One that was there has left us above.
command -v systemctl >/dev/null && systemctl disable --quiet caddy.service 2>/dev/null || true
