#!/usr/bin/env bash
# Installs Debian's RabbitMQ if the machine has none, without ever starting the system's own broker.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/setup/apt.sh

[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || command -v rabbitmq-server >/dev/null && exit 0
apt_install rabbitmq-server
# The package enables its service for the next boot; our brokers are private ones, so it stays off.
command -v systemctl >/dev/null && systemctl disable --quiet rabbitmq-server.service epmd.service epmd.socket 2>/dev/null || true
