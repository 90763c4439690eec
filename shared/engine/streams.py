"""Order within a stream: what was had before, what comes next, and what must wait for an earlier one.

A stream is one publisher's events about one subject, numbered from 1 without gaps. A message takes effect only after
its predecessor; what comes early is kept in the parking table and taken up in the batch that brings its predecessor.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.engine.works import Message, Work
from shared.store.changes import Changes, Parking, Position, Stream
from shared.store.store import Kept, Transaction

WAITING = "waiting"
PARKED = "parked"
WAITS = ("waiting", "predecessor-missing")  # the reasons that end by themselves when the predecessor comes


@dataclass(slots=True)
class Streams:
    """The streams of one batch, as far as they have been followed while it is decided."""

    read: Callable[[Message], Work]
    reached: dict[Stream, int] = field(default_factory=dict)
    _known: dict[Stream, Position] = field(default_factory=dict)
    _kept: list[Kept] = field(default_factory=list)
    _waiting: list[Parking] = field(default_factory=list)

    def arrange(self, transaction: Transaction, works: Sequence[Work]) -> list[Work]:
        """The works that bring messages, with those that waited for them, each stream in its order."""
        met = {_stream(work.message) for work in works if work.message is not None}
        self._known = transaction.follow(met) if met else {}
        self.reached = {stream: self._known[stream].sequence if stream in self._known else 0 for stream in met}
        holding = [stream for stream, position in self._known.items() if position.waiting]
        self._kept = transaction.kept(holding) if holding else []
        released = [self.read(kept.message) for kept in self._kept if kept.reason in WAITS]
        return sorted([*works, *released], key=_place)

    def is_had(self, message: Message) -> bool:
        """Whether it took effect before."""
        return message.sequence <= self.reached[_stream(message)]

    def is_early(self, message: Message) -> bool:
        """Whether its predecessor has not taken effect yet."""
        return message.sequence > self.reached[_stream(message)] + 1

    def advance(self, message: Message) -> None:
        """It took effect."""
        self.reached[_stream(message)] = message.sequence

    def keep(self, work: Work, state: str, reason: str, detail: str) -> None:
        """Put it into the parking table; what lies there already, waiting, lies there for this reason from now on."""
        assert work.message is not None
        self._waiting.append(Parking(work.id, work.message, state, reason, detail))

    def record(self, changes: Changes) -> None:
        """Write down how far each stream was followed and what lies in the parking table now."""
        lying = {(_stream(kept.message), kept.message.sequence): kept for kept in self._kept}
        for parking in self._waiting:
            kept = lying.get((_stream(parking.message), parking.message.sequence))
            if kept is None:
                changes.parked.append(parking)
            elif parking.state == PARKED and kept.reason in WAITS:
                changes.failed.append(parking._replace(id=kept.id))
        changes.released.extend(
            kept.id for kept in self._kept if kept.message.sequence <= self.reached[_stream(kept.message)]
        )
        for stream, sequence in self.reached.items():
            position = Position(sequence, self._still_waiting(stream, changes))
            if stream not in self._known:
                changes.begun[stream] = position
            elif position != self._known[stream]:
                changes.moved[stream] = position

    def _still_waiting(self, stream: Stream, changes: Changes) -> int:
        left = sum(_stream(kept.message) == stream for kept in self._kept if kept.id not in changes.released)
        return left + sum(_stream(parking.message) == stream for parking in changes.parked)


def _stream(message: Message) -> Stream:
    return message.publisher, message.subject


def _place(work: Work) -> tuple[Any, ...]:
    message = work.message
    assert message is not None
    return (*_stream(message), message.sequence)
