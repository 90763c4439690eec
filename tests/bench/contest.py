"""What takes part in a comparison: the same job, done in different ways, on the same servers."""

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self
from uuid import UUID

import psycopg

from shared.runtime.clock import uuid7
from tests.support.eventually import eventually
from tools.servers.postgres import plain

PATIENCE = 120.0  # seconds
LOOK_EVERY = 0.25  # seconds: looking is the database's work too


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the hotline, to become one whistle for three departments."""

    id: UUID
    reference: str
    category: str
    area: str
    address: str
    summary: str


DEPARTMENTS = ("chengguan", "shichang", "zhujian")  # whom each of these calls summons


class Contestant(ABC):
    """One way to do the summons job: a call is taken as a case and whistled (intake), three assignments are made
    (dispatch), three summonses lie in the departments' inboxes (notice).

    Three processes, each with its own schema, that meet only in messages: every queue a durable quorum queue, every
    message persistent and confirmed, nothing acknowledged before it is committed. As a context it makes its schemas and
    queues, starts its processes and waits until they take messages; at the end everything of its own is gone.
    """

    # Its schemas begin with it: <name>_intake."case" has dispatched_at, <name>_dispatch.assignment delivered_at.
    name: ClassVar[str]
    # A table with the columns case_id uuid, department text, delivered_at timestamptz (when it was written): a row for
    # each summons.
    inbox: ClassVar[str]

    def __init__(self, amqp_url: str, database_url: str, directory: Path) -> None:
        """`database_url` is SQLAlchemy's, with psycopg; logs go to `directory`."""
        self.amqp_url = amqp_url
        self.database_url = database_url
        self.directory = directory

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(self, *_: object) -> None: ...

    @abstractmethod
    def pids(self) -> Mapping[str, Sequence[int]]:
        """Its processes by name: intake, dispatch, notice, each with its children."""

    @abstractmethod
    def submit(self, calls: Sequence[Call]) -> None:
        """Hand these calls over, as its users would from another process; returns when the broker has confirmed all."""


def calls(count: int) -> list[Call]:
    """So many, each different."""
    return [
        Call(uuid7(), f"12345-{uuid7()}", "E06-01", "cj.sanhe.honghu.g03.c12", "西湖春天商铺楼", f"饭店漏水 {number}")
        for number in range(count)
    ]


def deliver(contestant: Contestant, some: Sequence[Call]) -> float:
    """Hand these over and wait until every department has each of them; seconds. An error if one has it twice.

    Returns when intake has noted the assignments, and dispatch the delivery, of all.
    """
    ids = [call.id for call in some]
    counted = f"SELECT count(*) FROM {contestant.inbox} WHERE case_id = ANY(%s)"
    noted = (
        f'SELECT NOT EXISTS (SELECT FROM {contestant.name}_intake."case" WHERE dispatched_at IS NULL) '
        f"AND NOT EXISTS (SELECT FROM {contestant.name}_dispatch.assignment WHERE delivered_at IS NULL)"
    )
    reached = (
        f"SELECT array_agg(department::text ORDER BY department) = %s FROM {contestant.inbox} "
        "WHERE case_id = ANY(%s) GROUP BY case_id"
    )
    with psycopg.connect(plain(contestant.database_url), autocommit=True) as connection:
        begun = time.perf_counter()
        contestant.submit(some)
        everywhere = (len(DEPARTMENTS) * len(ids),)
        eventually(
            lambda: connection.execute(counted, [ids]).fetchone() == everywhere,
            PATIENCE,
            f"{contestant.name}: every department has every call",
            LOOK_EVERY,
        )
        took = time.perf_counter() - begun
        eventually(
            lambda: connection.execute(noted).fetchone() == (True,),
            PATIENCE,
            f"{contestant.name}: everybody has heard of everything",
            LOOK_EVERY,
        )
        if connection.execute(reached, [sorted(DEPARTMENTS), ids]).fetchall() != [(True,)] * len(ids):
            raise SystemExit(f"{contestant.name}: a department misses a call, or has one twice")
    return took
