"""What each person is told, in their own list."""

from uuid import uuid4

from msgspec.structs import replace
from sqlalchemy import NullPool, create_engine

from services.notice.store.removal import remove_deliveries, remove_notifications
from shared.contracts.supervision import Audience
from shared.store.database import driver_url
from tests.component.notice.conftest import Reader, Whistle, warn
from tests.component.notice.receivers import Receiver
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


def test_notices_of_old_go_with_how_they_were_sent_unless_they_are_on_their_way(
    notice: OneService, reader: Reader, receiver: Receiver
) -> None:
    """What is a day younger stays."""
    reader.hook(receiver.address())
    sent, waiting, younger = (_warned(notice, reader) for _ in range(3))
    on_its_way = "UPDATE notice.delivery SET next_at = now() + interval '1 day' WHERE notification_id = :id"
    notice.execute(on_its_way, id=waiting)
    for id, days in ((sent, 181), (waiting, 181), (younger, 179)):
        for table, key, time in (("notification", "id", "delivered_at"), ("delivery", "notification_id", "since")):
            notice.execute(
                f"UPDATE notice.{table} SET {time} = {time} - :days * interval '1 day' WHERE {key} = :id",
                id=id,
                days=days,
            )
    with create_engine(driver_url(notice.database), poolclass=NullPool).begin() as connection:
        assert remove_deliveries(connection, limit=100) == 1
        assert remove_notifications(connection, limit=100) == 1
    assert {one["id"] for one in reader.told()} & {sent, waiting, younger} == {waiting, younger}


def _warned(notice: OneService, reader: Reader) -> str:
    """A warning that has come into the list, and by the reader's channel."""
    before = {one["id"] for one in reader.told()}
    warn(notice, reader)

    def sent() -> list[str]:
        new = [one for one in reader.told() if one["id"] not in before]
        return [one["id"] for one in new if [delivery["state"] for delivery in one["deliveries"]] == ["delivered"]]

    [id] = eventually(sent, what="a warning has been sent")
    return id
