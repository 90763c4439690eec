#!/usr/bin/env bash
# Builds the console's pages into services/gateway/console/dist, with the machine's Node or one from a Python wheel.
set -euo pipefail
cd "$(dirname "$0")/../.."

new_enough='const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (major == 20 && minor >= 19) ? 0 : 1)'
if ! node -e "$new_enough" 2>/dev/null; then
  node=$PWD/.venv/node
  if [ ! -x "$node/bin/node" ]; then
    echo 'whistle: installing Node into .venv/node'
    .venv/bin/python -m venv "$node"
    "$node/bin/pip" install --disable-pip-version-check --quiet --progress-bar off --require-hashes --requirement requirements-node.lock
  fi
  export PATH="$node/bin:$PATH"
fi

.venv/bin/whistle openapi services/gateway/console/openapi.json
cd services/gateway/console
if ! cmp -s package-lock.json node_modules/.installed; then
  echo "whistle: installing the console's packages (a minute)"
  npm ci --silent --no-progress
  cp package-lock.json node_modules/.installed
fi
npm run --silent build -- --logLevel warn
