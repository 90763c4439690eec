"""The sweep and the outbox on a real database: what was left goes out, once, in its order; what is old goes away."""

from uuid import uuid4

from msgspec.structs import replace

from shared.messaging import outbox
from shared.messaging.sweep import Sweep
from shared.messaging.topology import EXCHANGE
from tests.component.messaging.bench import (
    FOLLOWING_NOTICE,
    Books,
    channel,
    long_ago,
    numbers,
    receiving,
    relaying,
    running,
    submitted,
    tables,
    take,
    was_read,
)
from tests.support.eventually import eventually


def test_what_a_crash_left_goes_out_in_its_order_and_is_marked(vhost: str, books: Books) -> None:
    """Twelve hundred events lie unsent when the service starts; then the subscriber has each one once."""
    books.announce(*(submitted(number) for number in range(1, 1201)))
    with receiving(vhost) as dispatch, relaying(vhost) as relay:
        relay.behind = True
        with running(Sweep(books.engine, tables, relay)):
            arrived: list[int] = []
            for _ in range(3):
                works = take(dispatch, 400)
                dispatch.settle(works)
                arrived += numbers(works)
            assert arrived == list(range(1, 1201))
            eventually(lambda: books.unsent() == 0, what="every event is marked as sent")
            eventually(lambda: not relay.behind, what="the relay takes new events from memory again")
        assert dispatch.waiting() == 0


def test_events_on_their_way_from_the_engine_are_left_to_the_relay(books: Books) -> None:
    """Young ones, and those in flight, are passed over; with no limit of age all are found."""
    old, flying, young = submitted(1), submitted(2), submitted(3)
    books.announce(old, flying)
    with books.engine.begin() as connection:
        upto = outbox.newest(connection, tables)
    books.announce(young)
    with books.engine.begin() as connection:
        assert outbox.claim(connection, tables, 10, upto, [flying.id]) == [old]
        assert outbox.claim(connection, tables, 10, None, []) == [flying, young]


def test_what_was_decided_by_a_clock_that_was_ahead_goes_out_all_the_same(vhost: str, books: Books) -> None:
    """It was three days ahead when its process was killed, and is right again."""
    with receiving(vhost) as dispatch, relaying(vhost) as relay, running(Sweep(books.engine, tables, relay)):
        eventually(lambda: not relay.behind, what="the relay takes new events from memory")
        books.announce(submitted(1, time=long_ago(days=-3)))
        assert numbers(take(dispatch, 1)) == [1]


def test_two_replicas_never_take_the_same_events(books: Books) -> None:
    """What one holds or has claimed, the other passes over; a claim ends by itself."""
    books.announce(*(submitted(number) for number in range(1, 7)))
    with books.engine.begin() as here, books.engine.begin() as there:
        assert [row.sequence for row in outbox.claim(here, tables, 3, None, [])] == [1, 2, 3]
        assert [row.sequence for row in outbox.claim(there, tables, 9, None, [])] == [4, 5, 6]
    with books.engine.begin() as later:
        assert outbox.claim(later, tables, 9, None, []) == []
    books.do("UPDATE dispatch.unsent SET claimed_until = now() - interval '1 second'")
    with books.engine.begin() as later:
        assert len(outbox.claim(later, tables, 9, None, [])) == 6


def test_what_no_queue_takes_is_kept_reported_and_tried_again(vhost: str, books: Books) -> None:
    """When the queue is bound again, it arrives."""
    row = was_read()
    books.announce(row)
    with receiving(vhost) as dispatch, relaying(vhost, "notice") as relay, channel(vhost) as breaking:
        for queue in FOLLOWING_NOTICE:
            breaking.queue_unbind(queue, EXCHANGE, "notice.#")
        with running(Sweep(books.engine, tables, relay)):
            eventually(lambda: books.all("SELECT 1 FROM dispatch.unsent WHERE unroutable_at IS NOT NULL"))
            assert books.unsent() == 1
            for queue in FOLLOWING_NOTICE:
                breaking.queue_bind(queue, EXCHANGE, "notice.#")
            books.do("UPDATE dispatch.unsent SET claimed_until = now()")  # as if the pause were over
            assert numbers(take(dispatch, 1)) == [1]
            eventually(lambda: books.unsent() == 0)


def test_what_stays_unroutable_is_tried_ever_more_rarely(books: Books) -> None:
    """As long again as it has been waiting, and at most ten minutes."""
    pauses = {"0 seconds": 5, "1 minute": 60, "1 day": 600}
    for waited, pause in pauses.items():
        row = submitted(case=uuid4())
        books.announce(row)
        books.do(f"UPDATE dispatch.unsent SET unroutable_at = now() - interval '{waited}' WHERE id = :id", id=row.id)
        with books.engine.begin() as connection:
            outbox.mark_unroutable(connection, tables, [row.id])
        found = books.all("SELECT claimed_until - now() FROM dispatch.unsent WHERE id = :id", id=row.id)[0][0]
        assert abs(found.total_seconds() - pause) < 2


def test_a_stream_is_removed_whole_when_it_has_been_quiet_for_long_and_answers_after_seven_days(
    vhost: str, books: Books
) -> None:
    """Whoever joins later hears an open case from its beginning; what was never sent stays, and so do references."""
    over, going_on, unsent = uuid4(), uuid4(), uuid4()
    kept = [
        submitted(1, going_on, long_ago(days=120)),
        submitted(2, going_on, long_ago(days=80)),
        submitted(1, unsent, long_ago(days=100)),
    ]
    areas = replace(submitted(4, time=long_ago(days=800)), subject="reference:areas")
    books.announce(
        submitted(1, over, long_ago(days=120)), submitted(2, over, long_ago(days=91)), areas, *kept[:2], sent=True
    )
    books.announce(kept[2], claimed_until=long_ago(days=-1))
    books.do(
        "INSERT INTO dispatch.inbox (key, fingerprint, status, body, done_at) "
        "VALUES ('old', '', 200, '', now() - interval '8 days'), ('new', '', 200, '', now())"
    )
    with relaying(vhost) as relay:
        Sweep(books.engine, tables, relay).step()
    left = {id for (id,) in books.all("SELECT id FROM dispatch.outbox")}
    assert left == {areas.id, *(one.id for one in kept)}
    assert books.all("SELECT key FROM dispatch.inbox") == [("new",)]
