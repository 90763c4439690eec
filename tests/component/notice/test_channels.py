"""Notices by webhook, mail and robots: each once, however unwilling the other side is."""

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
import urllib3

from tests.component.notice.conftest import Reader, know_the_town, warn
from tests.component.notice.receivers import MailServer, Receiver
from tests.support.eventually import eventually
from tests.support.one_service import OneService, one_service
from tests.support.serving import free_port

ATTEMPTS = re.compile(r'whistle_notice_attempts_total\{channel="(\w+)",outcome="(\w+)"\} (\S+)')


def attempts(notice: OneService) -> dict[tuple[str, str], float]:
    """What metrics say of attempts so far."""
    said = notice.ask("GET", "/metrics").raw.decode()
    return {(channel, outcome): float(number) for channel, outcome, number in ATTEMPTS.findall(said)}


def process_of(service: str) -> psutil.Process | None:
    """The process that serves it, of those that this test run started."""
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if one.cmdline()[-3:] == ["-m", "tools.serve", service]:
                return one
    return None


def lives(notice: OneService) -> bool:
    """Whether it answers."""
    try:
        return notice.ask("GET", "/livez").status == 200
    except urllib3.exceptions.HTTPError:
        return False


def test_a_webhook_gets_it_once_signed(notice: OneService, reader: Reader, receiver: Receiver) -> None:
    """Under the delivery's id, with what a program needs."""
    before = attempts(notice).get(("webhook", "delivered"), 0)
    secret = reader.hook(receiver.address())
    warn(notice, reader)
    delivery = reader.delivery("delivered")
    [received] = receiver.received
    said: Any = received.verified(secret)
    assert received.id == delivery["id"]
    [told] = reader.told()
    assert (said["type"], said["data"]["notification_id"]) == ("clock.warned", told["id"])
    assert said["data"]["texts"] == told["texts"]
    assert [(one["ok"], one["said"]) for one in delivery["attempts"]] == [(True, "200 OK")]
    assert attempts(notice)["webhook", "delivered"] == before + 1


def test_what_is_refused_comes_again_under_the_same_id(notice: OneService, reader: Reader, receiver: Receiver) -> None:
    """After a minute, after two more, and then no more."""
    receiver.answers.extend([500, 302, 200])
    reader.hook(receiver.address())
    warn(notice, reader)
    reader.delivery("waiting", attempts=1)
    reader.let_pass(61)
    reader.delivery("waiting", attempts=2)
    reader.let_pass(61)
    assert len(receiver.received) == 2
    reader.let_pass(60)
    delivery = reader.delivery("delivered")
    said = [one["said"] for one in delivery["attempts"]]
    assert said == ["500 Internal Server Error", "302 Found", "200 OK"]
    assert {one.id for one in receiver.received} == {delivery["id"]}
    assert receiver.at("/elsewhere") == []


def test_dead_and_slow_channels_hold_up_nobody(notice: OneService, readers: list[Reader], receiver: Receiver) -> None:
    """However many wait for them."""
    slow = Receiver()
    slow.open.clear()
    *stuck, last = readers
    for number, one in enumerate(stuck):
        one.hook(slow.address() if number % 2 else f"http://127.0.0.1:{free_port()}/")
    last.hook(receiver.address())
    try:
        warn(notice, *stuck, last)
        last.delivery("delivered")
        assert [one.delivery()["attempts"] for one in stuck[1::2]] == [[]] * 5  # nobody has waited for them
        eventually(lambda: len(slow.received) == 4, what="four are on their way to the slow one")
        assert stuck[0].delivery("waiting", attempts=1)["attempts"][0]["said"].startswith("no answer: ")
        said = [one.delivery("waiting", attempts=1)["attempts"][0]["said"] for one in stuck[1::2]]
        assert said == ["no answer within 10 s"] * 5
    finally:
        slow.close()


def test_a_killed_sender_loses_nothing(notice: OneService, reader: Reader, receiver: Receiver) -> None:
    """What was on its way goes out again under the same id, and is recorded once."""
    receiver.open.clear()
    reader.hook(receiver.address())
    warn(notice, reader)
    eventually(lambda: receiver.received, what="it is on its way")
    process = process_of("notice")
    assert process
    process.kill()
    receiver.open.set()
    eventually(lambda: process_of("notice") != process and lives(notice), 30, "another runs in its place")
    assert reader.delivery()["state"] == "waiting"
    reader.let_pass(61)  # the dead one's claim
    delivery = reader.delivery("delivered")
    assert len(delivery["attempts"]) == 1
    assert [one.id for one in receiver.received] == [delivery["id"]] * 2


def test_only_what_was_chosen_goes_out(notice: OneService, reader: Reader, receiver: Receiver) -> None:
    """Other notices come into the list alone."""
    hook = {"name": "hook", "kind": "webhook", "address": receiver.address()}
    reader.choose(hook, templates="order.issued")
    warn(notice, reader)
    eventually(reader.told, what="the warning is there")
    assert reader.told()[0]["deliveries"] == []
    assert receiver.received == []


def test_a_channel_that_was_removed_gets_nothing_more(notice: OneService, reader: Reader, receiver: Receiver) -> None:
    """What waited for it is given up."""
    receiver.answers.append(503)
    reader.hook(receiver.address())
    warn(notice, reader)
    reader.delivery("waiting", attempts=1)
    reader.choose()
    reader.let_pass(61)
    delivery = reader.delivery("given_up")
    assert delivery["attempts"][-1]["said"] == "the channel is there no more"
    assert len(receiver.received) == 1


def test_mail_comes_once_by_the_towns_server(notice: OneService, reader: Reader, mail: MailServer) -> None:
    """After the server was away, in the reader's language, to them alone."""
    address = "duty@sifa.chunjiang.example.org"
    reader.choose({"name": "mail", "kind": "email", "address": address}, language="en")
    warn(notice, reader)
    failed = reader.delivery("waiting", attempts=1)
    assert failed["attempts"][0]["said"] == "not taken"
    with mail.up() as mailbox:
        reader.let_pass(61)
        reader.delivery("delivered")
    [(to, letter)] = mailbox.letters
    assert to == [address]
    assert letter["Subject"] == "Reminder: SH-0001, 80% of the limit for reporting in have passed"
    body = letter.get_body(("plain",))
    assert body is not None
    assert "it is due by 2026-03-02 14:00" in body.get_content()


def test_any_other_service_is_reached_through_apprise(
    notice: OneService, reader: Reader, receiver: Receiver, place: Path
) -> None:
    """Here one that takes JSON; a redirection is not followed, and no address is logged."""
    receiver.answers.append(302)
    reader.choose({"name": "json", "kind": "apprise", "address": f"json://{receiver.place}/very-secret-path"})
    warn(notice, reader)
    reader.delivery("waiting", attempts=1)
    reader.let_pass(61)
    reader.delivery("delivered")
    assert [one.path for one in receiver.received] == ["/very-secret-path"] * 2
    assert "临期提醒".encode() in receiver.received[1].body or b"\\u4e34" in receiver.received[1].body
    assert "very-secret-path" not in "".join(path.read_text("utf-8") for path in place.glob("*.log"))


@pytest.mark.parametrize("kind", ["webhook", "apprise"])
def test_nothing_is_sent_back_into_the_system(
    kind: str, database: str, vhost: str, tmp_path: Path, receiver: Receiver
) -> None:
    """Neither by an address that says so, nor by one that is found to lead here when it is looked up."""
    port = receiver.place.rpartition(":")[2]
    scheme = {"webhook": "http", "apprise": "json"}[kind]
    with one_service("notice", database, vhost, tmp_path) as notice:
        know_the_town(notice)
        reader = Reader(notice, "reader0")
        plain = {"name": "hook", "kind": kind, "address": f"{scheme}://127.0.0.1:{port}/"}
        refused = notice.ask("PUT", "/preferences", reader.actor, {"channels": [plain], "chosen": {}})
        assert [one["message"] for one in refused.body["errors"]] == ["Leads back to this system."]
        reader.choose({**plain, "address": f"{scheme}://2130706433:{port}/"})
        warn(notice, reader)
        reader.delivery("waiting", attempts=1)
        assert receiver.received == []
