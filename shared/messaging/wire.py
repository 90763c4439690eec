"""One connection to the broker with one channel, for one thread; and the bell by which others call that thread."""

import select
import socket
import ssl
import time
from contextlib import suppress
from functools import lru_cache
from typing import Any, Self

import amqp
from amqp import spec
from amqp.exceptions import AMQPError
from amqp.serialization import dumps
from kombu.utils.url import parse_url

from shared.messaging.frames import BrokerConnection, GatheredWrites

METHOD = 1  # a frame's type
LOST = (AMQPError, OSError)  # what a connection or channel that ended raises
HEARTBEAT = 15  # seconds
PATIENCE = 10.0  # seconds for connecting, for one answer, and for a write
FAREWELL = 2.0  # seconds for closing in good order


def addresses(url: str) -> list[str]:
    """The nodes that a URL names, with `;` between them."""
    return [one for one in url.split(";") if one]


def connect(url: str, name: str) -> "Wire":
    """A wire to the first node that takes it; `LOST` if none does."""
    *others, last = addresses(url)
    for node in others:
        with suppress(*LOST):
            return Wire(node, name)
    return Wire(last, name)


class Wire:
    """An open connection with one channel. One thread uses it; `bell` lets others call it.

    `url` names one node; `name` is what the broker's lists show.
    """

    def __init__(self, url: str, name: str) -> None:
        parts = parse_url(url)
        self.blocked = False
        self._writes = GatheredWrites()
        self._ticked = time.monotonic()
        self.connection = BrokerConnection(
            host=f"{parts['hostname']}:{parts['port'] or (5671 if parts['transport'] == 'amqps' else 5672)}",
            userid=parts["userid"] or "guest",
            password=parts["password"] or "guest",
            virtual_host=parts["virtual_host"] or "/",
            ssl={"server_hostname": parts["hostname"]} if parts["transport"] == "amqps" else False,
            login_method="PLAIN",
            heartbeat=HEARTBEAT,
            connect_timeout=PATIENCE,
            client_properties={"connection_name": name},
            socket_settings={socket.TCP_USER_TIMEOUT: int(PATIENCE * 1000)},
            frame_writer=self._writes.frame_writer,
            on_blocked=self._on_blocked,
            on_unblocked=self._on_unblocked,
        )
        self.connection.connect()
        self._transport = self.connection.transport  # asked for later, py-amqp would connect anew
        self._transport.sock.settimeout(PATIENCE)
        self.channel = self.connection.channel()

    def wait(self, bell: "Bell", timeout: float) -> None:
        """Handle what the broker sent, waiting for it until the bell rings or `timeout` seconds pass."""
        if not self._handle() and self._has_news(bell, timeout):
            self._transport.fill()
            self._handle()
        self._heartbeat()

    def together(self) -> Any:
        """A context in which everything that is sent goes out with one write at its end."""
        return self._writes.together()

    def publish(self, message: amqp.Message, exchange: str, routing_key: str, *, mandatory: bool) -> None:
        """Send a message; if it is `mandatory`, the broker gives it back when no queue takes it.

        Does not wait for its confirmation.
        """
        # py-amqp's own basic_publish asks the socket for news before each message.
        arguments = _publish_arguments(exchange, routing_key, mandatory)
        self.connection.frame_writer(METHOD, self.channel.channel_id, spec.Basic.Publish, arguments, message)

    def close(self) -> None:
        """Say good-bye, if the broker still listens."""
        if self.connection.connected:
            with suppress(*LOST):
                self._transport.sock.settimeout(FAREWELL)
                self.connection.close()
        self.connection.collect()

    def _handle(self) -> bool:
        """Handle the frames that have come; whether there were any."""
        any_came = False
        while (frame := self._transport.come_frame()) is not None:
            self.connection.on_inbound_frame(frame)
            any_came = True
        return any_came

    def _has_news(self, bell: "Bell", timeout: float) -> bool:
        """Whether the broker sent something; waits for that, for the bell, or for `timeout` seconds."""
        sock = self._transport.sock
        if isinstance(sock, ssl.SSLSocket) and sock.pending():
            return True
        ready, _, _ = select.select([sock, bell], [], [], timeout)
        bell.hush()
        return sock in ready

    def _heartbeat(self) -> None:
        if time.monotonic() - self._ticked >= 1:
            self._ticked = time.monotonic()
            self.connection.heartbeat_tick()

    def _on_blocked(self, _reason: str) -> None:
        self.blocked = True

    def _on_unblocked(self) -> None:
        self.blocked = False


@lru_cache(maxsize=1000)
def _publish_arguments(exchange: str, routing_key: str, mandatory: bool) -> bytes:
    arguments: bytes = dumps("Bssbb", (0, exchange, routing_key, mandatory, False))
    return arguments


class Bell:
    """Lets any thread call the one that waits at a wire; a context in which it can be heard."""

    def __init__(self) -> None:
        self._listener: socket.socket | None = None
        self._caller: socket.socket | None = None
        self._rung = False

    def __enter__(self) -> Self:
        self._listener, self._caller = socket.socketpair()
        self._listener.setblocking(False)
        self._caller.setblocking(False)
        self._rung = False
        self.ring()  # for whoever rang before
        return self

    def __exit__(self, *_: object) -> None:
        for end in (self._caller, self._listener):
            if end is not None:
                end.close()

    def fileno(self) -> int:
        """For `select`."""
        return -1 if self._listener is None else self._listener.fileno()

    def ring(self) -> None:
        """Call; once is enough until it is hushed."""
        if not self._rung and self._caller is not None:
            self._rung = True
            with suppress(OSError):  # nobody listens any more, or a call is waiting already
                self._caller.send(b"!")

    def hush(self) -> None:
        """Heard: from here on, whoever rings wants another look."""
        if self._rung and self._listener is not None:
            with suppress(BlockingIOError):
                self._listener.recv(64)
            self._rung = False  # after the read: who rings in between put down what he wants before we look
