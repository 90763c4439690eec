"""What a service makes of a message: a command, nothing, a snapshot, or a flaw."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from shared.contracts import registry
from shared.contracts.directory import ReferencePublishedV1
from shared.contracts.notice import SummonsReadV1
from shared.engine.reference import KeepReference
from shared.engine.works import Message
from shared.messaging.envelope import encode
from shared.messaging.reading import Reader
from shared.store.changes import Announced, Trace

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
READ = SummonsReadV1(uuid4(), uuid4(), "cg", "p-wang", NOON)
TRACE = Trace("first", "second", "00-aa-bb-01")
QUEUE = "dispatch.follows.notice"


def message(event: Any, publisher: str = "notice", subject: str = "s") -> tuple[UUID, bytes]:
    """An event on its way, announced at noon as the fifth of its subject."""
    row = Announced(uuid4(), event.type, subject, 5, NOON, TRACE, registry.encode(event))
    return row.id, encode(row, publisher)


def test_a_followed_event_becomes_the_command_that_the_service_wants() -> None:
    """With the event's own id, trace and place."""
    id, body = message(READ)
    work = Reader({SummonsReadV1: lambda event, at: ("command", event, at)}).receive(body, QUEUE)
    assert (work.id, work.command, work.trace, work.flaw) == (id, ("command", READ, NOON), TRACE, "")
    assert work.message == Message("notice", "s", 5, body, QUEUE)
    assert work.size == len(body)


def test_an_event_that_nobody_follows_is_not_even_decoded() -> None:
    """Its data may be of any kind; only the cursor moves."""
    _, body = message(READ)
    work = Reader({}).receive(body.replace(b'"read_by"', b'"read_bx"'), QUEUE)
    assert (work.command, work.flaw) == (None, "")
    assert work.message is not None


def test_reference_data_that_the_service_keeps_renew_its_snapshot_and_others_pass() -> None:
    """Whoever keeps areas need not keep officers."""
    reader = Reader({}, ("areas",))
    for name, command in {"areas": KeepReference("areas", 3, [{"code": "cj"}]), "officers": None}.items():
        event = ReferencePublishedV1(name, 3, [{"code": "cj"}])
        _, body = message(event, "directory", f"reference:{name}")
        assert reader.receive(body, "dispatch.follows.directory").command == command


def test_a_method_that_fails_is_a_flaw_of_its_message_and_not_the_end_of_the_service() -> None:
    """The reason names the exception."""

    def fails(_event: Any, _at: datetime) -> Any:
        raise KeyError("no such thing")

    _, body = message(READ)
    work = Reader({SummonsReadV1: fails}).receive(body, QUEUE)
    assert work.flaw == "not-translated: summons.read.v1: KeyError('no such thing')"
    assert work.message is not None
    assert work.message.sequence == 5


def test_the_same_unreadable_bytes_are_the_same_work_wherever_else_they_come_they_are_another() -> None:
    """They are parked once, however often they are delivered."""
    reader = Reader({})
    first, again, elsewhere = (reader.receive(b"??", queue) for queue in (QUEUE, QUEUE, "closure.follows.dispatch"))
    assert first.id == again.id != elsewhere.id
    assert first.message == Message("notice", "", 0, b"??", QUEUE)
    assert first.flaw.startswith("undecodable: ")


def test_a_flaw_found_before_reading_stands_and_no_command_is_made() -> None:
    """What the broker gave up is not carried out, however well it reads."""
    _, body = message(READ)
    work = Reader({SummonsReadV1: lambda event, _at: event}).receive(body, QUEUE, flaw="delivery-limit: …")
    assert (work.command, work.flaw) == (None, "delivery-limit: …")
    assert work.message is not None
    assert work.message.sequence == 5


def test_what_waited_is_read_like_what_arrives() -> None:
    """The engine takes it up from the parking table."""
    _, body = message(READ)
    reader = Reader({SummonsReadV1: lambda event, _at: event})
    assert reader.read(Message("notice", "s", 5, body, QUEUE)) == reader.receive(body, QUEUE)
