#!/usr/bin/env bash
# Installs Debian's Prometheus, which the tests of the alert rules need, if the machine has none; its service stays off.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/setup/apt.sh

command -v prometheus >/dev/null && command -v promtool >/dev/null && exit 0
apt_install prometheus
# The package enables its service for the next boot; nobody asked for that one. One that was there has left us above.
command -v systemctl >/dev/null && systemctl disable --quiet prometheus.service 2>/dev/null || true
