"""What comes to intake by message: calls of a hotline, and the answers of those to whom it gave a case away."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.closure import ClosureWithdrawnV1, WithdrawalRefusedV1
from shared.contracts.dispatch import DispatchWithdrawnV1
from shared.contracts.hotline import CallHandedOverV1
from shared.contracts.intake import CaseAbsorbedV1, CaseWhistledV1, CaseWithdrawnV1, WithdrawalRequestedV1
from shared.contracts.places import Place
from tests.component.intake.conftest import CELL, Desk
from tests.support.eventually import eventually

CALLS = 100


def call(**said: Any) -> CallHandedOverV1:
    """A call about the leak."""
    fields: dict[str, Any] = {
        "call_id": uuid4(),
        "reference": "12345-2026-000017",
        "category": "E06-01",
        "kind": "",
        "place": Place(CELL),
        "summary": "饭店漏水，来电人13900139000",
    }
    return CallHandedOverV1(**{**fields, **said})


def test_every_call_becomes_one_whistle(desk: Desk) -> None:
    """Each with its own number, none with the caller's."""
    calls = [call() for _ in range(CALLS)]
    desk.intake.announce(*calls)
    ids = {one.call_id for one in calls}
    eventually(lambda: ids <= {one.case_id for one in desk.intake.heard(CaseWhistledV1)}, 30, "every call is whistled")
    whistled = [one for one in desk.intake.heard(CaseWhistledV1) if one.case_id in ids]
    assert len(whistled) == len({one.number for one in whistled}) == CALLS
    assert {one.summary for one in whistled} == {"饭店漏水，来电人***"}
    shown = desk.ask("GET", f"/cases/{calls[0].call_id}", "clerk.honghu").body
    assert (shown["case"]["channel"], shown["case"]["state"], shown["reporter"]) == ("hotline", "whistled", None)
    assert desk.do("reporter", str(calls[0].call_id), "callback.sanhe", {"reason": "回访"}).slug == "reporter-elsewhere"


def test_a_call_that_nobody_could_handle_is_parked_with_its_reason(desk: Desk) -> None:
    """Those around it take effect."""
    bad = call(category="E99-99")
    good = [call(), call()]
    desk.intake.announce(good[0], bad, good[1])
    for one in good:
        desk.intake.hear(CaseWhistledV1, one.call_id)
    kept = eventually(
        lambda: desk.intake.rows("SELECT reason, state FROM intake.parked WHERE subject = :id", id=str(bad.call_id)),
        what="the call is parked",
    )
    assert [tuple(row) for row in kept or ()] == [("refused: unknown-category", "parked")]


def test_a_whistle_that_nobody_confirms_is_listed_and_announced_again(desk: Desk) -> None:
    """Until dispatch tells of it."""
    case = desk.whistle()
    id = UUID(case["id"])
    unsent = "SELECT count(*) FROM intake.unsent"  # a mark that comes later would end the second one, too
    eventually(lambda: desk.intake.rows(unsent) == [(0,)], what="the first announcement is marked as sent")
    desk.intake.execute(
        "UPDATE intake.progress SET whistled_at = whistled_at - interval '1 minute' WHERE id = :id", id=id
    )
    assert case["id"] in unconfirmed(desk)
    assert len(desk.intake.hear(CaseWhistledV1, id, 2)) >= 2
    desk.intake.announce(desk.dispatched(case, "zhujian"))
    eventually(lambda: case["id"] not in unconfirmed(desk), what="it is confirmed")


def unconfirmed(desk: Desk) -> list[str]:
    """The whistles that the supervisor is shown as unconfirmed."""
    page = desk.ask("GET", "/unconfirmed?limit=200", "supervisor.sanhe").body
    return [one["id"] for one in page["items"]]


def asked_back(desk: Desk, what: str, **more: Any) -> tuple[dict[str, Any], WithdrawalRequestedV1]:
    """A whistled case that the street wants back."""
    case = desk.whistle()
    desk.intake.announce(desk.dispatched(case, "zhujian"))
    desk.reach(case["tracking_code"], "dispatched")
    asked = desk.must(what, case["id"], "supervisor.sanhe", {"reason": "重复报事", **more})
    assert asked["state"] == "withdrawing"
    (request,) = desk.intake.hear(WithdrawalRequestedV1, UUID(case["id"]))
    return case, request


def test_a_withdrawal_that_nobody_settles_is_announced_again(desk: Desk) -> None:
    """The request may have been lost with a queue."""
    case, request = asked_back(desk, "voidance")
    earlier = """jsonb_set(withdrawal, '{at}', to_jsonb((withdrawal->>'at')::timestamptz - interval '1 minute'))"""
    desk.intake.execute(f'UPDATE intake."case" SET withdrawal = {earlier} WHERE id = :id', id=request.case_id)
    assert case["id"] in unconfirmed(desk)
    again = desk.intake.hear(WithdrawalRequestedV1, request.case_id, 2)
    assert {one.request_id for one in again} == {request.request_id}
    desk.intake.announce(DispatchWithdrawnV1(request.case_id, None, "", "system", datetime.now(UTC)))
    eventually(lambda: case["id"] not in unconfirmed(desk), what="it is settled")


def test_a_whistled_case_is_void_when_dispatch_has_withdrawn_it(desk: Desk) -> None:
    """Until then nothing has changed for its reporter."""
    case, request = asked_back(desk, "voidance")
    assert desk.follow(case["tracking_code"])["status"] == "dispatched"
    now = datetime.now(UTC)
    desk.intake.announce(DispatchWithdrawnV1(request.case_id, None, request.reason, request.requested_by, now))
    told = desk.reach(case["tracking_code"], "void")
    assert told["reason"] == "重复报事"
    (withdrawn,) = desk.intake.hear(CaseWithdrawnV1, request.case_id)
    assert (withdrawn.into, withdrawn.withdrawn_by) == (None, "supervisor.sanhe")


def test_a_merged_case_is_followed_where_it_went(desk: Desk) -> None:
    """Its reporter's code shows the case that goes on, and closure learns whom to call back as well."""
    onward = desk.whistle()
    case, request = asked_back(desk, "merger", into=onward["id"])
    now = datetime.now(UTC)
    accepted = (request.case_id, request.request_id, request.into, request.reason, request.requested_by, now)
    desk.intake.announce(ClosureWithdrawnV1(*accepted))
    eventually(
        lambda: desk.follow(case["tracking_code"])["number"] == onward["number"],
        what="the code leads to the other case",
    )
    (absorbed,) = desk.intake.hear(CaseAbsorbedV1, UUID(onward["id"]))
    assert absorbed.absorbed == request.case_id
    desk.intake.announce(DispatchWithdrawnV1(request.case_id, request.into, "", "system", now))
    desk.intake.announce(desk.dispatched(onward, "zhujian"))
    desk.reach(case["tracking_code"], "dispatched")
    assert len(desk.intake.heard(CaseWithdrawnV1, request.case_id)) == 1


@pytest.mark.parametrize("stale", [False, True], ids=["this request", "an earlier request"])
def test_a_case_that_is_closed_already_stays(desk: Desk, stale: bool) -> None:
    """Closure refuses; an answer to another request changes nothing."""
    case, request = asked_back(desk, "voidance")
    answered = uuid4() if stale else request.request_id
    desk.intake.announce(WithdrawalRefusedV1(request.case_id, answered, "已办结", datetime.now(UTC)))
    done = f"SELECT 1 FROM intake.cursor WHERE publisher = 'closure' AND subject = '{case['id']}'"
    eventually(lambda: desk.intake.rows(done), what="the answer has arrived")
    state = desk.ask("GET", f"/cases/{case['id']}", "supervisor.sanhe").body["case"]["state"]
    assert state == ("withdrawing" if stale else "whistled")
