"""A message's envelope: CloudEvents 1.0 in structured JSON, the same for every service and for whoever joins them.

Several may share one message of the broker, as a batch: a JSON array of them (CloudEvents' JSON batch format).

`source` is `whistle/<publisher>`, `subject` what the event is about (a case's id, or `reference:<name>`), and
`sequence` its number among the publisher's events about that subject, from 1 without gaps.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from shared.contracts import registry
from shared.store.changes import Announced, Trace

CONTENT_TYPE = "application/cloudevents+json"
BATCH_CONTENT_TYPE = "application/cloudevents-batch+json"
SOURCE = "whistle/"
DETAIL_LIMIT = 300  # characters of an explanation that are kept

Name = Annotated[str, Meta(min_length=1, max_length=200)]


class Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message's attributes, and its event as bytes that are read only where somebody follows it.

    `correlationid` is shared by everything that one request or message led to; `causationid` is the work that announced
    this event; `traceparent` is W3C's.
    """

    specversion: Literal["1.0"]
    id: UUID
    source: Annotated[str, Meta(pattern=f"^{SOURCE}[a-z]+$")]
    type: Name
    subject: Name
    time: Annotated[datetime, Meta(tz=True)]
    sequence: Annotated[int, Meta(ge=1)]
    data: msgspec.Raw
    datacontenttype: str = "application/json"
    correlationid: str = ""
    causationid: str = ""
    traceparent: str = ""

    @property
    def publisher(self) -> str:
        """The service that announced it."""
        return self.source.removeprefix(SOURCE)

    @property
    def trace(self) -> Trace:
        """What a work that this message causes carries on; what it announces is caused by this message."""
        return Trace(self.correlationid, self.causationid, self.traceparent)


class Unreadable(Exception):
    """These bytes are no message that this version understands.

    `reason` is undecodable, unknown-type, future-version, foreign-event or bad-data; `detail` says more. `envelope` is
    there if at least that could be read, so that the message has its place in its stream.
    """

    def __init__(self, reason: str, detail: str, envelope: Envelope | None = None) -> None:
        self.reason = reason
        self.detail = detail[:DETAIL_LIMIT]
        self.envelope = envelope
        super().__init__(f"{reason}: {self.detail}")


_decoder = msgspec.json.Decoder(Envelope)
_encoder = msgspec.json.Encoder()
_batch_decoder = msgspec.json.Decoder(list[msgspec.Raw])


def encode(event: Announced, publisher: str) -> bytes:
    """The message that announces this event."""
    return _encoder.encode(
        Envelope(
            specversion="1.0",
            id=event.id,
            source=SOURCE + publisher,
            type=event.type,
            subject=event.subject,
            time=event.time,
            sequence=event.sequence,
            data=msgspec.Raw(event.data),
            correlationid=event.trace.correlation,
            causationid=event.trace.causation,
            traceparent=event.trace.traceparent,
        )
    )


def decode(body: bytes | str) -> Envelope:
    """The envelope in these bytes, of a type that is known and by the publisher who owns it; `Unreadable` otherwise."""
    try:
        envelope = _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise Unreadable("undecodable", str(error)) from error
    known = _known().get(envelope.type)
    if known is None:
        raise _unknown(envelope)
    if known.publisher != envelope.publisher:
        raise Unreadable("foreign-event", f"{envelope.type} from {envelope.source}", envelope)
    return envelope


def together(messages: Sequence[bytes]) -> bytes:
    """The batch of these messages."""
    return b"[" + b",".join(messages) + b"]"


def apart(body: bytes) -> list[bytes]:
    """The messages of a batch in their order; what is no batch, or cannot be read as one, stays whole."""
    if not body.startswith(b"["):
        return [body]
    try:
        return [bytes(one) for one in _batch_decoder.decode(body)] or [body]
    except (msgspec.MsgspecError, UnicodeError):
        return [body]


def event_of(envelope: Envelope) -> Any:
    """The event itself; `Unreadable` if its data are not as its type demands."""
    try:
        return registry.decode(envelope.type, envelope.data)
    except msgspec.MsgspecError as error:
        raise Unreadable("bad-data", f"{envelope.type}: {error}", envelope) from error


@cache
def _known() -> dict[str, type[Any]]:
    return registry.all_events()


def _unknown(envelope: Envelope) -> Unreadable:
    name, _, version = envelope.type.rpartition(".v")
    versions = [int(match[1]) for one in _known() if (match := re.fullmatch(rf"{re.escape(name)}\.v(\d+)", one))]
    if versions and version.isdecimal() and int(version) > max(versions):
        return Unreadable("future-version", f"{envelope.type}; known up to v{max(versions)}", envelope)
    return Unreadable("unknown-type", envelope.type, envelope)
