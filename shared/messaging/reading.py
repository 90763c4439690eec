"""Makes works of messages: the envelope, its event, and the command that the service wants for it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.contracts.directory import ReferencePublishedV1
from shared.contracts.registry import all_events
from shared.engine.reference import KeepReference
from shared.engine.works import Message, Work
from shared.messaging.envelope import DETAIL_LIMIT, Envelope, Unreadable, decode, event_of
from shared.messaging.follow import Followers

REFERENCES = "reference.published.v1"


class Reader:
    """Reads for one service. `references` are the sets of reference data of which it keeps snapshots.

    What cannot be read becomes a work with its flaw, to be parked; it never raises.
    """

    def __init__(self, followers: Followers, references: Collection[str] = ()) -> None:
        all_events()  # imported now, not in the middle of the first batch
        self._references = frozenset(references)
        self._followers = {event.type: follower for event, follower in followers.items()}
        if references:
            self._followers[REFERENCES] = self._keep

    def read(self, message: Message) -> Work:
        """The work of a message whose place in its stream is known, such as one that waited for an earlier one."""
        return self.receive(message.body, message.queue)

    def receive(self, body: bytes, queue: str, *, alone: bool = False, flaw: str = "") -> Work:
        """The work of what came by this queue. `flaw` says why it must not take effect, however well it reads."""
        command = envelope = None
        try:
            envelope = decode(body)
            command = None if flaw else self._command(envelope)
        except Unreadable as error:
            flaw, envelope = flaw or str(error), error.envelope
        if envelope is None:
            lost = Message(_publisher_of(queue), "", 0, body, queue)
            return Work(_id_of(body, queue), None, message=lost, flaw=flaw, alone=alone, size=len(body))
        place = Message(envelope.publisher, envelope.subject, envelope.sequence, body, queue)
        return Work(envelope.id, command, envelope.trace, message=place, flaw=flaw, alone=alone, size=len(body))

    def _command(self, envelope: Envelope) -> Any:
        follower = self._followers.get(envelope.type)
        if follower is None:
            return None
        event = event_of(envelope)
        try:
            return follower(event, envelope.time)
        except Exception as error:
            raise Unreadable("not-translated", f"{envelope.type}: {error!r}"[:DETAIL_LIMIT], envelope) from error

    def _keep(self, event: ReferencePublishedV1, _at: datetime) -> KeepReference | None:
        return KeepReference(event.name, event.version, event.content) if event.name in self._references else None


def _publisher_of(queue: str) -> str:
    return queue.rpartition(".follows.")[2]


def _id_of(body: bytes, queue: str) -> UUID:
    """The same bytes get the same id, so that they are parked once however often they come."""
    return uuid5(NAMESPACE_URL, f"{queue}/{body.hex()}")
