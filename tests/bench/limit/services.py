"""What each of the three does with a batch: the rows of one statement, and what it says when they are committed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from shared.runtime.clock import now
from shared.store.arrays import Packed, packed
from tests.bench.contest import DEPARTMENTS
from tests.bench.limit.messages import (
    Delivered,
    Dispatched,
    HandedOver,
    Message,
    Summons,
    Whistled,
    encode,
    new_ids,
    only,
)

SUMMONED = tuple(zip(DEPARTMENTS, ("lead", "support", "support"), strict=True))

PLUMBING = """
    CREATE TABLE inbox (id uuid PRIMARY KEY);
    CREATE TABLE outbox (id uuid PRIMARY KEY, body bytea NOT NULL); -- until the message is confirmed
"""
# What was received, what has been said, what is to be said, and the service's own parts.
STATEMENT = """
    WITH received AS (INSERT INTO inbox SELECT * FROM unnest($1::uuid[])),
         said AS (DELETE FROM outbox WHERE id = ANY($2::uuid[])),
         to_say AS (INSERT INTO outbox SELECT * FROM unnest($3::uuid[], $4::bytea[])),
"""
CASES = "$6::uuid[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[]"
SUMMONSES = "unnest($12::bigint[], $13::uuid[], $14::text[], $15::text[]) AS one (nth, id, department, part)"

Parameters = list[str | Packed]
Decide = Callable[[list[Message], str], tuple[Parameters, Sequence[Message]]]


class Written(NamedTuple):
    """A batch decided: the statement's parameters, and what to publish once they are committed."""

    parameters: Parameters
    to_say: list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Service:
    """One of the three: its tables, its parts of the statement, and what fills them.

    `decide` takes a batch and the time, which is $5, and gives the parameters from $6 and the messages.
    """

    name: str
    tables: str
    parts: str
    decide: Decide

    @property
    def schema(self) -> str:
        return f"limit_{self.name}"

    @property
    def statement(self) -> str:
        return f"{STATEMENT}{self.parts} SELECT 1"

    def write(self, batch: list[Message], said: Sequence[str]) -> Written:
        """Decide a batch without duplicates; `said` are the confirmed messages."""
        time = now().isoformat()
        own, messages = self.decide(batch, time)
        to_say = [(message.id, encode(message)) for message in messages]
        received = plain([message.id for message in batch])
        return Written([received, plain(said), *_columns(("uuid", "bytea"), to_say), time, *own], to_say)


def _intake(batch: list[Message], time: str) -> tuple[Parameters, Sequence[Message]]:
    """A call is taken as a case and whistled; when its assignments are named, that is noted."""
    calls = only(HandedOver, batch)
    whistles = [
        Whistled(id, one.case_id, one.reference, one.category, one.area, one.address, one.summary, time)
        for id, one in zip(new_ids(len(calls)), calls, strict=True)
    ]
    return [*_cases(whistles), plain([one.case_id for one in only(Dispatched, batch)])], whistles


INTAKE = Service(
    "intake",
    """
    CREATE TABLE "case" (
        id uuid PRIMARY KEY, number text NOT NULL UNIQUE, category text NOT NULL, area text NOT NULL,
        address text NOT NULL, summary text NOT NULL, state text NOT NULL, whistled_at timestamptz NOT NULL,
        dispatched_at timestamptz
    ) WITH (fillfactor = 70);
    """,
    f"""
    taken AS (INSERT INTO "case" SELECT *, 'whistled', $5::timestamptz FROM unnest({CASES})),
    named AS (
        UPDATE "case" SET state = 'dispatched', dispatched_at = $5::timestamptz
        FROM unnest($12::uuid[]) AS one WHERE id = one)
    """,
    _intake,
)


def _dispatch(batch: list[Message], time: str) -> tuple[Parameters, Sequence[Message]]:
    """A whistle becomes three assignments; when their summonses are delivered, that is noted."""
    whistles = only(Whistled, batch)
    ids = iter(new_ids(len(whistles) * (1 + len(SUMMONED))))
    dispatched = [
        Dispatched(
            next(ids), one.case_id, one.number, one.category, one.area, one.address, one.summary, time,
            [Summons(next(ids), department, part) for department, part in SUMMONED],
        )
        for one in whistles
    ]  # fmt: skip
    return [
        *_cases(dispatched),
        *_summonses(dispatched),
        plain([one.whistled_at for one in whistles]),
        plain([one.case_id for one in only(Delivered, batch)]),
    ], dispatched


DISPATCH = Service(
    "dispatch",
    """
    CREATE TABLE "case" (
        id uuid PRIMARY KEY, number text NOT NULL, category text NOT NULL, area text NOT NULL, address text NOT NULL,
        summary text NOT NULL, whistled_at timestamptz NOT NULL, state text NOT NULL, dispatched_at timestamptz NOT NULL
    );
    CREATE TABLE assignment (
        id uuid PRIMARY KEY, case_id uuid NOT NULL, area text NOT NULL, department text NOT NULL, part text NOT NULL,
        state text NOT NULL, dispatched_at timestamptz NOT NULL, delivered_at timestamptz
    ) WITH (fillfactor = 70);
    CREATE INDEX assignment_case_id ON assignment (case_id);
    """,
    f"""
    whistled AS (
        INSERT INTO "case" SELECT *, 'dispatched', $5::timestamptz
        FROM unnest({CASES}, $16::timestamptz[])),
    named AS (
        INSERT INTO assignment
        SELECT one.id, cases.id, area, department, part, 'dispatched', $5::timestamptz
        FROM {SUMMONSES} JOIN unnest($6::uuid[], $9::text[]) WITH ORDINALITY AS cases (id, area, nth) USING (nth)),
    delivered AS (
        UPDATE assignment SET delivered_at = $5::timestamptz
        FROM unnest($17::uuid[]) AS one WHERE case_id = one AND delivered_at IS NULL)
    """,
    _dispatch,
)


def _notice(batch: list[Message], time: str) -> tuple[Parameters, Sequence[Message]]:
    """A case's summonses lie in their departments' inboxes."""
    dispatched = only(Dispatched, batch)
    ids = new_ids(len(dispatched))
    delivered = [Delivered(id, one.case_id, time) for id, one in zip(ids, dispatched, strict=True)]
    return [*_cases(dispatched), *_summonses(dispatched)], delivered


NOTICE = Service(
    "notice",
    """
    CREATE TABLE summons (
        id uuid PRIMARY KEY, case_id uuid NOT NULL, number text NOT NULL, category text NOT NULL, area text NOT NULL,
        address text NOT NULL, summary text NOT NULL, department text NOT NULL, part text NOT NULL, state text NOT NULL,
        delivered_at timestamptz NOT NULL
    );
    CREATE INDEX summons_inbox ON summons (department, state, delivered_at);
    """,
    f"""
    delivered AS (
        INSERT INTO summons
        SELECT one.id, case_id, number, category, area, address, summary, department, part, 'unread', $5::timestamptz
        FROM {SUMMONSES} JOIN unnest({CASES}) WITH ORDINALITY
            AS cases (case_id, number, category, area, address, summary, nth) USING (nth))
    """,
    _notice,
)

SERVICES = {service.name: service for service in (INTAKE, DISPATCH, NOTICE)}


def _cases(events: Sequence[Whistled] | Sequence[Dispatched]) -> Parameters:
    rows = [(one.case_id, one.number, one.category, one.area, one.address, one.summary) for one in events]
    return _columns(["uuid", *["text"] * 5], rows)


def _summonses(events: Sequence[Dispatched]) -> Parameters:
    """Each with the number of its case in the batch."""
    rows = [
        (nth, one.assignment_id, one.department, one.part)
        for nth, event in enumerate(events, 1)
        for one in event.summons
    ]
    return _columns(("bigint", "uuid", "text", "text"), rows)


def _columns(kinds: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Parameters:
    columns = zip(*rows, strict=True) if rows else [()] * len(kinds)
    return [
        plain(column) if kind == "uuid" else packed(kind, column) for kind, column in zip(kinds, columns, strict=True)
    ]


def plain(values: Sequence[str]) -> str:
    """An array of ids or times, which are texts here and need no quotes."""
    return "{" + ",".join(values) + "}"
