"""A summons on its way: delivered, read, changed, delivered again after rework, withdrawn."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.notice.commands import change_summons, deliver_summons, read_summons, reopen_summons, withdraw_summons
from services.notice.domain.summons import Reading
from shared.access.actor import Actor
from shared.contracts.notice import SummonsDeliveredV1, SummonsReadV1
from shared.errors import Forbidden, IllegalTransition, NotFound
from tests.support.deciding import NOON
from tests.unit.notice.samples import (
    ADDED,
    CASE,
    CHANGED,
    DISPATCHED,
    LEAD,
    NOBODY_REOPENED,
    OFFICER,
    OTHER,
    PLACE,
    REOPENED,
    STRANGER,
    SUPERVISOR,
    SUPPORT,
    WITHDRAWN,
    Inbox,
)


@pytest.fixture
def inbox() -> Inbox:
    """A whistle's three summonses, delivered."""
    inbox = Inbox()
    inbox.do(deliver_summons, deliver_summons.DeliverSummons(DISPATCHED))
    return inbox


def read(inbox: Inbox, actor: Actor = OFFICER, id: UUID = LEAD) -> None:
    """Somebody opens a summons."""
    inbox.do(read_summons, read_summons.ReadSummons(id, actor))


def change(inbox: Inbox) -> None:
    """Who is summoned changes."""
    inbox.do(change_summons, change_summons.ChangeSummons(CHANGED))


def reopen(inbox: Inbox) -> None:
    """The support has to do its part again."""
    inbox.do(reopen_summons, reopen_summons.ReopenSummons(REOPENED))


def withdraw(inbox: Inbox) -> None:
    """Nobody has to come any more."""
    inbox.do(withdraw_summons, withdraw_summons.WithdrawSummons(WITHDRAWN))


class TestDelivery:
    """One row a department, one event for all."""

    def test_every_department_finds_its_summons(self, inbox: Inbox) -> None:
        """With its own part and limit, the time it was summoned, and the time it was delivered."""
        assert inbox.states() == {LEAD: "unread", SUPPORT: "unread", OTHER: "unread"}
        lead = inbox.rows[LEAD]
        assert (lead.department, lead.part, lead.limit_minutes) == ("zhujian", "lead", 10080)
        assert (lead.summoned_at, lead.delivered_at) == (DISPATCHED.dispatched_at, NOON)
        assert (lead.place, lead.summary, lead.number) == (PLACE, DISPATCHED.summary, "SH-0001")

    def test_one_event_confirms_them_all(self, inbox: Inbox) -> None:
        """So that dispatch hears once that nobody was forgotten."""
        assert inbox.events == [SummonsDeliveredV1(CASE, (LEAD, SUPPORT, OTHER), NOON)]


class TestReading:
    """The first reading by the department is noted, and announced once."""

    def test_the_first_reading_is_announced(self, inbox: Inbox) -> None:
        """Who, and when."""
        inbox.now += timedelta(minutes=3)
        read(inbox)
        assert inbox.events[-1] == SummonsReadV1(CASE, LEAD, "zhujian", OFFICER.id, inbox.now)
        assert (inbox.rows[LEAD].read_by, inbox.rows[LEAD].read_at) == (OFFICER.id, inbox.now)

    def test_a_later_reading_keeps_the_first(self, inbox: Inbox) -> None:
        """Nothing is announced a second time."""
        read(inbox)
        first = inbox.rows[LEAD]
        inbox.now += timedelta(days=1)
        outcome = inbox.do(read_summons, read_summons.ReadSummons(LEAD, OFFICER))
        assert outcome.result == inbox.rows[LEAD] == first
        assert len([event for event in inbox.events if isinstance(event, SummonsReadV1)]) == 1

    @pytest.mark.parametrize("actor", [STRANGER, SUPERVISOR], ids=lambda actor: actor.id)
    def test_nobody_else_reads_it(self, inbox: Inbox, actor: Actor) -> None:
        """Another department's officer and the street do not open a department's mail."""
        with pytest.raises(Forbidden):
            read(inbox, actor)

    def test_an_unknown_summons_is_not_found(self, inbox: Inbox) -> None:
        """As everywhere."""
        with pytest.raises(NotFound):
            read(inbox, id=UUID(int=404))


class TestChange:
    """Dispatch announces the whole new list."""

    def test_the_added_get_theirs_and_the_removed_see_it_withdrawn(self, inbox: Inbox) -> None:
        """Only the added are confirmed."""
        change(inbox)
        assert inbox.states() == {LEAD: "unread", SUPPORT: "unread", OTHER: "withdrawn", ADDED: "unread"}
        assert inbox.events[-1] == SummonsDeliveredV1(CASE, (ADDED,), NOON)
        assert inbox.rows[ADDED].summoned_at == CHANGED.changed_at
        assert (inbox.rows[OTHER].reason, inbox.rows[OTHER].withdrawn_at) == ("应由水务协办", NOON)

    def test_those_who_stay_see_what_changed_for_them(self, inbox: Inbox) -> None:
        """A shorter limit, say; a reading is not undone, and who is not concerned is not touched."""
        read(inbox)
        change(inbox)
        assert (inbox.rows[LEAD].limit_minutes, inbox.rows[LEAD].state) == (1440, "read")
        assert inbox.rows[SUPPORT].version == 1

    def test_a_change_that_only_removes_delivers_nothing(self, inbox: Inbox) -> None:
        """The second announcement of the same list adds and removes nobody."""
        change(inbox)
        events = len(inbox.events)
        change(inbox)
        assert len(inbox.events) == events
        assert inbox.rows[OTHER].version == 2


class TestRework:
    """Only the departments whose part failed are summoned again."""

    def test_the_failed_part_is_unread_again_with_its_reason(self, inbox: Inbox) -> None:
        """With the new limit, in the next round, confirmed like a new one; the others' rows stay."""
        read(inbox, STRANGER, SUPPORT)
        inbox.now += timedelta(days=3)
        reopen(inbox)
        again = inbox.rows[SUPPORT]
        assert (again.state, again.round, again.limit_minutes, again.reason) == ("unread", 2, 5040, "墙面仍有渗水")
        assert (again.delivered_at, again.read_at) == (inbox.now, None)
        assert again.earlier == (Reading(1, NOON, STRANGER.id, NOON),)
        assert inbox.events[-1] == SummonsDeliveredV1(CASE, (SUPPORT,), inbox.now)
        assert inbox.rows[LEAD].version == 1

    def test_its_reading_is_announced_again(self, inbox: Inbox) -> None:
        """The department has seen that it must come once more."""
        read(inbox, STRANGER, SUPPORT)
        reopen(inbox)
        read(inbox, STRANGER, SUPPORT)
        assert len([event for event in inbox.events if isinstance(event, SummonsReadV1)]) == 2

    def test_nobody_reopened_is_nobody_summoned(self, inbox: Inbox) -> None:
        """An empty list announces nothing."""
        events = len(inbox.events)
        inbox.do(reopen_summons, reopen_summons.ReopenSummons(NOBODY_REOPENED))
        assert len(inbox.events) == events

    def test_a_summons_that_never_came_is_parked_rather_than_forgotten(self) -> None:
        """Somebody must look why."""
        with pytest.raises(NotFound):
            reopen(Inbox())

    def test_a_withdrawn_summons_is_not_reopened(self, inbox: Inbox) -> None:
        """The table has no row for it."""
        withdraw(inbox)
        with pytest.raises(IllegalTransition):
            reopen(inbox)


class TestWithdrawal:
    """A case became void or was merged."""

    def test_every_summons_is_shown_as_withdrawn(self, inbox: Inbox) -> None:
        """With the reason; read or not."""
        read(inbox)
        withdraw(inbox)
        assert set(inbox.states().values()) == {"withdrawn"}
        assert {row.reason for row in inbox.rows.values()} == {"误登"}
        assert inbox.rows[LEAD].read_by == OFFICER.id

    def test_what_was_withdrawn_before_keeps_its_reason(self, inbox: Inbox) -> None:
        """A department that had been let off already is not told twice."""
        change(inbox)
        withdraw(inbox)
        assert inbox.rows[OTHER].reason == "应由水务协办"

    def test_a_withdrawn_summons_may_still_be_opened(self, inbox: Inbox) -> None:
        """Nothing is announced then."""
        withdraw(inbox)
        events = len(inbox.events)
        read(inbox)
        assert (inbox.rows[LEAD].state, len(inbox.events)) == ("withdrawn", events)

    def test_a_case_without_summonses_has_nothing_to_withdraw(self) -> None:
        """It was never dispatched."""
        inbox = Inbox()
        withdraw(inbox)
        assert inbox.events == []
