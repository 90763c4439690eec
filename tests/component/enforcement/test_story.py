"""A record from its opening to its end over real HTTP, with real files, as officers and those who watch see it."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image

from shared.contracts.dispatch import (
    AssignmentFedBackV1,
    CaseReopenedV1,
    DispatchWithdrawnV1,
    Summons,
)
from tests.component.enforcement.conftest import NOON, Doors
from tests.support import samples
from tests.support.eventually import eventually

SPOT = {"address": "西湖春天 3 幢二楼", "longitude": 120.155, "latitude": 30.274}
VISIT = {"present": ["chen", "lin"], "spot": SPOT, "findings": "二楼卫生间向门厅渗漏"}
CHECK = {**VISIT, "violation": True, "certificates_shown": True}
UNTIL = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
ORDER = {"party": "某餐饮店", "text": "三日内修复渗漏管道", "until": UNTIL}
WHY = {"reason": "复查合格，准予了结"}


def upload(doors: Doors, content: bytes, by: str = "chen", name: str = "") -> Any:
    """A file that somebody sent in."""
    return doors.done("POST", f"/uploads?name={name}", by, body=content)


def add(doors: Doors, record: Any, content: bytes, by: str = "chen", source: str = "officer") -> Any:
    """A piece of evidence."""
    sent = upload(doors, content, by, "scene.jpg")
    body = {"upload_id": sent["id"], "description": "渗漏点近照", "source": source, "taken_at": NOON.isoformat()}
    return doors.done("POST", f"/records/{record['id']}/evidence", by, {**body, "spot": SPOT})


def test_the_leak_is_checked_ordered_re_checked_and_concluded(doors: Doors) -> None:
    """Not rectified at first, ordered again, then rectified; each answer shows the record as it stands."""
    record = doors.open()
    at = f"/records/{record['id']}"
    assert (record["state"], [one["certificate"] for one in record["officers"]]) == ("opened", ["ZF-001", "ZF-002"])
    assert doors.done("POST", f"{at}/checks", "chen", CHECK)["state"] == "violation_found"
    assert doors.done("POST", f"{at}/orders", "lin", ORDER)["state"] == "ordered"
    failed = doors.done("POST", f"{at}/rechecks", "chen", {**VISIT, "rectified": False})
    assert (failed["state"], failed["orders"][0]["recheck"]["rectified"]) == ("not_rectified", False)
    assert doors.done("POST", f"{at}/orders", "chen", ORDER)["state"] == "ordered"
    assert doors.done("POST", f"{at}/rechecks", "chen", {**VISIT, "rectified": True})["state"] == "rectified"
    ended = doors.done("POST", f"{at}/conclusion", "chen", WHY)
    assert (ended["state"], ended["conclusion"]["outcome"], ended["version"]) == ("concluded", "rectified", 7)
    assert doors.done("GET", at, "lin") == ended
    types = [row.type for row in doors.service.rows(outbox_of(record))]
    assert types == [
        "record.opened.v1",
        "record.checked.v1",
        "rectification.ordered.v1",
        "rectification.checked.v1",
        "rectification.ordered.v1",
        "rectification.checked.v1",
        "record.concluded.v1",
    ]


def outbox_of(record: Any) -> str:
    """What was announced about the record's case, in order."""
    return f"SELECT type, data FROM enforcement.outbox WHERE subject = '{record['case_id']}' ORDER BY sequence"


def test_nothing_found_is_concluded_and_another_matter_transferred(doors: Doors) -> None:
    """The two other ends."""
    clean = doors.open()
    doors.done("POST", f"/records/{clean['id']}/checks", "chen", {**CHECK, "violation": False})
    ended = doors.done("POST", f"/records/{clean['id']}/conclusion", "chen", {"reason": "未发现渗漏"})
    assert ended["conclusion"]["outcome"] == "nothing_found"
    other = doors.open()
    body = {"to": "shichang", "reason": "不在本队事项清单内"}
    moved = doors.done("POST", f"/records/{other['id']}/transfer", "chen", body)
    assert (moved["state"], moved["conclusion"]["to"]) == ("transferred", "shichang")


def test_an_officer_steps_back_for_another(doors: Doors) -> None:
    """The one who stepped back acts no more."""
    record = doors.open()
    at = f"/records/{record['id']}"
    body = {"officer": "lin", "reason": "与当事人有亲属关系", "replacement": "wu"}
    changed = doors.done("POST", f"{at}/recusals", "chen", body)
    assert [one["id"] for one in changed["officers"]] == ["chen", "wu"]
    refused = doors.ask("POST", f"{at}/checks", "lin", CHECK)
    assert (refused.status, refused.slug) == (403, "not-on-the-record")


def test_an_illegal_step_is_a_conflict_in_the_reader_s_language(doors: Doors) -> None:
    """The state and the step are named as people call them."""
    record = doors.open()
    refused = doors.ask("POST", f"/records/{record['id']}/orders", "chen", ORDER, Accept_Language="zh")
    assert (refused.status, refused.slug) == (409, "illegal-transition")
    assert refused.body["detail"] == "处于“已立卷”状态时不能“责令改正”。"


def test_a_stale_version_is_a_conflict(doors: Doors) -> None:
    """Two officers of one record, and the second has not seen what the first wrote."""
    record = doors.open()
    at = f"/records/{record['id']}/checks"
    assert doors.ask("POST", at, "chen", CHECK, If_Match='"1"').status == 201
    assert doors.ask("POST", at, "lin", CHECK, If_Match='"1"').slug == "stale-version"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"officers": ["chen"]}, "officers"),
        ({"officers": ["chen", "chen"]}, "officers"),
        ({"officers": ["chen", "gao"]}, "officers.1"),
    ],
)
def test_fewer_than_two_certified_officers_are_refused(doors: Doors, body: Any, field: str) -> None:
    """The field that is wrong is named."""
    assignment = doors.open()["assignment_id"]
    refused = doors.ask("POST", "/records", "chen", {"assignment_id": assignment, **body})
    assert refused.status == 422
    assert [error["field"] for error in refused.body["errors"]] == [field]


class TestEvidence:
    """Files as they were received, who read them, and what they may be used for."""

    def test_a_photo_keeps_its_bytes_its_digest_and_its_kind(self, doors: Doors) -> None:
        """Whatever Content-Type it was sent with; the department reads it as it came."""
        record, photo = doors.open(), samples.photo("teal")
        evidence = add(doors, record, photo)
        facts = (evidence["sha256"], evidence["size"], evidence["content_type"], evidence["kind"], evidence["use"])
        assert facts == (hashlib.sha256(photo).hexdigest(), len(photo), "image/jpeg", "photo", "evidence")
        read = doors.ask("GET", f"/evidence/{evidence['id']}/file", "wu")
        assert (read.status, read.raw, read.headers["Content-Type"]) == (200, photo, "image/jpeg")
        assert read.headers["X-Content-Type-Options"] == "nosniff"
        assert read.headers["Content-Disposition"].startswith('attachment; filename="scene.jpg"')

    def test_the_street_reads_it_without_the_place_and_the_camera(self, doors: Doors) -> None:
        """A rendition of the same picture."""
        evidence = add(doors, doors.open(), samples.photo("salmon"))
        read = doors.ask("GET", f"/evidence/{evidence['id']}/file", "street")
        shown = Image.open(io.BytesIO(read.raw))
        assert (read.status, shown.size, dict(shown.getexif())) == (200, (64, 48), {})
        assert samples.CAMERA.encode() not in read.raw

    def test_clips_and_documents_are_evidence_too(self, doors: Doors) -> None:
        """Each told by its content."""
        record = doors.open()
        assert add(doors, record, samples.clip())["content_type"] == "video/mp4"
        assert add(doors, record, samples.PDF)["kind"] == "document"
        listed = doors.done("GET", f"/records/{record['id']}/evidence?limit=1", "chen")
        assert [one["kind"] for one in listed["items"]] == ["document"]
        following = doors.done("GET", f"/records/{record['id']}/evidence?limit=1&after={listed['next']}", "chen")
        assert ([one["kind"] for one in following["items"]], following["next"]) == (["clip"], None)

    def test_every_reading_is_in_the_chain_of_custody(self, doors: Doors) -> None:
        """From the receipt on: who did what, the latest first."""
        evidence = add(doors, doors.open(), samples.photo("olive"), source="camera")
        at = f"/evidence/{evidence['id']}"
        doors.ask("GET", f"{at}/file", "wu")
        doors.ask("GET", f"{at}/file", "street")
        doors.done("POST", f"{at}/review", "lin", {"use": "evidence", "reason": "法制和技术审核通过"})
        chain = doors.done("GET", f"{at}/custody", "chen")["items"]
        assert [(one["handling"], one["by"]) for one in chain] == [
            ("reviewed", "lin"),
            ("read_rendition", "street"),
            ("read_original", "wu"),
            ("added", "chen"),
            ("received", "chen"),
        ]
        assert chain == sorted(chain, key=lambda one: str(one["at"]), reverse=True)

    def test_a_camera_s_frame_is_a_lead_until_another_officer_reviewed_it(self, doors: Doors) -> None:
        """Article 41."""
        evidence = add(doors, doors.open(), samples.photo("indigo"), source="camera")
        at, body = f"/evidence/{evidence['id']}/review", {"use": "evidence", "reason": "法制和技术审核通过"}
        assert evidence["use"] == "lead"
        assert doors.ask("POST", at, "chen", body).status == 403
        assert doors.done("POST", at, "lin", body)["use"] == "evidence"

    def test_the_same_file_is_added_to_a_record_once(self, doors: Doors) -> None:
        """The second time it is there already."""
        record, photo = doors.open(), samples.photo("gold")
        add(doors, record, photo)
        sent = upload(doors, photo)
        body = {"upload_id": sent["id"], "description": "同一张", "source": "officer"}
        refused = doors.ask("POST", f"/records/{record['id']}/evidence", "chen", body)
        assert (refused.status, refused.slug) == (409, "already-exists")

    def test_nobody_adds_what_another_sent(self, doors: Doors) -> None:
        """An upload's id is not enough."""
        sent = upload(doors, samples.photo("plum"), by="lin")
        body = {"upload_id": sent["id"], "description": "他人照片", "source": "officer"}
        assert doors.ask("POST", f"/records/{doors.open()['id']}/evidence", "chen", body).status == 404

    @pytest.mark.parametrize(
        "content", [b"#!/bin/sh\n", b"<html></html>", samples.photo()[:50], b"", samples.word(macros=True)]
    )
    def test_other_content_is_refused(self, doors: Doors, content: bytes) -> None:
        """415, with what is allowed."""
        refused = doors.ask("POST", "/uploads", "chen", body=content, Content_Type="image/jpeg")
        assert (refused.status, refused.slug) == (415, "wrong-kind-of-file")
        assert "image/heic" in refused.body["detail"]

    def test_a_file_that_says_it_is_too_large_is_refused_at_once(self, doors: Doors) -> None:
        """Before it is sent."""
        refused = doors.ask("POST", "/uploads", "chen", body=b"x", Content_Length="200000001", Connection="close")
        assert (refused.status, refused.slug) == (413, "too-large")

    def test_a_photo_longer_than_photos_may_be_is_refused(self, doors: Doors) -> None:
        """30 MB for a photo; what comes after its end counts as well."""
        refused = doors.ask("POST", "/uploads", "chen", body=samples.photo() + bytes(30_000_000))
        assert (refused.status, refused.slug) == (413, "too-large")

    def test_the_database_lets_nobody_change_what_was_received_or_entered(self, doors: Doors) -> None:
        """Not even whoever has the database in hands, short of taking its triggers away."""
        evidence = add(doors, doors.open(), samples.photo("navy"))
        for statement in (
            f"UPDATE enforcement.evidence SET sha256 = 'x' WHERE id = '{evidence['id']}' RETURNING 1",
            f"DELETE FROM enforcement.evidence WHERE id = '{evidence['id']}' RETURNING 1",
            f"UPDATE enforcement.custody SET by = 'x' WHERE evidence_id = '{evidence['id']}' RETURNING 1",
            f"DELETE FROM enforcement.custody WHERE evidence_id = '{evidence['id']}' RETURNING 1",
        ):
            with pytest.raises(Exception, match="stays as it is"):
                doors.service.rows(statement)

    def test_nothing_personal_is_announced(self, doors: Doors) -> None:
        """Neither party nor address, description, file name or certificate is in any event."""
        record = doors.open()
        doors.done("POST", f"/records/{record['id']}/checks", "chen", CHECK)
        doors.done("POST", f"/records/{record['id']}/orders", "chen", ORDER)
        add(doors, record, samples.photo("khaki"))
        said = "".join(bytes(row.data).decode() for row in doors.service.rows(outbox_of(record)))
        for secret in ("某餐饮店", "西湖春天", "渗漏", "scene.jpg", "ZF-001"):
            assert secret not in said


class TestFollowing:
    """Who may open a record follows from what dispatch announces."""

    def test_a_record_waits_for_the_report_in(self, doors: Doors) -> None:
        """Summoned is not on site."""
        assignment = doors.summon("chengguan", reported_in=False)["chengguan"]
        body = {"assignment_id": str(assignment), "officers": ["chen", "lin"]}

        def known() -> Any:
            answer = doors.ask("POST", "/records", "chen", body)
            return answer.status == 409 and answer

        assert eventually(known).body["detail"] == 'While it is "summoned" one cannot "open a record".'

    @pytest.mark.parametrize("end", ["fed back", "withdrawn"])
    def test_it_is_too_late_afterwards_until_the_case_is_reopened(self, doors: Doors, end: str) -> None:
        """Open records go on; new ones need an assignment that is under way."""
        record = doors.open()
        case, assignment = UUID(record["case_id"]), UUID(record["assignment_id"])
        over = {
            "fed back": AssignmentFedBackV1(case, assignment, "chengguan", "chen", "已修复", 1, NOON),
            "withdrawn": DispatchWithdrawnV1(case, None, "重复", "street", NOON),
        }
        doors.service.announce(over[end])
        body = {"assignment_id": str(assignment), "officers": ["chen", "lin"]}
        eventually(lambda: doors.ask("POST", "/records", "chen", body).status == 409)
        assert doors.ask("POST", f"/records/{record['id']}/checks", "chen", CHECK).status == 201
        if end == "fed back":
            again = (Summons(assignment, "chengguan", "城管", "lead", 300),)
            doors.service.announce(CaseReopenedV1(case, again, "未修好", 2, NOON))
            doors.open(assignment=assignment)

    def test_an_unknown_assignment_is_not_found(self, doors: Doors) -> None:
        """404."""
        body = {"assignment_id": str(uuid4()), "officers": ["chen", "lin"]}
        assert doors.ask("POST", "/records", "chen", body).status == 404


class TestWhoSees:
    """A department sees its own records, a supervisor those of their area, nobody else any."""

    def test_lists_are_each_reader_s_own(self, doors: Doors) -> None:
        """The same record is there for its department and its street only."""
        record = doors.open()
        at = f"/records?case_id={record['case_id']}"
        seen = {by: doors.done("GET", at, by)["items"] for by in ("chen", "wu", "street", "gao", "elsewhere")}
        assert {by: len(items) for by, items in seen.items()} == {
            "chen": 1,
            "wu": 1,
            "street": 1,
            "gao": 0,
            "elsewhere": 0,
        }
        assert doors.ask("GET", at, "clerk").status == 403
        assert doors.ask("GET", at).status == 401

    def test_lists_can_be_narrowed_and_go_on_page_by_page(self, doors: Doors) -> None:
        """By state and assignment; the last opened first."""
        first = doors.open()
        second = doors.open(assignment=UUID(first["assignment_id"]))
        at = f"/records?assignment_id={first['assignment_id']}&state=opened&limit=1"
        page = doors.done("GET", at, "chen")
        assert [one["id"] for one in page["items"]] == [second["id"]]
        following = doors.done("GET", f"{at}&after={page['next']}", "chen")
        assert ([one["id"] for one in following["items"]], following["next"]) == ([first["id"]], None)

    def test_a_list_of_what_is_open_tells_how_many_leads_each_reader_may_review(self, doors: Doors) -> None:
        """Not their own, none after a recusal or a review; with the number and category of the case."""
        record = doors.open()
        at = f"/records?assignment_id={record['assignment_id']}"
        lead = add(doors, record, samples.photo("peru"), source="camera")
        add(doors, record, samples.photo("pink"))

        def waiting(*readers: str) -> list[int]:
            return [doors.done("GET", f"{at}&open=true", by)["items"][0]["to_review"] for by in readers]

        [row] = doors.done("GET", at, "lin")["items"]
        assert (row["number"], row["category"]) == ("CJ-1", "loushui")
        assert waiting("chen", "lin", "wu", "street") == [0, 1, 1, 1]
        body = {"officer": "lin", "reason": "与当事人有亲属关系", "replacement": "wu"}
        doors.done("POST", f"/records/{record['id']}/recusals", "lin", body)
        assert waiting("lin", "wu") == [0, 1]
        refused = doors.ask("POST", f"/evidence/{lead['id']}/review", "lin", {"use": "evidence", "reason": "审核通过"})
        assert (refused.status, refused.slug) == (403, "stepped-back")
        doors.done("POST", f"/evidence/{lead['id']}/review", "wu", {"use": "evidence", "reason": "审核通过"})
        assert waiting("wu") == [0]
        doors.done("POST", f"/records/{record['id']}/transfer", "chen", {"to": "shichang", "reason": "不归本队"})
        assert doors.done("GET", f"{at}&open=true", "chen")["items"] == []
        assert [one["state"] for one in doors.done("GET", f"{at}&open=false", "chen")["items"]] == ["transferred"]

    def test_another_department_is_refused_everywhere(self, doors: Doors) -> None:
        """Reads are not found, steps are forbidden, and nothing is entered in the chain of custody."""
        record = doors.open()
        evidence = add(doors, record, samples.photo("coral"))
        at, piece = f"/records/{record['id']}", f"/evidence/{evidence['id']}"
        for path in (at, f"{at}/evidence", piece, f"{piece}/custody"):
            assert doors.ask("GET", path, "gao").status == 404
        sent = upload(doors, samples.photo("tan"), by="gao")
        steps: dict[str, Any] = {
            f"{at}/checks": {**CHECK, "present": ["gao", "he"]},
            f"{at}/orders": ORDER,
            f"{at}/rechecks": {**VISIT, "rectified": True},
            f"{at}/recusals": {"officer": "chen", "reason": "不合适"},
            f"{at}/conclusion": WHY,
            f"{at}/transfer": {"to": "zhujian", "reason": "不归我管"},
            f"{at}/evidence": {"upload_id": sent["id"], "description": "别的照片", "source": "officer"},
            f"{piece}/review": {"use": "lead", "reason": "不合格"},
            "/records": {"assignment_id": record["assignment_id"], "officers": ["gao", "he"]},
        }
        for path, body in steps.items():
            assert doors.ask("POST", path, "gao", body).status == 403, path
        assert doors.ask("GET", f"{piece}/file", "gao").status == 403
        assert len(doors.done("GET", f"{piece}/custody", "chen")["items"]) == 2

    def test_what_does_not_exist_is_not_found(self, doors: Doors) -> None:
        """For reads and steps alike."""
        assert doors.ask("GET", f"/records/{uuid4()}", "chen").status == 404
        assert doors.ask("GET", f"/evidence/{uuid4()}/file", "chen").status == 404
        assert doors.ask("POST", f"/records/{uuid4()}/conclusion", "chen", WHY).status == 404


def test_the_same_upload_again_is_answered_with_the_first_answer(doors: Doors) -> None:
    """A phone that lost the answer sends the photo again, under the same key; another photo under it is refused."""
    photo = samples.photo("lime")
    first = doors.ask("POST", "/uploads", "chen", body=photo, Idempotency_Key="photo-1")
    again = doors.ask("POST", "/uploads", "chen", body=photo, Idempotency_Key="photo-1")
    other = doors.ask("POST", "/uploads", "chen", body=samples.photo("red"), Idempotency_Key="photo-1")
    assert (again.status, again.raw) == (first.status, first.raw)
    assert (other.status, other.slug) == (422, "idempotency-key-reused")
