"""Supervision joins a system in which cases have been open for a while: only `whistle announce` tells it of them."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import pytest
from typer.testing import CliRunner

from shared.calendar import Calendar, Span, due
from shared.messaging.topology import FOLLOWS, queue_name
from tests.e2e.leak import LEAD, SUPERVISOR, timed_as_it_must
from tests.e2e.whole import Whole
from tests.support.eventually import eventually
from tools.client import Api, Json, Person
from tools.reckoning import reckon
from tools.story import Stage, acting, asking, play
from tools.story.silence import LEAD as DARK_LEAD
from tools.story.silence import unlit
from tools.story.stage import PASSWORD
from tools.system import SERVICES, System
from tools.whistle import app

LATE = "supervision"
ENDS_FIRST = tuple(reversed(FOLLOWS[LATE][1:]))  # whoever tells of ends before whoever tells of beginnings
STATES = {
    "archived": "archived",
    "fed back": "to_verify",
    "signed": "dispatched",
    "silent": "dispatched",
    "submitted": "under_review",
    "registered": "draft",
}
LIMITS = {"sign": Span(0, 3600), "report_in": Span(0, 7200), "first_feedback": Span(1), "close": Span(7)}  # kinds.yaml
TOLD_OF_SILENCE = Counter(  # of two departments
    {
        "supervision clock.warned.v1": 4,
        "supervision clock.overdue.v1": 2,
        "supervision signing.lapsed.v1": 2,
        "supervision clock.escalated.v1": 6,
        "dispatch assignment.signed.v1": 2,
    }
)


class Effects(NamedTuple):
    """What a case has led to: what was announced, how many summonses there are, how many notices."""

    events: Counter[str]
    summonses: int
    notices: int


@dataclass(frozen=True)
class Joined:
    """Supervision has heard everything. `cases` are by what had become of them, `before` what they had led to."""

    whole: Whole
    supervisor: Person
    cases: dict[str, str]
    before: dict[str, Effects]

    def shown(self, name: str) -> Json:
        """A case as supervision shows it."""
        return self.supervisor.get(f"/cases/{self.cases[name]}")

    def assignments(self, name: str) -> list[Json]:
        """Its assignments as dispatch has them."""
        path = f"/api/dispatch/assignments?case_id={self.cases[name]}"
        return [one["assignment"] for one in self.whole.person(SUPERVISOR).get(path)["items"]]


def effects(whole: Whole, case: str) -> Effects:
    """What the case has led to until now."""
    summonses, notices = (
        whole.count(f"SELECT count(*) FROM notice.{table} WHERE case_id = CAST(:id AS uuid)", id=case)
        for table in ("summons", "notification")
    )
    return Effects(whole.events(UUID(case)), summonses, notices)


def announce(whole: Whole, publisher: str) -> None:
    """What the operator types."""
    environment = {"AMQP_URL": whole.system.amqp_url, "DATABASE_URL": whole.system.database_url}
    done = CliRunner().invoke(app, ["announce", publisher], env=environment)
    assert done.exit_code == 0, done.output


def others_have_all(whole: Whole) -> bool:
    """Whether everything that was announced has taken effect everywhere but in supervision."""
    with whole.engine.connect() as connection:
        found = reckon(connection)
    return not found.unsent and all(gap.subscriber == LATE for gap in found.gaps)


def lived_through(whole: Whole) -> dict[str, str]:
    """Cases in various states, while there is no supervision."""
    stage = Stage(whole.api, say=lambda _line: None, people=whole.people)
    silent = unlit(stage)
    archived = play(whole.api, say=lambda _line: None, people=whole.people)
    fed_back = asking.complaint(stage)
    asking.whistle(stage, fed_back)
    summons = acting.summoned(stage, fed_back)
    acting.report_in(stage, summons)
    acting.feed_back(stage, summons)
    submitted = whole.register()
    whole.person(asking.CLERK).post(f"/api/intake/cases/{submitted['id']}/submission")
    signed = whole.whistle()
    acting.summoned(stage, signed)
    cases = {"silent": silent, "fed back": fed_back, "submitted": submitted, "signed": signed}
    return {**{name: case["id"] for name, case in cases.items()}, "archived": str(archived.case_id)}


def meanwhile(whole: Whole, cases: dict[str, str]) -> None:
    """Supervision follows, and knows neither limits nor cases: one goes on, one begins. Then it is told the limits."""
    eventually(lambda: whole.consumed(queue_name(LATE, "directory")), 60, "supervision follows the directory")
    inbox = whole.person(f"officer.{LEAD}").get("/api/notice/summonses?limit=200")["items"]
    assignment = next(one["id"] for one in inbox if one["case_id"] == cases["signed"])
    whole.person(f"officer.{LEAD}").post(f"/api/dispatch/assignments/{assignment}/signature")
    cases["registered"] = whole.register()["id"]
    eventually(lambda: whole.count("SELECT count(*) FROM supervision.parked") == 2, 30, "both wait for their turn")
    announce(whole, "directory")


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory, say: Callable[[str], None]) -> Iterator[Joined]:
    """Nothing that was announced before it joined has reached it; then everything is announced again."""
    directory = tmp_path_factory.mktemp("early")
    early = tuple(name for name in SERVICES if name != LATE)
    with System(directory, services=early, say=say) as system, ThreadPoolExecutor(1) as pool:
        whole = Whole(system, [])
        cases = lived_through(whole)
        eventually(lambda: others_have_all(whole), 30, "everybody else has heard everything")
        for publisher in FOLLOWS[LATE]:
            whole.delete_queue(queue_name(LATE, publisher))
        operator = pool.submit(meanwhile, whole, cases)
        late = System(directory, services=(LATE,), say=say, amqp_url=system.amqp_url, database_url=system.database_url)
        with late:
            operator.result()
            supervisor = Person(Api(late.address(LATE)), SUPERVISOR, PASSWORD, token=whole.token(SUPERVISOR))
            assert supervisor.get("/cases")["items"] == []
            eventually(lambda: others_have_all(whole), 30, "the others have passed over the directory's news")
            before = {name: effects(whole, case) for name, case in cases.items()}
            for publisher in ENDS_FIRST:
                announce(whole, publisher)
            escalated = "supervision clock.escalated.v1"
            eventually(lambda: whole.events(UUID(cases["silent"]))[escalated] >= 6, 60, "the ladder is climbed")
            whole.settled()
            yield Joined(whole, supervisor, cases, before)
        whole.engine.dispose()


def test_every_case_stands_where_it_stands(joined: Joined) -> None:
    """Also the one of which the first word came too early, and the one that went on meanwhile."""
    shown = {one["id"]: one["state"] for one in joined.supervisor.get("/cases")["items"]}
    assert shown == {joined.cases[name]: state for name, state in STATES.items()}
    overdue = joined.supervisor.get("/cases?overdue=true")["items"]
    assert [one["id"] for one in overdue] == [joined.cases["silent"]]


def test_a_story_that_ended_before_is_told_and_timed_as_if_supervision_had_always_been_there(joined: Joined) -> None:
    path = f"/cases/{joined.cases['archived']}"
    timed_as_it_must(joined.supervisor, path, joined.before["archived"].events)


@pytest.mark.parametrize("name", ["fed back", "signed"])
def test_clocks_began_and_stopped_when_it_happened_not_when_it_was_heard(joined: Joined, name: str) -> None:
    """Each department's, with due times in working time from its summons on."""
    [[days]], [[hours]] = (
        joined.whole.rows("SELECT content FROM supervision.reference WHERE name = :name", name=reference)
        for reference in ("calendar", "hours")
    )
    calendar = Calendar(days, hours)
    clocks = joined.shown(name)["clocks"]
    assignments = joined.assignments(name)
    assert len(assignments) == 3
    for one in assignments:
        began = datetime.fromisoformat(one["dispatched_at"])
        ends = dict.fromkeys(LIMITS) | _ends(one)
        assert {clock["name"]: _times(clock) for clock in clocks if clock["assignment_id"] == one["id"]} == {
            limit: (began, due(calendar, "W", began, span, one["department"]), ends[limit])
            for limit, span in LIMITS.items()
        }


def test_what_ran_out_meanwhile_is_told_once_and_counted_from_its_own_time(joined: Joined) -> None:
    """Warnings, the limit and the ladder of both departments; dispatch deems them signed from when it lapsed."""
    now, before = effects(joined.whole, joined.cases["silent"]), joined.before["silent"]
    assert now.events - before.events == TOLD_OF_SILENCE
    assert now.summonses == before.summonses == 2
    for one in joined.assignments("silent"):
        lapsed = datetime.fromisoformat(one["dispatched_at"]) + timedelta(seconds=3)
        assert (one["signature"]["deemed"], datetime.fromisoformat(one["signature"]["at"])) == (True, lapsed)
    notices = joined.whole.person(f"officer2.{DARK_LEAD}").get("/api/notice/notifications?limit=200")["items"]
    told = Counter(one["template"] for one in notices if one["case_id"] == joined.cases["silent"])
    assert (told["clock.overdue"], told["clock.escalated"]) == (1, 1)


def test_whoever_had_it_passes_over_it(joined: Joined) -> None:
    """No summons, no notice and no event comes twice."""
    names = joined.cases.keys() - {"silent"}
    assert {name: effects(joined.whole, joined.cases[name]) for name in names} == {
        name: joined.before[name] for name in names
    }


def _times(clock: Json) -> tuple[datetime | None, ...]:
    moments = (clock["started_at"], clock["due_at"], clock["stopped_at"])
    return tuple(one and datetime.fromisoformat(one) for one in moments)


def _ends(assignment: Json) -> dict[str, datetime]:
    """When what each limit waits for happened, as dispatch has it."""
    first = assignment["feedbacks"][0] if assignment["feedbacks"] else None
    said = {"sign": assignment["signature"], "report_in": assignment["report"], "first_feedback": first, "close": first}
    return {limit: datetime.fromisoformat(one["at"]) for limit, one in said.items() if one}
