"""What each person is told, in their own list."""

from dataclasses import replace
from uuid import uuid4

from shared.contracts.supervision import Audience
from tests.component.notice.conftest import Reader, Whistle, warn
from tests.support.eventually import eventually
from tests.support.one_service import OneService
from tests.unit.notice.told import WARNED

NOTIFICATIONS = "SELECT person FROM notice.notification WHERE case_id = :case ORDER BY person"


def test_a_person_finds_what_they_were_told_and_opens_it(notice: OneService, reader: Reader) -> None:
    """In both languages, with what it was made of."""
    warn(notice, reader)
    [told] = eventually(reader.told, what="the warning is there") or []
    assert told["template"] == "clock.warned"
    assert told["texts"]["zh"]["title"] == "临期提醒：SH-0001 报到时限已过 80%"
    assert told["texts"]["en"]["text"].endswith("it is due by 2026-03-02 14:00. Department: 区住建局.")
    assert (told["facts"]["percent"], told["read_at"], told["deliveries"]) == ("80", None, [])
    first = notice.ask("POST", f"/notifications/{told['id']}/readings", reader.actor)
    assert first.status == 200
    assert first.body["read_at"] is not None
    assert notice.ask("POST", f"/notifications/{told['id']}/readings", reader.actor).body == first.body
    unread = notice.ask("GET", "/notifications?read=false", reader.actor)
    assert unread.body == {"items": [], "next": None}
    read = notice.ask("GET", "/notifications?read=true", reader.actor).body["items"]
    assert [one["id"] for one in read] == [told["id"]]


def test_nobody_else_finds_or_opens_it(notice: OneService, readers: list[Reader]) -> None:
    """Not a colleague with the same roles, not somebody without an account."""
    owner, colleague, *_ = readers
    warn(notice, owner)
    [told] = eventually(owner.told, what="the warning is there") or []
    assert colleague.told() == []
    assert notice.ask("POST", f"/notifications/{told['id']}/readings", colleague.actor).status == 403
    assert notice.ask("POST", f"/notifications/{told['id']}/readings").status == 401
    assert notice.ask("GET", "/notifications").status == 401
    assert notice.ask("POST", f"/notifications/{uuid4()}/readings", colleague.actor).status == 404
    assert owner.told()[0]["read_at"] is None


def test_the_unread_come_first_page_by_page(notice: OneService, reader: Reader) -> None:
    """Of each the newest first."""
    for number in range(5):
        warn(notice, reader)
        eventually(lambda wanted=number + 1: len(reader.told()) == wanted, what="one more warning is there")  # type: ignore[misc]  # binds this round's number
    ids = [one["id"] for one in reader.told()]
    notice.ask("POST", f"/notifications/{ids[0]}/readings", reader.actor)
    first = notice.ask("GET", "/notifications?limit=3", reader.actor).body
    assert [one["id"] for one in first["items"]] == ids[1:4]
    second = notice.ask("GET", f"/notifications?limit=3&after={first['next']}", reader.actor).body
    assert [one["id"] for one in second["items"]] == [ids[4], ids[0]]
    assert second["next"] is None


def test_an_event_announced_again_is_told_once(notice: OneService) -> None:
    """The same message twice, to the whole department."""
    event = replace(WARNED, case_id=uuid4(), audience=(Audience("officer", "sifa"),))
    notice.announce(event)
    notice.put(notice.last["supervision", str(event.case_id)], "supervision")
    last = replace(event, case_id=uuid4())
    notice.announce(last)
    eventually(lambda: notice.rows(NOTIFICATIONS, case=last.case_id), what="what came after it is told")
    assert len(notice.rows(NOTIFICATIONS, case=event.case_id)) == 60


def test_officers_of_a_summoned_department_are_told_of_it(whistle: Whistle, reader: Reader) -> None:
    """Besides the summons in the department's inbox, with which it comes."""
    notice = whistle.notice
    event = whistle.dispatched()
    summons = (replace(event.summons[0], department="sifa", department_name="区司法局"),)
    notice.announce(replace(event, summons=summons))
    found = eventually(lambda: notice.rows(NOTIFICATIONS, case=whistle.case_id), what="the officers are told")
    assert len(found or []) == 60
    [told] = [one for one in reader.told() if one["case_id"] == str(whistle.case_id)]
    assert told["template"] == "summons.delivered"
    assert told["texts"]["zh"]["title"] == "吹哨通知：SH-0001，请签收"
