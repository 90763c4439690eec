"""The subscribers of FastStream's services: `SERVICE` says whose this process has."""

import asyncio
import os
from collections.abc import Iterable

from faststream import AckPolicy, FastStream
from faststream.rabbit import Channel, ExchangeType, QueueType, RabbitBroker, RabbitExchange, RabbitQueue, RabbitRouter
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from tests.bench.contest import Call
from tests.bench.peers.faststream_peer import EVENTS
from tests.bench.peers.messages import DELIVERED, DISPATCHED, HANDED_OVER, WHISTLED, Delivered, Dispatched, Whistled
from tests.bench.peers.tables import Assignment, Case, Model, in_schema, schema_of
from tests.bench.peers.work import deliver, dispatch, note_delivered, note_dispatched, take

AT_ONCE = 10  # its documentation's prefetch count, which also bounds how many messages are worked on

intake, dispatching, notice = RabbitRouter(), RabbitRouter(), RabbitRouter()
ROUTERS = {"intake": intake, "dispatch": dispatching, "notice": notice}
exchange = RabbitExchange(EVENTS, type=ExchangeType.TOPIC, durable=True)
engine = create_async_engine(
    os.environ["DATABASE_URL"],
    connect_args=in_schema(schema_of("faststream", os.environ["SERVICE"])),
    pool_size=AT_ONCE,
    max_overflow=0,
)
sessions = async_sessionmaker(engine, expire_on_commit=False)


def queue_of(service: str, event: str) -> RabbitQueue:
    return RabbitQueue(f"faststream.{service}.{event}", queue_type=QueueType.QUORUM, durable=True, routing_key=event)


async def insert_once(rows: Iterable[Model]) -> None:
    """Write these rows, unless they are there because their message came before."""
    try:
        async with sessions.begin() as session:
            session.add_all(rows)
    except IntegrityError:
        pass


@intake.subscriber(queue_of("intake", HANDED_OVER), exchange)
@intake.publisher(exchange=exchange, routing_key=WHISTLED, persist=True)
async def take_call(call: Call) -> Whistled:
    case, whistled = take(call)
    await insert_once([case])
    return whistled


@dispatching.subscriber(queue_of("dispatch", WHISTLED), exchange)
@dispatching.publisher(exchange=exchange, routing_key=DISPATCHED, persist=True)
async def dispatch_case(event: Whistled) -> Dispatched:
    assignments, dispatched = dispatch(event)
    await insert_once(assignments)
    return dispatched


@notice.subscriber(queue_of("notice", DISPATCHED), exchange)
@notice.publisher(exchange=exchange, routing_key=DELIVERED, persist=True)
async def deliver_summonses(event: Dispatched) -> Delivered:
    summonses, delivered = deliver(event)
    await insert_once(summonses)
    return delivered


@dispatching.subscriber(queue_of("dispatch", DELIVERED), exchange)
async def confirm_delivery(event: Delivered) -> None:
    async with sessions.begin() as session:
        for assignment in await session.scalars(select(Assignment).where(Assignment.case_id == event.case_id)):
            note_delivered(assignment, event)


@intake.subscriber(queue_of("intake", DISPATCHED), exchange)
async def follow_dispatch(event: Dispatched) -> None:
    async with sessions.begin() as session:
        note_dispatched(await session.get_one(Case, event.case_id), event)


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
