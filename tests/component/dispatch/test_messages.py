"""What other services tell dispatch, also twice, late and in vain; and a summons that nobody confirms."""

from datetime import datetime
from uuid import UUID, uuid4

from shared.contracts.closure import (
    CaseClosedV1,
    CaseUnresolvedV1,
    ClosureWithdrawnV1,
    VerificationFailedV1,
    VerificationPassedV1,
)
from shared.contracts.intake import WithdrawalRequestedV1
from shared.contracts.supervision import BreachWithdrawnV1, CaseFacts, ClockFacts, ClockOverdueV1, SigningLapsedV1
from shared.runtime.clock import now
from tests.component.dispatch.conftest import Office, Summoned, take_all
from tests.support.eventually import eventually

DISPATCHER = "dispatcher.chunjiang"


def handed_over(office: Office) -> Summoned:
    """A case that waits for its verification."""
    story = office.blow()
    story.work("zhujian", "chengguan", "shichang")
    story.feed_back("chengguan", "shichang", "zhujian")
    return story


def withdrawal(case: UUID, into: UUID | None = None) -> WithdrawalRequestedV1:
    """Intake asks for a withdrawal."""
    return WithdrawalRequestedV1(case, uuid4(), into, "重复", "reviewer.sanhe", now())


def parked(office: Office, case: UUID) -> list[tuple[str, str]]:
    """What lies in the parking table about a case."""
    wanted = "SELECT state, reason FROM dispatch.parked WHERE subject = :case"
    return [tuple(row) for row in office.rows(wanted, case=str(case))]


def test_a_whistle_delivered_ten_times_summons_once(office: Office) -> None:
    """The same message again changes nothing and is not parked."""
    story = office.blow()
    for _ in range(10):
        office.service.put(office.service.last["intake", str(story.case)], "intake")
    assert office.blow().ids
    assert office.types(story.case) == ["case.dispatched.v1"]
    assert parked(office, story.case) == []


def test_a_withdrawn_case_lets_every_department_off(office: Office) -> None:
    """Announced once; their assignments are ended with the reason."""
    story, into = office.blow(), uuid4()
    office.tell(withdrawal(story.case, into))
    assert office.hears(story.case, "dispatch.withdrawn.v1")["into"] == str(into)
    assert story.state() == "withdrawn"
    assert story.show("zhujian")["ending"]["reason"] == "重复"
    refused = office.ask("POST", story.path("zhujian", "signature"), "officer.zhujian")
    assert refused.status == 409


def test_a_withdrawal_after_the_handover_is_forwarded_and_then_followed(office: Office) -> None:
    """Closure decides; what it accepts ends here, too."""
    story = handed_over(office)
    asked = withdrawal(story.case)
    office.tell(asked)
    assert office.hears(story.case, "withdrawal.forwarded.v1")["request_id"] == str(asked.request_id)
    assert story.state() == "to_verify"
    office.tell(ClosureWithdrawnV1(story.case, asked.request_id, None, "重复", "reviewer.sanhe", now()))
    office.hears(story.case, "dispatch.withdrawn.v1")
    assert story.state() == "withdrawn"


def test_a_resident_who_is_not_content_reopens_the_case_and_an_appeal_does_once_more(office: Office) -> None:
    """After the verification, and after the closing."""
    story = handed_over(office)
    lead = (UUID(story.ids["zhujian"]),)
    office.tell(VerificationPassedV1(story.case, "clerk.honghu", now()))
    office.tell(CaseUnresolvedV1(story.case, lead, "又漏了", False, now()))
    office.hears(story.case, "case.reopened.v1")
    story.step("zhujian", "start")
    story.feed_back("zhujian")
    office.tell(VerificationPassedV1(story.case, "clerk.honghu", now()))
    office.tell(CaseClosedV1(story.case, True, False, 4, "resident", now()))
    office.tell(CaseUnresolvedV1(story.case, lead, "雨天又漏", True, now()))
    assert office.hears(story.case, "case.reopened.v1", times=2)["round"] == 3
    assert story.state() == "rework"


def test_verdicts_on_cases_that_dispatch_never_had_change_nothing(office: Office) -> None:
    """The community solved them itself; nothing is parked."""
    case = uuid4()
    office.tell(VerificationPassedV1(case, "clerk.honghu", now()))
    office.tell(CaseUnresolvedV1(case, (), "没解决", False, now()))
    office.tell(CaseClosedV1(case, True, False, 5, "resident", now()))
    office.tell(WithdrawalRequestedV1(case, uuid4(), None, "重复", "reviewer.sanhe", now(), self_handled=True))
    followed = "SELECT sum(sequence) FROM dispatch.cursor WHERE subject = :case"
    eventually(lambda: office.rows(followed, case=str(case)) == [(4,)])
    assert office.types(case) == []
    assert parked(office, case) == []


def test_what_must_not_happen_is_parked_with_its_reason(office: Office) -> None:
    """A failure that names nobody: that case waits for somebody to look, every other goes on."""
    story = handed_over(office)
    office.tell(VerificationFailedV1(story.case, (), "不合格", "clerk.honghu", now()))
    eventually(lambda: parked(office, story.case) == [("parked", "refused: nothing-to-reopen")])
    assert story.state() == "to_verify"
    assert office.blow().ids


def clock(story: Summoned, name: str, department: str) -> ClockFacts:
    """A department's clock as supervision tells of it."""
    id = UUID(story.ids[department])
    began = datetime.fromisoformat(story.show(department)["clock_from"])
    return ClockFacts(uuid4(), name, str(id), id, department, began, now())


def test_what_lapses_by_supervisions_clock_is_deemed_signed(office: Office) -> None:
    """From the time that it names, told once more or not; what was signed stays as it was signed."""
    story = office.blow()
    story.step("chengguan", "signature")
    at = now()
    for department in ("zhujian", "zhujian", "chengguan"):
        office.tell(SigningLapsedV1(story.case, UUID(story.ids[department]), department, at))
    signed = office.hears(story.case, "assignment.signed.v1", times=2)
    assert (signed["department"], signed["deemed"], datetime.fromisoformat(signed["signed_at"])) == (
        "zhujian",
        True,
        at,
    )
    refused = office.ask("POST", story.path("zhujian", "dispute"), "officer.zhujian", {"legal_basis": "职责规定"})
    assert (refused.status, parked(office, story.case)) == (409, [])


def test_after_supervision_says_that_it_is_overdue_no_more_time_is_asked_for(office: Office) -> None:
    """Only the closing limit bars it; a breach that is withdrawn does not."""
    story, facts, asked = office.blow(), CaseFacts("1", "daily", "E06-01", "cj"), {"minutes": 30, "reason": "等待配件"}
    story.step("zhujian", "signature")

    def ask() -> int:
        return office.ask("POST", story.path("zhujian", "extensions"), "officer.zhujian", asked).status

    close, at = clock(story, "close", "zhujian"), now()
    office.tell(ClockOverdueV1(story.case, facts, clock(story, "report_in", "zhujian"), (), at))
    office.tell(ClockOverdueV1(story.case, facts, close, (), at))
    eventually(lambda: story.show("zhujian")["overdue_at"])
    assert ask() == 409
    office.tell(BreachWithdrawnV1(story.case, facts, close, (), at, at))
    eventually(lambda: story.show("zhujian")["overdue_at"] is None)
    assert ask() == 200


def test_a_summons_that_nobody_confirms_is_announced_again_and_listed(office: Office) -> None:
    """Until notice confirms it: then it is gone from the list and left in peace."""
    story, confirmed = office.blow(), office.blow()
    confirmed.deliver()
    eventually(lambda: take_all(office.broker, "notice.follows.dispatch"))
    unsent = "SELECT count(*) FROM dispatch.unsent"  # a mark that comes later would end the second one, too
    eventually(lambda: office.rows(unsent) == [(0,)], what="the first announcements are marked as sent")
    for case in (story.case, confirmed.case):
        office.let_pass(16, case)

    def came() -> bool:
        return ("case.dispatched.v1", 1, str(story.case)) in take_all(office.broker, "notice.follows.dispatch")

    eventually(came, what="the summons is announced again")
    listed = office.get("/undelivered?limit=200", DISPATCHER)["items"]
    assert {*story.ids.values()} <= {one["assignment"]["id"] for one in listed}
    assert not {*confirmed.ids.values()} & {one["assignment"]["id"] for one in listed}
    story.deliver()
    listed = office.get("/undelivered?limit=200", DISPATCHER)["items"]
    assert not {*story.ids.values()} & {one["assignment"]["id"] for one in listed}


def test_a_department_that_was_let_off_is_not_announced_to_again(office: Office) -> None:
    """Who no longer takes part is not undelivered."""
    story = office.blow()
    office.tell(withdrawal(story.case))
    office.hears(story.case, "dispatch.withdrawn.v1")
    office.let_pass(16, story.case)
    listed = office.get("/undelivered?limit=200", DISPATCHER)["items"]
    assert not {*story.ids.values()} & {one["assignment"]["id"] for one in listed}
