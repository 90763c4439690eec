"""Urgings and orders (催办, 督办): told, answered, accepted or sent back, and over with what they were about."""

from datetime import datetime
from functools import reduce
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from services.supervision.commands import accept_order, answer_order, issue_order, reject_order, urge_departments
from services.supervision.commands.accept_order import AcceptOrder
from services.supervision.commands.answer_order import AnswerOrder
from services.supervision.commands.issue_order import IssueOrder
from services.supervision.commands.reject_order import RejectOrder
from services.supervision.commands.urge_departments import UrgeDepartments
from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.clock import Clock
from services.supervision.domain.folding import fold
from services.supervision.domain.order import Order
from services.supervision.domain.transitions import ORDERS, ClockState, OrderAction, OrderState, follow_order
from shared.access.actor import Actor
from shared.contracts import closure, dispatch, intake
from shared.contracts.supervision import ClockOverdueV1, OrderEndedV1, OrderIssuedV1
from shared.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound, StaleVersion
from tests.unit.supervision.people import (
    DAY,
    DISTRICT,
    ELSEWHERE,
    HOUR,
    MINUTE,
    MONDAY,
    OFFICER,
    STRANGER,
    STREET,
    open_case,
)
from tests.unit.supervision.samples import (
    CASE,
    LEAD,
    PARTS,
    PLACE,
    SUPPORT,
    Desk,
    local,
    registered,
    whistled,
)


@pytest.fixture
def desk() -> Desk:
    return open_case()


def supervised(desk: Desk) -> bool:
    return desk.file.supervised


def urge(desk: Desk, at: datetime, id: UUID | None = LEAD, by: Actor = STREET) -> list[Order]:
    found: list[Order] = [*desk.do(urge_departments, UrgeDepartments(CASE, "请尽快到场", id, by), at).result["items"]]
    return found


def command(desk: Desk, id: UUID | None = LEAD, by: Actor = STREET, reply_by: datetime = MONDAY + DAY) -> Order:
    found: Order = desk.do(issue_order, IssueOrder(CASE, "说明原因", id, reply_by, by), MONDAY + HOUR).result
    return found


def answer(desk: Desk, order: Order, at: datetime = MONDAY + 2 * HOUR, by: Actor = OFFICER) -> Order:
    found: Order = desk.do(answer_order, AnswerOrder(order.id, "明日到场", by), at).result
    return found


def reply(desk: Desk, order: Order) -> Clock:
    return desk.clock("reply", order.id)


# --- urgings


def test_an_urging_is_told_once_to_the_departments_officers_and_head(desk: Desk) -> None:
    [urged] = urge(desk, MONDAY + HOUR)
    assert (urged.department, urged.state, urged.reply_by) == ("zhujian", OrderState.TOLD, None)
    [told] = desk.said(OrderIssuedV1)
    assert (told.kind, told.text, told.issued_by) == ("urging", "请尽快到场", STREET.id)
    assert [(one.role, one.department) for one in told.audience] == [
        ("officer", "zhujian"),
        ("department_head", "zhujian"),
    ]
    assert (desk.file.supervised, [one.name for one in desk.clocks if one.name == "reply"]) == (False, [])
    assert desk.journal[-1].type == "order.issued.v1"


@pytest.mark.parametrize(
    ("kind", "first", "again", "refused"),
    [
        ("joint_enforcement", "2026-03-02 11:00", "2026-03-02 11:59", True),
        ("joint_enforcement", "2026-03-02 11:00", "2026-03-02 12:00", False),
        ("joint_enforcement", "2026-03-02 11:30", "2026-03-02 14:29", True),
        ("joint_enforcement", "2026-03-02 11:30", "2026-03-02 14:30", False),
        ("joint_enforcement", "2026-03-06 17:30", "2026-03-09 09:29", True),
        ("joint_enforcement", "2026-03-06 17:30", "2026-03-09 09:30", False),
        ("emergency", "2026-03-06 17:30", "2026-03-06 18:29", True),
        ("emergency", "2026-03-06 17:30", "2026-03-06 18:30", False),
    ],
)
def test_nobody_is_urged_twice_within_an_hour_of_the_matters_calendar(
    kind: str, first: str, again: str, refused: bool
) -> None:
    desk = open_case(kind)
    urge(desk, local(first))
    if refused:
        with pytest.raises(Conflict, match="urged-just-now"):
            urge(desk, local(again))
    else:
        assert urge(desk, local(again))


def test_all_are_urged_but_who_has_fed_back_or_was_urged_just_now(desk: Desk) -> None:
    urge(desk, MONDAY + HOUR)
    assert [one.department for one in urge(desk, MONDAY + HOUR + MINUTE, None)] == ["chengguan"]
    desk.hear(dispatch.AssignmentFedBackV1(CASE, SUPPORT, "chengguan", "o", "已修", 1, MONDAY + 2 * HOUR))
    assert [one.department for one in urge(desk, MONDAY + DAY, None)] == ["zhujian"]
    with pytest.raises(Conflict, match="nothing-to-urge"):
        urge(desk, MONDAY + 2 * DAY, SUPPORT)


# --- orders


def test_an_order_starts_a_clock_and_the_case_is_supervised_until_the_reply_is_there(desk: Desk) -> None:
    order = command(desk)
    assert supervised(desk)
    clock = reply(desk, order)
    assert (clock.due_at, clock.department, clock.assignment_id) == (MONDAY + DAY, "zhujian", LEAD)
    answered = answer(desk, order)
    assert (answered.state, [one.text for one in answered.answers]) == (OrderState.ANSWERED, ["明日到场"])
    assert not supervised(desk)
    assert (reply(desk, order).state, reply(desk, order).in_time) == (ClockState.STOPPED, True)


def test_two_orders_keep_a_case_supervised_until_both_are_answered(desk: Desk) -> None:
    first, second = command(desk), command(desk, None)
    answer(desk, first)
    assert supervised(desk)
    answer(desk, second)
    assert not supervised(desk)


def test_whoever_issued_it_hears_the_reply(desk: Desk) -> None:
    for by, role in ((STREET, "supervisor"), (DISTRICT, "district_supervisor")):
        answer(desk, command(desk, by=by))
        [told] = desk.told[-1].audience
        assert (told.role, told.person, desk.told[-1].text) == (role, by.id, "明日到场")


def test_an_order_that_is_not_answered_is_overdue_as_any_other_limit(desk: Desk) -> None:
    order = command(desk)
    desk.until(MONDAY + DAY)
    overdue = [one for one in desk.said(ClockOverdueV1) if one.clock.clock == "reply"]
    assert [(one.clock.key, one.audience[0].department) for one in overdue] == [(str(order.id), "zhujian")]
    assert desk.count("overdue.reply") == 1
    answer(desk, order, MONDAY + 2 * DAY)
    assert (reply(desk, order).in_time, desk.count("overdue.reply")) == (False, 0)
    assert "reply" not in {one.clock for one in desk.file.overdue}


def test_an_order_about_the_whole_case_is_told_to_all_and_answered_by_the_lead(desk: Desk) -> None:
    order = command(desk, None)
    assert (order.department, order.assignment_id) == ("zhujian", None)
    assert {one.department for one in desk.said(OrderIssuedV1)[0].audience} == {"zhujian", "chengguan"}


def test_a_reply_that_is_sent_back_is_due_again_and_one_that_will_do_is_accepted(desk: Desk) -> None:
    order = command(desk)
    answer(desk, order)
    again, later = MONDAY + 2 * DAY, MONDAY + 3 * HOUR
    sent_back = desk.do(reject_order, RejectOrder(order.id, "未说明原因", again, STREET), later).result
    assert (sent_back.state, sent_back.reply_by, sent_back.returns[0].reason) == (
        OrderState.TO_ANSWER,
        again,
        "未说明原因",
    )
    assert supervised(desk)
    assert (reply(desk, order).due_at, reply(desk, order).open) == (again, True)
    answer(desk, order, MONDAY + DAY)
    accepted = desk.do(accept_order, AcceptOrder(order.id, STREET), MONDAY + DAY).result
    assert (accepted.state, accepted.accepted_by, len(accepted.answers)) == (OrderState.APPROVED, STREET.id, 2)
    assert not supervised(desk)


def test_the_level_that_ordered_rules_on_the_reply(desk: Desk) -> None:
    for by, other in ((STREET, DISTRICT), (DISTRICT, STREET)):
        order = command(desk, by=by)
        answer(desk, order)
        with pytest.raises(Conflict, match="order-of-another-level"):
            desk.do(accept_order, AcceptOrder(order.id, other), MONDAY + DAY)
        with pytest.raises(Conflict, match="order-of-another-level"):
            desk.do(reject_order, RejectOrder(order.id, "不足", MONDAY + 2 * DAY, other), MONDAY + DAY)


@pytest.mark.parametrize("late", [MONDAY + HOUR, MONDAY])
def test_a_reply_is_due_in_the_future(desk: Desk, late: datetime) -> None:
    with pytest.raises(Invalid, match="reply-too-early"):
        command(desk, reply_by=late)
    order = command(desk)
    answer(desk, order)
    with pytest.raises(Invalid, match="reply-too-early"):
        desk.do(reject_order, RejectOrder(order.id, "不足", late, STREET), MONDAY + HOUR)


# --- what they were about is over


WITHDRAWN = intake.CaseWithdrawnV1(CASE, None, "误报", "reviewer.sanhe", MONDAY + 4 * HOUR)
EXCUSED = dispatch.AssignmentExcusedV1(CASE, LEAD, "zhujian", "无关", "s", MONDAY + 4 * HOUR)
REROUTED = dispatch.DisputeRuledV1(CASE, LEAD, "zhujian", "sifa", UUID(int=13), "x", "s", MONDAY + 4 * HOUR)
CHANGED = dispatch.SummonsChangedV1(
    CASE, "1", "daily", "E06-01", PLACE, "漏水", PARTS[1:], (), (LEAD,), "x", "d", MONDAY + 4 * HOUR
)


@pytest.mark.parametrize("ending", [WITHDRAWN, EXCUSED, REROUTED, CHANGED], ids=lambda one: type(one).__name__)
def test_an_order_ends_with_what_it_was_about(desk: Desk, ending: Any) -> None:
    mine, others = command(desk), command(desk, SUPPORT)
    answered = command(desk)
    answer(desk, answered)
    desk.hear(ending)
    over = {one.order_id for one in desk.said(OrderEndedV1)}
    whole = ending is WITHDRAWN
    assert over == {mine.id, answered.id} | ({others.id} if whole else set())
    assert desk.rows[Order, mine.id].state is OrderState.ENDED
    assert reply(desk, mine).state is ClockState.CANCELLED
    assert desk.file.supervised is not whole
    with pytest.raises(IllegalTransition):
        answer(desk, mine)


def test_an_event_that_ends_nothing_leaves_orders_alone(desk: Desk) -> None:
    command(desk)
    desk.hear(dispatch.DisputeRuledV1(CASE, LEAD, "zhujian", "", None, "维持", "s", MONDAY + 4 * HOUR))
    assert (desk.said(OrderEndedV1), desk.file.supervised) == ([], True)


def test_nobody_is_urged_or_ordered_where_nobody_works(desk: Desk) -> None:
    with pytest.raises(NotFound):
        urge(desk, MONDAY + HOUR, UUID(int=99))
    with pytest.raises(NotFound):
        command(desk, UUID(int=99))
    desk.hear(EXCUSED)
    for act in (urge, command):
        with pytest.raises(Conflict, match="assignment-over"):
            act(desk, LEAD) if act is command else urge(desk, MONDAY + 5 * HOUR)
    desk.hear(closure.CaseClosedV1(CASE, True, False, 5, "c", MONDAY + 5 * HOUR))
    with pytest.raises(Conflict, match="case-over"):
        urge(desk, MONDAY + 6 * HOUR, None)
    with pytest.raises(Conflict, match="case-over"):
        command(desk, SUPPORT)
    waiting = Desk().hear(registered(MONDAY - HOUR), whistled(MONDAY - MINUTE))
    with pytest.raises(Conflict, match="nobody-summoned"):
        command(waiting, None)
    with pytest.raises(Conflict, match="nothing-to-urge"):
        urge(waiting, MONDAY + HOUR, None)


# --- who may, and the table


def test_only_supervisors_of_the_area_urge_and_order_and_only_the_department_answers(desk: Desk) -> None:
    for by in (ELSEWHERE, OFFICER):
        with pytest.raises(Forbidden):
            urge(desk, MONDAY + HOUR, by=by)
        with pytest.raises(Forbidden):
            command(desk, by=by)
    order = command(desk)
    for by in (STRANGER, STREET):
        with pytest.raises(Forbidden):
            answer(desk, order, by=by)
    answer(desk, order)
    for by in (ELSEWHERE, OFFICER):
        with pytest.raises(Forbidden):
            desk.do(accept_order, AcceptOrder(order.id, by), MONDAY + DAY)
        with pytest.raises(Forbidden):
            desk.do(reject_order, RejectOrder(order.id, "不足", MONDAY + 2 * DAY, by), MONDAY + DAY)


def test_a_stale_version_is_refused(desk: Desk) -> None:
    order = command(desk)
    for module, stale in (
        (answer_order, AnswerOrder(order.id, "明日到场", OFFICER, 9)),
        (accept_order, AcceptOrder(order.id, STREET, 9)),
        (reject_order, RejectOrder(order.id, "不足", MONDAY + 2 * DAY, STREET, 9)),
    ):
        with pytest.raises(StaleVersion):
            desk.do(module, stale, MONDAY + DAY)


ROWS = {
    ("to_answer", "answer_order"): "answered",
    ("to_answer", "end"): "ended",
    ("answered", "accept_order"): "approved",
    ("answered", "reject_order"): "to_answer",
    ("answered", "end"): "ended",
}


@pytest.mark.parametrize(("state", "action"), [*product(OrderState, OrderAction)])
def test_an_order_moves_by_a_row_and_is_refused_without_one(state: OrderState, action: OrderAction) -> None:
    assert {(str(of), str(does)): str(row.to) for (of, does), row in ORDERS.items()} == ROWS
    expected = ROWS.get((state, action))
    if expected:
        assert follow_order(state, action) == expected
    else:
        with pytest.raises(IllegalTransition):
            follow_order(state, action)


def test_the_journal_makes_the_same_file_again(desk: Desk) -> None:
    first, second = command(desk), command(desk, SUPPORT)
    urge(desk, MONDAY + HOUR)
    answer(desk, first)
    desk.do(reject_order, RejectOrder(first.id, "不足", MONDAY + 3 * DAY, STREET), MONDAY + 3 * HOUR)
    desk.until(MONDAY + 2 * DAY).hear(EXCUSED, now=MONDAY + 2 * DAY)
    assert second.id in desk.file.orders
    again = reduce(lambda file, one: fold(file, one.event, one.time), desk.journal, CaseFile(CASE))
    assert again == desk.file
