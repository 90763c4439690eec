"""Alerts and dashboards ask for what there is, every alert is shown to fire and to stay quiet, and says what to do."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.messaging.topology import FOLLOWS
from tests.support.promql import asked, given, wrong

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy/prometheus"
BOARDS = sorted((ROOT / "deploy/grafana/dashboards").glob("*.json"))
SAID = {"summary", "description", "summary_zh", "description_zh", "runbook"}
CHINESE = re.compile("[\u4e00-\u9fff]")


@cache
def rules() -> list[dict[str, Any]]:
    """Every rule, of all groups."""
    groups = yaml.safe_load((DEPLOY / "rules.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def alerts() -> list[Any]:
    """Every alert, as a parameter with its name."""
    return [pytest.param(rule, id=rule["alert"]) for rule in rules() if "alert" in rule]


@cache
def known() -> dict[str, set[str]]:
    """What processes give, and what is computed from that: the computed keep the labels that their names begin with."""
    computed = {rule["record"]: {rule["record"].partition(":")[0]} for rule in rules() if "record" in rule}
    return given() | computed


def promtool(*arguments: str | Path) -> None:
    """Run promtool; it fails by saying why."""
    program = shutil.which("promtool")
    assert program, "promtool is not installed: run `make install`"
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_accepts_its_configuration_and_the_rules() -> None:
    """Also the templates of their texts."""
    promtool("check", "config", DEPLOY / "prometheus.yml")
    promtool("check", "rules", DEPLOY / "rules.yml")


@pytest.mark.parametrize("tests", ["rules.test.yml", "rules.day.test.yml"])
def test_alerts_fire_and_stay_quiet_as_their_tests_say(tests: str) -> None:
    """Minute by minute, on made-up series."""
    promtool("test", "rules", DEPLOY / tests)


@pytest.mark.parametrize("alert", alerts())
def test_an_alert_is_shown_to_fire_and_to_stay_quiet(alert: dict[str, Any]) -> None:
    """At least once each."""
    checks = [
        check
        for name in ("rules.test.yml", "rules.day.test.yml")
        for test in yaml.safe_load((DEPLOY / name).read_text())["tests"]
        for check in test["promql_expr_test"]
        if f'alertname="{alert["alert"]}"' in check["expr"]
    ]
    assert {bool(check["exp_samples"]) for check in checks} == {True, False}


@pytest.mark.parametrize("alert", alerts())
def test_an_alert_says_in_both_languages_what_is_the_matter_and_where_to_read_on(alert: dict[str, Any]) -> None:
    """Its runbook is a heading of docs/operations.md."""
    said = alert["annotations"]
    assert alert["labels"]["severity"] in {"critical", "warning"}
    assert set(said) == SAID
    assert {name for name in SAID - {"runbook"} if CHINESE.search(said[name])} == {"summary_zh", "description_zh"}
    page, _, anchor = said["runbook"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / page).read_text(), re.MULTILINE)
    assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.get("alert") or rule["record"])
def test_a_rule_asks_for_what_there_is(rule: dict[str, Any]) -> None:
    """A mistyped name or label would keep an alert quiet for ever."""
    assert wrong(rule["expr"], known()) == []


def queries(board: Path) -> Iterator[tuple[str, str]]:
    """What a dashboard asks, and how it names what it gets."""
    for panel in json.loads(board.read_text())["panels"]:
        for target in panel["targets"]:
            yield target["expr"], target["legendFormat"]


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.stem)
def test_a_dashboard_asks_for_what_there_is(board: Path) -> None:
    """Also where it names a line after a label."""
    for expression, legend in queries(board):
        assert wrong(expression, known()) == []
        labels = set[str]().union(*(known()[name] for name in asked(expression)))
        assert {*re.findall(r"{{(\w+)}}", legend)} <= labels


def test_there_are_dashboards_of_limits_messages_and_one_service() -> None:
    """Each under a name of its own, with panels that do not lie on each other."""
    boards = [json.loads(board.read_text()) for board in BOARDS]
    assert {board["uid"] for board in boards} == {"whistle-limits", "whistle-messages", "whistle-service"}
    for board in boards:
        places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]
        assert len(set(places)) == len(places)


def test_prometheus_asks_every_service() -> None:
    """By the name and port that docker-compose.yml gives it."""
    [job] = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())["scrape_configs"]
    assert {*job["static_configs"][0]["targets"]} == {f"{service}:8000" for service in FOLLOWS}


@pytest.mark.parametrize(
    ("expression", "missing"),
    [
        ("sum by (queue) (whistle_parked_messages)", []),
        ("rate(whistle_breaches[5m])", ["whistle_breaches"]),
        ('whistle_breaches_total{departement="cg"} > 1', ["whistle_breaches_total{departement}"]),
        ("max(sum by (le, kind) (rate(whistle_batch_seconds_bucket[5m])))", ["whistle_batch_seconds_bucket{kind}"]),
        ("up == 0 or on (channel) whistle_notices_waiting", ["up{channel}"]),
    ],
)
def test_what_nobody_gives_is_found(expression: str, missing: list[str]) -> None:
    """So that the tests above can fail."""
    assert wrong(expression, given()) == missing
