"""Who learns who complained: their own community, and whoever must call them, on record. Nobody and nothing else."""

import json
from io import BytesIO
from typing import Any
from uuid import UUID

import msgspec
import pytest
from PIL import Image
from sqlalchemy.exc import IntegrityError

from shared.contracts import registry
from shared.contracts.intake import (
    CaseRegisteredV1,
    CaseReturnedV1,
    CaseSelfHandledV1,
    CaseSubmittedV1,
    CaseWhistledV1,
    WithdrawalRequestedV1,
)
from tests.component.intake.conftest import CELL, REPORTER, SECRETS, Desk
from tests.support.eventually import eventually
from tests.support.samples import CAMERA, photo

ANNOUNCED = (
    CaseRegisteredV1,
    CaseSubmittedV1,
    CaseReturnedV1,
    CaseWhistledV1,
    CaseSelfHandledV1,
    WithdrawalRequestedV1,
)


def an_officer_of(desk: Desk, department: str) -> str:
    """Somebody of this department."""
    return next(one.id for one in desk.town.people if one.department == department and "officer" in one.roles)


def test_the_community_reads_everything_and_the_street_reads_it_masked(desk: Desk) -> None:
    """Description, reporter and home."""
    case = desk.register(home=True)
    clear = desk.ask("GET", f"/cases/{case['id']}", "clerk.honghu").body
    assert (clear["clear"], clear["reporter"]) == (True, REPORTER)
    assert "张建国" in clear["description"]
    assert clear["place"]["address"] == "西湖春天小区入口大厅"
    for login in ("reviewer.sanhe", "supervisor.sanhe", "callback.sanhe", "supervisor.chunjiang"):
        shown = desk.ask("GET", f"/cases/{case['id']}", login).body
        assert shown["clear"] is False
        assert shown["reporter"] == {"name": "张**", "phone": "138********", "address": "***"}
        assert shown["description"] == shown["case"]["summary"] == "我是***，二楼饭店厕所漏水到大厅，回电***"
        assert shown["place"] == {"area": CELL, "longitude": None, "latitude": None, "address": ""}


def test_no_answer_to_others_no_event_and_no_log_line_tells_who_complained(desk: Desk) -> None:
    """Whatever staff write into reasons and measures."""
    told: list[str] = []
    case = desk.register()
    reviewed = {"reason": "张建国（138 0013 8000）住西湖春天9栋301，请补充照片"}
    desk.must("submission", case["id"], "clerk.honghu")
    told.append(json.dumps(desk.must("return", case["id"], "reviewer.sanhe", reviewed), ensure_ascii=False))
    desk.must("submission", case["id"], "clerk.honghu")
    told.append(json.dumps(desk.must("whistle", case["id"], "reviewer.sanhe"), ensure_ascii=False))
    told.append(json.dumps(desk.must("voidance", case["id"], "supervisor.sanhe", reviewed), ensure_ascii=False))
    own = desk.register()
    desk.must("solution", own["id"], "clerk.honghu", {"measures": "上门张建国家（13800138000），已修好"})
    for login in ("reviewer.sanhe", "callback.sanhe"):
        paths = ("/cases", f"/cases/{case['id']}", f"/cases/{case['id']}/duplicates", f"/cases/{own['id']}")
        told += [desk.ask("GET", path, login).raw.decode() for path in paths]
    told.append(json.dumps(desk.follow(case["tracking_code"]), ensure_ascii=False))
    desk.intake.hear(WithdrawalRequestedV1, UUID(case["id"]))
    desk.intake.hear(CaseSelfHandledV1, UUID(own["id"]))
    told += [registry.encode(event).decode() for kind in ANNOUNCED for event in desk.intake.heard(kind)]
    told.append(desk.log.read_text())
    codes = (case["tracking_code"], own["tracking_code"])
    assert not [(secret, text) for secret in (*SECRETS, *codes) for text in told if secret in text]


def test_only_the_complaint_holds_who_complained(desk: Desk) -> None:
    """No other table of intake, the outbox included."""
    desk.whistle(home=True)
    names = desk.intake.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'intake'")
    for (name,) in names:
        rows = desk.intake.rows(f'SELECT * FROM intake."{name}"')
        found = [secret for secret in SECRETS for row in rows if secret in str([_plain(value) for value in row])]
        assert (name, bool(found)) == (name, name == "complaint")


def _plain(value: Any) -> Any:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else value


def test_whoever_must_call_the_reporter_is_shown_them_on_record(desk: Desk) -> None:
    """With a reason; supervisors can read who looked, and nobody can change or remove it."""
    case = desk.whistle()
    path = f"/cases/{case['id']}/reporter"
    assert desk.ask("POST", path, "callback.sanhe", {}).status == 422
    shown = desk.ask("POST", path, "callback.sanhe", {"reason": "核查后回访"})
    assert (shown.status, shown.body) == (200, REPORTER)
    seen = desk.ask("GET", f"/disclosures?case_id={case['id']}", "supervisor.sanhe").body["items"]
    assert [(one["person"], one["reason"]) for one in seen] == [("callback.sanhe", "核查后回访")]
    for statement in ("UPDATE intake.disclosure SET reason = ''", "DELETE FROM intake.disclosure"):
        with pytest.raises(IntegrityError, match="stays as it is"):
            desk.intake.execute(statement)


@pytest.mark.parametrize("login", ["reviewer.sanhe", "supervisor.sanhe", "clerk.liuxi", "dispatcher.chunjiang"])
def test_nobody_else_is_shown_the_reporter(desk: Desk, login: str) -> None:
    """And nothing is noted as if they had been."""
    case = desk.register()
    assert desk.do("reporter", case["id"], login, {"reason": "想知道"}).status == 403
    assert desk.ask("GET", f"/disclosures?case_id={case['id']}", "supervisor.sanhe").body["items"] == []


def test_departments_see_photos_when_they_take_part_without_what_these_tell_of_the_sender(desk: Desk) -> None:
    """Before that, and in another department, there is nothing for them here."""
    case = desk.whistle(attachments=[desk.upload("clerk.honghu", photo("tomato"))])
    (attachment,) = case["attachments"]
    path = f"/cases/{case['id']}/attachments/{attachment['sha256']}"
    officer, outsider = an_officer_of(desk, "zhujian"), an_officer_of(desk, "xiaofang")
    assert desk.ask("GET", path, officer).status == 404
    desk.intake.announce(desk.dispatched(case, "zhujian"))
    eventually(lambda: desk.ask("GET", path, officer).status == 200, what="the department takes part")
    assert desk.ask("GET", path, outsider).status == 404
    cleaned, original = desk.ask("GET", path, officer).raw, desk.ask("GET", path, "clerk.honghu").raw
    assert original == photo("tomato")
    assert CAMERA.encode() not in cleaned
    assert not Image.open(BytesIO(cleaned)).getexif()
    assert desk.ask("GET", f"/cases/{case['id']}/attachments/{'0' * 64}", officer).status == 404
    assert desk.ask("GET", f"/cases/{case['id']}", officer).status == 403


def test_an_event_about_a_home_names_its_area_only(desk: Desk) -> None:
    """Also where nobody said so, but the place is the address that the reporter gave as their own."""
    case = desk.register(place={"address": "西湖春天 1 栋301"}, reporter={**REPORTER, "address": "西湖春天1号楼301"})
    (event,) = desk.intake.hear(CaseRegisteredV1, UUID(case["id"]))
    assert msgspec.to_builtins(event.place) == {"area": CELL, "longitude": None, "latitude": None, "address": ""}
