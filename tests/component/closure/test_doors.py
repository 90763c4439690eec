"""Who sees what of a case, what is refused and how, and what everybody may read."""

from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace
from sqlalchemy import create_engine

from services.closure.store.queries import named_files
from shared.access.actor import Actor
from shared.contracts.closure import CaseClosedV1
from tests.component.closure.conftest import Story
from tests.support.eventually import eventually
from tests.support.one_service import OneService
from tests.support.samples import CAMERA, PDF, photo
from tests.unit.closure.desk import ABSENT, CALLER, CLERK, CONDITION, OFFICER, STREET, SUPPORTER

ELSEWHERE = replace(CLERK, id="clerk.liuxi", area="cj.sanhe.liuxi")


@pytest.fixture
def handed_over(story: Story) -> Story:
    """A case to be verified."""
    story.hand_over()
    return story


@pytest.fixture
def to_call_back(handed_over: Story) -> Story:
    """A case to be called back."""
    assert handed_over.verify().status == 201
    return handed_over


class TestWhatIsSeen:
    """Each within their area or department."""

    def test_the_verifier_sees_what_was_done_and_what_must_hold(self, handed_over: Story) -> None:
        """The departments' feedback beside the category's closing condition."""
        shown = handed_over.show().body
        assert shown["closing_condition"] == CONDITION
        assert [(one["department"], one["measures"]) for one in shown["parts"]] == [
            ("zhujian", "已更换漏水管道"),
            ("chengguan", "已约谈商户李先生"),
        ]
        assert [one["reporter_case"] for one in shown["reporters"]] == [str(handed_over.id)]

    def test_a_department_sees_its_own_part_and_nobody_who_complained(self, to_call_back: Story) -> None:
        """The case's facts, no reporters, no other department's part or score."""
        to_call_back.call(resolved=True, remark="王女士说好了")
        to_call_back.score_departments()
        shown = to_call_back.show(SUPPORTER).body
        assert [one["department"] for one in shown["parts"]] == ["chengguan"]
        assert [(one["department"], one["score"]) for one in shown["evaluations"]] == [("chengguan", 3)]
        assert shown["reporters"] == []
        assert to_call_back.show().body["reporters"][0]["contacts"][0]["remark"] == "某女士说好了"

    @pytest.mark.parametrize("stranger", [ELSEWHERE, ABSENT], ids=lambda one: one.id)
    def test_what_one_may_not_see_is_not_there(self, handed_over: Story, stranger: Actor) -> None:
        """Not found, rather than forbidden; and not in any list."""
        assert handed_over.show(stranger).status == 404
        assert str(handed_over.id) not in [one["id"] for one in listed(handed_over.closure, stranger)]

    def test_lists_are_filtered_by_state_and_area(self, handed_over: Story) -> None:
        """An area holds everything in it."""
        closure = handed_over.closure
        assert str(handed_over.id) in [one["id"] for one in listed(closure, STREET, "state=to_verify&area=cj.sanhe")]
        assert str(handed_over.id) not in [one["id"] for one in listed(closure, STREET, "state=closed")]
        assert listed(closure, STREET, "area=cj.other") == []

    def test_a_list_goes_on_where_its_page_ended(self, closure: OneService) -> None:
        """Page by page everything comes once, the latest first."""
        for _ in range(3):
            Story(closure).hand_over()
        whole = [one["id"] for one in listed(closure, STREET)]
        pages, after = [], ""
        while True:
            page = closure.ask("GET", f"/cases?limit=2&after={after}", STREET).body
            pages += [one["id"] for one in page["items"]]
            after = page["next"]
            if after is None:
                break
        assert pages == whole
        assert len(pages) >= 3

    def test_a_cursor_that_was_not_given_out_is_refused(self, closure: OneService) -> None:
        """Whatever it holds."""
        for cursor in ("nonsense", "WzFd", "W251bGwsbnVsbF0", "eyJhIjoxfQ"):
            answer = closure.ask("GET", f"/cases?after={cursor}", STREET)
            assert (answer.status, answer.body["errors"][0]["field"]) == (422, "after")


class TestWhoMay:
    """The policy, through the doors."""

    def test_nobody_verifies_what_their_own_unit_handled(self, handed_over: Story) -> None:
        """A supervisor who belongs to a summoned department is refused as well."""
        insider = replace(STREET, department="zhujian")
        body = {"photos": [handed_over.send_photo(insider)], "condition_met": True}
        assert handed_over.do("passed-verifications", insider, body).status == 403

    @pytest.mark.parametrize(
        ("what", "body"),
        [
            ("passed-verifications", {"photos": [str(uuid4())], "condition_met": True}),
            ("failed-verifications", {"failed": [str(uuid4())], "reason": "仍在漏"}),
            ("callbacks", {"reached": False}),
            ("unreached-closings", None),
            ("appeals", {"reason": "又漏水了"}),
            ("department-evaluations", {"scores": [{"department": "zhujian", "score": 5}]}),
            ("outcomes", {"title": "公示", "text": "已修复"}),
        ],
    )
    def test_an_officer_does_none_of_it(self, handed_over: Story, what: str, body: Any) -> None:
        """Whoever handled a case does not judge it."""
        assert handed_over.do(what, OFFICER, body).status == 403

    def test_without_a_token_only_the_tracking_code_helps(self, handed_over: Story) -> None:
        """A staff address stays closed, also to who knows the case's id."""
        closure = handed_over.closure
        assert closure.ask("GET", f"/cases/{handed_over.id}").status == 401
        assert closure.ask("POST", f"/cases/{handed_over.id}/appeals", body={"reason": "又漏水了"}).status == 401
        assert closure.ask("POST", f"/cases/{handed_over.id}/callbacks", body={"reached": False}).status == 401

    def test_a_wrong_code_finds_nothing(self, to_call_back: Story) -> None:
        """Neither to read nor to answer nor to appeal."""
        thief = Story(to_call_back.closure)
        assert thief.ask_as_resident("/followed").status == 404
        assert thief.ask_as_resident("/verdicts", resolved=True).status == 404
        assert thief.ask_as_resident("/appeals", reason="不满意").status == 404

    def test_a_code_may_be_typed_as_people_type(self, to_call_back: Story) -> None:
        """In groups, and in small letters."""
        code = to_call_back.code.lower()
        to_call_back.code = f" {code[:8]}-{code[8:16]} {code[16:]}"
        assert to_call_back.ask_as_resident("/followed").body["may_answer"] is True


class TestWhatIsRefused:
    """Problems that say what is wrong."""

    def test_a_verification_without_proof(self, handed_over: Story) -> None:
        """No photo, an unknown photo, the condition not met: each is named."""
        nothing = handed_over.do("passed-verifications", CLERK, {"photos": [], "condition_met": True})
        assert (nothing.status, nothing.body["errors"][0]["field"]) == (422, "photos")
        unknown = handed_over.do("passed-verifications", CLERK, {"photos": [str(uuid4())], "condition_met": True})
        assert (unknown.status, unknown.slug) == (422, "photo-unknown")
        unmet = {"photos": [handed_over.send_photo()], "condition_met": False}
        assert handed_over.do("passed-verifications", CLERK, unmet).slug == "closing-condition-not-met"
        assert handed_over.show().body["state"] == "to_verify"

    def test_an_answer_of_somebody_who_was_not_reached(self, to_call_back: Story) -> None:
        """And a reporter who was reached and did not answer."""
        wrong = to_call_back.do("callbacks", CALLER, {"reached": False, "resolved": True})
        assert (wrong.status, wrong.body["errors"][0]["field"]) == (422, "reached")
        wrong = to_call_back.do("callbacks", CALLER, {"reached": True, "satisfaction": 6})
        assert (wrong.status, wrong.body["errors"][0]["field"]) == (422, "satisfaction")
        wrong = to_call_back.do("callbacks", CALLER, {"reached": True})
        assert (wrong.status, wrong.body["errors"][0]["field"]) == (422, "resolved")

    def test_an_action_in_the_wrong_state(self, handed_over: Story) -> None:
        """In the reader's words."""
        wrong = handed_over.do("callbacks", CALLER, {"reached": False}, Accept_Language="zh")
        assert (wrong.status, wrong.slug) == (409, "illegal-transition")
        assert wrong.body["detail"] == "处于“待核查”状态时不能“登记回访”。"

    def test_a_stale_version(self, to_call_back: Story) -> None:
        """If-Match names what was read."""
        stale = to_call_back.do("callbacks", CALLER, {"reached": False}, If_Match='"1"')
        assert (stale.status, stale.slug) == (409, "stale-version")
        fresh = to_call_back.show().headers["ETag"]
        assert to_call_back.do("callbacks", CALLER, {"reached": False}, If_Match=fresh).status == 201

    def test_a_case_that_does_not_exist(self, closure: OneService) -> None:
        """404, whoever asks."""
        nobody = Story(closure)
        assert nobody.show().status == 404
        assert nobody.call(resolved=True).status == 404

    def test_one_request_sent_twice_takes_effect_once(self, to_call_back: Story) -> None:
        """The second gets the first answer."""
        key = uuid4().hex
        first = to_call_back.do("callbacks", CALLER, {"reached": True, "resolved": True}, Idempotency_Key=key)
        again = to_call_back.do("callbacks", CALLER, {"reached": True, "resolved": True}, Idempotency_Key=key)
        assert (first.status, first.body) == (again.status, again.body)
        assert len(to_call_back.closure.hear(CaseClosedV1, to_call_back.id)) == 1


class TestPhotos:
    """Photos from the site."""

    def test_staff_and_the_summoned_departments_see_them_without_the_camera(self, to_call_back: Story) -> None:
        """What a photo tells of place and camera stays behind."""
        closure = to_call_back.closure
        sent = to_call_back.show().body["verifications"][0]["photos"][0]
        for reader in (CALLER, SUPPORTER):
            answer = closure.ask("GET", f"/photos/{sent}", reader)
            assert (answer.status, answer.headers["Content-Type"]) == (200, "image/jpeg")
            assert CAMERA.encode() not in answer.raw
        assert CAMERA.encode() in photo()

    def test_others_do_not(self, to_call_back: Story) -> None:
        """Nor does anybody but the sender before a verification names it."""
        closure = to_call_back.closure
        sent = to_call_back.show().body["verifications"][0]["photos"][0]
        assert closure.ask("GET", f"/photos/{sent}", ELSEWHERE).status == 404
        loose = to_call_back.send_photo(CLERK)
        assert closure.ask("GET", f"/photos/{loose}", STREET).status == 404
        assert closure.ask("GET", f"/photos/{loose}", CLERK).status == 200

    def test_only_what_shows_a_case_is_kept(self, to_call_back: Story) -> None:
        """A photo that no verification named may be swept."""
        loose = to_call_back.closure.ask("POST", "/photos", CLERK, photo("red"), Content_Type="image/jpeg").body[
            "sha256"
        ]
        shown = to_call_back.closure.rows("SELECT sha256 FROM closure.photo WHERE case_id = :id", id=to_call_back.id)
        engine = create_engine(to_call_back.closure.database)
        try:
            with engine.connect() as connection:
                assert named_files(connection, [loose, shown[0][0]]) == {shown[0][0]}
        finally:
            engine.dispose()

    def test_a_document_is_no_photo(self, closure: OneService) -> None:
        """Whatever its sender calls it."""
        answer = closure.ask("POST", "/photos?name=a.jpg", CLERK, PDF, Content_Type="image/jpeg")
        assert (answer.status, answer.slug) == (422, "not-a-photo")


class TestPublicNotices:
    """Readable without an account."""

    def test_everybody_reads_them_until_the_case_is_reopened(self, story: Story) -> None:
        """And again when its new outcome is published."""
        story.close()
        body = {"title": "门厅漏水已修复", "text": "住2单元501室的住户13812345678反映的漏水已修复"}
        assert story.do("outcomes", CALLER, body).status == 201
        notices = published(story)
        assert [one["text"] for one in notices] == ["住某户的住户***反映的漏水已修复"]
        assert (notices[0]["area"], notices[0]["area_name"]) == ("cj.sanhe.honghu", "弘湖社区")
        assert story.do("outcomes", CALLER, body).slug == "published-before"
        story.ask_as_resident("/appeals", reason="又漏水了")
        eventually(lambda: not published(story), what="the notice is gone")

    def test_they_are_listed_by_area(self, story: Story) -> None:
        """The district's list holds the community's."""
        story.close()
        story.do("outcomes", STREET, {"title": f"漏水已修复 {story.code}", "text": "已更换管道"})
        assert published(story, "&area=cj")
        assert not published(story, "&area=cj.sanhe.liuxi")


def listed(closure: OneService, by: Actor, query: str = "") -> list[Any]:
    """The first page of cases."""
    items: list[Any] = closure.ask("GET", f"/cases?limit=200&{query}", by).body["items"]
    return items


def published(story: Story, query: str = "") -> list[Any]:
    """The public notices about this case, read by nobody in particular."""
    rows = story.closure.rows("SELECT id::text FROM closure.outcome WHERE case_id = :id", id=story.id)
    ours = {row[0] for row in rows}
    answer = story.closure.ask("GET", f"/outcomes?limit=200{query}")
    return [one for one in answer.body["items"] if one["id"] in ours]
