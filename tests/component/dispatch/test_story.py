"""The leaking restaurant at dispatch: one whistle, three departments, one rework; every hop through RabbitMQ."""

from datetime import datetime

import pytest

from shared.contracts.closure import CaseClosedV1, VerificationFailedV1, VerificationPassedV1
from shared.messaging.topology import queue_name
from shared.runtime.clock import now
from tests.component.dispatch.conftest import Office, take_all
from tests.support.eventually import eventually
from tests.unit.dispatch.samples import GATE


def test_three_departments_are_summoned_by_one_whistle_and_work_until_it_is_closed(office: Office) -> None:
    """Supports before the lead, one failed verification that reopens one department, then closed."""
    story = office.blow()
    assert [*story.ids] == ["zhujian", "chengguan", "shichang"]
    story.deliver()

    story.step("zhujian", "signature")
    report = {"longitude": GATE.longitude, "latitude": (GATE.latitude or 0) + 0.01, "address": "入户大厅"}
    reported = story.step("zhujian", "report", report)["report"]
    assert (reported["far"], round(reported["distance_metres"])) == (True, 1112)
    assert story.state() == "in_progress"
    story.step("zhujian", "start")
    story.work("chengguan", "shichang")

    early = office.ask("POST", story.path("zhujian", "feedback"), "officer.zhujian", {"measures": "已修复"})
    assert (early.status, early.slug) == (409, "supports-missing")
    assert {"区城管局", "区市场监管局"} <= set(early.body["detail"].rstrip(".").split(": ")[1].split("、"))
    story.feed_back("chengguan", "shichang", "zhujian")
    assert story.state() == "to_verify"
    handed = office.hears(story.case, "case.fed_back.v1")
    assert handed["handlers"] == ["officer.chengguan", "officer.shichang", "officer.zhujian"]
    assert (handed["author"], handed["tracking_digest"]) == ("clerk.honghu", "ab" * 32)

    failed = (handed["summons"][0]["assignment_id"],)
    office.tell(VerificationFailedV1(story.case, failed, "仍有渗漏", "clerk.honghu", now()))
    reopened = office.hears(story.case, "case.reopened.v1")
    assert [one["department"] for one in reopened["reopened"]] == ["zhujian"]
    again = story.show("zhujian")
    assert (again["state"], again["round"], again["limit_minutes"]) == ("rework", 2, 5040)
    assert [one["minutes"] for one in again["limits"]] == [10080, 5040]
    assert story.show("chengguan")["state"] == "accepted"

    story.step("zhujian", "start")
    assert story.state() == "in_progress"
    story.feed_back("zhujian")
    office.tell(VerificationPassedV1(story.case, "clerk.honghu", now()))
    eventually(lambda: story.show("zhujian")["state"] == "accepted")
    assert story.state() == "to_verify"
    office.tell(CaseClosedV1(story.case, True, False, 5, "callback.sanhe", now()))
    eventually(lambda: story.state() == "closed")

    assert office.types(story.case) == [
        "case.dispatched.v1",
        "assignment.signed.v1",
        "assignment.reported_in.v1",
        "case.started.v1",
        "assignment.started.v1",
        *["assignment.signed.v1", "assignment.reported_in.v1", "assignment.started.v1"] * 2,
        *["assignment.fed_back.v1"] * 3,
        "case.fed_back.v1",
        "case.reopened.v1",
        "assignment.started.v1",
        "case.started.v1",
        "assignment.fed_back.v1",
        "case.fed_back.v1",
    ]


def test_officers_see_that_a_violation_is_in_progress(office: Office) -> None:
    """As long as the case is there, and so do the others who hear of it."""
    story = office.blow(ongoing=True)
    assert office.get(story.path("zhujian"), "officer.zhujian")["case"]["ongoing"]
    assert office.hears(story.case, "case.dispatched.v1")["ongoing"]


@pytest.mark.parametrize("follower", ["notice", "closure", "intake", "enforcement"])
def test_every_follower_of_dispatch_gets_the_one_event_that_names_all(office: Office, follower: str) -> None:
    """Each has it in its own queue."""
    queue = queue_name(follower, "dispatch")
    story = office.blow()
    expected = ("case.dispatched.v1", 1, str(story.case))
    eventually(lambda: expected in take_all(office.broker, queue), what=f"{expected} in {queue}")


def test_the_clock_starts_at_the_dispatch(office: Office) -> None:
    """Not at the signing; limits are the category's, in minutes."""
    story = office.blow()
    mine = story.show("zhujian")
    assert mine["dispatched_at"] == mine["clock_from"]
    assert (mine["limit_minutes"], mine["signing_limit_minutes"]) == (10080, 60)
    signed = story.step("zhujian", "signature")
    assert signed["clock_from"] == mine["clock_from"]
    assert datetime.fromisoformat(signed["signature"]["at"]) > datetime.fromisoformat(mine["dispatched_at"])
