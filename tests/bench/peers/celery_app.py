"""The tasks of Celery's workers; each worker takes those of its own service."""

import os
from dataclasses import asdict
from typing import Any

from celery import Celery
from sqlalchemy import select

from tests.bench.contest import Call
from tests.bench.peers.celery_peer import AT_ONCE, SETTINGS
from tests.bench.peers.messages import DELIVERED, DISPATCHED, HANDED_OVER, WHISTLED, Delivered, Dispatched, Whistled
from tests.bench.peers.sessions import insert_once, sessions_in
from tests.bench.peers.tables import Assignment, Case, schema_of
from tests.bench.peers.work import deliver, dispatch, note_delivered, note_dispatched, take

app = Celery("peers", broker=os.environ["AMQP_URL"])
app.conf.update(SETTINGS)
sessions = sessions_in(schema_of("celery", os.environ["SERVICE"]), os.environ["DATABASE_URL"], AT_ONCE)


@app.task(name=f"intake.{HANDED_OVER}")
def take_call(**call: Any) -> None:
    case, whistled = take(Call(**call))
    insert_once(sessions, [case])
    dispatch_case.apply_async(kwargs=asdict(whistled))


@app.task(name=f"dispatch.{WHISTLED}")
def dispatch_case(**whistled: Any) -> None:
    assignments, dispatched = dispatch(Whistled(**whistled))
    insert_once(sessions, assignments)
    deliver_summonses.apply_async(kwargs=asdict(dispatched))
    follow_dispatch.apply_async(kwargs=asdict(dispatched))


@app.task(name=f"notice.{DISPATCHED}")
def deliver_summonses(**dispatched: Any) -> None:
    summonses, delivered = deliver(Dispatched(**dispatched))
    insert_once(sessions, summonses)
    confirm_delivery.apply_async(kwargs=asdict(delivered))


@app.task(name=f"dispatch.{DELIVERED}")
def confirm_delivery(**delivered: Any) -> None:
    event = Delivered(**delivered)
    with sessions.begin() as session:
        for assignment in session.scalars(select(Assignment).where(Assignment.case_id == event.case_id)):
            note_delivered(assignment, event)


@app.task(name=f"intake.{DISPATCHED}")
def follow_dispatch(**dispatched: Any) -> None:
    event = Dispatched(**dispatched)
    with sessions.begin() as session:
        note_dispatched(session.get_one(Case, event.case_id), event)
