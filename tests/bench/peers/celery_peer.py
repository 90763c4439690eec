"""Celery: a worker for each service, whose tasks call the next service's by its queue."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, ClassVar

from kombu.transport.native_delayed_delivery import CELERY_DELAYED_DELIVERY_EXCHANGE, MAX_LEVEL, level_name

from tests.bench.contest import Call
from tests.bench.peers.messages import HANDED_OVER
from tests.bench.peers.peer import Peer, Submit
from tests.bench.peers.tables import SERVICES

# Where it finds a quorum queue, a worker makes these for delayed tasks, whether there will be any or not.
DELAYS = tuple(level_name(level) for level in range(MAX_LEVEL + 1))

AT_ONCE = 10  # threads a worker; its producer pool has as many connections

SETTINGS: dict[str, Any] = {
    "broker_transport_options": {"confirm_publish": True},
    "task_default_queue_type": "quorum",
    "task_create_missing_queue_type": "quorum",
    "task_routes": {f"{service}.*": {"queue": f"celery.{service}"} for service in SERVICES},
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_ignore_result": True,
    "worker_prefetch_multiplier": 64,  # as its guide advises for many short tasks
}


class CeleryPeer(Peer):
    """Late acknowledgement, quorum queues (it then sets no global QoS), persistent messages, which are its default."""

    name: ClassVar[str] = "celery"
    inbox: ClassVar[str] = "celery_notice.summons"
    exchanges = (
        *(f"celery.{service}" for service in SERVICES), *DELAYS, CELERY_DELAYED_DELIVERY_EXCHANGE,
        "celery.pidbox", "reply.celery.pidbox", "celeryev",
    )  # fmt: skip
    unheard = DELAYS

    def queues(self) -> list[str]:
        """One for each service: a task's name says what it is about."""
        return [f"celery.{service}" for service in SERVICES]

    def _command(self, service: str) -> Sequence[str]:
        # Of the pools in its guide, threads did this best: 34 ms CPU a whistle, where prefork and solo took 44 to 54.
        return [
            sys.executable, "-m", "celery", "--app", "tests.bench.peers.celery_app", "worker",
            "--queues", f"celery.{service}", "--hostname", f"{service}@%h",
            "--pool", "threads", "--concurrency", str(AT_ONCE),
        ]  # fmt: skip

    @contextmanager
    def _client(self) -> Iterator[Submit]:
        from celery import Celery

        with Celery(broker=self.amqp_url, set_as_current=False) as app:
            app.conf.update(SETTINGS)
            with app.connection_for_write() as connection, app.amqp.Producer(connection) as producer:

                def submit(calls: Sequence[Call]) -> None:
                    for call in calls:
                        app.send_task(f"intake.{HANDED_OVER}", kwargs=asdict(call), producer=producer)

                yield submit
