"""A service behind that answers nonsense, too late or not at all costs its caller an answer, never the gateway."""

import io
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from urllib3 import Timeout

from shared.engine.works import Trace
from shared.errors import AppError, Unavailable
from shared.web.proxy import Upstream
from shared.web.refusals import BadGateway, TooSlow
from shared.web.reply import Reply
from tests.support.serving import free_port

GOOD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nX-Told: yes\r\nConnection: X-Told\r\n\r\ngood"
)


class Service:
    """Answers each connection with the next of some bytes; b"" hangs up, None says nothing at all."""

    def __init__(self, *answers: bytes | None) -> None:
        self._answers = answers
        self.heard: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._kept: list[socket.socket] = []
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        for answer in self._answers:
            connection, _ = self._listener.accept()
            self.heard.append(connection.recv(65536))
            if answer is None:
                self._kept.append(connection)
                continue
            connection.sendall(answer)
            connection.close()

    def close(self) -> None:
        self._thread.join(10)
        for one in (self._listener, *self._kept):
            one.close()


@pytest.fixture
def service() -> Iterator[Callable[..., Service]]:
    started: list[Service] = []

    def start(*answers: bytes | None) -> Service:
        started.append(Service(*answers))
        return started[-1]

    yield start
    for one in started:
        one.close()


def ask(address: str, method: str = "POST", body: bytes = b"{}", **more: Any) -> Reply:
    upstream = Upstream("bad", address, Timeout(connect=0.5, read=0.3))
    environ = {
        "REQUEST_METHOD": method,
        "RAW_PATH_INFO": "/api/bad/cases",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "REMOTE_ADDR": "127.0.0.9",
        "headers_raw": (("Accept", "text/plain"), ("Connection", "X-Hop"), ("X-Hop", "1"), ("Host", "outside")),
        "HTTP_CONNECTION": "X-Hop",
        "HTTP_HOST": "outside",
        "whistle.trace": Trace("request-1", "", "00-aa-bb-01"),
        **more,
    }
    return upstream.handle(environ, {"rest": "cases"})


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (b"nonsense\r\n\r\n", BadGateway),
        (b"", BadGateway),
        (b"HTTP/1.1 299 Hm\r\nContent-Length: 0\r\n\r\n", BadGateway),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", BadGateway),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", BadGateway),
        (None, TooSlow),
    ],
)
def test_a_bad_answer_becomes_a_problem(
    service: Callable[..., Service], answer: bytes | None, refusal: type[AppError]
) -> None:
    with pytest.raises(refusal):
        ask(service(answer).address)


def test_a_service_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable) as refusal:
        ask(f"http://127.0.0.1:{free_port()}")
    assert refusal.value.slug == "service-away"


def test_what_is_meant_for_one_hop_goes_no_further(service: Callable[..., Service]) -> None:
    behind = service(GOOD)
    reply = ask(behind.address)
    assert (reply.status, reply.body) == (200, b"good")
    assert "X-Told" not in dict(reply.headers)
    asked = behind.heard[0].decode().lower()
    assert "x-hop" not in asked
    assert "host: outside" not in asked.replace("x-forwarded-host: outside", "")


def test_the_service_learns_who_asked_and_which_request_it_is(service: Callable[..., Service]) -> None:
    behind = service(GOOD)
    ask(behind.address)
    asked = behind.heard[0].decode().lower()
    for line in (
        "x-forwarded-for: 127.0.0.9",
        "x-forwarded-host: outside",
        "x-request-id: request-1",
        "accept: text/plain",
    ):
        assert line in asked


@pytest.mark.parametrize("more", [{"REQUEST_METHOD": "GET"}, {"HTTP_IDEMPOTENCY_KEY": "k"}])
def test_what_may_be_done_twice_is_sent_again_when_the_service_hung_up(
    service: Callable[..., Service], more: dict[str, Any]
) -> None:
    behind = service(b"", GOOD)
    assert ask(behind.address, **more).body == b"good"
    assert len(behind.heard) == 2


def test_what_may_not_be_done_twice_is_never_sent_again(service: Callable[..., Service]) -> None:
    behind = service(b"")
    with pytest.raises(BadGateway):
        ask(behind.address)
    assert len(behind.heard) == 1
