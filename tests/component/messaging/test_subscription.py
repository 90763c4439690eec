"""The subscription against a real broker: in order, settled together, back after whatever breaks."""

import amqp
import pytest

from shared.messaging import subscription
from shared.messaging.envelope import encode, together
from shared.messaging.topology import dead_letter_queue
from tests.component.messaging.bench import (
    BY_INTAKE,
    BY_NOTICE,
    channel,
    numbers,
    put,
    ready,
    receiving,
    relaying,
    submitted,
    take,
    was_read,
)
from tests.support.eventually import eventually
from tools.servers.rabbitmq import PrivateRabbitMQ

DEAD = dead_letter_queue("dispatch")


def test_what_is_settled_is_acknowledged_and_the_rest_goes_back_to_its_queue(vhost: str) -> None:
    """Of ten messages six are taken and settled; after the end four lie in the queue."""
    put(vhost, *(submitted(number) for number in range(1, 11)))
    with receiving(vhost) as subscription:
        works = take(subscription, 6)
        assert numbers(works) == [1, 2, 3, 4, 5, 6]
        subscription.settle(works)
        eventually(lambda: subscription.waiting() == 4, what="the others wait")
    eventually(lambda: ready(vhost, BY_INTAKE) == 4, what="what was not handled lies there again")
    with receiving(vhost) as subscription:
        assert numbers(take(subscription, 4)) == [7, 8, 9, 10]


def test_one_batch_may_be_taken_in_portions_from_several_queues_and_is_settled_at_once(vhost: str) -> None:
    """One acknowledgement covers everything in hand, whichever queue it came from."""
    put(vhost, *(submitted(number) for number in range(1, 21)))
    put(vhost, *(was_read(number) for number in range(1, 21)), queue=BY_NOTICE)
    with receiving(vhost) as subscription:
        works = [*take(subscription, 15), *take(subscription, 25)]
        subscription.settle(works)
    assert {work.message.publisher for work in works if work.message} == {"intake", "notice"}
    assert (ready(vhost, BY_INTAKE), ready(vhost, BY_NOTICE)) == (0, 0)


def test_a_message_of_several_events_is_acknowledged_when_the_last_of_them_is_settled(vhost: str) -> None:
    """Until then the broker keeps it, and brings all of them again; what took effect is known."""
    put(vhost, submitted(1), batch(2, 3, 4), submitted(5))
    with receiving(vhost) as subscription:
        first = take(subscription, 3)
        assert (numbers(first), subscription.waiting()) == ([1, 2, 3], 2)
        subscription.settle(first)
    with receiving(vhost) as subscription:
        again = take(subscription, 4)
        assert numbers(again) == [2, 3, 4, 5]
        subscription.settle(again)
    assert ready(vhost, BY_INTAKE) == 0


def test_whoever_leaves_finishes_the_message_that_was_begun_and_no_other(vhost: str) -> None:
    """Else the events of it that took effect would be brought to another replica once more."""
    put(vhost, batch(1, 2, 3), batch(4, 5))
    with receiving(vhost) as subscription:
        eventually(lambda: subscription.waiting() == 5, what="both messages are here")
        subscription.settle(subscription.take(2))
        subscription.drain()
        assert subscription.waiting()
        rest = subscription.take(25)
        assert numbers(rest) == [3]
        subscription.settle(rest)
        assert (subscription.waiting(), subscription.take(25)) == (0, [])
    with receiving(vhost) as subscription:
        assert numbers(take(subscription, 2)) == [4, 5]


def test_in_a_message_of_several_events_each_has_its_own_flaw(vhost: str) -> None:
    """One that nobody can read does not spoil the others."""
    put(
        vhost,
        together([encode(submitted(1), "intake"), b'{"no":"event"}', encode(submitted(2), "intake")]),
        b"[1",
        b"[]",
    )
    with receiving(vhost) as subscription:
        works = take(subscription, 5)
    flaws = [work.flaw.partition(":")[0] for work in works]
    assert flaws == ["", "undecodable", "", "undecodable", "undecodable"]
    assert [work.message.body for work in works if work.message and work.flaw] == [b'{"no":"event"}', b"[1", b"[]"]


def test_a_message_of_several_events_that_comes_for_the_third_time_is_parted(vhost: str) -> None:
    """Each of them goes back into the queue by itself, so that the one that brought its consumer down falls alone."""
    put(vhost, batch(1, 2, 3), submitted(4))
    for _ in range(2):
        with receiving(vhost) as subscription:
            take(subscription, 4)
    with receiving(vhost) as subscription:
        suspect = take(subscription, 1)
        subscription.settle(suspect)
        parted = take(subscription, 3)
        subscription.settle(parted)
    assert [(one, work.alone) for one, work in zip(numbers(suspect), suspect, strict=True)] == [(4, True)]
    assert [(one, work.alone) for one, work in zip(numbers(parted), parted, strict=True)] == [
        (1, False), (2, False), (3, False)
    ]  # fmt: skip
    assert ready(vhost, BY_INTAKE) == 0


def test_an_event_without_a_method_still_moves_the_cursor(vhost: str) -> None:
    """It becomes a work without a command."""
    put(vhost, was_read(), queue=BY_NOTICE)
    with receiving(vhost) as subscription:
        (work,) = take(subscription, 1)
        assert (work.command, work.flaw, numbers([work])) == (None, "", [1])


def test_the_engine_is_woken_when_something_arrives(vhost: str) -> None:
    """`wake` is called, so that the engine need not look again and again."""
    woken: list[bool] = []
    with receiving(vhost, wake=lambda: woken.append(True)):
        put(vhost, submitted())
        eventually(lambda: woken)


def test_a_batch_from_before_a_reconnection_is_not_acknowledged_on_the_new_channel(
    vhost: str, broker: PrivateRabbitMQ
) -> None:
    """Its tags would mean other messages there; the broker delivers them again instead, and the cursor knows them."""
    put(vhost, *(submitted(number) for number in range(1, 11)))
    with receiving(vhost) as subscription:
        old = take(subscription, 5)
        broker.control("close_all_connections", "--vhost", vhost.rpartition("/")[2], "cut by a test")
        eventually(lambda: subscription.waiting() == 10, what="all ten are delivered again")
        subscription.settle(old)
    eventually(lambda: ready(vhost, BY_INTAKE) == 10, what="all ten lie there again")


def test_a_deleted_queue_is_made_and_consumed_again_within_a_second(vhost: str) -> None:
    """Deleted while consuming; what is announced from then on arrives."""
    with receiving(vhost) as subscription, relaying(vhost) as relay:
        with channel(vhost) as breaking:
            breaking.queue_delete(BY_INTAKE)
            eventually(lambda: is_consumed(breaking, BY_INTAKE), within=1.0, what="it is consumed again")
        relay.publish([submitted()])
        assert numbers(take(subscription, 1)) == [1]


def test_a_queue_whose_deletion_nobody_tells_of_is_consumed_again(vhost: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As RabbitMQ 3.10 does after the loss of a node."""
    monkeypatch.setattr(subscription, "LOOK_EVERY", 0.2)
    monkeypatch.setattr(subscription.Subscription, "_restore", lambda *_: None)
    with receiving(vhost) as dispatch, channel(vhost) as breaking:
        breaking.queue_delete(BY_INTAKE)
        eventually(lambda: is_consumed(breaking, BY_INTAKE), what="it is consumed again")
        put(vhost, submitted())
        assert numbers(take(dispatch, 1)) == [1]


def test_what_cannot_be_read_comes_with_its_flaw_and_its_place_if_it_has_one(vhost: str) -> None:
    """Bytes that are no message, an unknown type, a version from the future: none of them stops the others."""
    good = encode(submitted(1), "intake")
    put(
        vhost,
        b"\xff\x00",
        good.replace(b".submitted.v1", b".submitted.v9"),
        good.replace(b".submitted.", b".sung."),
        good,
    )
    with receiving(vhost) as subscription:
        works = take(subscription, 4)
    assert [work.flaw.partition(":")[0] for work in works] == ["undecodable", "future-version", "unknown-type", ""]
    assert numbers(works) == [0, 1, 1, 1]
    assert works[0].message is not None
    assert (works[0].message.publisher, works[0].message.body) == ("intake", b"\xff\x00")


def test_a_message_that_comes_for_the_third_time_is_given_out_alone(vhost: str) -> None:
    """It may be what brought its consumer down; its neighbours shall not fall with it."""
    put(vhost, submitted(1))
    for _ in range(2):
        with receiving(vhost) as subscription:
            take(subscription, 1)
    put(vhost, submitted(2), submitted(3))
    with receiving(vhost) as subscription:
        eventually(lambda: subscription.waiting() == 3)
        first = subscription.take(10)
        assert [(one, work.alone) for one, work in zip(numbers(first), first, strict=True)] == [(1, True)]
        assert subscription.take(10) == []
        subscription.settle(first)
        assert numbers(subscription.take(10)) == [2, 3]


def test_what_the_broker_gave_up_comes_as_a_dead_letter_that_names_its_queue(vhost: str) -> None:
    """The last resort: after a hundred deliveries it is to be parked, and no longer carried out."""
    put(vhost, submitted(1))
    with channel(vhost) as failing:
        for _ in range(101):
            message = eventually(lambda: failing.basic_get(BY_INTAKE), every=0.001)
            failing.basic_reject(message.delivery_tag, requeue=True)
        eventually(lambda: ready(vhost, DEAD) == 1)
    with receiving(vhost) as subscription:
        (work,) = take(subscription, 1)
        subscription.settle([work])
    assert work.flaw.startswith("delivery-limit: ")
    assert work.command is None
    assert work.message is not None
    assert (work.message.queue, work.message.sequence) == (BY_INTAKE, 1)
    assert ready(vhost, DEAD) == 0


def test_headers_that_somebody_made_up_do_no_harm(vhost: str) -> None:
    """Neither a count that is no number nor a dead letter that never died stops the subscription."""
    with receiving(vhost) as subscription, channel(vhost) as forging:
        forging.basic_publish(amqp.Message(b"1", application_headers={"x-delivery-count": "many"}), "", BY_INTAKE)
        forging.basic_publish(amqp.Message(b"2", application_headers={"x-death": "none"}), "", DEAD)
        flaws = {work.flaw.partition(":")[0] for work in take(subscription, 2)}
    assert flaws == {"undecodable", "dead-lettered"}


def test_draining_gives_out_nothing_more_and_still_settles_what_is_in_hand(vhost: str) -> None:
    """SIGTERM: the batch that was begun is finished and acknowledged, the rest stays in its queue."""
    put(vhost, *(submitted(number) for number in range(1, 6)))
    with receiving(vhost) as subscription:
        works = take(subscription, 3)
        subscription.drain()
        assert (subscription.waiting(), subscription.take(10)) == (0, [])

        def stays() -> bool:
            put(vhost, submitted(6))
            return ready(vhost, BY_INTAKE) > 0

        eventually(stays, what="the broker delivers no more")
        subscription.settle(works)
    with receiving(vhost) as subscription:
        assert numbers(take(subscription, 3)) == [4, 5, 6]


def test_a_service_that_follows_nobody_has_no_subscription(vhost: str) -> None:
    """The directory only publishes."""
    with pytest.raises(ValueError, match="directory follows nobody"), receiving(vhost, "directory"):
        pass


def batch(*numbers: int) -> bytes:
    """A message of several events."""
    return together([encode(submitted(number), "intake") for number in numbers])


def is_consumed(looking: amqp.Channel, queue: str) -> bool:
    """Whether the queue exists and has a consumer."""
    try:
        return bool(looking.queue_declare(queue, passive=True).consumer_count)
    except amqp.NotFound:
        return False
