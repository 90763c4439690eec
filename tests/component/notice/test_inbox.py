"""The departments' inboxes on a real broker and database."""

from uuid import uuid4

from msgspec.structs import replace

from shared.contracts.dispatch import DispatchWithdrawnV1
from shared.contracts.notice import SummonsDeliveredV1, SummonsReadV1
from tests.component.notice.conftest import Whistle
from tests.support.deciding import NOON
from tests.support.eventually import eventually
from tests.support.one_service import OneService
from tests.unit.notice.samples import CHANGED, OFFICER, REOPENED, STRANGER, SUPERVISOR, part


def test_one_whistle_reaches_three_inboxes_and_is_confirmed_once(whistle: Whistle) -> None:
    """Each department finds its own summons, and no other's."""
    whistle.blow()
    assert [one["id"] for one in whistle.inbox(OFFICER)] == [str(whistle.lead)]
    assert [one["id"] for one in whistle.inbox(STRANGER)] == [str(whistle.support)]
    delivered = whistle.notice.hear(SummonsDeliveredV1, whistle.case_id)
    assert [one.assignments for one in delivered] == [(whistle.lead, whistle.support, whistle.other)]
    found = whistle.inbox()[0]
    assert (found["state"], found["part"], found["limit_minutes"]) == ("unread", "lead", 10080)
    assert found["delivered_at"] is not None


def test_a_whistle_announced_again_is_delivered_once(whistle: Whistle) -> None:
    """The same message twice makes one row and one confirmation."""
    notice = whistle.blow().notice
    body = notice.envelope(whistle.dispatched(), sequence=1)
    notice.put(body, "dispatch")
    Whistle(notice).blow()  # whatever came before it in the queue has been seen to
    assert len(whistle.inbox()) == 1
    assert len(notice.heard(SummonsDeliveredV1, whistle.case_id)) == 1


def test_the_first_reading_is_announced_and_later_ones_keep_it(whistle: Whistle) -> None:
    """Who read it first stays on record."""
    whistle.blow()
    first = whistle.read()
    assert (first.status, first.body["state"], first.body["read_by"]) == (200, "read", OFFICER.id)
    again = whistle.read(replace(OFFICER, id="officer2.zhujian"))
    assert (again.body["read_by"], again.body["read_at"]) == (OFFICER.id, first.body["read_at"])
    assert len(whistle.notice.hear(SummonsReadV1, whistle.case_id)) == 1


def test_nobody_reads_another_departments_mail(whistle: Whistle) -> None:
    """Not another department, not the street, not a stranger."""
    whistle.blow()
    assert whistle.read(STRANGER).status == 403
    assert whistle.read(SUPERVISOR).status == 403
    assert whistle.notice.ask("POST", f"/summonses/{whistle.lead}/readings").status == 401
    assert whistle.notice.ask("GET", "/summonses", SUPERVISOR).status == 403
    assert whistle.inbox()[0]["state"] == "unread"
    assert whistle.read(id=uuid4()).status == 404


def test_a_change_adds_revises_and_withdraws(whistle: Whistle) -> None:
    """The removed department sees that it need not come."""
    whistle.blow()
    added = uuid4()
    summons = (part(whistle.lead, "zhujian", lead=True, minutes=1440), part(added, "chengguan"))
    change = replace(
        CHANGED, case_id=whistle.case_id, summons=summons, added=(added,), removed=(whistle.support, whistle.other)
    )
    whistle.notice.announce(change)
    confirmed = whistle.notice.hear(SummonsDeliveredV1, whistle.case_id, count=2)
    assert confirmed[1].assignments == (added,)
    assert whistle.inbox()[0]["limit_minutes"] == 1440
    assert [(one["id"], one["state"]) for one in whistle.inbox(STRANGER)] == [
        (str(added), "unread"),
        (str(whistle.support), "withdrawn"),
    ]
    assert whistle.inbox(STRANGER, "state=withdrawn")[0]["reason"] == "应由水务协办"


def test_rework_is_delivered_again_to_the_failed_department_only(whistle: Whistle) -> None:
    """It is unread again, with the reason and the shorter limit."""
    whistle.blow()
    whistle.read()
    whistle.read(STRANGER, whistle.support)
    again = part(whistle.support, "chengguan", minutes=5040)
    whistle.notice.announce(replace(REOPENED, case_id=whistle.case_id, reopened=(again,)))
    confirmed = whistle.notice.hear(SummonsDeliveredV1, whistle.case_id, count=2)
    assert confirmed[1].assignments == (whistle.support,)
    found = whistle.inbox(STRANGER)[0]
    assert (found["state"], found["round"], found["reason"]) == ("unread", 2, "墙面仍有渗水")
    assert (found["limit_minutes"], found["earlier"][0]["read_by"]) == (5040, STRANGER.id)
    assert whistle.inbox()[0]["state"] == "read"


def test_a_withdrawn_case_is_shown_as_such_and_may_be_opened(whistle: Whistle) -> None:
    """Nothing disappears from an inbox."""
    whistle.blow()
    whistle.notice.announce(DispatchWithdrawnV1(whistle.case_id, None, "误登", "reviewer.sanhe", NOON))
    eventually(lambda: whistle.inbox()[0]["state"] == "withdrawn", what="the summons is withdrawn")
    assert whistle.read().body["state"] == "withdrawn"
    assert whistle.notice.heard(SummonsReadV1, whistle.case_id) == []


def test_the_unread_come_first_page_by_page(notice: OneService) -> None:
    """Although somebody reads while turning pages, every unread summons is shown."""
    officer = replace(OFFICER, id="officer.shuiwu", department="shuiwu")
    ids = [uuid4() for _ in range(5)]
    for id in ids:
        whistle = Whistle(notice)
        notice.announce(replace(whistle.dispatched(), summons=(part(id, "shuiwu", lead=True),)))
        notice.hear(SummonsDeliveredV1, whistle.case_id)
    notice.ask("POST", f"/summonses/{ids[4]}/readings", officer)
    first = notice.ask("GET", "/summonses?limit=2", officer).body
    assert [one["id"] for one in first["items"]] == [str(ids[3]), str(ids[2])]
    for one in first["items"]:
        notice.ask("POST", f"/summonses/{one['id']}/readings", officer)
    second = notice.ask("GET", f"/summonses?limit=2&after={first['next']}", officer).body
    assert [one["id"] for one in second["items"]] == [str(ids[1]), str(ids[0])]
    unread = notice.ask("GET", "/summonses?state=unread", officer).body
    assert (len(unread["items"]), unread["next"]) == (2, None)


def test_a_wrong_query_is_refused_by_name(notice: OneService) -> None:
    """Each field with what is wrong."""
    answer = notice.ask("GET", "/summonses?state=lost&limit=1000&after=x", OFFICER)
    assert answer.status == 422
    assert {one["field"] for one in answer.body["errors"]} == {"state", "limit"}
    assert notice.ask("GET", "/summonses?after=x", OFFICER).status == 422


def test_two_hundred_whistles_at_once_are_each_delivered_once(notice: OneService) -> None:
    """In batches, and nobody twice."""
    whistles = [Whistle(notice) for _ in range(200)]
    notice.announce(*(whistle.dispatched() for whistle in whistles))
    cases = {whistle.case_id for whistle in whistles}

    def all_of_them() -> bool:
        return cases <= {event.case_id for event in notice.heard(SummonsDeliveredV1)}

    eventually(all_of_them, within=30, what="200 whistles are confirmed")
    confirmed = [event.case_id for event in notice.heard(SummonsDeliveredV1) if event.case_id in cases]
    assert len(confirmed) == 200
    rows = notice.rows("SELECT count(*) FROM notice.summons WHERE case_id = ANY(:cases)", cases=list(cases))
    assert rows[0][0] == 600
