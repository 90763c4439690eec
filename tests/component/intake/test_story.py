"""The leaking restaurant at intake: from the complaint to the whistle, and what its reporter is told after it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.closure import CaseArchivedV1, CaseClosedV1, CaseUnresolvedV1, VerificationPassedV1
from shared.contracts.dispatch import CaseStartedV1, CaseSuspendedV1, DispatchAwaitedV1
from shared.contracts.intake import (
    CaseRegisteredV1,
    CaseReturnedV1,
    CaseSelfHandledV1,
    CaseSubmittedV1,
    CaseWhistledV1,
)
from tests.component.intake.conftest import CELL, Desk
from tests.support.eventually import eventually


def test_a_complaint_becomes_a_whistle(desk: Desk) -> None:
    """Registered, submitted, returned, completed, submitted again, blown; each step is announced in order."""
    case = desk.register()
    id = UUID(case["id"])
    assert (case["state"], case["place"]["area"], case["kind"]) == ("draft", CELL, "joint_enforcement")
    assert case["number"].startswith("吹")
    assert desk.must("submission", case["id"], "clerk.honghu")["state"] == "under_review"
    returned = desk.must("return", case["id"], "reviewer.sanhe", {"reason": "请补充现场照片"})
    assert (returned["state"], returned["review"]["reason"]) == ("returned", "请补充现场照片")
    more = [*(one["sha256"] for one in case["attachments"]), desk.upload("clerk.honghu")]
    answer = desk.ask("PATCH", f"/cases/{id}", "clerk.honghu", {"attachments": more})
    assert (answer.status, len(answer.body["attachments"])) == (200, 2)
    desk.must("submission", case["id"], "clerk.honghu")
    blown = desk.must("whistle", case["id"], "reviewer.sanhe")
    assert (blown["state"], blown["review"]["ruling"]) == ("whistled", "blown")
    (whistled,) = desk.intake.hear(CaseWhistledV1, id)
    assert (whistled.number, whistled.photos, whistled.reviewer) == (case["number"], tuple(more), "reviewer.sanhe")
    heard = [len(desk.intake.heard(kind, id)) for kind in (CaseRegisteredV1, CaseSubmittedV1, CaseReturnedV1)]
    assert heard == [1, 2, 1]


def test_a_violation_that_is_in_progress_is_said_to_be_so_from_the_desk_to_the_whistle(desk: Desk) -> None:
    """Kept, shown, corrected, announced."""
    case = desk.register(ongoing=True)
    path = f"/cases/{case['id']}"
    assert [case["ongoing"], desk.ask("GET", path, "reviewer.sanhe").body["case"]["ongoing"]] == [True, True]
    said = [desk.ask("PATCH", path, "clerk.honghu", {"ongoing": one}).body["ongoing"] for one in (False, True)]
    assert said == [False, True]
    desk.must("submission", case["id"], "clerk.honghu")
    assert desk.must("whistle", case["id"], "reviewer.sanhe")["ongoing"]
    assert desk.intake.hear(CaseWhistledV1, UUID(case["id"]))[0].ongoing


def test_its_reporter_follows_it_by_the_tracking_code(desk: Desk) -> None:
    """From the desk to the archive, in their language, with who takes part."""
    case = desk.whistle()
    id, code = UUID(case["id"]), case["tracking_code"]
    assert desk.follow(code)["status"] == "summoning"
    desk.intake.announce(DispatchAwaitedV1(id, "E06-01", CELL, "", datetime.now(UTC)))
    desk.reach(code, "awaiting")
    desk.intake.announce(desk.dispatched(case, "zhujian", "chengguan"))
    told = desk.reach(code, "dispatched")
    assert [one["name"] for one in told["departments"]] == ["区住建局", "区城管局"]
    assert told["said"] == "The responsible departments were summoned"
    assert desk.follow(code, Accept_Language="zh")["said"] == "责任部门已接到通知"
    desk.intake.announce(CaseStartedV1(id, 1, datetime.now(UTC)))
    desk.reach(code, "in_progress")
    desk.intake.announce(CaseSuspendedV1(id, "等待配件", datetime.now(UTC), "district", datetime.now(UTC)))
    desk.reach(code, "suspended")
    desk.intake.announce(VerificationPassedV1(id, "grid.honghu.g03", datetime.now(UTC)))
    desk.reach(code, "call_back")
    desk.intake.announce(CaseClosedV1(id, True, False, 5, "callback.sanhe", datetime.now(UTC)))
    desk.reach(code, "closed")
    desk.intake.announce(CaseArchivedV1(id, datetime.now(UTC)))
    desk.reach(code, "archived")


def test_a_code_may_be_spelled_in_groups_and_small_letters(desk: Desk) -> None:
    """As people write such things down."""
    code = desk.register()["tracking_code"]
    spaced = "-".join(code.lower()[at : at + 4] for at in range(0, len(code), 4))
    assert desk.follow(f" {spaced} ")["status"] == "draft"


def test_an_emergency_is_whistled_at_once_and_reviewed_afterwards(desk: Desk) -> None:
    """With nothing but a place."""
    case = desk.register(category="E05-04", attachments=[], tried="", description="闻到燃气味")
    blown = desk.must("submission", case["id"], "clerk.honghu")
    assert (blown["state"], blown["emergency"], blown["review"]) == ("whistled", True, None)
    assert desk.intake.hear(CaseWhistledV1, UUID(case["id"]))[0].emergency
    confirmed = desk.must("confirmation", case["id"], "reviewer.sanhe", {"upheld": True})
    assert confirmed["review"]["ruling"] == "upheld"


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("refusal", {"reason": "属于合同纠纷"}, "refused"),
        ("redirection", {"reason": "属于合同纠纷", "channel": "litigation"}, "redirected"),
    ],
)
def test_what_is_not_whistled_ends_with_a_reason_for_its_reporter(
    desk: Desk, what: str, body: dict[str, Any], status: str
) -> None:
    """And where to turn instead."""
    case = desk.register()
    desk.must("submission", case["id"], "clerk.honghu")
    desk.must(what, case["id"], "reviewer.sanhe", body)
    told = desk.follow(case["tracking_code"])
    assert (told["status"], told["reason"], told["channel"]) == (status, "属于合同纠纷", body.get("channel"))


def test_the_community_solves_it_itself_and_again_when_the_reporter_disagrees(desk: Desk) -> None:
    """小事不出社区: handed to closure twice, and never whistled."""
    case = desk.register()
    id = UUID(case["id"])
    solved = desk.must("solution", case["id"], "clerk.honghu", {"measures": "已疏通下水，张建国在场"})
    assert (solved["state"], solved["solution"]["measures"]) == ("self_handled", "已疏通下水，***在场")
    desk.reach(case["tracking_code"], "call_back")
    desk.intake.announce(CaseUnresolvedV1(id, (), "又漏了", False, datetime.now(UTC)))
    desk.reach(case["tracking_code"], "returned")
    desk.must("solution", case["id"], "clerk.honghu", {"measures": "更换了水管"})
    assert len(desk.intake.hear(CaseSelfHandledV1, id, 2)) == 2
    assert not desk.intake.heard(CaseWhistledV1, id)


def test_a_resident_reports_without_an_account(desk: Desk) -> None:
    """The clerk of the community finds it, and takes it on."""
    report = desk.report(attachments=[desk.upload()])
    for staff_only in ("channel", "tried"):
        del report[staff_only]
    answer = desk.ask("POST", "/reports", "", report)
    assert answer.status == 201, answer.body
    assert set(answer.body) == {"number", "tracking_code", "registered_at"}
    (found,) = desk.ask("GET", f"/cases?number={answer.body['number']}", "clerk.honghu").body["items"]
    assert (found["channel"], found["author"], found["state"]) == ("online", "resident", "draft")
    assert desk.follow(answer.body["tracking_code"])["number"] == answer.body["number"]
    completed = desk.ask("PATCH", f"/cases/{found['id']}", "clerk.honghu", {"tried": "社区已上门"})
    assert completed.body["tried"] == "社区已上门"
    desk.must("submission", found["id"], "clerk.honghu")
    desk.must("whistle", found["id"], "reviewer.sanhe")


def test_likely_duplicates_are_offered_the_likeliest_first(desk: Desk) -> None:
    """Same category, nearby, about the same; not what is far away, another matter, or ended."""
    near = desk.point("cj.sanhe.liuxi.g05")
    here: dict[str, Any] = {"by": "clerk.liuxi", "place": near}
    first = desk.register(**here, description="饭店厕所往下漏水，入口大厅都湿了")
    second = desk.register(**here, description="二楼餐馆卫生间漏水到小区大厅")
    desk.register(**here, description="门口有人占道经营卖水果")
    desk.register(**here, category="E01-02", description="饭店厕所往下漏水，入口大厅都湿了")
    desk.register(description="饭店厕所往下漏水，入口大厅都湿了")
    ended = desk.register(**here, description="饭店厕所往下漏水，入口大厅都湿了")
    desk.must("voidance", ended["id"], "supervisor.sanhe", {"reason": "误报"})
    asked = desk.register(**here, description="饭店厕所漏水，大厅湿了")
    found = desk.ask("GET", f"/cases/{asked['id']}/duplicates", "clerk.liuxi").body["items"]
    assert [one["id"] for one in found] == [first["id"], second["id"]]
    assert found[0]["distance_metres"] == pytest.approx(0, abs=0.1)
    assert found[0]["likeness"] > found[1]["likeness"]


def test_news_of_a_case_that_intake_never_had_are_parked(desk: Desk) -> None:
    """With the reason, and the service goes on."""
    case_id = uuid4()
    desk.intake.announce(DispatchAwaitedV1(case_id, "E06-01", CELL, "", datetime.now(UTC)))
    kept = eventually(
        lambda: desk.intake.rows("SELECT reason FROM intake.parked WHERE subject = :id", id=str(case_id)),
        what="they are parked",
    )
    assert [row.reason for row in kept or ()] == ["refused: not-found"]
    assert desk.ask("GET", "/readyz").status == 200
