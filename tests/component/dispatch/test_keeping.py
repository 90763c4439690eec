"""What was decided lies in PostgreSQL as it was decided: every record of a case and its assignments, loaded again."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import text

from services.dispatch.commands.accept_assignments import AcceptAssignments
from services.dispatch.commands.confirm_delivery import ConfirmDelivery
from services.dispatch.commands.deem_signed import DeemSigned
from services.dispatch.commands.dispatch_case import DispatchCase
from services.dispatch.commands.dispute_assignment import DisputeAssignment
from services.dispatch.commands.excuse_support import ExcuseSupport
from services.dispatch.commands.feed_back import FeedBack
from services.dispatch.commands.grant_first_extension import GrantFirstExtension
from services.dispatch.commands.note_overdue import NoteOverdue
from services.dispatch.commands.release_assignment import ReleaseAssignment
from services.dispatch.commands.reopen_assignments import ReopenAssignments
from services.dispatch.commands.report_in import ReportIn
from services.dispatch.commands.report_progress import ReportProgress
from services.dispatch.commands.request_extension import RequestExtension
from services.dispatch.commands.reroute_assignment import RerouteAssignment
from services.dispatch.commands.resume_case import ResumeCase
from services.dispatch.commands.sign_assignment import SignAssignment
from services.dispatch.commands.start_work import StartWork
from services.dispatch.commands.suspend_case import SuspendCase
from services.dispatch.commands.uphold_assignment import UpholdAssignment
from services.dispatch.commands.withdraw_case import WithdrawCase
from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.transitions import AssignmentState, CaseState
from services.dispatch.store import queries
from services.dispatch.wiring import WIRING
from shared.contracts.notice import SummonsDeliveredV1
from shared.engine.engine import Engine
from shared.engine.works import Message, Result, Work
from shared.messaging.watch import Unconfirmed
from shared.runtime.clock import now, uuid7
from shared.service import build_engine
from shared.store.database import Database
from shared.store.migrate import migrate
from tests.unit.dispatch.samples import CASE, DISPATCHER, DISTRICT, GATE, STREET, TOWN, officer, whistle

Run = Callable[..., Any]
LATE = timedelta(minutes=2)


@pytest.fixture
def books(database: str) -> Iterator[Database]:
    """Dispatch's tables with the small town's snapshots."""
    migrate("dispatch", database)
    opened = Database(database, "dispatch", readers=2)
    with opened.write() as connection:
        for name, rows in TOWN.items():
            values = {"name": name, "content": orjson.dumps(rows).decode()}
            insert = "INSERT INTO dispatch.reference (name, version, content) VALUES (:name, 1, :content)"
            connection.execute(text(insert), values)
    yield opened
    opened.close()


@pytest.fixture
def run(books: Database) -> Run:
    """Let the engine carry out commands, all in one batch; the last one's value."""
    engine: Engine = build_engine(WIRING, books, _unread)

    def carry_out(*commands: Any) -> Any:
        results: list[Result] = engine.run([Work(uuid7(), command) for command in commands])
        assert [result.ending for result in results] == ["done"] * len(commands), results
        return results[-1].value

    return carry_out


def _unread(message: Message) -> Work:
    raise AssertionError(f"no message waits here: {message}")


def kept(books: Database) -> tuple[Case, dict[str, Assignment]]:
    """The case and each department's assignment, the newest of each, as they lie in the tables."""
    with books.read() as connection:
        whole = queries.show_case(connection, DISPATCHER, CASE)
    return whole.case, {one.department: one for one in whole.summons}


def test_a_whole_life_is_loaded_as_it_was_decided(books: Database, run: Run) -> None:
    """Each command's result is what lies in the tables afterwards, down to the last nested record."""
    run(DispatchCase(whistle(case_id=CASE)))
    _, parts = kept(books)
    lead, first, second = parts["zhujian"], parts["chengguan"], parts["shichang"]
    ids = (lead.id, first.id, second.id)

    def same(command: Any) -> None:
        decided = run(command)
        whole, present = kept(books)
        found = whole if isinstance(decided, Case) else {one.id: one for one in present.values()}[decided.id]
        assert found == decided

    run(ConfirmDelivery(SummonsDeliveredV1(CASE, ids, now())))
    assert all(one.delivered_at for one in kept(books)[1].values())
    same(DisputeAssignment(first.id, "职责规定", officer("chengguan")))
    same(RerouteAssignment(first.id, "sifa", "属司法", STREET))
    same(DisputeAssignment(lead.id, "职责规定", officer("zhujian")))
    same(UpholdAssignment(lead.id, "职责明确", STREET))
    same(SignAssignment(lead.id, officer("zhujian")))
    same(RequestExtension(lead.id, 60, "等待配件", officer("zhujian")))
    same(GrantFirstExtension(lead.id, "同意", STREET))
    same(ReportIn(lead.id, GATE.longitude, GATE.latitude, "大厅", officer("zhujian")))
    same(StartWork(lead.id, officer("zhujian")))
    same(ReportProgress(lead.id, "已开挖", officer("zhujian")))
    same(NoteOverdue(lead.id, now(), now()))
    same(DeemSigned(second.id, now() + timedelta(hours=2)))
    same(ExcuseSupport(second.id, "无职责", STREET))
    same(ExcuseSupport(kept(books)[1]["sifa"].id, "无职责", STREET))
    same(SuspendCase(CASE, "停工", None, DISTRICT))
    same(ReleaseAssignment(lead.id, STREET))
    same(ResumeCase(CASE, "复工", DISTRICT))
    same(FeedBack(lead.id, "已修复", officer("zhujian")))
    assert kept(books)[0].state is CaseState.TO_VERIFY
    same(ReopenAssignments(CASE, (lead.id,), "仍有渗漏", now()))
    assert kept(books)[1]["zhujian"].state is AssignmentState.REWORK
    same(WithdrawCase(CASE, uuid7(), uuid7(), "重复", "reviewer.sanhe", now(), accepted=False))
    assert kept(books)[1]["zhujian"].ending is not None


def test_a_batch_takes_steps_that_build_on_each_other(books: Database, run: Run) -> None:
    """A whole case in one transaction: later commands see what earlier ones did, and a row's version counts each."""
    run(DispatchCase(whistle(case_id=CASE, category="E04-01")))
    mine = kept(books)[1]["chengguan"].id
    who = officer("chengguan")
    run(
        SignAssignment(mine, who),
        ReportIn(mine, None, None, "门口", who),
        StartWork(mine, who),
        FeedBack(mine, "已清离", who),
        AcceptAssignments(CASE, closed=True),
    )
    whole, parts = kept(books)
    assert (whole.state, parts["chengguan"].state) == (CaseState.CLOSED, AssignmentState.ACCEPTED)
    assert parts["chengguan"].version == 6


def test_late_summonses_are_told_to_the_watch_until_they_are_confirmed(books: Database, run: Run) -> None:
    """One line a case, since its oldest summons; not before they are late; reopened ones anew."""
    run(DispatchCase(whistle(case_id=CASE)))
    parts = kept(books)[1]
    since = parts["zhujian"].clock_from

    def late(moment: timedelta = LATE) -> list[Unconfirmed]:
        with books.read() as connection:
            return queries.unconfirmed(connection, now() + moment)

    assert late(timedelta()) == []
    assert late() == [Unconfirmed(str(CASE), since)]
    some: tuple[UUID, ...] = (parts["zhujian"].id, parts["chengguan"].id)
    run(ConfirmDelivery(SummonsDeliveredV1(CASE, some, now())))
    assert late() == [Unconfirmed(str(CASE), since)]
    run(ExcuseSupport(parts["shichang"].id, "无职责", STREET))
    assert late() == []
