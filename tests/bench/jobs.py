"""The summons job, from the whistle to the third department's inbox: by message, and by HTTP."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from shared.contracts import registry
from shared.contracts.hotline import CallHandedOverV1
from shared.contracts.places import Place
from shared.messaging.relay import Relay
from shared.messaging.topology import FOLLOWS, queue_name
from shared.messaging.wire import Wire
from shared.runtime.clock import uuid7
from shared.store.changes import Announced, Trace
from tests.bench.caller import Caller
from tests.bench.contest import LOOK_EVERY
from tests.bench.latency import Latency, paced, until_there
from tests.support.eventually import eventually
from tools.client import Api
from tools.servers.postgres import plain
from tools.story.acting import SITE
from tools.story.asking import LEAKING
from tools.story.stage import PASSWORD, photo
from tools.system import System

PATIENCE = 180.0  # seconds
AT_ONCE = 128  # callers, so many that the machine is busy and not the time between two answers decides
INBOX = "notice.summons"
PLACE = Place("cj.sanhe.honghu.g03.c12", 118.1026, 32.2018, "西湖春天商铺楼")


def calls(count: int) -> list[Announced]:
    """So many calls that a hotline hands over."""
    return [_call(uuid7(), number) for number in range(count)]


def by_message(system: System, handed_over: Sequence[Announced]) -> float:
    """Hand them over by the hotline's exchange and wait for the third inbox of the last; seconds."""
    with hotline(system, len(handed_over)) as relay:
        begun = time.perf_counter()
        relay.publish(handed_over)
        _wait_for_inboxes(system, [UUID(event.subject) for event in handed_over])
        return time.perf_counter() - begun


def by_message_paced(system: System, handed_over: Sequence[Announced]) -> Latency:
    """The same at the fixed rate."""
    with hotline(system, len(handed_over)) as relay:
        times = paced(len(handed_over), lambda number: relay.publish([handed_over[number]]))
        return until_there(system.database_url, INBOX, [UUID(event.subject) for event in handed_over], times)


def reviewed(system: System, count: int) -> list[UUID]:
    """So many cases that wait for the reviewer's whistle."""
    clerk = Api(system.url).person("clerk.honghu", PASSWORD)
    shot = clerk.post("/api/intake/attachments", data=photo("leak"))["sha256"]
    body = {
        "channel": "walk_in",
        "category": LEAKING,
        "place": SITE,
        "description": "饭店二层卫生间漏水到入户大厅",
        "tried": "要求店主维修两次",
        "attachments": [shot],
    }

    def one(_number: int) -> UUID:
        case = clerk.post("/api/intake/cases", body)
        clerk.post(f"/api/intake/cases/{case['id']}/submission")
        return UUID(case["id"])

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(one, range(count)))


def by_http(system: System, cases: Sequence[UUID], *, gateway: bool) -> float:
    """Blow each whistle by `POST …/whistle`, and wait for the third inbox of the last; seconds."""
    blow = _reviewer(system, gateway=gateway)
    begun = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(blow, cases))
    _wait_for_inboxes(system, cases)
    return time.perf_counter() - begun


def by_http_paced(system: System, cases: Sequence[UUID], *, gateway: bool) -> Latency:
    """The same at the fixed rate."""
    blow = _reviewer(system, gateway=gateway)
    times = paced(len(cases), lambda number: blow(cases[number]))
    return until_there(system.database_url, INBOX, cases, times)


def leave_out_the_absent(system: System) -> None:
    """Delete the queues of services that do not run: nobody takes from them, and what they are for is not measured.

    Services declare all queues when they connect, so all must have connected before.
    """
    wire = Wire(system.amqp_url, "bench")
    for subscriber, publishers in FOLLOWS.items():
        for publisher in publishers if subscriber not in system.services else ():
            wire.channel.queue_delete(queue_name(subscriber, publisher))
    wire.close()


def follow_up(system: System, cases: Sequence[UUID]) -> None:
    """Return when every service that runs has heard everything that the others said about these cases.

    All are looked at only when the last one's news is heard: looking is the database's work, too.
    """
    behind = " OR ".join(
        f"EXISTS (SELECT FROM {publisher}.stream LEFT JOIN {subscriber}.cursor "
        f"ON cursor.publisher = '{publisher}' AND cursor.subject = stream.subject "
        "WHERE stream.subject = ANY(%(cases)s) AND coalesce(cursor.sequence, 0) < stream.last)"
        for subscriber, publishers in FOLLOWS.items()
        for publisher in publishers
        if {subscriber, publisher} <= set(system.services)
    )
    subjects = [str(case) for case in cases]
    with _connect(system) as connection:

        def heard() -> bool:
            looks = ({"cases": some} for some in (subjects[-1:], subjects))
            return all(connection.execute(f"SELECT {behind}", look).fetchone() == (False,) for look in looks)

        eventually(heard, PATIENCE, "everybody has heard of everything", LOOK_EVERY)


def exactly_once(system: System, cases: Sequence[UUID]) -> bool:
    """Whether each of three departments has each whistle exactly once."""
    sql = "SELECT count(*), count(DISTINCT department) FROM notice.summons WHERE case_id = ANY(%s) GROUP BY case_id"
    with _connect(system) as connection:
        inboxes = connection.execute(sql, [list(cases)]).fetchall()
    return len(inboxes) == len(cases) and set(inboxes) == {(3, 3)}


@contextmanager
def hotline(system: System, most: int) -> Iterator[Relay]:
    """What publishes calls as the hotline does."""
    relay = Relay(system.amqp_url, "hotline", most_in_flight=most + 1)
    relay.behind = False
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        eventually(lambda: relay.line.away_since is None, what="the hotline is connected", every=0.01)
        yield relay
    finally:
        relay.stop()
        thread.join()


def _reviewer(system: System, *, gateway: bool) -> Callable[[UUID], None]:
    """What blows a case's whistle, by somebody who is logged in."""
    reviewer = Api(system.url).person("reviewer.sanhe", PASSWORD)
    reviewer.get("/api/directory/me")
    address, prefix = (system.url, "/api/intake") if gateway else (system.address("intake"), "")
    caller = Caller(address, reviewer.token)
    return lambda case: caller.post(f"{prefix}/cases/{case}/whistle")


def _call(id: UUID, number: int) -> Announced:
    event = CallHandedOverV1(id, f"12345-{number}", LEAKING, "joint_enforcement", PLACE, "饭店卫生间漏水到入户大厅")
    now = datetime.now(UTC)
    return Announced(uuid7(), "call.handed_over.v1", str(id), 1, now, Trace(), registry.encode(event))


def _wait_for_inboxes(system: System, cases: Sequence[UUID]) -> None:
    with _connect(system) as connection:
        everywhere = 3 * len(cases)
        eventually(lambda: _delivered(connection, cases) == everywhere, PATIENCE, "every inbox has all", LOOK_EVERY)


def _delivered(connection: psycopg.Connection[tuple[int, ...]], cases: Sequence[UUID]) -> int:
    """How many summonses of these cases lie in inboxes; all are counted only when the last one's are there."""
    sql = "SELECT count(*) FROM notice.summons WHERE case_id = ANY(%s)"
    for some in (cases[-1:], cases):
        row = connection.execute(sql, [list(some)]).fetchone()
        found = row[0] if row else 0
        if found < 3 * len(some):
            break
    return found


def _connect(system: System) -> psycopg.Connection[tuple[int, ...]]:
    return psycopg.connect(plain(system.database_url), autocommit=True)
