"""What goes to a service through the gateway arrives, and what the service answers comes back."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from tests.component.web.conftest import SIGN
from tests.support.eventually import eventually
from tests.support.serving import Serving, refuses_connections


def test_a_command_passes_through_with_its_headers_both_ways(gateway: Serving, officer: str) -> None:
    answer = gateway.ask("POST", f"/api/small{SIGN}", {"note": "收到"}, token=officer, If_Match='"4"')
    assert (answer.status, answer.headers["ETag"], answer.json["note"]) == (200, '"5"', "收到")
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_names_of_codes_are_there_for_everybody_and_may_be_kept(gateway: Serving) -> None:
    answer = gateway.ask("GET", "/api/texts")
    assert answer.json["labels"]["event"]["assignment.signed"] == {"zh": "已签收", "en": "signed"}
    assert answer.json["labels"]["role"]["officer"]["en"] == "officer"
    assert answer.json["terms"]["to_sign"]["zh"] == "待签收"
    again = gateway.ask("GET", "/api/texts", If_None_Match=answer.headers["ETag"])
    assert (again.status, again.data, again.headers["Cache-Control"]) == (304, b"", "public, no-cache")


def test_a_version_is_no_reason_to_send_nothing(gateway: Serving, officer: str) -> None:
    one = f"/api/small{SIGN.removesuffix('/signature')}"
    version = gateway.ask("GET", one, token=officer).headers["ETag"]
    assert gateway.ask("GET", one, token=officer, If_None_Match=version).status == 200


def test_a_query_passes_through_with_its_parameters(gateway: Serving, officer: str) -> None:
    answer = gateway.ask("GET", "/api/small/assignments?state=signed&text=%E6%BC%8F%E6%B0%B4", token=officer)
    assert answer.json == {"limit": 50, "state": ["signed"], "text": "漏水"}


def test_a_problem_of_the_service_comes_back_as_it_is_in_the_callers_language(gateway: Serving, officer: str) -> None:
    answer = gateway.ask("POST", f"/api/small{SIGN}", {}, token=officer, Accept_Language="en")
    assert (answer.status, answer.problem, answer.wrong_fields) == (422, "invalid", {"note"})
    assert answer.json["title"].startswith("Something")


def test_no_content_stays_no_content(gateway: Serving, officer: str) -> None:
    answer = gateway.ask("DELETE", f"/api/small{SIGN.removesuffix('/signature')}", token=officer)
    assert (answer.status, answer.data) == (204, b"")


def test_a_request_is_known_by_one_id_at_the_gateway_and_in_the_service(gateway: Serving, small: Serving) -> None:
    answer = gateway.ask("GET", "/api/small/broken")
    assert answer.status == 500
    name = answer.headers["X-Request-Id"]
    assert eventually(lambda: [line for line in small.lines() if line.get("correlation") == name])


def test_the_callers_own_id_and_trace_are_kept(gateway: Serving, small: Serving) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = gateway.ask("GET", "/api/small/broken", X_Request_Id="mine-1", traceparent=parent)
    assert answer.headers["X-Request-Id"] == "mine-1"
    (line,) = eventually(lambda: [line for line in small.lines() if line.get("correlation") == "mine-1"])
    assert line["traceparent"] == parent


@pytest.mark.parametrize("pieces", [1, 30])
def test_a_file_passes_through_whole_or_in_pieces(gateway: Serving, pieces: int) -> None:
    content = hashlib.sha256(b"seed").digest() * 2800
    raw = content if pieces == 1 else [content[at::pieces] for at in range(pieces)]
    answer = gateway.ask("POST", "/api/small/files", raw=raw, kind="image/png")
    assert (answer.status, answer.json) == (201, {"size": len(content), "kind": "image/png"})


def test_a_file_that_the_service_refuses_is_refused_with_the_services_own_problem(gateway: Serving) -> None:
    answer = gateway.ask("POST", "/api/small/files", raw=[b"x" * 60_000] * 200, kind="image/png")
    assert (answer.status, answer.problem) == (413, "too-large")


def test_a_large_answer_passes_through_in_pieces(gateway: Serving) -> None:
    answer = gateway.ask("GET", "/api/small/files/large")
    assert hashlib.sha256(answer.data).hexdigest() == answer.headers["X-Digest"]
    assert len(answer.data) == 3_000_000


def test_an_answer_without_a_length_passes_through(gateway: Serving) -> None:
    answer = gateway.ask("GET", "/api/small/files/one")
    assert (answer.headers["Content-Type"], answer.data) == ("text/plain", b"one, two")


def test_head_passes_through(gateway: Serving, officer: str) -> None:
    answer = gateway.ask("HEAD", "/api/small/assignments", token=officer)
    assert (answer.status, answer.data) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nobody/x", "/api/small", "/assets/gone.js", "/gone.png"])
def test_what_no_service_stands_behind_is_404(gateway: Serving, path: str) -> None:
    answer = gateway.ask("GET", path)
    assert (answer.status, answer.problem) == (404, "no-such-address")


@pytest.mark.parametrize("path", ["livez", "readyz", "metrics", "%6detrics", "x/../metrics"])
def test_what_a_service_tells_its_operators_is_not_passed_on(gateway: Serving, path: str) -> None:
    assert gateway.ask("GET", f"/api/small/{path}").status == 404


def test_a_service_that_nobody_serves_is_503_and_names_it(gateway: Serving) -> None:
    answer = gateway.ask("GET", "/api/gone/cases", Accept_Language="en")
    assert (answer.status, answer.problem, answer.headers["Retry-After"]) == (503, "service-away", "1")
    assert "gone" in answer.json["detail"]


def test_fifty_callers_at_once_all_get_their_own_answer(gateway: Serving, officer: str) -> None:
    def ask(number: int) -> str:
        note: str = gateway.ask("POST", f"/api/small{SIGN}", {"note": f"n{number}"}, token=officer).json["note"]
        return note

    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(ask, range(200))) == [f"n{number}" for number in range(200)]


def test_the_gateway_is_ready_while_a_service_is_away_and_says_which(gateway: Serving) -> None:
    def parts() -> dict[str, bool]:
        answer = gateway.ask("GET", "/readyz")
        assert (answer.status, answer.json["status"]) == (200, "degraded")
        return {name: part["ok"] for name, part in answer.json["parts"].items() if part["detail"] != "degraded"}

    assert eventually(
        lambda: parts() == {"gone": False}, what="the small service says that it is degraded, gone nothing"
    )
    assert gateway.ask("GET", "/livez").status == 200


def test_without_every_services_description_there_is_none_of_the_whole(gateway: Serving) -> None:
    answer = gateway.ask("GET", "/api/openapi.json")
    assert (answer.status, answer.problem) == (503, "service-away")


def test_the_whole_system_is_described_in_one_document(folder: Path, small: Serving) -> None:
    services = f"one={small.url},two={small.url}"
    with Serving("tools.serve", "gateway", folder=folder, keys=folder / "keys", WHISTLE_SERVICES=services) as gateway:
        answer = gateway.ask("GET", "/api/openapi.json")
    validate(answer.json)
    assert {"/api/one/reports", "/api/two/reports"} <= set(answer.json["paths"])


def test_the_type_of_a_problem_leads_to_what_it_means(gateway: Serving) -> None:
    kind = gateway.ask("GET", "/api/nobody/x").json["type"]
    told = gateway.ask("GET", kind)
    assert (told.status, told.json["title"]["zh"]) == (200, "没有这个地址")
    assert gateway.ask("GET", "/problems/unheard-of").status == 404


def test_a_service_that_was_started_again_is_found_again(folder: Path, officer: str) -> None:
    keys = folder / "keys"
    with Serving("tests.component.web.small", folder=folder, keys=keys) as first:
        services = f"small={first.url}"
        with Serving("tools.serve", "gateway", folder=folder, keys=keys, WHISTLE_SERVICES=services) as gateway:
            sign = f"/api/small{SIGN}"
            assert gateway.ask("POST", sign, {"note": "x"}, token=officer).status == 200
            first.child.kill()
            assert gateway.ask("POST", sign, {"note": "x"}, token=officer).status in (502, 503)
            with Serving("tests.component.web.small", folder=folder, keys=keys, port=first.port):
                assert gateway.ask("POST", sign, {"note": "x"}, token=officer).status == 200


def test_a_request_in_flight_is_answered_before_the_gateway_ends(folder: Path, small: Serving, tmp_path: Path) -> None:
    services = f"small={small.url}"
    with (
        Serving("tools.serve", "gateway", folder=folder, keys=folder / "keys", WHISTLE_SERVICES=services) as gateway,
        ThreadPoolExecutor(1) as pool,
    ):
        begun = len(small.lines())
        answer = pool.submit(gateway.ask, "GET", f"/api/small/slow?until={tmp_path / 'now'}")
        eventually(lambda: any("slow" in line["event"] for line in small.lines()[begun:]))
        gateway.child.ask_to_end()
        eventually(lambda: refuses_connections(gateway.port), what="it stops")
        (tmp_path / "now").touch()
        assert answer.result().status == 200
        gateway.child.stop()
        assert gateway.child.returncode == 0
