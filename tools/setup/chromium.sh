#!/usr/bin/env bash
# Installs Debian's Chromium, Chinese letters and what Playwright's driver needs, if the machine has none.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/setup/apt.sh

command -v chromium >/dev/null && fc-list 2>/dev/null | grep -qi 'cjk' && ldconfig -p | grep -q libatomic.so.1 && exit 0
apt_install chromium fonts-noto-cjk fontconfig libatomic1
