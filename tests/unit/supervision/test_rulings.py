"""What waits for a ruling is listed when it begins to wait or its limit moves, and no event beside says it again."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.supervision.commands import follow_event, reckon_clocks
from services.supervision.domain.case_clocks import CaseClocks
from services.supervision.domain.case_file import CaseFile, Waiting
from services.supervision.domain.folding import RULES, fold
from services.supervision.domain.ruling import Ruling, listed, rulings
from shared.contracts import dispatch, supervision
from shared.engine.work import Need, Outcome
from tests.contract.examples import example
from tests.unit.supervision.samples import CALENDAR, CASE, LEAD, SUPPORT, Desk, dispatched, local, said, signed, with_

MONDAY = local("2026-03-02 10:00")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DISPUTED = dispatch.AssignmentDisputedV1(CASE, LEAD, "zhujian", "职责规定", "o", MONDAY + MINUTE)
UPHELD = dispatch.DisputeRuledV1(CASE, LEAD, "zhujian", "", None, "职责明确", "s", MONDAY + DAY)
ASKED = dispatch.ExtensionRequestedV1(CASE, SUPPORT, "chengguan", 1, 720, "等待配件", "o", MONDAY + MINUTE)
SUSPENDED = dispatch.CaseSuspendedV1(CASE, "停工", MONDAY + 20 * DAY, "d", MONDAY + MINUTE)
WITHDRAWN = dispatch.DispatchWithdrawnV1(CASE, None, "误报", "r", MONDAY + DAY)
OF_OTHERS = [kind for kind in RULES if kind.__module__ != supervision.__name__]


@pytest.fixture
def desk() -> Desk:
    """A case whose departments were summoned."""
    return Desk().hear(dispatched(MONDAY))


def heard(desk: Desk, event: Any, at: datetime = MONDAY + MINUTE) -> Outcome:
    """What hearing it decides."""
    return desk.do(follow_event, follow_event.FollowEvent(event, at), at)


def test_a_dispute_is_listed_with_its_limit_until_it_is_ruled_on(desk: Desk) -> None:
    [(key, row)] = heard(desk, DISPUTED).listed.items()
    assert key == (CASE, "dispute", LEAD)
    assert isinstance(row, Ruling)
    assert (row.key, row.area, row.department, row.reason) == (key, "cj.sanhe.honghu.g01", "zhujian", "职责规定")
    assert (said(row.due_at), row.stands_at) == ("2026-03-03 10:01", row.due_at)
    assert heard(desk, UPHELD, MONDAY + DAY).listed == {key: None}


def test_what_has_no_limit_stands_where_it_began_to_wait() -> None:
    """No clock starts before anybody told what kind of case it is."""
    [row] = heard(Desk(), DISPUTED).listed.values()
    assert (row.due_at, row.stands_at) == (None, DISPUTED.disputed_at)


def test_a_suspension_is_listed_for_the_whole_case_by_its_review(desk: Desk) -> None:
    [(key, row)] = heard(desk, SUSPENDED).listed.items()
    assert key == (CASE, "suspension", CASE)
    assert (row.assignment_id, row.due_at, row.review_by) == (None, SUSPENDED.review_by, SUSPENDED.review_by)


def test_each_matter_of_a_case_has_its_own_row_and_all_go_with_the_dispatch(desk: Desk) -> None:
    keys = [*heard(desk, DISPUTED).listed, *heard(desk, ASKED).listed]
    assert keys == [(CASE, "dispute", LEAD), (CASE, "extension", SUPPORT)]
    assert heard(desk, WITHDRAWN, MONDAY + DAY).listed == dict.fromkeys(keys)


def test_an_extension_that_is_asked_for_anew_takes_its_row(desk: Desk) -> None:
    heard(desk, ASKED)
    [(key, row)] = heard(desk, with_(ASKED, ordinal=2, requested_at=MONDAY + DAY), MONDAY + DAY).listed.items()
    assert (key, row.ordinal, row.since) == ((CASE, "extension", SUPPORT), 2, MONDAY + DAY)


def test_what_does_not_concern_a_ruling_lists_nothing(desk: Desk) -> None:
    """Whether something waits or nothing does."""
    assert heard(desk, signed(MONDAY + MINUTE, SUPPORT, "chengguan")).listed == {}
    heard(desk, DISPUTED)
    came = dispatch.AssignmentReportedInV1(CASE, SUPPORT, "chengguan", "o", None, False, MONDAY + 2 * MINUTE)
    assert heard(desk, came, MONDAY + 2 * MINUTE).listed == {}


def test_a_limit_that_another_calendar_moves_moves_its_row() -> None:
    """What was due on a day that turned out to be free."""
    desk = Desk(calendar=[{"year": 2025}]).hear(dispatched(MONDAY), DISPUTED)
    [before] = rulings(desk.file, desk.clocks).values()
    free = {"date": "2026-03-03", "working": False, "name": "x"}
    desk.town["calendar"] = [*CALENDAR, free]
    [after] = desk.do(reckon_clocks, reckon_clocks.ReckonClocks(CASE), MONDAY + MINUTE).listed.values()
    assert (said(before.stands_at), said(after.stands_at)) == ("2026-03-03 10:01", "2026-03-04 10:01")


@pytest.mark.parametrize("kind", OF_OTHERS, ids=lambda kind: kind.__name__)
def test_whatever_changes_a_row_looks_at_the_clocks(kind: type[Any]) -> None:
    """Else a row would be written as if nothing limited it."""
    event, id = example(kind), example(UUID, "assignment_id")
    matters = (("dispute", id), ("extension", id), ("suspension", None))
    waiting = tuple(Waiting(matter, about, "zhujian", MONDAY, "原因") for matter, about in matters)
    file = CaseFile(event.case_id, waiting=waiting)
    needs = follow_event.needs(follow_event.FollowEvent(event, MONDAY))
    needed = {need.kind for need in needs if isinstance(need, Need)}
    assert CaseClocks in needed or not listed(file, (), fold(file, event, MONDAY), ())
