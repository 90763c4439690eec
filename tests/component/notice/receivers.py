"""Who gets notices by other channels: a web server and a mail server, as willing as the test wants them."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from msgspec import Struct
from standardwebhooks import Webhook

from tests.support.serving import free_port


class Received(Struct, frozen=True):
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    def verified(self, secret: str) -> Any:
        """Its JSON, if it was signed with this key."""
        return Webhook(secret).verify(self.body, self.headers)

    @property
    def id(self) -> str:
        """What it is called however often it comes."""
        return self.headers["webhook-id"]


class Receiver:
    """A web server; `answers` are its next statuses (then 200), and while `open` is clear it answers nothing."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: deque[int] = deque()
        self.open = threading.Event()
        self.open.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def address(self, path: str = "/hook") -> str:
        """Where it listens."""
        return f"http://{self.place}{path}"

    def at(self, path: str) -> list[Received]:
        """What came to this path."""
        return [one for one in self.received if one.path == path]

    def close(self) -> None:
        """Listen no more."""
        self.open.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(receiver) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - a handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                receiver.received.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                receiver.open.wait(60)
                self.send_response(receiver.answers.popleft() if receiver.answers else 200)
                self.send_header("Location", receiver.address("/elsewhere"))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


class Mailbox:
    """What a mail server took."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append((list(envelope.rcpt_tos), letter))
        return "250 OK"


class MailServer:
    """A mail server that can be away."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mailbox = Mailbox()

    @contextmanager
    def up(self) -> Iterator[Mailbox]:
        """It listens, for so long."""
        controller = Controller(self.mailbox, hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield self.mailbox
        finally:
            controller.stop()
