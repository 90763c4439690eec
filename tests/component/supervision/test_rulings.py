"""The list of what waits for a ruling: the right rows in the right order, and no row is read that is not shown."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.supervision.commands.follow_event import FollowEvent
from services.supervision.domain.case_clocks import CaseClocks
from services.supervision.domain.case_file import CaseFile, Waiting
from services.supervision.domain.clock import Clock
from services.supervision.domain.ruling import Ruling, rulings
from services.supervision.store.queries import list_rulings
from services.supervision.store.tables import case_clocks, case_file, ruling
from shared.access.actor import Actor, Role
from shared.contracts.dispatch import (
    AssignmentDisputedV1,
    DisputeRuledV1,
    ExtensionRequestedV1,
    ExtensionRuledV1,
)
from shared.engine.works import Work
from shared.runtime.clock import uuid7
from shared.store.changes import Changes
from shared.store.database import Database, execute
from shared.store.mapped import Mapped
from shared.store.migrate import migrate
from shared.store.statement import Writer
from tests.component.supervision.played import Played
from tests.support.plans import Plan, asked, explained
from tests.support.questions import LIMIT, Question, first_page, next_page
from tests.support.tables import execute as run
from tests.support.tables import rows
from tests.unit.supervision.samples import CASE, LEAD, dispatched

CASES = 5_000
BEGAN = datetime(2026, 3, 2, tzinfo=UTC)
RULINGS = "SELECT * FROM supervision.ruling ORDER BY case_id, matter, about_id"
MATTERS = (("dispute", 0), ("extension", 1), ("extension", 2), ("suspension", 0))
STREET = Actor("s", frozenset({Role.SUPERVISOR}), "", "cj.s3")
DISTRICT = Actor("d", frozenset({Role.DISTRICT_SUPERVISOR}), "", "cj")
READERS = {
    "a street": STREET,
    "a community": replace(STREET, area="cj.s3.c1"),
    "all streets": replace(STREET, area="cj"),
    "another street, in which nothing waits": replace(STREET, area="cj.s9"),
    "the district": DISTRICT,
    "another district": replace(DISTRICT, area="other"),
    "somebody who is both": replace(DISTRICT, roles=DISTRICT.roles | STREET.roles),
    "somebody who rules on nothing": replace(DISTRICT, roles=frozenset({Role.OFFICER})),
}
RULED = {
    Role.SUPERVISOR: {("dispute", 0), ("extension", 1)},
    Role.DISTRICT_SUPERVISOR: {("dispute", 0), ("extension", 2), ("suspension", 0)},
}

Cases = list[tuple[CaseFile, list[Clock]]]


def waiting_cases(count: int) -> Iterator[tuple[CaseFile, list[Clock]]]:
    """Cases in seven streets in each of which one matter waits, or two, many of them at the same times."""
    random = Random(count)
    for number in range(1, count + 1):
        id, since = UUID(int=number), BEGAN + timedelta(minutes=random.randrange(count // 4))
        waiting, clocks = [], []
        for nth, (matter, ordinal) in enumerate(random.sample(MATTERS, random.choice((1, 1, 2)))):
            assignment = UUID(int=number + (nth + 1) * 10**9) if matter != "suspension" else None
            waiting.append(Waiting(matter, assignment, "zhujian", since, "原因", ordinal))
            if random.random() < 0.7:
                name = "suspension_review" if matter == "suspension" else matter
                due_at = since + timedelta(hours=random.randrange(72))
                clock = Clock(UUID(int=number), name, since, due_at, "N", assignment_id=assignment)
                ended = replace(clock, due_at=due_at + timedelta(days=9)).stop(since)
                clocks += [clock, ended] if random.random() < 0.5 else [clock]
        area = f"cj.s{number % 7}.c{number % 3}.g01"
        file = CaseFile(id, f"CJ-{number}", kind="daily", area=area, waiting=tuple(waiting), first_at=since)
        yield file, clocks


@pytest.fixture(scope="module")
def cases() -> Cases:
    """What waits."""
    return list(waiting_cases(CASES))


@pytest.fixture(scope="module")
def filled(module_database: str, cases: Cases) -> Iterator[Database]:
    """Its tables, filled and analysed."""
    migrate("supervision", module_database)
    opened = Database(module_database, "supervision")
    fill(opened, cases)
    run(module_database, "ANALYZE supervision.case_file, supervision.ruling")
    yield opened
    opened.close()


def fill(database: Database, cases: Cases) -> None:
    """Write these cases and what waits in them, as the engine would."""
    mapped = [Mapped(CaseFile, case_file), Mapped(CaseClocks, case_clocks)]
    writer = Writer("supervision", mapped, None, Mapped(Ruling, ruling))
    new: dict[type[Any], list[Any]] = {
        CaseFile: [file for file, _ in cases],
        CaseClocks: [CaseClocks(file.id, (*clocks,)) for file, clocks in cases],
    }
    listed = {key: row for file, clocks in cases for key, row in rulings(file, clocks).items()}
    statement = writer.compose(Changes(new=new, listed=listed))
    with database.batch() as cursor:
        execute(cursor, statement.sql(numbered=False), statement.parameters)


def expected(cases: Cases, actor: Actor) -> list[tuple[datetime, UUID, UUID]]:
    """The keys of the rows that this actor should see, in the list's order."""
    ruled = {one for role in actor.roles for one in RULED.get(role, ())}
    found = []
    for file, clocks in cases:
        if not f"{file.area}.".startswith(f"{actor.area}."):
            continue
        due = {(one.name.removesuffix("_review"), one.assignment_id): one.due_at for one in clocks if one.open}
        for one in file.waiting:
            if (one.matter, one.ordinal) in ruled:
                at = due.get((one.matter, one.assignment_id), one.since)
                found.append((at, file.id, one.assignment_id or file.id))
    return sorted(found)


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_finds_page_by_page_what_waits_for_them(filled: Database, cases: Cases, reader: str) -> None:
    actor, found = READERS[reader], list[Any]()
    after: str | None = ""
    while after is not None:
        with filled.read() as connection:
            page = list_rulings(connection, actor, 500, after)
        found += page["items"]
        after = page["next"]
    keys = [(row["due_at"] or row["since"], row["case_id"], row["assignment_id"] or row["case_id"]) for row in found]
    assert keys == expected(cases, actor)
    assert all(row["operations"] for row in found)
    numbers = {file.id: file.number for file, _ in cases}
    assert all(row["number"] == numbers[row["case_id"]] for row in found)


FIRST_PAGES = ("a street", "another street, in which nothing waits", "all streets", "the district")
NEXT_PAGES = ("a street", "the district", "somebody who is both")
ASKED = [*((reader, first_page) for reader in FIRST_PAGES), *((reader, next_page) for reader in NEXT_PAGES)]


@pytest.mark.parametrize(("reader", "pages"), ASKED)
def test_no_row_is_read_that_is_not_shown(filled: Database, reader: str, pages: Callable[..., Question]) -> None:
    """However much waits: of each matter a page, and the row that tells that another follows."""
    question = pages("/rulings", "supervision: what waits", list_rulings, READERS[reader])
    statements = asked(filled, lambda one: question.ask(one, LIMIT))
    assert statements
    with filled.reads.connect() as connection:
        for statement in statements:
            (((plan,),),) = explained(connection, statement, "FORMAT JSON, ANALYZE")
            if max(rows_read(plan["Plan"])) > len(MATTERS) * (LIMIT + 1):
                lines = "\n".join(line for (line,) in explained(connection, statement, "FORMAT TEXT, ANALYZE"))
                pytest.fail(f"{reader} reads more than a page\n{lines}", pytrace=False)


def rows_read(plan: Plan) -> Iterator[int]:
    """How many rows each part of a plan looked at."""
    looked = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
    yield round(looked * plan["Actual Loops"])
    for part in plan.get("Plans", ()):
        yield from rows_read(part)


def test_migrating_finds_what_waits_in_files_and_clocks(database: str) -> None:
    """The rows that it makes are those that the service had written."""
    migrate("supervision", database)
    with closing(Database(database, "supervision")) as opened:
        fill(opened, list(waiting_cases(300)))
    before = rows(database, RULINGS)
    assert {one.matter for one in before} == {"dispute", "extension", "suspension"}
    while rows(database, "SELECT to_regclass('supervision.ruling')") != [(None,)]:
        migrate("supervision", database, "-1")
    migrate("supervision", database)
    assert rows(database, RULINGS) == before


def test_what_begins_and_ends_to_wait_in_one_batch_is_not_listed(database: str) -> None:
    """And of what is asked for anew the last word is; what was listed goes when it is ruled on."""
    dispute = AssignmentDisputedV1(CASE, LEAD, "zhujian", "职责规定", "o", BEGAN)
    upheld = DisputeRuledV1(CASE, LEAD, "zhujian", "", None, "职责明确", "s", BEGAN)
    asked_for = [ExtensionRequestedV1(CASE, LEAD, "zhujian", nth, 30, "等待配件", "o", BEGAN) for nth in (1, 2)]
    granted = ExtensionRuledV1(CASE, LEAD, "zhujian", 2, True, 30, "", "s", BEGAN)

    def waits(played: Played, *events: Any) -> list[tuple[str, int]]:
        results = played.engine.run([Work(uuid7(), FollowEvent(one, BEGAN)) for one in events])
        assert {one.ending for one in results} == {"done"}
        return [(one.matter, one.ordinal) for one in rows(database, RULINGS)]

    with Played(database) as played:
        assert waits(played, dispatched(BEGAN), dispute, upheld) == []
        assert waits(played, *asked_for) == [("extension", 2)]
        assert waits(played, dispute) == [("dispute", 0), ("extension", 2)]
        assert waits(played, granted, upheld) == []
