"""The relay against a real broker: confirmed, returned, refused, cut off."""

from uuid import uuid4

from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from shared.messaging.envelope import BATCH_CONTENT_TYPE, CONTENT_TYPE, apart, decode
from shared.messaging.parking import Post
from shared.messaging.relay import TOGETHER_BYTES
from shared.messaging.topology import EXCHANGE
from tests.component.messaging.bench import (
    BY_INTAKE,
    CASE,
    FOLLOWING_NOTICE,
    TRACE,
    channel,
    numbers,
    receiving,
    relaying,
    submitted,
    take,
    was_read,
)
from tests.support.eventually import eventually
from tools.servers.rabbitmq import PrivateRabbitMQ

REFUSED = ("whistle_announced_total", {"outcome": "refused"})


def test_what_was_committed_arrives_in_order_with_its_trace_and_is_reported_as_sent(vhost: str) -> None:
    """Every follower of the publisher gets each event once; the broker's confirmations name them all."""
    rows = [submitted(number) for number in range(1, 501)]
    with receiving(vhost) as dispatch, receiving(vhost, "closure") as closure, relaying(vhost) as relay:
        relay.publish(rows)
        eventually(lambda: not relay.in_flight(), what="the broker has answered for every event")
        sent = relay.sent()
        works = take(dispatch, 500)
        assert numbers(take(closure, 500)) == numbers(works) == list(range(1, 501))
    assert set(sent) == {row.id for row in rows}
    assert not relay.in_flight()
    assert works[0].id == rows[0].id
    assert works[0].trace == TRACE
    assert works[0].message is not None
    assert decode(works[0].message.body).subject == str(CASE)


def test_events_that_go_out_together_share_messages_of_a_bounded_size(vhost: str) -> None:
    """By number, and by bytes: a large one goes alone."""
    small, large = [submitted(number) for number in range(1, 61)], submitted(61, kind="k" * TOGETHER_BYTES)
    with relaying(vhost) as relay:
        relay.publish([*small, large, submitted(62)])
        eventually(lambda: not relay.in_flight(), what="the broker has answered for every event")
        assert len(relay.sent()) == 62
    with channel(vhost) as looking:
        messages = [looking.basic_get(BY_INTAKE) for _ in range(5)]
        assert looking.basic_get(BY_INTAKE) is None
    kinds = [message.properties["content_type"] for message in messages]
    assert kinds == [BATCH_CONTENT_TYPE] * 3 + [CONTENT_TYPE] * 2
    assert [len(apart(message.body)) for message in messages] == [25, 25, 10, 1, 1]


def test_of_a_cluster_whose_first_node_is_away_the_next_one_is_taken(vhost: str) -> None:
    """By whoever is connected all the time, and by who wants one word with it."""
    nodes = f"amqp://whistle:wrong@127.0.0.1:1/;{vhost}"
    with receiving(vhost) as dispatch, relaying(nodes) as relay:
        relay.publish([submitted()])
        assert numbers(take(dispatch, 1)) == [1]
    with Post(nodes) as post:
        post.put(b"{}", BY_INTAKE)
    with channel(vhost) as looking:
        assert looking.basic_get(BY_INTAKE) is not None


def test_what_no_queue_takes_is_reported_as_unroutable_and_not_as_sent(vhost: str) -> None:
    """A binding that is gone loses nothing silently."""
    lost, arrived = was_read(1), was_read(2)
    lost_together = [was_read(3), was_read(4)]
    with relaying(vhost, "notice") as relay:
        with channel(vhost) as breaking:
            for queue in FOLLOWING_NOTICE:
                breaking.queue_unbind(queue, EXCHANGE, "notice.#")
            relay.publish([lost])
            assert eventually(relay.unroutable) == [lost.id]
            relay.publish(lost_together)
            assert eventually(relay.unroutable) == [row.id for row in lost_together]
            for queue in FOLLOWING_NOTICE:
                breaking.queue_bind(queue, EXCHANGE, "notice.#")
        relay.publish([arrived])
        assert eventually(relay.sent) == [arrived.id]


def test_what_nobody_follows_needs_no_queue(vhost: str) -> None:
    """Whoever announces may be the first of its kind."""
    row = submitted()
    with relaying(vhost, "gateway") as relay:
        relay.publish([row])
        assert eventually(relay.sent) == [row.id]


def test_what_the_broker_refuses_stays_unsent_and_the_relay_leaves_the_rest_to_the_sweep(vhost: str) -> None:
    """A nack is neither a confirmation nor the end."""
    with relaying(vhost, "notice") as relay, channel(vhost) as breaking:
        full = {"x-queue-type": "quorum", "x-max-length": 1, "x-overflow": "reject-publish"}
        breaking.queue_declare("full", durable=True, auto_delete=False, arguments=full)
        breaking.queue_bind("full", EXCHANGE, "notice.#")
        rows = [was_read(number) for number in range(1, 1000)]
        for row in rows:
            relay.publish([row])
            eventually(lambda: not relay.in_flight(), what="the message is answered", every=0.005)
            if relay.behind:
                break
        assert relay.behind
        assert row.id not in relay.sent()
        breaking.queue_delete("full")


def test_a_broker_that_refuses_in_a_loop_is_told_of_once_in_a_few_seconds_with_the_count(vhost: str) -> None:
    """A line for each refusal would fill the log; none is left out of the count."""
    seconds, asked, row = 0.0, REGISTRY.get_sample_value(*REFUSED) or 0, was_read()
    with capture_logs() as logs, relaying(vhost, "notice", timer=lambda: seconds) as relay, channel(vhost) as breaking:
        full = {"x-queue-type": "classic", "x-max-length": 0, "x-overflow": "reject-publish"}
        breaking.queue_declare("full", auto_delete=False, arguments=full)
        breaking.queue_bind("full", EXCHANGE, "notice.#")

        def refused(times: int) -> bool:
            relay.resend([row])
            eventually(lambda: not relay.in_flight(), what="the message is answered", every=0.005)
            return (REGISTRY.get_sample_value(*REFUSED) or 0) - asked >= times

        def told() -> list[int]:
            return [log["events"] for log in logs if log["event"] == "announcements refused by the broker"]

        eventually(lambda: refused(1), every=0)
        assert eventually(told) == [1]
        eventually(lambda: refused(30), every=0)
        assert told() == [1]
        seconds = 5.0
        eventually(lambda: told() == [1, 29], what="the rest is told together")
        breaking.queue_delete("full")


def test_a_channel_closed_in_the_middle_of_a_batch_leaves_the_unconfirmed_to_the_sweep(vhost: str) -> None:
    """The exchange vanishes: the broker closes the channel, and the relay comes back with everything declared again."""
    with relaying(vhost) as relay:
        with channel(vhost) as breaking:
            breaking.exchange_delete(EXCHANGE)
        rows = [submitted(number) for number in range(1, 101)]
        relay.publish(rows)
        eventually(lambda: relay.behind, what="the relay noticed")
        eventually(lambda: relay.room, what="the relay is back")
        assert relay.sent() == []
        assert not relay.in_flight()
        relay.resend(rows)
        eventually(lambda: not relay.in_flight(), what="the broker has answered for every event")
    with receiving(vhost) as dispatch:
        assert numbers(take(dispatch, 100)) == list(range(1, 101))


def test_memory_is_bounded(vhost: str) -> None:
    """What is too much is left to the sweep, and so is everything after it until the sweep has caught up."""
    with relaying(vhost, most_in_flight=10) as relay:
        relay.publish([submitted(number) for number in range(1, 12)])
        assert relay.behind
        relay.publish([submitted(12)])
        assert not relay.in_flight()
        relay.caught_up()
        row = submitted(13)
        relay.publish([row])
        assert eventually(relay.sent) == [row.id]


def test_a_broker_that_takes_nothing_is_left_in_peace_until_it_does(vhost: str, broker: PrivateRabbitMQ) -> None:
    """Its memory is full: what was sent waits, what comes after goes to the sweep, and nothing is lost."""
    first, later = submitted(1), submitted(2)
    with relaying(vhost) as relay:
        broker.control("set_vm_memory_high_watermark", "0.00001")
        try:
            relay.publish([first])
            eventually(lambda: relay.blocked, what="the broker says that it takes nothing")
            relay.publish([later])
            assert relay.behind
            assert set(relay.in_flight()) == {first.id}
        finally:
            broker.control("set_vm_memory_high_watermark", "0.4")
        assert eventually(relay.sent) == [first.id]
        eventually(lambda: relay.room, what="it takes events again")


def test_stopping_waits_for_the_confirmations_of_what_is_in_memory(vhost: str) -> None:
    """SIGTERM right after a commit still brings the event out."""
    rows = [submitted(1, case=uuid4()) for _ in range(300)]
    with relaying(vhost) as relay:
        relay.publish(rows)
    assert len(relay.sent()) == 300
