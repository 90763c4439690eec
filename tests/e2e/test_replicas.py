"""Two of a service share its queues: dispatch and notice, each with a second process beside the first."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import product
from uuid import UUID, uuid4

import orjson
import pytest
from sqlalchemy import text

from shared.messaging.topology import FOLLOWS, queue_name
from tests.e2e.hotline import call, hand_over, summoned, whistled
from tests.e2e.whole import Whole
from tests.support.eventually import eventually
from tools.client import Api, Json
from tools.story.acting import SITE
from tools.supervisor import Supervisor

DISPATCHES, NOTICES = ("dispatch", "dispatch-2"), ("notice", "notice-2")
CALLS, PLAYED, AT_ONCE = 300, 20, 3
FAIR = 0.2  # of a service's work at least, for each of two replicas
PUBLISHERS = tuple(one for one in FOLLOWS if one != "gateway")
OFFICERS = {"gongan": "officer.gongan", "shequ-honghu": "secretary.honghu", "sifa": "officer.sifa"}
STEPS: dict[str, Json] = {
    "signature": None,
    "report": SITE,
    "start": None,
    "feedback": {"measures": "双方签订调解协议"},
}
ANNOUNCED = {  # of a case whose three departments take each step one after another
    "intake": ["case.whistled"],
    "dispatch": [
        "case.dispatched",
        *["assignment.signed"] * 3,
        *["assignment.reported_in", "case.started", *["assignment.reported_in"] * 2],
        *["assignment.started"] * 3,
        *["assignment.fed_back"] * 3,
        "case.fed_back",
    ],
    "notice": ["summons.delivered"],
}
UNTOUCHED = {**ANNOUNCED, "dispatch": ["case.dispatched"]}
BROKEN = """
    SELECT subject FROM {0}.outbox JOIN {0}.stream USING (subject) GROUP BY subject, last
    HAVING array_agg(sequence ORDER BY position) <> ARRAY(SELECT generate_series(1, last))"""
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'dispatch.case'::regclass"


@pytest.fixture(scope="module")
def others(running_system: Whole) -> Iterator[Supervisor]:
    """The second replicas."""
    system = running_system.system
    programs = [system.replica(service, 2) for service in ("dispatch", "notice")]
    with Supervisor(programs, system.directory / "log", running_system.said.append) as started:
        yield started


def works(whole: Whole, processes: Sequence[str]) -> list[float]:
    """How many works were done in each of these processes."""
    return [whole.metric(one, 'whistle_works_total{ending="done"}', absent=0.0) for one in processes]


def shares(before: Sequence[float], after: Sequence[float]) -> list[float]:
    """Which share of what was done in between each process has."""
    done = [late - early for early, late in zip(before, after, strict=True)]
    return [one / sum(done) for one in done]


def assignments(whole: Whole, case: UUID) -> list[tuple[str, UUID]]:
    """Department and id of everybody who is summoned, once all three are; the lead is the last."""
    sql = "SELECT department, id FROM dispatch.assignment WHERE case_id = :case ORDER BY part = 'lead', department"
    found = eventually(lambda: whole.rows(sql, case=case), 60, "dispatch has the case")
    return [(department, id) for department, id in found]


def announced(whole: Whole, calls: Sequence[UUID]) -> list[dict[str, list[str]]]:
    """The types that each service announced about each case, in the order of their numbers."""
    found: dict[str, dict[str, list[str]]] = {str(one): {} for one in calls}
    for publisher in PUBLISHERS:
        types = f"SELECT subject, array_agg(type ORDER BY sequence) FROM {publisher}.outbox"
        for case, told in whole.rows(f"{types} WHERE subject = ANY(:cases) GROUP BY subject", cases=list(found)):
            found[case][publisher] = [type.removesuffix(".v1") for type in told]
    return list(found.values())


class Doors:
    """Both replicas of dispatch, as the officers of the three departments find them."""

    def __init__(self, whole: Whole) -> None:
        self._replicas = [Api(whole.system.address(one)) for one in DISPATCHES]
        self._tokens = {department: whole.token(login) for department, login in OFFICERS.items()}

    def ask(self, step: str, department: str, assignment: UUID, replica: int, key: str) -> tuple[int, bytes]:
        """What one of them answers when a department takes a step."""
        path, token = f"/assignments/{assignment}/{step}", self._tokens[department]
        status, answer = self._replicas[replica].ask("POST", path, STEPS[step], token=token, key=key)
        return status, orjson.dumps(answer)


def took_effect_once(whole: Whole, calls: Sequence[UUID]) -> None:
    """Three departments have their summons to each, no number is missing in any stream, nothing is left over."""
    eventually(lambda: summoned(whole, calls) == len(calls), 60, "three departments are summoned to each", 0.2)
    whole.settled()
    for table in ("dispatch.assignment", "notice.summons"):
        assert whole.count(f"SELECT count(*) FROM {table} WHERE case_id = ANY(:calls)", calls=calls) == 3 * len(calls)
    for publisher in PUBLISHERS:
        assert whole.rows(BROKEN.format(publisher)) == []


def test_two_replicas_share_the_work_and_each_case_keeps_its_order(
    whole: Whole, others: Supervisor, say: Callable[[str], None]
) -> None:
    """While calls come in, the departments take the steps of some cases, each at another replica than the last."""
    calls = [uuid4() for _ in range(CALLS)]
    doors = Doors(whole)
    before = works(whole, DISPATCHES), works(whole, NOTICES)

    def play(case: UUID) -> None:
        for number, (step, summons) in enumerate(product(STEPS, assignments(whole, case))):
            status, answer = doors.ask(step, *summons, number % 2, str(uuid4()))
            assert status == 200, answer

    hand_over(whole, [call(one) for one in calls])
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(play, calls[:PLAYED]))
    took_effect_once(whole, calls)
    assert announced(whole, calls) == [ANNOUNCED] * PLAYED + [UNTOUCHED] * (CALLS - PLAYED)
    for processes, earlier in zip((DISPATCHES, NOTICES), before, strict=True):
        share = shares(earlier, works(whole, processes))
        say(", ".join(f"{name} {part:.0%}" for name, part in zip(processes, share, strict=True)))
        assert min(share) >= FAIR


def test_one_is_killed_and_others_leave_in_the_middle_of_the_work(whole: Whole, others: Supervisor) -> None:
    """All calls are with the two of dispatch when one is killed and the other told to stop, then one of notice.

    What the killed one had in hand is given to the others, who pass over what had taken effect.
    """
    calls = [uuid4() for _ in range(CALLS)]
    queue = queue_name("dispatch", "intake")
    left = {one: whole.ended_well(one) for one in ("dispatch", "notice-2")}
    with whole.engine.begin() as nobody_writes_cases:
        nobody_writes_cases.execute(text('LOCK TABLE dispatch."case" IN EXCLUSIVE MODE'))
        hand_over(whole, [call(one) for one in calls])
        eventually(lambda: whistled(whole, calls) == CALLS, 60, "every whistle lies in the queue of dispatch")
        eventually(lambda: whole.ready(queue) == 0, what="all are with the two")
        eventually(lambda: whole.count(WAITING) == 2, 60, "both are in the middle of them", 0.01)
        others.kill("dispatch-2")
        os.kill(whole.pid("dispatch"), signal.SIGTERM)
        eventually(lambda: whole.is_closed("dispatch"), what="it is about to leave", every=0.01)
    eventually(lambda: summoned(whole, calls), 60, "the first are summoned", 0.001)
    os.kill(others.pid("notice-2"), signal.SIGTERM)
    for name, times in left.items():
        eventually(lambda name=name, times=times: whole.ended_well(name) > times, 40, f"{name} ends in good order")  # type: ignore[misc]  # binds this round's
    took_effect_once(whole, calls)
    assert announced(whole, calls) == [UNTOUCHED] * CALLS
    whole.serves("dispatch")
    eventually(lambda: others.ready("dispatch-2") and others.ready("notice-2"), 60, "the others are back")


@pytest.mark.parametrize(
    ("keys", "statuses"),
    [(1, [200, 200]), (2, [200, 409])],
    ids=["one key, one answer", "two keys, one winner"],
)
def test_what_both_replicas_are_asked_at_once_has_one_effect(
    whole: Whole, others: Supervisor, keys: int, statuses: list[int]
) -> None:
    """Whoever asks again hears the same, also from the one that had not answered it."""
    calls = [uuid4() for _ in range(AT_ONCE)]
    doors = Doors(whole)
    hand_over(whole, [call(one) for one in calls])
    with ThreadPoolExecutor(2) as pool:
        for case in calls:
            for step, summons in product(STEPS, assignments(whole, case)):
                ask, named = partial(doors.ask, step, *summons), [str(uuid4()) for _ in range(keys)] * (2 // keys)
                answers = list(pool.map(ask, (0, 1), named))
                assert sorted(status for status, _ in answers) == statuses
                assert list(pool.map(ask, (1, 0), named)) == answers
                assert keys == 2 or answers[0] == answers[1]
    took_effect_once(whole, calls)
    assert announced(whole, calls) == [ANNOUNCED] * AT_ONCE
