"""Nameko's services: `SERVICE` says which this process runs."""

import os
import signal
from dataclasses import asdict
from typing import Any

import eventlet
from kombu.entity import Exchange, Queue
from nameko.constants import DEFAULT_MAX_WORKERS
from nameko.extensions import DependencyProvider
from nameko.messaging import Publisher, consume
from nameko.runners import ServiceRunner
from sqlalchemy import select

from tests.bench.contest import Call
from tests.bench.peers.messages import DELIVERED, DISPATCHED, HANDED_OVER, WHISTLED, Delivered, Dispatched, Whistled
from tests.bench.peers.nameko_peer import EVENTS
from tests.bench.peers.sessions import Sessions, insert_once, sessions_in
from tests.bench.peers.tables import Assignment, Case, schema_of
from tests.bench.peers.work import deliver, dispatch, note_delivered, note_dispatched, take

exchange = Exchange(EVENTS, type="topic", durable=True)


def queue_of(service: str, event: str) -> Queue:
    arguments = {"x-queue-type": "quorum"}
    return Queue(f"nameko.{service}.{event}", exchange, event, durable=True, queue_arguments=arguments)


class Database(DependencyProvider):
    """The service's sessions, as many at once as it has workers."""

    def setup(self) -> None:
        schema = schema_of("nameko", self.container.service_name)
        self._sessions = sessions_in(schema, os.environ["DATABASE_URL"], DEFAULT_MAX_WORKERS)

    def get_dependency(self, _worker: Any) -> Sessions:
        return self._sessions


class Intake:
    name = "intake"
    database = Database()
    publish = Publisher(exchange)

    @consume(queue_of("intake", HANDED_OVER), requeue_on_error=True)
    def take_call(self, call: dict[str, Any]) -> None:
        case, whistled = take(Call(**call))
        insert_once(self.database, [case])
        self.publish(asdict(whistled), routing_key=WHISTLED)

    @consume(queue_of("intake", DISPATCHED), requeue_on_error=True)
    def follow_dispatch(self, dispatched: dict[str, Any]) -> None:
        event = Dispatched(**dispatched)
        with self.database.begin() as session:
            note_dispatched(session.get_one(Case, event.case_id), event)


class Dispatch:
    name = "dispatch"
    database = Database()
    publish = Publisher(exchange)

    @consume(queue_of("dispatch", WHISTLED), requeue_on_error=True)
    def dispatch_case(self, whistled: dict[str, Any]) -> None:
        assignments, dispatched = dispatch(Whistled(**whistled))
        insert_once(self.database, assignments)
        self.publish(asdict(dispatched), routing_key=DISPATCHED)

    @consume(queue_of("dispatch", DELIVERED), requeue_on_error=True)
    def confirm_delivery(self, delivered: dict[str, Any]) -> None:
        event = Delivered(**delivered)
        with self.database.begin() as session:
            for assignment in session.scalars(select(Assignment).where(Assignment.case_id == event.case_id)):
                note_delivered(assignment, event)


class Notice:
    name = "notice"
    database = Database()
    publish = Publisher(exchange)

    @consume(queue_of("notice", DISPATCHED), requeue_on_error=True)
    def deliver_summonses(self, dispatched: dict[str, Any]) -> None:
        summonses, delivered = deliver(Dispatched(**dispatched))
        insert_once(self.database, summonses)
        self.publish(asdict(delivered), routing_key=DELIVERED)


def main() -> None:
    """Run the service until SIGTERM."""
    services = {service.name: service for service in (Intake, Dispatch, Notice)}
    runner = ServiceRunner({"AMQP_URI": os.environ["AMQP_URL"]})
    runner.add_service(services[os.environ["SERVICE"]])
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(runner.stop))
    runner.start()
    runner.wait()
