"""More time (延期): two at most, each asked for in time, each at most half of the original limit."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.dispatch.commands import (
    grant_first_extension,
    grant_second_extension,
    note_overdue,
    refuse_extension,
    request_extension,
)
from services.dispatch.commands.grant_first_extension import GrantFirstExtension
from services.dispatch.commands.grant_second_extension import GrantSecondExtension
from services.dispatch.commands.note_overdue import NoteOverdue
from services.dispatch.commands.refuse_extension import RefuseExtension
from services.dispatch.commands.request_extension import RequestExtension
from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.records import Limit
from services.dispatch.domain.transitions import AssignmentState, CaseState
from shared.engine.work import NOTHING, Actor, Outcome
from shared.errors import Conflict, Forbidden, Invalid
from tests.support.deciding import NOON, decide
from tests.unit.dispatch.samples import DISTRICT, OFFICER, STREET, assignment, case

WEEK, HALF = 7 * 1440, 5040
GRANTS = {
    1: (grant_first_extension, GrantFirstExtension),
    2: (grant_second_extension, GrantSecondExtension),
}


def busy(**fields: Any) -> Assignment:
    """An assignment that is being worked on."""
    return assignment(state=AssignmentState.IN_PROGRESS, **fields)


def note(mine: Assignment, at: datetime | None) -> Outcome:
    """Supervision says that the closing limit of the first round passed, or did not."""
    return decide(note_overdue, NoteOverdue(mine.id, NOON, at), mine)


def ask(mine: Assignment, minutes: int = HALF, after: int = 1) -> Outcome:
    """The department asks for so many minutes more, so many minutes after its clock began."""
    command = RequestExtension(mine.id, minutes, "等待配件", OFFICER)
    whole = case(CaseState.IN_PROGRESS)
    return decide(request_extension, command, whole, mine, now=NOON + timedelta(minutes=after))


def grant(mine: Assignment, ordinal: int, ruler: Actor) -> Outcome:
    """Somebody grants it."""
    module, command = GRANTS[ordinal]
    return decide(module, command(mine.id, "同意", ruler), case(CaseState.IN_PROGRESS), mine)


def refuse(mine: Assignment, ruler: Actor = STREET) -> Outcome:
    """Somebody refuses it."""
    return decide(refuse_extension, RefuseExtension(mine.id, "理由不足", ruler), case(CaseState.IN_PROGRESS), mine)


def test_the_street_grants_the_first_and_the_district_the_second() -> None:
    """Each limit stays in history with its reason; announced with its ordinal."""
    asked = ask(busy()).result
    first = grant(asked, 1, STREET)
    second = grant(ask(first.result, 60).result, 2, DISTRICT)
    assert second.result.limit_minutes == WEEK + HALF + 60
    assert second.result.limits == (
        Limit(WEEK, "dispatch", NOON),
        Limit(WEEK + HALF, "extension", NOON),
        Limit(WEEK + HALF + 60, "extension", NOON),
    )
    assert [(one.events[0].ordinal, one.events[0].granted, one.events[0].minutes) for one in (first, second)] == [
        (1, True, HALF),
        (2, True, 60),
    ]
    assert [one.granted for one in second.result.extensions] == [True, True]


def test_a_request_is_announced_with_its_ordinal() -> None:
    """So that whoever rules can find it."""
    (event,) = ask(busy(), 90).events
    assert (event.type, event.ordinal, event.minutes, event.reason) == ("extension.requested.v1", 1, 90, "等待配件")


def test_there_is_no_third() -> None:
    """After two were granted."""
    twice = grant(ask(grant(ask(busy()).result, 1, STREET).result).result, 2, DISTRICT).result
    with pytest.raises(Conflict, match="no-third-extension"):
        ask(twice)


def test_a_refused_request_leaves_the_limit_and_may_be_followed_by_another() -> None:
    """Only what was granted counts."""
    refused = refuse(ask(busy()).result)
    assert refused.result.limit_minutes == WEEK
    assert (refused.events[0].granted, refused.events[0].reason) == (False, "理由不足")
    assert ask(refused.result).result.extensions[-1].ordinal == 1


@pytest.mark.parametrize("minutes", [0, -5, HALF + 1])
def test_an_extension_is_at_most_half_of_the_original_limit(minutes: int) -> None:
    """422, and the problem says how much is possible."""
    with pytest.raises(Invalid, match="extension-too-long") as refusal:
        ask(busy(), minutes)
    assert refusal.value.facts == {"most": HALF}
    assert [*refusal.value.fields] == ["minutes"]


def test_the_half_is_of_the_original_also_after_rework() -> None:
    """The rework's shorter limit does not shrink it."""
    reworked = busy(limit_minutes=HALF, limits=(Limit(WEEK, "dispatch", NOON), Limit(HALF, "rework", NOON)), round=2)
    assert ask(reworked, HALF).result.extensions[-1].minutes == HALF


def test_nobody_asks_after_the_limit_has_passed() -> None:
    """By supervision's working time, not by minutes counted here; a breach that is withdrawn bars nothing."""
    assert ask(busy(), after=2 * WEEK).changed
    late = note(busy(), NOON + timedelta(days=8)).result
    assert late.overdue_at == NOON + timedelta(days=8)
    with pytest.raises(Conflict, match="limit-passed"):
        ask(late)
    assert ask(note(late, None).result).changed


def test_who_asked_in_time_may_be_granted_more_time_after_the_limit() -> None:
    """The ruling may take longer than the department had."""
    late = note(ask(busy()).result, NOON + timedelta(days=8)).result
    assert grant(late, 1, STREET).result.limit_minutes == WEEK + HALF


def test_a_clock_of_an_earlier_round_bars_nothing_in_this_one() -> None:
    """Its word comes late; and what is told twice changes nothing."""
    again = busy(clock_from=NOON + timedelta(days=9), round=2)
    assert note(again, NOON + timedelta(days=8)) is NOTHING
    late = note(busy(), NOON + timedelta(days=8)).result
    assert note(late, NOON + timedelta(days=8)) is NOTHING
    assert note(busy(), None) is NOTHING


def test_one_request_waits_at_a_time() -> None:
    """A second one would hide the first."""
    with pytest.raises(Conflict, match="extension-pending"):
        ask(ask(busy()).result)


def test_a_request_lapses_with_its_round() -> None:
    """What was asked for before the rework is neither granted nor in the way."""
    asked = ask(busy()).result
    reopened = busy(extensions=asked.extensions, round=2)
    with pytest.raises(Conflict, match="no-extension-pending"):
        grant(reopened, 1, STREET)
    assert ask(reopened).changed


def test_each_level_grants_only_its_own() -> None:
    """The district does not grant the first, nor the street the second."""
    first = ask(busy()).result
    second = ask(grant(first, 1, STREET).result).result
    for waiting, wrong, ruler in ((first, 2, DISTRICT), (second, 1, STREET)):
        with pytest.raises(Conflict, match="extension-of-another-level"):
            grant(waiting, wrong, ruler)
    for waiting, ordinal, stranger in ((first, 1, DISTRICT), (second, 2, STREET)):
        with pytest.raises(Forbidden):
            grant(waiting, ordinal, stranger)


def test_nothing_is_ruled_on_that_nobody_asked_for() -> None:
    """Neither granted nor refused."""
    with pytest.raises(Conflict, match="no-extension-pending"):
        grant(busy(), 1, STREET)
    with pytest.raises(Conflict, match="no-extension-pending"):
        refuse(busy())
