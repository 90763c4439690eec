"""A case on its way through closure's real doors: messages in, requests in, announcements out."""

from datetime import timedelta
from uuid import UUID

from shared.contracts.closure import (
    CaseArchivedV1,
    CaseClosedV1,
    CaseEvaluatedV1,
    CaseUnresolvedV1,
    ClosureWithdrawnV1,
    OutcomePublishedV1,
    VerificationFailedV1,
    VerificationPassedV1,
    WithdrawalRefusedV1,
)
from shared.contracts.dispatch import DispatchWithdrawnV1, WithdrawalForwardedV1
from shared.contracts.intake import CaseRedirectedV1, CaseRefusedV1, CaseWithdrawnV1, WithdrawalRequestedV1
from shared.contracts.supervision import ArchivingDueV1
from tests.component.closure.conftest import Story
from tests.support.deciding import NOON
from tests.unit.closure.desk import CALLER, CLERK, OFFICER, STREET, SUPPORTER

REQUEST = UUID(int=77)


def test_a_case_is_verified_called_back_evaluated_archived_and_published(story: Story) -> None:
    """The way that most cases go, each step announced."""
    story.hand_over()
    assert story.verify().body["state"] == "call_back"
    assert story.call(resolved=None).body["state"] == "call_back"
    assert story.call(resolved=True, satisfaction=4).body["state"] == "closed"
    assert story.score_departments().body["state"] == "closed"
    for officer in (OFFICER, SUPPORTER):
        last = story.do("street-evaluations", officer, {"score": 4})
    assert last.body["state"] == "archived"
    notice = story.do("outcomes", STREET, {"title": "门厅漏水已修复", "text": "王女士家门厅已更换管道"})
    assert (notice.status, notice.body["text"], notice.body["area_name"]) == (201, "某女士家门厅已更换管道", "弘湖社区")

    heard = story.closure.hear
    assert heard(VerificationPassedV1, story.id)[0].verified_by == CLERK.id
    assert heard(CaseClosedV1, story.id)[0].satisfaction == 4
    assert len(heard(CaseEvaluatedV1, story.id, count=4)) == 4
    assert len(heard(CaseArchivedV1, story.id)) == 1
    assert str(heard(OutcomePublishedV1, story.id)[0].notice_id) == notice.body["id"]


def test_a_failed_verification_names_one_department_and_the_second_round_passes(story: Story) -> None:
    """The history keeps both verifications."""
    story.hand_over()
    failed = {"failed": [str(story.support)], "reason": "墙面仍有渗水", "photos": [story.send_photo(STREET)]}
    assert story.do("failed-verifications", STREET, failed).body["state"] == "rework"
    assert story.closure.hear(VerificationFailedV1, story.id)[0].failed == (story.support,)
    story.hand_over(round=2)
    assert story.verify().body["round"] == 2
    assert [one["passed"] for one in story.show().body["verifications"]] == [False, True]


def test_the_resident_closes_the_case_with_the_tracking_code(story: Story) -> None:
    """They see what was done, without names, and that it is their turn."""
    story.hand_over()
    story.verify()
    seen = story.ask_as_resident("/followed").body
    assert (seen["state"], seen["may_answer"], seen["may_appeal"]) == ("call_back", True, False)
    assert {one["department"]: one["measures"] for one in seen["done"]} == {
        "区住建局": "已更换漏水管道",
        "区城管局": "已约谈商户某先生",
    }
    verdict = story.ask_as_resident("/verdicts", resolved=True, satisfaction=5)
    assert (verdict.status, verdict.body["state"]) == (201, "closed")
    seen = story.ask_as_resident("/followed").body
    assert (seen["may_answer"], seen["may_appeal"]) == (False, True)


def test_the_resident_sends_it_back_and_later_appeals(story: Story) -> None:
    """First it was not solved; then it was, but not for long. A second appeal is refused."""
    story.hand_over()
    story.verify()
    assert story.ask_as_resident("/verdicts", resolved=False, remark="还在漏").body["state"] == "rework"
    story.hand_over(round=2)
    story.verify()
    story.ask_as_resident("/verdicts", resolved=True)
    assert story.ask_as_resident("/appeals", reason="又漏水了").body["state"] == "rework"
    reopened = story.closure.hear(CaseUnresolvedV1, story.id, count=2)
    assert [(one.failed, one.appeal) for one in reopened] == [((story.lead,), False), ((story.lead,), True)]
    story.hand_over(round=3)
    story.verify()
    story.ask_as_resident("/verdicts", resolved=True)
    again = story.ask_as_resident("/appeals", reason="还是漏水")
    assert (again.status, again.slug) == (409, "appealed-before")


def test_the_clerk_writes_down_an_appeal(story: Story) -> None:
    """For a reporter who telephones."""
    story.close()
    body = {"reason": "又漏水了", "failed": [str(story.support)]}
    assert story.do("appeals", CALLER, body).body["state"] == "rework"
    assert story.closure.hear(CaseUnresolvedV1, story.id)[0].failed == (story.support,)


def test_who_cannot_be_reached_is_given_up_after_three_contacts(story: Story) -> None:
    """Closed by the street, marked, out of the rates."""
    story.hand_over()
    story.verify()
    for _ in range(2):
        story.call(resolved=None)
    assert story.do("unreached-closings", STREET).slug == "contacts-owed"
    story.call(resolved=None)
    assert story.do("unreached-closings", STREET).body["state"] == "closed"
    assert story.closure.hear(CaseClosedV1, story.id)[0].unreached is True
    assert story.show().body["closings"][0]["unreached"] is True


def test_every_reporter_of_a_merged_case_is_called_back(story: Story) -> None:
    """Each by their own code, each with their own answer; neither hears of the other."""
    story.hand_over()
    neighbour = story.absorb()
    story.verify()
    assert story.call(resolved=True).body["state"] == "call_back"
    assert story.ask_as_resident("/followed").body["may_answer"] is False
    assert neighbour.ask_as_resident("/followed").body["may_answer"] is True
    assert neighbour.ask_as_resident("/verdicts", resolved=True).body["state"] == "closed"
    called = {one["reporter_case"]: len(one["contacts"]) for one in story.show().body["reporters"]}
    assert called == {str(story.id): 1, str(neighbour.id): 1}


def test_what_the_community_solved_itself_is_called_back_too(story: Story) -> None:
    """小事不出社区: not solved means that the community takes it up again, and nobody is named."""
    story.self_handle()
    assert story.ask_as_resident("/followed").body["done"] == [{"department": "", "measures": "社区已清理门厅"}]
    assert story.call(resolved=False).body["state"] == "rework"
    assert story.closure.hear(CaseUnresolvedV1, story.id)[0].failed == ()
    story.self_handle()
    assert story.call(resolved=True).body["state"] == "closed"


def test_a_withdrawal_is_accepted_while_open_and_refused_once_closed(story: Story) -> None:
    """Either way the street's request is answered."""
    story.hand_over()
    story.closure.announce(WithdrawalForwardedV1(story.id, REQUEST, None, "误登", "reviewer.sanhe", NOON))
    assert story.closure.hear(ClosureWithdrawnV1, story.id)[0].request_id == REQUEST
    story.reach("withdrawn")
    closed = Story(story.closure).close()
    closed.closure.announce(WithdrawalForwardedV1(closed.id, REQUEST, None, "误登", "reviewer.sanhe", NOON))
    assert closed.closure.hear(WithdrawalRefusedV1, closed.id)[0].reason == "already-closed"
    assert closed.show().body["state"] == "closed"


def test_a_self_handled_case_is_withdrawn_at_intakes_request(story: Story) -> None:
    """Of a case that dispatch has, closure hears from dispatch instead."""
    story.self_handle()
    request = WithdrawalRequestedV1(story.id, REQUEST, None, "误登", "reviewer.sanhe", NOON, self_handled=False)
    story.closure.announce(request)
    request = WithdrawalRequestedV1(story.id, REQUEST, None, "误登", "reviewer.sanhe", NOON, self_handled=True)
    story.closure.announce(request)
    assert len(story.closure.hear(ClosureWithdrawnV1, story.id)) == 1


def test_an_end_that_others_decided_is_followed(story: Story) -> None:
    """By dispatch in the middle of rework; by intake or review for what the community took up again."""
    for end in (
        lambda id: DispatchWithdrawnV1(id, None, "误登", "reviewer.sanhe", NOON),
        lambda id: CaseWithdrawnV1(id, None, "误登", "reviewer.sanhe", NOON),
        lambda id: CaseRefusedV1(id, "不属职责", "reviewer.sanhe", NOON),
        lambda id: CaseRedirectedV1(id, "诉讼", "民事纠纷", "reviewer.sanhe", NOON),
    ):
        one = Story(story.closure)
        one.self_handle()
        one.call(resolved=False)
        one.closure.announce(end(one.id))
        one.reach("withdrawn")


def test_what_must_not_happen_is_parked_and_other_cases_go_on(story: Story) -> None:
    """A withdrawal of a case that was never handed over waits for somebody to look, with its reason."""
    story.closure.announce(WithdrawalForwardedV1(story.id, REQUEST, None, "误登", "reviewer.sanhe", NOON))
    Story(story.closure).close()
    sql = "SELECT state, reason FROM closure.parked WHERE subject = :subject"
    assert story.closure.rows(sql, subject=str(story.id)) == [("parked", "refused: not-found")]


def test_what_nobody_evaluated_is_archived_when_supervision_says_that_it_is_time(story: Story) -> None:
    """The time since a closing before this one says nothing."""
    story.close()
    sql = "SELECT closed_at FROM closure.case WHERE id = :id"
    [(closed_at,)] = story.closure.rows(sql, id=story.id)
    story.closure.announce(ArchivingDueV1(story.id, closed_at - timedelta(days=1), NOON))
    story.closure.announce(ArchivingDueV1(story.id, closed_at, NOON))
    assert len(story.closure.hear(CaseArchivedV1, story.id)) == 1
    assert story.show().body["state"] == "archived"
