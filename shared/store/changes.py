"""What one batch will write: gathered work by work, then written by the store in one statement."""

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct, field

Stream = tuple[str, str]  # publisher, subject
Key = tuple[str, ...]  # which sum: the values of the columns before the amount
RowKey = tuple[Any, ...]  # which row of a list: the values of its primary key


class Message(Struct, frozen=True):
    """Where a message stands: its publisher's `sequence` within one `subject` (a case), its bytes and its queue."""

    publisher: str
    subject: str
    sequence: int
    body: bytes
    queue: str


class Trace(Struct, frozen=True):
    """What ties a work to what caused it: correlation and causation ids, and the W3C `traceparent`."""

    correlation: str = ""
    causation: str = ""
    traceparent: str = ""


class Announced(Struct, frozen=True):
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


class Changes(Struct):
    """Everything that one transaction adds, changes and removes.

    `changed` holds each aggregate with what it was when it was loaded. `events` have no sequence yet (0): the write
    numbers them within their subject. `failed` waited in the parking table, and is parked there from now on. `counts`
    is added to sums; `listed` are the list's rows as they are now, None for one that is gone; `observed` is for metrics
    once all is committed.
    """

    new: dict[type[Any], list[Any]] = {}
    changed: dict[type[Any], list[tuple[Any, Any]]] = {}
    events: list[Announced] = []
    claims: list[Claim] = []
    begun: dict[Stream, Position] = {}
    moved: dict[Stream, Position] = {}
    parked: list[Parking] = []
    failed: list[Parking] = []
    released: list[UUID] = []
    snapshots: dict[str, Snapshot] = {}
    sent: list[UUID] = []
    counts: Counter[Key] = field(default_factory=Counter)
    listed: dict[RowKey, Any] = {}
    observed: list[Observation] = []
