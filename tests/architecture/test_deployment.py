"""The deployment files name what exists: every service, every setting, every file that the image needs."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.messaging.topology import FOLLOWS

ROOT = Path(__file__).parents[2]
JOBS = {"keys", "migrate", "load"}
SERVERS = {"rabbitmq", "postgres"}
WATCHERS = {"prometheus", "grafana"}
PROXIES = {"caddy"}


@pytest.fixture
def compose() -> dict[str, Any]:
    """docker-compose.yml as a parser reads it."""
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


def test_compose_runs_every_service_once(compose: dict[str, Any]) -> None:
    """One container for each service of the topology, by `whistle serve`, and nothing that does not exist."""
    assert set(compose["services"]) == set(FOLLOWS) | JOBS | SERVERS | WATCHERS | PROXIES
    for service in FOLLOWS:
        assert compose["services"][service]["command"] == ["serve", service]


def test_the_gateway_of_compose_finds_every_other_service(compose: dict[str, Any]) -> None:
    """It is told the address of each, and waits until each is healthy."""
    gateway, others = compose["services"]["gateway"], set(FOLLOWS) - {"gateway"}
    addresses = gateway["environment"]["WHISTLE_SERVICES"].split(",")
    assert set(addresses) == {f"{service}=http://{service}:8000" for service in others}
    assert {name for name in gateway["depends_on"] if name in FOLLOWS} == others


def test_compose_starts_nothing_before_what_it_needs(compose: dict[str, Any]) -> None:
    """Every name in `depends_on` exists, ends well if it is a job, and has a health check if it stays."""
    for name, service in compose["services"].items():
        for needed, how in service.get("depends_on", {}).items():
            expected = "service_completed_successfully" if needed in JOBS else "service_healthy"
            assert how == {"condition": expected}, f"{name} waits for {needed}"


def test_compose_mounts_only_volumes_and_files_that_exist(compose: dict[str, Any]) -> None:
    """A mistyped volume would silently keep nothing; a missing file would become a directory."""
    sources = [volume.split(":")[0] for one in compose["services"].values() for volume in one.get("volumes", ())]
    for source in sources:
        assert (ROOT / source).exists() if source.startswith("./") else source in compose["volumes"]


def test_compose_starts_prometheus_and_grafana_only_when_asked(compose: dict[str, Any]) -> None:
    """By the profile `watch`; nobody waits for them, and nobody reaches them from outside."""
    assert {name for name, service in compose["services"].items() if "profiles" in service} == WATCHERS | PROXIES
    for name, service in compose["services"].items():
        assert name in WATCHERS or not WATCHERS & set(service.get("depends_on", {}))
    for name in WATCHERS:
        assert compose["services"][name]["profiles"] == ["watch"]
        assert all(port.startswith("127.0.0.1:") for port in compose["services"][name]["ports"])


def test_compose_puts_tls_before_the_gateway_only_when_asked(compose: dict[str, Any]) -> None:
    """By the profile `tls`; what it sets is what the proxy's file reads, and it leads to the gateway."""
    caddy = compose["services"]["caddy"]
    read = re.findall(r"\{\$(WHISTLE_\w+):", (ROOT / "deploy/caddy/Caddyfile").read_text())
    assert caddy["profiles"] == ["tls"]
    assert set(caddy["environment"]) <= set(read)
    assert caddy["environment"]["WHISTLE_GATEWAY"] == "gateway:8000"


def test_grafana_finds_prometheus_and_the_dashboards_where_compose_puts_them(compose: dict[str, Any]) -> None:
    """What its provisioning files name is mounted, and Prometheus answers there."""
    [source] = provisioned("datasources/prometheus.yml")["datasources"]
    [provider] = provisioned("dashboards/whistle.yml")["providers"]
    assert source["url"] == "http://prometheus:9090"
    mounted = dict(volume.split(":")[1::-1] for volume in compose["services"]["grafana"]["volumes"])
    assert mounted[provider["options"]["path"]] == "./deploy/grafana/dashboards"
    assert mounted["/etc/grafana/provisioning"] == "./deploy/grafana/provisioning"


def provisioned(name: str) -> dict[str, Any]:
    """One of Grafana's provisioning files."""
    return dict(yaml.safe_load((ROOT / "deploy/grafana/provisioning" / name).read_text()))


def test_the_systemd_target_wants_every_service() -> None:
    """`systemctl start whistle.target` starts each of them."""
    target = (ROOT / "deploy/systemd/whistle.target").read_text()
    assert set(re.findall(r"whistle@(\w+)\.service", target)) == set(FOLLOWS)


def test_the_image_gets_all_that_the_command_line_reads() -> None:
    """Each exception of .dockerignore names something that exists, with the packages and the lock among them."""
    kept = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert {"services", "shared", "tools", "requirements.lock", "deploy/example-town"} <= set(kept)
    assert [name for name in kept if not (ROOT / name).exists()] == []
