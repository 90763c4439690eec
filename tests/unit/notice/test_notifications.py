"""Who is told of what, once each, and who may open it."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.notice.commands import change_summons, deliver_summons, read_notification, reopen_summons, tell_staff
from services.notice.commands.change_summons import ChangeSummons
from services.notice.commands.deliver_summons import DeliverSummons
from services.notice.commands.read_notification import ReadNotification
from services.notice.commands.reopen_summons import ReopenSummons
from services.notice.commands.tell_staff import TellStaff
from services.notice.domain.notification import Notification
from services.notice.domain.summons import Summons
from shared.contracts.supervision import Audience
from shared.errors import Forbidden, NotFound, Unavailable
from tests.support.deciding import NOON
from tests.unit.notice.samples import ADDED, CHANGED, DISPATCHED, REOPENED
from tests.unit.notice.told import ANSWERED, ESCALATED, OTHER_READER, OVERDUE, READER, WARNED, Desk, staff_row

AUDIENCES = [
    (Audience("officer", "zhujian"), {"officer.zhujian", "officer2.zhujian", "head.zhujian"}),
    (Audience("department_head", "zhujian"), {"head.zhujian"}),
    (Audience("department_head", "chengguan"), set()),
    (Audience("supervisor", area="cj.sanhe.honghu.g01"), {"supervisor.sanhe"}),
    (Audience("supervisor", area="cj.sanhe"), {"supervisor.sanhe"}),
    (Audience("supervisor", area="cj"), set()),
    (Audience("supervisor", area="cj.sanhe2"), set()),
    (Audience("supervisor"), {"supervisor.sanhe", "supervisor.wulin"}),
    (Audience("district_supervisor", area="cj.sanhe.honghu.g01"), {"supervisor.cj"}),
    (Audience("intake_clerk", area="cj.sanhe.honghu.g03"), {"clerk.honghu", "clerk.g03"}),
    (Audience("intake_clerk", area="cj.sanhe.honghu.g01"), {"clerk.honghu"}),
    (Audience("supervisor", area="cj.wulin", person="officer.chengguan"), {"officer.chengguan"}),
    (Audience("officer", person="nobody"), set()),
]


@pytest.mark.parametrize(("audience", "people"), AUDIENCES)
def test_an_audience_names_exactly_these_people(audience: Audience, people: set[str]) -> None:
    """By role, department and an area that lies in theirs; a named person alone."""
    told = Desk().tell(replace(WARNED, audience=(audience,)))
    assert {one.person for one in told} == people


def test_whoever_is_named_twice_is_told_once() -> None:
    """As an officer and as the head of the department."""
    told = Desk().tell(OVERDUE)
    assert sorted(one.person for one in told) == ["head.zhujian", "officer.zhujian", "officer2.zhujian"]


def test_the_same_event_makes_the_same_notifications() -> None:
    """Their ids derive from the event and the person."""
    work = UUID(int=99)
    first, second = (Desk().do(tell_staff, TellStaff(WARNED), work).new for _ in range(2))
    assert first == second
    other = Desk().do(tell_staff, TellStaff(WARNED), UUID(int=98)).new
    assert not {one.id for one in first} & {one.id for one in other}


def test_a_notification_says_when_it_came() -> None:
    """And is unread."""
    first = Desk().tell(ESCALATED)[0]
    assert (first.template, first.number, first.delivered_at, first.read_at) == (
        "clock.escalated",
        "SH-0001",
        NOON,
        None,
    )


def test_a_notice_waits_for_the_list_of_people() -> None:
    """It is parked and replayed, not lost."""
    desk = Desk()
    del desk.snapshots["staff"]
    with pytest.raises(Unavailable):
        desk.tell(WARNED)


def test_the_number_of_an_answered_orders_case_is_that_of_its_summons() -> None:
    """The event itself does not say it."""
    desk = Desk()
    desk.do(deliver_summons, DeliverSummons(DISPATCHED))
    assert [one.number for one in desk.tell(ANSWERED)] == ["SH-0001"]
    assert [one.number for one in Desk().tell(ANSWERED)] == [""]


def of_summons(desk: Desk) -> list[Notification]:
    """Who was told of a summons, in order."""
    return sorted(desk.of(Notification), key=lambda one: (one.delivered_at, one.person))


def test_each_officer_of_a_summoned_department_is_told() -> None:
    """The inbox of the department stays as it is."""
    desk = Desk()
    outcome = desk.do(deliver_summons, DeliverSummons(DISPATCHED))
    assert [one.person for one in of_summons(desk)] == [
        "head.zhujian",
        "officer.chengguan",
        "officer.zhujian",
        "officer2.zhujian",
    ]
    assert {one.template for one in desk.of(Notification)} == {"summons.delivered"}
    assert len(desk.of(Summons)) == 3
    assert len(outcome.events) == 1


def test_a_summons_does_not_wait_for_the_list_of_people() -> None:
    """It lies in the department's inbox and is confirmed all the same."""
    desk = Desk()
    del desk.snapshots["staff"]
    outcome = desk.do(deliver_summons, DeliverSummons(DISPATCHED))
    assert len(desk.of(Summons)) == 3
    assert len(outcome.events) == 1
    assert desk.of(Notification) == []


def test_of_a_change_only_the_added_departments_officers_are_told() -> None:
    """The others know."""
    desk = Desk(staff=[staff_row("officer.shuiwu", "officer", "shuiwu"), staff_row("o.zhujian", "officer", "zhujian")])
    desk.do(deliver_summons, DeliverSummons(DISPATCHED))
    before = {one.id for one in desk.of(Notification)}
    desk.do(change_summons, ChangeSummons(CHANGED))
    assert desk.rows[Summons, ADDED]
    assert [one.person for one in desk.of(Notification) if one.id not in before] == ["officer.shuiwu"]


def test_of_rework_the_failed_departments_officers_are_told_why() -> None:
    """In the next round."""
    desk = Desk()
    desk.do(deliver_summons, DeliverSummons(DISPATCHED))
    before = {one.id for one in desk.of(Notification)}
    desk.do(reopen_summons, ReopenSummons(REOPENED))
    (told,) = [one for one in desk.of(Notification) if one.id not in before]
    assert told.person == "officer.chengguan"
    assert told.texts["zh"].text.endswith("第 2 轮返工，原因：墙面仍有渗水。")


def test_the_first_reading_is_kept() -> None:
    """Later ones change nothing."""
    desk = Desk()
    told = next(one for one in desk.tell(WARNED) if one.person == READER.id)
    read: Any = desk.do(read_notification, ReadNotification(told.id, READER)).result
    assert read.read_at == NOON
    again = desk.do(read_notification, ReadNotification(told.id, READER))
    assert again.changed == ()
    assert again.result == read


def test_nobody_opens_anothers_notification() -> None:
    """Not even a colleague who was told the same."""
    desk = Desk()
    told = next(one for one in desk.tell(WARNED) if one.person == READER.id)
    with pytest.raises(Forbidden):
        desk.do(read_notification, ReadNotification(told.id, OTHER_READER))
    with pytest.raises(NotFound):
        desk.do(read_notification, ReadNotification(UUID(int=404), READER))
