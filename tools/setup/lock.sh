#!/usr/bin/env bash
# Resolves pyproject.toml again into the lock files, with hashes and without index addresses.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-.venv/bin/python}

"$python" -m pip install --quiet uv
compile() {
  "$python" -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header --quiet "$@"
}
compile --output-file requirements.lock
compile --group dev --output-file requirements-dev.lock
compile --group dev --group bench --constraints requirements-dev.lock --output-file requirements-bench.lock
compile --group dev --group browser --constraints requirements-dev.lock --output-file requirements-browser.lock
"$python" -m uv pip compile --group node --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet \
  --output-file requirements-node.lock
