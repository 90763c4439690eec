"""Orders, refusals and what waits for a ruling, through supervision's real doors, and who may not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.access.actor import Actor, Role
from shared.contracts.dispatch import (
    AssignmentDisputedV1,
    AssignmentSignedV1,
    CaseSuspendedV1,
    DispatchWithdrawnV1,
    ExtensionRequestedV1,
)
from shared.contracts.supervision import (
    ClockOverdueV1,
    OrderAnsweredV1,
    OrderEndedV1,
    OrderIssuedV1,
    RefusalConcludedV1,
    RefusalReportedV1,
)
from tests.component.supervision.conftest import Summoned
from tests.support.asking import Answer
from tests.support.eventually import eventually
from tests.support.one_service import OneService
from tests.unit.supervision.people import DISTRICT, ELSEWHERE, OFFICER, STRANGER, STREET

HEAD = Actor("head.zhujian", frozenset({Role.DEPARTMENT_HEAD}), "zhujian", "cj")
MINUTE = timedelta(minutes=1)
TEXT = {"text": "请尽快到场并说明原因"}


def soon() -> str:
    """An hour from now."""
    return (datetime.now(UTC) + timedelta(hours=1)).isoformat()


@pytest.fixture
def case(supervision: OneService) -> Summoned:
    """An emergency whose departments were summoned a minute ago."""
    return known(supervision, MINUTE)


def known(supervision: OneService, ago: timedelta) -> Summoned:
    """A case, once supervision knows it."""
    case = Summoned(supervision, datetime.now(UTC) - ago)
    eventually(lambda: case.clocks("close"), what="the case is known")
    return case


def post(case: Summoned, path: str, by: Actor | None, body: Any = None) -> Answer:
    return case.service.ask("POST", path, by, body)


def order(case: Summoned, by: Actor = STREET, **said: Any) -> Any:
    body = {**TEXT, "reply_by": soon(), "assignment_id": str(case.lead), **said}
    answer = post(case, f"/cases/{case.id}/orders", by, body)
    assert answer.status == 201, answer.body
    return answer.body


def supervised(case: Summoned) -> bool:
    return bool(case.service.ask("GET", f"/cases/{case.id}", STREET).body["supervised"])


def pages(service: OneService, path: str, by: Actor, limit: int = 2) -> Iterator[Any]:
    """Every row of a list, page by page."""
    after = ""
    while after is not None:
        body = service.ask("GET", f"{path}?limit={limit}&after={after}", by).body
        yield from body["items"]
        after = body["next"]


def test_an_order_is_answered_sent_back_answered_again_and_accepted(case: Summoned) -> None:
    made = order(case)
    path = f"/orders/{made['id']}"
    assert (made["state"], made["department"], supervised(case)) == ("to_answer", "zhujian", True)
    assert post(case, f"{path}/answers", OFFICER, {"text": "下午到场"}).status == 201
    assert not supervised(case)
    back = post(case, f"{path}/rejection", STREET, {"reason": "未说明原因", "reply_by": soon()})
    assert (back.status, back.body["state"], supervised(case)) == (200, "to_answer", True)
    assert post(case, f"{path}/answers", OFFICER, {"text": "车辆故障"}).status == 201
    done = post(case, f"{path}/acceptance", STREET)
    assert (done.status, done.body["state"], len(done.body["answers"])) == (200, "approved", 2)
    assert [one.stopped_at is not None for one in case.clocks("reply")] == [True, True]
    assert [one.answered_by for one in case.service.hear(OrderAnsweredV1, case.id, 2)] == [OFFICER.id] * 2


def test_an_urging_comes_once_within_the_hour(case: Summoned) -> None:
    urged = post(case, f"/cases/{case.id}/urgings", STREET, TEXT)
    assert (urged.status, {one["department"] for one in urged.body["items"]}) == (201, {"zhujian", "chengguan"})
    again = post(case, f"/cases/{case.id}/urgings", STREET, {**TEXT, "assignment_id": str(case.lead)})
    assert (again.status, again.body["type"].rpartition("/")[2]) == (409, "urged-just-now")
    assert {one.kind for one in case.service.hear(OrderIssuedV1, case.id, 2)} == {"urging"}


def test_an_order_ends_with_its_case(case: Summoned) -> None:
    made = order(case)
    case.service.announce(DispatchWithdrawnV1(case.id, None, "误报", "reviewer.sanhe", datetime.now(UTC)))
    assert [str(one.order_id) for one in case.service.hear(OrderEndedV1, case.id)] == [made["id"]]
    assert post(case, f"/orders/{made['id']}/answers", OFFICER, {"text": "下午到场"}).status == 409
    assert not supervised(case)


def test_orders_are_listed_open_ones_first_to_department_and_area_alone(case: Summoned) -> None:
    answered, later = order(case), order(case, assignment_id=None)
    post(case, f"/orders/{answered['id']}/answers", OFFICER, {"text": "下午到场"})
    post(case, f"/orders/{answered['id']}/acceptance", STREET)
    post(case, f"/cases/{case.id}/urgings", STREET, TEXT)
    found = list(pages(case.service, "/orders", STREET))
    states = [one["state"] in ("to_answer", "answered") for one in found]
    assert states == sorted(states, reverse=True)
    mine = {one["id"]: one for one in found if one["case_id"] == str(case.id)}
    assert set(mine) >= {answered["id"], later["id"]}
    assert {one["number"] for one in mine.values()} == {"SH-0001"}
    for by in (OFFICER, HEAD):
        assert {one["department"] for one in pages(case.service, "/orders", by)} == {"zhujian"}
    assert list(pages(case.service, "/orders", ELSEWHERE)) == []
    assert list(pages(case.service, "/orders", STRANGER)) == []
    chosen = case.service.ask("GET", f"/orders?case_id={case.id}&kind=order&state=approved", STREET).body["items"]
    assert [one["id"] for one in chosen] == [answered["id"]]


def test_who_may_not_order_answer_accept_or_report(case: Summoned) -> None:
    made, refusals = order(case), f"/cases/{case.id}/assignments/{case.lead}/refusals"
    body = {**TEXT, "reply_by": soon()}
    report = {"reason": "拒不到场", "tried": "三次电话"}
    refused = [
        *((f"/cases/{case.id}/urgings", by, TEXT) for by in (OFFICER, ELSEWHERE, HEAD)),
        *((f"/cases/{case.id}/orders", by, body) for by in (OFFICER, ELSEWHERE, HEAD)),
        *((f"/orders/{made['id']}/answers", by, TEXT) for by in (STREET, STRANGER, HEAD)),
        *((f"/orders/{made['id']}/acceptance", by, None) for by in (OFFICER, ELSEWHERE)),
        *((refusals, by, report) for by in (DISTRICT, ELSEWHERE, OFFICER)),
    ]
    assert [post(case, path, by, body).status for path, by, body in refused] == [403] * len(refused)
    assert post(case, f"/cases/{case.id}/orders", None, body).status == 401
    assert post(case, f"/cases/{uuid4()}/orders", STREET, body).status == 404
    for wrong in ({**body, "reply_by": "2020-01-01T00:00:00Z"}, {**TEXT}, {**body, "text": " "}):
        assert post(case, f"/cases/{case.id}/orders", STREET, wrong).status == 422


def test_a_department_that_does_not_come_is_reported_found_and_scored(supervision: OneService) -> None:
    case = known(supervision, timedelta(minutes=31))
    eventually(lambda: case.told(ClockOverdueV1, "report_in"), what="nobody reported in")
    path = f"/cases/{case.id}/assignments/{case.lead}/refusals"
    reported = post(case, path, STREET, {"reason": "拒不到场", "tried": "三次电话"})
    assert (reported.status, reported.body["state"]) == (201, "reported")
    assert post(case, path, STREET, {"reason": "拒不到场", "tried": "三次电话"}).status == 409
    assert len(supervision.hear(RefusalReportedV1, case.id)) == 1
    refusal = f"/refusals/{reported.body['id']}"
    assert post(case, f"{refusal}/conclusion", DISTRICT, {"justified": False, "finding": "无正当理由"}).status == 409
    assert post(case, f"{refusal}/investigation", STREET).status == 403
    assert post(case, f"{refusal}/investigation", DISTRICT).body["state"] == "investigating"
    [clock] = case.clocks("refusal")
    assert (clock.days, clock.calendar, clock.stopped_at) == (3, "W", None)
    said = {"justified": False, "points": 5, "finding": "无正当理由", "order": {**TEXT, "reply_by": soon()}}
    concluded = post(case, f"{refusal}/conclusion", DISTRICT, said)
    assert (concluded.status, concluded.body["finding"]["points"]) == (200, 5)
    assert supervised(case)
    assert [one.points for one in supervision.hear(RefusalConcludedV1, case.id)] == [5]
    sums = "SELECT amount FROM supervision.tally WHERE figure = 'refusal.points' AND department = 'zhujian'"
    assert supervision.rows(sums) == [(5,)]
    for by in (STREET, DISTRICT, OFFICER):
        assert reported.body["id"] in [one["id"] for one in pages(supervision, "/refusals", by)]
    for by in (ELSEWHERE, STRANGER):
        assert list(pages(supervision, "/refusals", by)) == []


def test_what_waits_is_listed_to_whom_it_waits_for_the_oldest_due_first(supervision: OneService) -> None:
    at = datetime.now(UTC)
    disputed, first, second, suspended = (known(supervision, number * MINUTE) for number in (4, 3, 2, 1))

    def asked(case: Summoned, ordinal: int) -> None:
        signed = AssignmentSignedV1(case.id, case.lead, "zhujian", "o", False, at)
        extension = ExtensionRequestedV1(case.id, case.lead, "zhujian", ordinal, 30, "等待配件", "o", at)
        supervision.announce(signed, extension)

    supervision.announce(CaseSuspendedV1(suspended.id, "停工", at + timedelta(days=30), "d", at))
    asked(second, 2)
    asked(first, 1)
    supervision.announce(AssignmentDisputedV1(disputed.id, disputed.lead, "zhujian", "职责规定", "o", at - MINUTE))

    def rulings(by: Actor) -> list[tuple[UUID, str, int]]:
        rows = pages(supervision, "/rulings", by, limit=1)
        return [(UUID(one["case_id"]), one["matter"], one["ordinal"]) for one in rows]

    eventually(lambda: len({*rulings(STREET), *rulings(DISTRICT)}) == 4, what="all that waits is known")
    assert rulings(STREET) == [(disputed.id, "dispute", 0), (first.id, "extension", 1)]
    assert rulings(DISTRICT) == [
        (disputed.id, "dispute", 0),
        (second.id, "extension", 2),
        (suspended.id, "suspension", 0),
    ]
    rows = {one["case_id"]: one for one in pages(supervision, "/rulings", DISTRICT)}
    assert rows[str(second.id)]["operations"] == ["dispatch.grant_second_extension", "dispatch.refuse_extension"]
    assert rows[str(suspended.id)]["due_at"] == rows[str(suspended.id)]["review_by"]
    assert rows[str(disputed.id)]["reason"] == "职责规定"
    assert rulings(ELSEWHERE) == []
    assert supervision.ask("GET", "/rulings", OFFICER).status == 403
