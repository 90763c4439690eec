"""The whole topology on a real broker: declared by everybody, again and again, and never half-way different."""

import threading

import pytest

from shared.messaging.declare import Mismatch, declare
from shared.messaging.topology import FOLLOWS, dead_letter_queue, queue_name
from shared.messaging.wire import Wire
from tests.component.messaging.bench import BY_INTAKE, channel, receiver, running
from tests.support.eventually import eventually


def test_every_queue_of_every_service_is_there_after_any_service_has_declared(vhost: str) -> None:
    """Whoever starts first: no event meets a missing queue."""
    with channel(vhost) as one:
        declare(one)
        for subscriber, publishers in FOLLOWS.items():
            for queue in [queue_name(subscriber, publisher) for publisher in publishers]:
                one.queue_declare(queue, passive=True)
            if publishers:
                one.queue_declare(dead_letter_queue(subscriber), passive=True)


def test_all_services_may_declare_at_the_same_moment(vhost: str) -> None:
    """Eight processes start together."""
    failures: list[Exception] = []

    def start() -> None:
        wire = Wire(vhost, "test")
        try:
            declare(wire.channel)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the test must see it
            failures.append(failure)
        finally:
            wire.close()

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []


def test_a_queue_that_is_not_as_declared_is_named(vhost: str) -> None:
    """Somebody made it by hand, or another release did."""
    with channel(vhost) as one:
        one.queue_declare(BY_INTAKE, durable=True, auto_delete=False)
        with pytest.raises(Mismatch, match=f"inequivalent arg .* for queue '{BY_INTAKE}'"):
            declare(one)


def test_a_service_says_so_and_goes_on_when_somebody_has_mended_it(vhost: str) -> None:
    """It does not end, and does not work with a wrong queue."""
    dispatch = receiver(vhost)
    with channel(vhost) as one:
        one.queue_declare(BY_INTAKE, durable=True, auto_delete=False)
        with running(dispatch):
            eventually(lambda: "Mismatch" in dispatch.line.reason)
            assert dispatch.line.away_since is not None
            one.queue_delete(BY_INTAKE)
            eventually(lambda: dispatch.line.away_since is None)
