#!/usr/bin/env bash
# Makes .venv and installs exactly what requirements-dev.lock names, then the project itself.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/setup/apt.sh
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || {
  echo "whistle: needs Python 3.11 to 3.13, but $python is $("$python" --version); name another one by PYTHON=…" >&2
  exit 1
}
if [ ! -x .venv/bin/pip ]; then
  "$python" -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv
  echo 'whistle: making .venv'
  "$python" -m venv .venv
fi

total=$(grep -cE '^[a-z0-9]' requirements-dev.lock)
echo "whistle: installing about $total locked packages into .venv (a minute or two)"
.venv/bin/pip install --disable-pip-version-check --progress-bar off --no-compile \
  --require-hashes --requirement requirements-dev.lock |
  awk -v total="$total" '/^Collecting/ && ++n % 15 == 0 { print "  " n " of about " total; fflush() }
                         /^Installing collected/ { print "  unpacking"; fflush() }'
.venv/bin/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
