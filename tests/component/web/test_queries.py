"""Queries, and what every service tells its operators."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from openapi_spec_validator import validate
from prometheus_client.parser import text_string_to_metric_families

from tests.component.web.conftest import ID
from tests.support.eventually import eventually
from tests.support.serving import Serving


def test_a_query_is_answered_by_its_schema(small: Serving, officer: str) -> None:
    answer = small.ask("GET", "/assignments?state=to_sign&state=signed&limit=5", token=officer)
    assert (answer.status, answer.json) == (200, {"limit": 5, "state": ["to_sign", "signed"], "text": None})


def test_a_query_in_chinese_is_understood(small: Serving, officer: str) -> None:
    assert small.ask("GET", "/assignments?text=%E6%BC%8F%E6%B0%B4", token=officer).json["text"] == "漏水"


def test_wrong_parameters_are_named(small: Serving, officer: str) -> None:
    answer = small.ask("GET", "/assignments?limit=900&state=lost&other=1", token=officer)
    assert (answer.status, answer.wrong_fields) == (422, {"limit", "state.0", "other"})


def test_what_was_read_tells_its_version(small: Serving, officer: str) -> None:
    assert small.ask("GET", f"/assignments/{ID}", token=officer).headers["ETag"] == '"7"'


def test_what_is_not_there_is_404(small: Serving, officer: str) -> None:
    answer = small.ask("GET", "/assignments/00000000-0000-0000-0000-000000000000", token=officer)
    assert (answer.status, answer.problem) == (404, "not-found")


def test_head_answers_like_get_without_the_body(small: Serving, officer: str) -> None:
    answer = small.ask("HEAD", "/assignments", token=officer)
    assert (answer.status, answer.data) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0


def test_a_file_comes_in_pieces_under_its_own_kind(small: Serving) -> None:
    answer = small.ask("GET", "/files/one")
    assert (answer.headers["Content-Type"], answer.data) == ("text/plain", b"one, two")


def test_a_service_that_can_absorb_is_ready_and_says_that_its_broker_is_away(small: Serving) -> None:
    answer = small.ask("GET", "/readyz")
    assert (answer.status, answer.json["status"]) == (200, "degraded")
    assert answer.json["parts"]["broker"]["detail"] == "connection refused"
    assert small.ask("GET", "/livez").status == 200


def test_metrics_count_requests_by_operation_and_status(small: Serving, officer: str) -> None:
    def count() -> float:
        families = text_string_to_metric_families(small.ask("GET", "/metrics").data.decode())
        wanted = {"operation": "dispatch.list_assignments", "status": "422"}
        samples = [sample for family in families for sample in family.samples]
        return sum(s.value for s in samples if s.name == "whistle_http_requests_total" and s.labels == wanted)

    before = count()
    small.ask("GET", "/assignments?limit=0", token=officer)
    assert count() == before + 1


def test_metrics_tell_how_many_requests_are_not_yet_answered(small: Serving, tmp_path: Path) -> None:
    def in_flight() -> float:
        families = text_string_to_metric_families(small.ask("GET", "/metrics").data.decode())
        samples = [sample for family in families for sample in family.samples]
        return next(one.value for one in samples if one.name == "whistle_http_requests_in_flight")

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(small.ask, "GET", f"/slow?until={tmp_path / 'now'}")
        eventually(lambda: in_flight() == 2, what="the slow one and the look itself")
        (tmp_path / "now").touch()
        assert slow.result().status == 200
    assert in_flight() == 1


def test_a_service_describes_itself(small: Serving) -> None:
    answer = small.ask("GET", "/openapi.json")
    validate(answer.json)
    assert "/assignments/{assignment_id}" in answer.json["paths"]
