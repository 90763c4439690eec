"""A real Prometheus with the project's rules scrapes the project's metrics, and raises the alarm."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import start_http_server

from shared.runtime import metrics
from tests.support.eventually import eventually
from tests.support.prometheus import PrivatePrometheus

DEPLOY = Path(__file__).parents[3] / "deploy/prometheus"
TICK = "250ms"  # between two scrapes, and between two looks at the rules; in earnest 15 s and 30 s
# The windows of the fast alert about limits, in the test's copy of the rules; all else in it is as it is.
WINDOWS = {"[5m]": "[3s]", "[1h]": "[10s]"}
QUEUE = "dispatch.follows.intake"


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory, say: Callable[[str], None]) -> Iterator[PrivatePrometheus]:
    """It scrapes the metrics of this process."""
    folder = tmp_path_factory.mktemp("prometheus")
    web, thread = start_http_server(0, "127.0.0.1")
    configuration = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())
    configuration["global"] = {"scrape_interval": TICK, "scrape_timeout": TICK, "evaluation_interval": TICK}
    configuration["scrape_configs"][0]["static_configs"] = [{"targets": [f"127.0.0.1:{web.server_port}"]}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration))
    (folder / "rules.yml").write_text(
        re.sub(r"\[\w+\]", lambda window: WINDOWS.get(window[0], window[0]), (DEPLOY / "rules.yml").read_text())
    )
    with PrivatePrometheus(folder, say=say) as server:
        yield server
    web.shutdown()
    web.server_close()
    thread.join()


def firing(prometheus: PrivatePrometheus, name: str) -> list[dict[str, Any]]:
    """The alerts of this name that fire now."""
    alerts = prometheus.ask("alerts")["alerts"]
    return [one for one in alerts if one["labels"]["alertname"] == name and one["state"] == "firing"]


def value(prometheus: PrivatePrometheus, query: str) -> float | None:
    """What Prometheus has of one series."""
    found = prometheus.ask("query", query=query)["result"]
    return float(found[0]["value"][1]) if found else None


def test_a_parked_message_alerts_until_it_is_gone(prometheus: PrivatePrometheus) -> None:
    """With the rule as it is; the alert names service and queue, in both languages."""
    eventually(lambda: value(prometheus, 'up{job="whistle"}') == 1, what="the metrics are scraped")
    assert firing(prometheus, "WhistleMessagesParked") == []
    metrics.parked.labels(QUEUE).set(2)
    [alert] = eventually(lambda: firing(prometheus, "WhistleMessagesParked"), 20)
    assert alert["labels"] | {"queue": QUEUE, "severity": "critical", "service": "127.0.0.1"} == alert["labels"]
    assert alert["annotations"]["summary"] == "127.0.0.1 has parked messages"
    assert alert["annotations"]["description_zh"] == f"队列 {QUEUE} 有 2 条消息未能生效，等待人工处理。"
    metrics.parked.clear()
    eventually(lambda: not firing(prometheus, "WhistleMessagesParked"), 20, "the alert ends")


def test_departments_that_stay_silent_alert_until_signatures_come_in_time_again(prometheus: PrivatePrometheus) -> None:
    """Five limits pass and nobody stirs: no clock stops, and yet the share of missed limits is 100 %."""
    metrics.expect(metrics.breaches, ["cg"], ["sign", "report_in"])
    metrics.expect(metrics.clock_stops, ["sign"], ["in_time", "late"])
    eventually(lambda: value(prometheus, 'whistle_breaches_total{clock="sign"}') == 0, 20, "no breach was seen")
    assert firing(prometheus, "WhistleLimitsMissedFast") == []
    metrics.breaches.labels("cg", "sign").inc(5)
    [alert] = eventually(lambda: firing(prometheus, "WhistleLimitsMissedFast"), 20)
    assert alert["labels"]["clock"] == "sign"
    assert alert["annotations"]["description"].startswith('100% of the limits "sign"')

    def signed_in_time() -> bool:
        metrics.clock_stops.labels("sign", "in_time").inc(5)
        return not firing(prometheus, "WhistleLimitsMissedFast")

    eventually(signed_in_time, 20, "the alert ends", every=0.25)


def test_prometheus_finds_nothing_wrong_with_the_rules_while_it_evaluates_them(prometheus: PrivatePrometheus) -> None:
    """Every one of them was looked at without an error."""
    rules = eventually(lambda: _looked_at(prometheus), 20, "every rule was looked at")
    assert len(rules) > 20
    assert {rule["name"]: rule.get("lastError") for rule in rules if rule["health"] != "ok"} == {}


def _looked_at(prometheus: PrivatePrometheus) -> list[dict[str, Any]]:
    rules = [rule for group in prometheus.ask("rules")["groups"] for rule in group["rules"]]
    return rules if all(rule["health"] != "unknown" for rule in rules) else []
