"""The subscribers of FastStream's services: `SERVICE` says whose this process has.

They are plain functions, which it runs on threads: that took a quarter less CPU than asyncio through to the database.
"""

import asyncio
import os

from faststream import AckPolicy, FastStream
from faststream.rabbit import Channel, ExchangeType, QueueType, RabbitBroker, RabbitExchange, RabbitQueue, RabbitRouter
from sqlalchemy import select

from tests.bench.contest import Call
from tests.bench.peers.faststream_peer import EVENTS
from tests.bench.peers.messages import DELIVERED, DISPATCHED, HANDED_OVER, WHISTLED, Delivered, Dispatched, Whistled
from tests.bench.peers.sessions import insert_once, sessions_in
from tests.bench.peers.tables import Assignment, Case, schema_of
from tests.bench.peers.work import deliver, dispatch, note_delivered, note_dispatched, take

AT_ONCE = 10  # its documentation's prefetch count, which bounds how many messages of a queue are worked on

intake, dispatching, notice = RabbitRouter(), RabbitRouter(), RabbitRouter()
ROUTERS = {"intake": intake, "dispatch": dispatching, "notice": notice}
exchange = RabbitExchange(EVENTS, type=ExchangeType.TOPIC, durable=True)
sessions = sessions_in(schema_of("faststream", os.environ["SERVICE"]), os.environ["DATABASE_URL"], AT_ONCE)


def queue_of(service: str, event: str) -> RabbitQueue:
    return RabbitQueue(f"faststream.{service}.{event}", queue_type=QueueType.QUORUM, durable=True, routing_key=event)


@intake.subscriber(queue_of("intake", HANDED_OVER), exchange)
@intake.publisher(exchange=exchange, routing_key=WHISTLED, persist=True)
def take_call(call: Call) -> Whistled:
    case, whistled = take(call)
    insert_once(sessions, [case])
    return whistled


@dispatching.subscriber(queue_of("dispatch", WHISTLED), exchange)
@dispatching.publisher(exchange=exchange, routing_key=DISPATCHED, persist=True)
def dispatch_case(event: Whistled) -> Dispatched:
    assignments, dispatched = dispatch(event)
    insert_once(sessions, assignments)
    return dispatched


@notice.subscriber(queue_of("notice", DISPATCHED), exchange)
@notice.publisher(exchange=exchange, routing_key=DELIVERED, persist=True)
def deliver_summonses(event: Dispatched) -> Delivered:
    summonses, delivered = deliver(event)
    insert_once(sessions, summonses)
    return delivered


@dispatching.subscriber(queue_of("dispatch", DELIVERED), exchange)
def confirm_delivery(event: Delivered) -> None:
    with sessions.begin() as session:
        for assignment in session.scalars(select(Assignment).where(Assignment.case_id == event.case_id)):
            note_delivered(assignment, event)


@intake.subscriber(queue_of("intake", DISPATCHED), exchange)
def follow_dispatch(event: Dispatched) -> None:
    with sessions.begin() as session:
        note_dispatched(session.get_one(Case, event.case_id), event)


async def main() -> None:
    broker = RabbitBroker(
        os.environ["AMQP_URL"],
        default_channel=Channel(prefetch_count=AT_ONCE),
        ack_policy=AckPolicy.NACK_ON_ERROR,
        logger=None,
    )
    broker.include_router(ROUTERS[os.environ["SERVICE"]])
    await FastStream(broker, logger=None).run()


if __name__ == "__main__":
    asyncio.run(main())
