"""The watch on a real database and broker: announced again, alerted, and what waits too long is flagged."""

from collections.abc import Callable
from uuid import UUID

from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from shared.messaging.sweep import Sweep
from shared.messaging.topology import EXCHANGE
from shared.messaging.watch import Unconfirmed, Watch
from tests.component.messaging.bench import (
    BY_INTAKE,
    CASE,
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
)
from tests.support.eventually import eventually

SUBJECT = str(CASE)
ANOTHER = UUID("00000000-0000-7000-8000-0000000000c2")


class Stand:
    """A watch whose timer and whose service's answer the test sets."""

    def __init__(self, books: Books, doubt: Callable[[], None] = lambda: None) -> None:
        self.seconds = 0.0
        self.ready = True
        self.late = [Unconfirmed(SUBJECT, long_ago(seconds=16))]
        self.watch = Watch(
            books.engine,
            tables,
            lambda _connection, _now: self.late,
            ready=lambda: self.ready,
            doubt=doubt,
            timer=lambda: self.seconds,
        )

    def after(self, seconds: float) -> int:
        """A round so many seconds later; how often the subject has been announced again."""
        self.seconds += seconds
        self.watch.step()
        return self.watch.tries[SUBJECT].count if SUBJECT in self.watch.tries else 0


def test_a_whistle_that_nobody_confirms_is_announced_again_and_arrives(vhost: str, books: Books) -> None:
    """The subscriber's queue was deleted with the message in it; the watch brings the message back."""
    books.announce(submitted(1), submitted(2))
    with relaying(vhost) as relay, running(Sweep(books.engine, tables, relay)):
        eventually(lambda: books.unsent() == 0, what="everything went out once")
        with channel(vhost) as breaking:
            breaking.queue_delete(BY_INTAKE)
        with receiving(vhost) as dispatch:
            assert dispatch.waiting() == 0
            Stand(books).after(0)
            assert numbers(take(dispatch, 2)) == [1, 2]


def test_a_whistle_whose_binding_was_deleted_is_announced_again_and_arrives(vhost: str, books: Books) -> None:
    """Another subscriber has it, so the broker has returned nothing; before it goes out again the binding is made."""
    with receiving(vhost) as dispatch, relaying(vhost) as relay, running(Sweep(books.engine, tables, relay)):
        with channel(vhost) as breaking:
            breaking.queue_unbind(BY_INTAKE, EXCHANGE, "intake.#")
        books.announce(submitted(1))
        eventually(lambda: books.unsent() == 0, what="it went out")
        Stand(books, relay.doubt).after(0)
        assert numbers(take(dispatch, 1)) == [1]


def test_only_what_is_late_is_announced_again(books: Books) -> None:
    """Another subject, and one that has been out for less than fifteen seconds, are left alone."""
    books.announce(submitted(1), sent=True)
    stand = Stand(books)
    stand.late = [Unconfirmed(SUBJECT, long_ago(seconds=14)), Unconfirmed("another", long_ago(hours=1))]
    stand.after(0)
    assert books.unsent() == 0


def test_what_is_out_since_a_time_to_come_is_late(books: Books) -> None:
    """The clock that gave it its time was three days ahead, and is right again."""
    books.announce(submitted(1), sent=True)
    stand = Stand(books)
    stand.late = [Unconfirmed(SUBJECT, long_ago(days=-3))]
    assert stand.after(0) == 1
    assert books.unsent() == 1


def test_tries_grow_rarer_and_the_fifth_in_vain_alerts(books: Books) -> None:
    """After 0, 30, 90, 210, 450 seconds and so on, at most ten minutes apart; confirmed, it is forgotten."""
    stand = Stand(books)
    assert [stand.after(pause) for pause in (0, 29, 1, 59, 1, 119, 1)] == [1, 1, 2, 2, 3, 3, 4]
    assert stand.watch.alerting == []
    with capture_logs() as logs:
        assert stand.after(240) == 5
    assert stand.watch.alerting == [SUBJECT]
    assert REGISTRY.get_sample_value("whistle_announced_in_vain") == 1
    assert {"event": "announced in vain", "subject": SUBJECT, "tries": 5, "log_level": "error"} in logs
    assert [stand.after(pause) for pause in (480, 599, 1)] == [6, 6, 7]
    stand.late = []
    assert stand.after(1) == 0
    assert stand.watch.alerting == []
    assert REGISTRY.get_sample_value("whistle_announced_in_vain") == 0


def test_what_is_still_on_its_way_is_not_announced_again(books: Books) -> None:
    """The mark that it was sent would end the second announcement with the first; after it, there is one."""
    books.announce(submitted(1), submitted(1, case=ANOTHER), sent=True)
    books.announce(submitted(2))
    stand = Stand(books)
    stand.late.append(Unconfirmed(str(ANOTHER), long_ago(seconds=16)))
    assert stand.after(0) == 0
    assert books.unsent() == 2, "the one of the case, and the other's"
    books.do("DELETE FROM dispatch.unsent")
    assert stand.after(0) == 1
    assert books.unsent() == 2


def test_what_no_queue_took_does_not_hold_up_an_announcement(books: Books) -> None:
    """It may wait for a queue that another event does not need."""
    books.announce(submitted(1), sent=True)
    books.announce(submitted(2))
    books.do("UPDATE dispatch.unsent SET unroutable_at = now(), claimed_until = now() + interval '10 minutes'")
    assert Stand(books).after(0) == 1
    assert books.unsent() == 2


def test_nothing_is_counted_while_announcing_would_not_help(books: Books) -> None:
    """With the broker away, another announcement would change nothing."""
    stand = Stand(books)
    stand.ready = False
    assert [stand.after(0), stand.after(1000)] == [0, 0]


def test_what_waits_a_minute_for_an_earlier_message_is_parked_and_alerted(books: Books) -> None:
    """The younger one goes on waiting."""
    books.do(
        "INSERT INTO dispatch.parked (id, state, queue, publisher, subject, sequence, reason, detail, body, since) "
        "VALUES "
        "(gen_random_uuid(), 'waiting', 'q', 'intake', 's', 3, 'waiting', '', '', now() - interval '61 seconds'), "
        "(gen_random_uuid(), 'waiting', 'q', 'intake', 's', 4, 'waiting', '', '', now())"
    )
    stand = Stand(books)
    with capture_logs() as logs:
        stand.after(0)
    assert books.all("SELECT sequence, state, reason FROM dispatch.parked ORDER BY sequence") == [
        (3, "parked", "predecessor-missing"),
        (4, "waiting", "waiting"),
    ]
    assert [log["sequence"] for log in logs if log["event"] == "predecessor missing"] == [3]


def test_what_lies_unsent_is_measured_by_number_age_and_what_no_queue_takes(books: Books) -> None:
    """What is sent does not count, however old; when all is sent, all three are 0."""
    books.announce(submitted(1, time=long_ago(days=9)), sent=True)
    books.announce(submitted(2, time=long_ago(seconds=90)))
    books.announce(submitted(3, time=long_ago(seconds=30)), unroutable_at=long_ago(seconds=20))
    stand = Stand(books)
    stand.after(0)
    assert measured("unsent_events") == 2
    assert 90 <= measured("oldest_seconds") < 120
    assert measured("unroutable_events") == 1
    books.do("DELETE FROM dispatch.unsent")
    stand.late = []
    stand.after(0)
    assert [measured("unsent_events"), measured("oldest_seconds"), measured("unroutable_events")] == [0, 0, 0]


def measured(name: str) -> float:
    """What /metrics says of the outbox."""
    value = REGISTRY.get_sample_value(f"whistle_outbox_{name}")
    assert value is not None
    return value
