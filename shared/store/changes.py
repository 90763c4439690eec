"""What one batch will write: gathered work by work, then written by the store in one statement."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

Stream = tuple[str, str]  # publisher, subject
Key = tuple[str, ...]  # which sum: the values of the columns before the amount


@dataclass(frozen=True, slots=True)
class Message:
    """Where a message stands: its publisher's `sequence` within one `subject` (a case), its bytes and its queue."""

    publisher: str
    subject: str
    sequence: int
    body: bytes
    queue: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What ties a work to what caused it: correlation and causation ids, and the W3C `traceparent`."""

    correlation: str = ""
    causation: str = ""
    traceparent: str = ""


@dataclass(frozen=True, slots=True)
class Announced:
    """An event as it lies in the outbox and goes out: `sequence` counts this service's events about the subject."""

    id: UUID
    type: str
    subject: str
    sequence: int
    time: datetime
    trace: Trace
    data: bytes


class Position(NamedTuple):
    """How far a stream was followed, and how many of its messages wait for an earlier one."""

    sequence: int
    waiting: int


class Claim(NamedTuple):
    """A request's inbox row: what it asked and what it was answered."""

    key: str
    fingerprint: bytes
    status: int
    body: bytes


class Parking(NamedTuple):
    """A message that goes to the parking table, `waiting` for an earlier one or `parked` for a reason."""

    id: UUID
    message: Message
    state: str
    reason: str
    detail: str


class Snapshot(NamedTuple):
    """A set of reference data in one version."""

    name: str
    version: int
    content: Any


class Observation(NamedTuple):
    """What a metric (its name in `shared/runtime/metrics.py`) is told: a value, or 1 to count."""

    metric: str
    labels: tuple[str, ...] = ()
    value: float = 1.0


@dataclass(slots=True)
class Changes:
    """Everything that one transaction adds, changes and removes.

    `changed` holds each aggregate with what it was when it was loaded. `events` have no sequence yet (0): the write
    numbers them within their subject. `counts` is added to sums; `observed` is for metrics once all is committed.
    """

    new: dict[type[Any], list[Any]] = field(default_factory=dict)
    changed: dict[type[Any], list[tuple[Any, Any]]] = field(default_factory=dict)
    events: list[Announced] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    begun: dict[Stream, Position] = field(default_factory=dict)
    moved: dict[Stream, Position] = field(default_factory=dict)
    parked: list[Parking] = field(default_factory=list)
    released: list[UUID] = field(default_factory=list)
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    sent: list[UUID] = field(default_factory=list)
    counts: Counter[Key] = field(default_factory=Counter)
    observed: list[Observation] = field(default_factory=list)
