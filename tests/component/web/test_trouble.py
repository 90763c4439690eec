"""What goes wrong at the door harms one request, and the service goes on."""

import socket
import struct
from concurrent.futures import ThreadPoolExecutor

import pytest
import urllib3

from tests.component.web.conftest import SIGN
from tests.support.eventually import eventually
from tests.support.serving import Serving


def test_fifty_requests_at_once_are_all_answered(small: Serving, officer: str) -> None:
    def ask(number: int) -> int:
        version: int = small.ask("POST", SIGN, {"note": "x"}, token=officer, If_Match=f'"{number}"').json["version"]
        return version

    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(ask, range(50))) == list(range(1, 51))


def test_a_caller_that_goes_away_in_the_middle_harms_nobody(small: Serving, officer: str) -> None:
    for sent in (
        b"",
        b"POST /reports HT",
        b"POST /reports HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
    ):
        with socket.create_connection(("127.0.0.1", small.port)) as connection:
            connection.sendall(sent)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close by reset
    assert small.ask("POST", SIGN, {"note": "x"}, token=officer).status == 200


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET / HTTP/9.9",
        b"\x00\x01\x02",
        b"GET",
        b"POST /reports HTTP/1.1\r\nContent-Length: -5",
        b"GET /" + b"x" * 9000,
    ],
)
def test_what_is_no_http_is_refused_and_harms_nobody(small: Serving, request_line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", small.port), timeout=5) as connection:
        connection.sendall(request_line + b"\r\n\r\n")
        first = connection.recv(100)
    assert first.split()[1:2] in ([b"400"], [b"414"])
    assert small.ask("GET", "/livez").status == 200


def test_what_breaks_inside_is_a_problem_that_tells_nothing_of_it(small: Serving) -> None:
    answer = small.ask("GET", "/broken")
    assert (answer.status, answer.problem) == (500, "internal")
    assert b"secret" not in answer.data
    assert b"Traceback" not in answer.data


def test_what_breaks_inside_is_logged_with_its_trace_and_without_what_is_personal(small: Serving) -> None:
    small.ask("GET", "/broken", X_Request_Id="broken-1")
    (line,) = eventually(lambda: [line for line in small.lines() if line.get("correlation") == "broken-1"])
    assert (line["event"], line["operation"]) == ("request failed", "closure.list_outcomes")
    assert "RuntimeError" in line["exception"]
    assert "13912345678" not in str(small.lines())


def test_an_answer_that_breaks_off_is_seen_to_be_incomplete_and_logged(small: Serving) -> None:
    with pytest.raises(urllib3.exceptions.ProtocolError):
        small.ask("GET", "/broken/stream")
    assert eventually(lambda: [line for line in small.lines() if line["event"] == "answer broke off"])
