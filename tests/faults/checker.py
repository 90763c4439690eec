"""Compares what people were told with what lies in every service's tables and queues, once all is quiet."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import psycopg

from shared.messaging.topology import FOLLOWS
from tests.faults.load import Life
from tests.support.plain_model import DEPARTMENTS, announced_by

PUBLISHERS = tuple(name for name in FOLLOWS if name != "gateway")
EVENTS = " UNION ALL ".join(
    f"SELECT '{one} ' || regexp_replace(type, '.v1$', ''), subject FROM {one}.outbox WHERE subject = ANY(%(cases)s)"
    for one in ("intake", "dispatch", "closure", "notice")
)
SUMMONED = "SELECT case_id::text, department FROM dispatch.assignment WHERE case_id = ANY(%(cases)s::uuid[])"
INBOXES = "SELECT case_id::text, department FROM notice.summons WHERE case_id = ANY(%(cases)s::uuid[])"
REGISTERED = 'SELECT id::text FROM intake."case"'
BROKEN = """
SELECT subject FROM {0}.outbox JOIN {0}.stream USING (subject) GROUP BY subject, last
HAVING array_agg(sequence ORDER BY position) <> ARRAY(SELECT generate_series(1, last))"""
STATES = {
    "intake": "SELECT id::text, stage FROM intake.progress",
    "dispatch": 'SELECT id::text, state FROM dispatch."case"',
    "closure": 'SELECT id::text, state FROM closure."case"',
    "supervision": "SELECT id::text, state FROM supervision.case_file",
}
ENDED = ("closed", "archived")
JOURNAL = "SELECT publisher, type, case_id::text, time FROM supervision.entry"
OUTBOXES = " UNION ALL ".join(
    f"SELECT '{one}', type, subject, time FROM {one}.outbox"
    for one in PUBLISHERS
    if one != "directory"  # its events are about no case
)


class Verdict(NamedTuple):
    """What is not there though it was acknowledged, what is there twice, and what must not be at all."""

    lost: list[str]
    doubled: list[str]
    illegal: list[str]

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not any(self)


def check(url: str, lives: Sequence[Life]) -> Verdict:
    """Of these cases, and of all streams; `url` as psycopg takes it."""
    verdict = Verdict([], [], [])
    with psycopg.connect(url) as connection:
        ids = [life.case for life in lives if life.case]
        found = _by_case(connection, EVENTS, ids, second_first=True)
        summoned, inboxes = (_by_case(connection, sql, ids) for sql in (SUMMONED, INBOXES))
        for life in lives:
            _judge(verdict, f"case {life.number}", announced_by(life.told), found[life.case])
            if life.failure:
                verdict.lost.append(f"case {life.number} did not go on: {life.failure}")
            if life.ended:
                for what, of in (("assignments", summoned), ("summonses in inboxes", inboxes)):
                    _judge(verdict, f"case {life.number}: {what}", Counter(DEPARTMENTS), of[life.case])
        verdict.illegal.extend(_illegal(connection, [life for life in lives if life.ended]))
        registered = {id for (id,) in connection.execute(REGISTERED)}
        verdict.doubled.extend(f"case {id} belongs to no complaint" for id in registered - set(ids))
        heard, told = (_all(connection, sql) for sql in (JOURNAL, OUTBOXES))
        _judge(verdict, "supervision's journal", told, heard)
    return verdict


def _judge(verdict: Verdict, where: str, expected: Counter[str], found: Counter[str]) -> None:
    verdict.lost.extend(f"{where} lacks {one}" for one in (expected - found).elements())
    verdict.doubled.extend(f"{where} has {one} too often" for one in (found - expected).elements())


def _by_case(
    connection: psycopg.Connection[Any], sql: str, ids: Sequence[str], *, second_first: bool = False
) -> defaultdict[str, Counter[str]]:
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one, other in connection.execute(sql, {"cases": list(ids)}):
        case, what = (other, one) if second_first else (one, other)
        found[case][what] += 1
    return found


def _all(connection: psycopg.Connection[Any], sql: str) -> Counter[str]:
    return Counter(" ".join(map(str, row)) for row in connection.execute(sql))


def _illegal(connection: psycopg.Connection[Any], ended: Iterable[Life]) -> Iterator[str]:
    """Streams with a number twice or missing, and cases that a service has elsewhere than at their end."""
    for publisher in PUBLISHERS:
        for (subject,) in connection.execute(BROKEN.format(publisher)):
            yield f"{publisher}'s numbers about {subject} have a gap, or one twice"
    cases = {life.case: life.number for life in ended}
    for service, sql in STATES.items():
        stands = {id: state for id, state in connection.execute(sql) if id in cases}
        for case, number in cases.items():
            if stands.get(case) not in ENDED:
                yield f"case {number}: {service} has it {stands.get(case, 'nowhere')}"
