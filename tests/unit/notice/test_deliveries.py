"""A notice on its way by a channel: at once, then ever more rarely, for a day."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.notice.channels.letter import Letter
from services.notice.commands import record_attempt
from services.notice.commands.record_attempt import RecordAttempt
from services.notice.domain.delivery import Delivery, State
from services.notice.domain.notification import Notification
from services.notice.domain.preference import Preference
from shared.engine.work import Observation, Outcome
from shared.errors import Forbidden, NotFound
from tests.support.deciding import NOON
from tests.unit.notice.told import ESCALATED, HOOK, OTHER_READER, READER, WARNED, Desk

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def desk() -> Desk:
    """A warning that waits for its reader's webhook."""
    desk = Desk()
    desk.choose(HOOK, clock_warned=HOOK.name)
    desk.tell(WARNED)
    return desk


def attempt(desk: Desk, *, ok: bool = False, said: str = "500 Internal Server Error", **how: Any) -> Outcome:
    """The sender tried."""
    return desk.do(record_attempt, RecordAttempt(desk.delivery.id, ok, said, **how))


def test_a_notice_goes_by_the_channels_chosen_for_it(desk: Desk) -> None:
    """Of its reader alone, and of no other template."""
    delivery = desk.delivery
    assert (delivery.person, delivery.channel, delivery.kind) == (READER.id, HOOK.name, HOOK.kind)
    assert (delivery.state, delivery.next_at, delivery.attempts) == (State.WAITING, NOON, ())
    assert len(desk.of(Notification)) == 3
    desk.tell(ESCALATED)
    assert len(desk.of(Delivery)) == 1


def test_a_delivery_has_the_same_id_whenever_it_is_decided(desk: Desk) -> None:
    """It derives from the notification and the channel."""
    (told,) = [one for one in desk.of(Notification) if one.person == READER.id]
    assert Delivery.of(told, HOOK, desk.now).id == desk.delivery.id


def test_a_delivery_holds_no_address(desk: Desk) -> None:
    """Only which server shares it."""
    assert HOOK.address not in repr(desk.delivery)
    assert desk.delivery.destination == "https://hooks.example.org"


def test_what_was_taken_is_done(desk: Desk) -> None:
    """With the time and the answer."""
    outcome = attempt(desk, ok=True, said="200 OK")
    delivery = desk.delivery
    assert (delivery.state, delivery.next_at, delivery.claimed_until) == (State.DELIVERED, None, None)
    assert [(one.at, one.ok, one.said) for one in delivery.attempts] == [(NOON, True, "200 OK")]
    assert outcome.observed == (Observation("notice_attempts", ("webhook", "delivered")),)


def test_what_fails_is_tried_ever_more_rarely_for_a_day(desk: Desk) -> None:
    """1 minute doubling to 6 hours; the last time when 24 hours are over."""
    pauses: list[timedelta] = []
    observed: list[Observation] = []
    while desk.delivery.next_at:
        desk.now = desk.delivery.next_at
        observed += attempt(desk).observed
        after: Delivery = desk.delivery
        pauses.append((after.next_at or desk.now) - desk.now)
    doubling = [MINUTE * 2**number for number in range(9)]
    assert pauses[:11] == [*doubling, 6 * HOUR, 6 * HOUR]
    assert desk.now == NOON + 24 * HOUR
    assert (desk.delivery.state, len(desk.delivery.attempts)) == (State.GIVEN_UP, 13)
    assert {one.labels for one in observed[:-1]} == {("webhook", "failed")}
    assert observed[-1].labels == ("webhook", "given_up")


def test_what_can_never_be_taken_is_given_up_at_once(desk: Desk) -> None:
    """Such as by a channel that was removed."""
    attempt(desk, said="the channel is there no more", for_good=True)
    assert (desk.delivery.state, desk.delivery.next_at) == (State.GIVEN_UP, None)


def test_two_senders_record_one_ending(desk: Desk) -> None:
    """The second comes too late, and counts as nothing."""
    attempt(desk, ok=True, said="200 OK")
    late = attempt(desk)
    assert (late.changed, late.observed) == ((), ())
    assert desk.delivery.state is State.DELIVERED


def test_only_the_system_records_attempts(desk: Desk) -> None:
    """Of deliveries that are there."""
    with pytest.raises(Forbidden):
        attempt(desk, actor=READER)
    with pytest.raises(NotFound):
        desk.do(record_attempt, RecordAttempt(UUID(int=404), True, ""))


def test_a_letter_is_written_in_its_readers_language() -> None:
    """A program finds both, and the facts."""
    desk = Desk()
    desk.choose(HOOK, by=OTHER_READER, language="en", clock_warned=HOOK.name)
    desk.tell(WARNED)
    (told,) = [one for one in desk.of(Notification) if one.person == OTHER_READER.id]
    letter = Letter.of(desk.delivery.id, told, desk.rows[Preference, OTHER_READER.id], HOOK)
    assert letter.title == "Reminder: SH-0001, 80% of the limit for reporting in have passed"
    assert letter.data["texts"]["zh"].title.startswith("临期提醒")
    assert letter.data["facts"]["percent"] == "80"
    assert HOOK.address not in repr(letter)
