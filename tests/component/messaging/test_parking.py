"""Messages that cannot take effect, from the queue to the parking table and out again, with the real engine."""

from collections.abc import Callable
from functools import partial
from uuid import UUID, uuid4

import pytest

from shared.messaging import parking
from shared.messaging.envelope import encode
from shared.messaging.parking import NotParked, OutOfTurn, Parked, Post
from tests.component.messaging.bench import BY_INTAKE, CASE, Books, channel, put, receiving, submitted, tables
from tests.component.messaging.desk import Desk, at_work
from tests.support.eventually import eventually

POISON = submitted(1, kind="poison")


def parked(books: Books) -> list[Parked]:
    """What lies in the parking table."""
    with books.engine.connect() as connection:
        return parking.list_parked(connection, tables)


def lying(books: Books) -> list[tuple[int | None, str]]:
    """The same in short: number and reason."""
    return [(one.sequence, one.reason) for one in parked(books)]


def stuck(url: str, books: Books) -> None:
    """A stream whose first message is parked as poison, with two waiting behind it."""
    put(url, POISON, submitted(2, kind="second"), submitted(3, kind="third"))
    expected = [(1, "command-failed"), (2, "waiting"), (3, "waiting")]
    eventually(lambda: sorted(lying(books)) == expected, what="the first parked, the others waiting")


def with_post(way_out: Callable[..., Parked], url: str, books: Books, id: UUID) -> Parked:
    """Replay or discard with a real post."""
    with Post(url) as post:
        return way_out(books.engine, tables, post.put, id)


def test_poison_is_parked_with_its_traceback_and_replayed_after_the_repair_its_stream_goes_on(
    vhost: str, books: Books
) -> None:
    """Each message takes effect once, in its order, and nothing is left in the table."""
    desk = Desk(broken={"poison"})
    with at_work(vhost, books, desk):
        stuck(vhost, books)
        assert "cannot stand poison" in parked(books)[0].detail
        desk.broken.clear()
        with_post(parking.replay, vhost, books, POISON.id)
        eventually(lambda: desk.kinds == ["poison", "second", "third"], what="all three take effect")
        eventually(lambda: not parked(books), what="nothing is left")


def test_what_fails_again_is_parked_again(vhost: str, books: Books) -> None:
    """A replay without a repair loses nothing."""
    desk = Desk(broken={"poison"})
    with at_work(vhost, books, desk):
        stuck(vhost, books)
        before = parked(books)[0].since
        with_post(parking.replay, vhost, books, POISON.id)
        eventually(lambda: [one for one in parked(books) if one.id == POISON.id and one.since > before])
        assert sorted(lying(books)) == [(1, "command-failed"), (2, "waiting"), (3, "waiting")]
        assert desk.kinds == []


def test_a_discarded_message_lets_its_stream_go_on_without_it(vhost: str, books: Books) -> None:
    """What waited behind it takes effect at once, without another event."""
    desk = Desk(broken={"poison"})
    with at_work(vhost, books, desk):
        stuck(vhost, books)
        with_post(parking.discard, vhost, books, POISON.id)
        eventually(lambda: desk.kinds == ["second", "third"], what="the others take effect")
        eventually(lambda: not parked(books), what="nothing is left")
        put(vhost, submitted(4, kind="fourth"))
        eventually(lambda: desk.kinds == ["second", "third", "fourth"])


def test_a_later_message_of_the_stream_is_not_discarded_before_an_earlier_one(vhost: str, books: Books) -> None:
    """The cursor would pass over the earlier one."""
    with at_work(vhost, books, Desk(broken={"poison"})):
        stuck(vhost, books)
        second = next(one for one in parked(books) if one.sequence == 2)
        with pytest.raises(OutOfTurn, match=str(POISON.id)):
            with_post(parking.discard, vhost, books, second.id)
        assert len(parked(books)) == 3


def test_what_waits_for_a_message_that_never_came_can_go_on_without_it(vhost: str, books: Books) -> None:
    """The operator gives up the missing one; the others take effect."""
    desk = Desk()
    with at_work(vhost, books, desk):
        put(vhost, submitted(2, kind="second"), submitted(3, kind="third"))
        eventually(lambda: len(parked(books)) == 2)
        second = next(one for one in parked(books) if one.sequence == 2)
        with_post(partial(parking.replay, without_predecessors=True), vhost, books, second.id)
        eventually(lambda: desk.kinds == ["second", "third"])
        eventually(lambda: not parked(books), what="nothing is left")


@pytest.mark.parametrize("way_out", [parking.replay, parking.discard])
def test_a_broker_that_is_away_leaves_everything_as_it_was(
    way_out: Callable[..., Parked], vhost: str, books: Books
) -> None:
    """The message stays in the table, and the cursor where it stood."""
    with at_work(vhost, books, Desk(broken={"poison"})):
        stuck(vhost, books)

    def away(_body: bytes, _queue: str) -> None:
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError):
        way_out(books.engine, tables, away, POISON.id)
    assert len(parked(books)) == 3
    assert books.all("SELECT sequence FROM dispatch.cursor") == [(0,)]


def test_a_replay_that_crashes_after_the_confirmation_takes_effect_once(vhost: str, books: Books) -> None:
    """The table still holds the message that the queue delivers: the engine removes it when it takes effect."""
    desk = Desk(broken={"poison"})
    with at_work(vhost, books, desk), Post(vhost) as post:
        stuck(vhost, books)
        desk.broken.clear()

        def crashing(body: bytes, queue: str) -> None:
            post.put(body, queue)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            parking.replay(books.engine, tables, crashing, POISON.id)
        eventually(lambda: desk.kinds == ["poison", "second", "third"] and not parked(books))
        put(vhost, POISON, submitted(4, kind="fourth"))
        eventually(lambda: desk.kinds == ["poison", "second", "third", "fourth"])


def test_a_thousand_valid_messages_take_effect_once_and_the_undecodable_one_among_them_is_parked(
    vhost: str, books: Books
) -> None:
    """The service goes on as if nothing had happened."""
    cases = [uuid4() for _ in range(1000)]
    messages: list[bytes] = [encode(submitted(1, case), "intake") for case in cases]
    messages.insert(500, b"\x00 not a message")
    desk = Desk()
    put(vhost, *messages)
    with at_work(vhost, books, desk):
        eventually(lambda: len(desk.noted) == 1000, within=30)
        (one,) = eventually(lambda: parked(books))
    assert sorted(case for case, _ in desk.noted) == sorted(cases)
    assert (one.publisher, one.queue, one.sequence, one.state) == ("intake", BY_INTAKE, None, "parked")
    assert one.reason.startswith("undecodable: JSON is malformed")
    assert one.body == b"\x00 not a message"


def test_a_consumer_that_fell_five_times_with_three_hundred_messages_before_it_parks_none_of_them(
    vhost: str, books: Books
) -> None:
    """The innocent are not taken for poison: each runs alone, and takes effect."""
    desk = Desk()
    put(vhost, *(submitted(1, uuid4()) for _ in range(300)))
    for _ in range(5):
        with receiving(vhost) as falling:
            eventually(lambda: falling.waiting() == 300, what="all three hundred are before it")
            falling.take(300)
    with at_work(vhost, books, desk):
        eventually(lambda: len(desk.noted) == 300, within=30)
    assert len(set(desk.noted)) == 300
    assert parked(books) == []


def test_unreadable_bytes_replayed_are_parked_again_once(vhost: str, books: Books) -> None:
    """They have no place in a stream, but the same bytes are the same message."""
    put(vhost, b"nonsense", b"nonsense")
    with at_work(vhost, books, Desk()):
        (one,) = eventually(lambda: parked(books))
        with_post(parking.replay, vhost, books, one.id)
        (again,) = eventually(lambda: [two for two in parked(books) if two.since > one.since])
        assert again.id == one.id
        with_post(parking.discard, vhost, books, one.id)
        assert parked(books) == []


def test_what_the_broker_gave_up_is_parked_under_the_queue_it_came_from(vhost: str, books: Books) -> None:
    """So that a replay goes back there."""
    desk = Desk()
    put(vhost, submitted(1))
    with channel(vhost) as failing:
        for _ in range(101):
            message = eventually(lambda: failing.basic_get(BY_INTAKE), every=0.001)
            failing.basic_reject(message.delivery_tag, requeue=True)
    with at_work(vhost, books, desk):
        (one,) = eventually(lambda: parked(books))
        assert one.reason.startswith("delivery-limit: ")
        assert (one.queue, one.subject, one.sequence) == (BY_INTAKE, str(CASE), 1)
        assert desk.kinds == []
        with_post(parking.replay, vhost, books, one.id)
        eventually(lambda: desk.kinds == ["joint"])


def test_who_asks_for_what_is_not_there_is_told(books: Books) -> None:
    """Settled meanwhile, or mistyped."""
    with books.engine.connect() as connection, pytest.raises(NotParked):
        parking.show(connection, tables, uuid4())
