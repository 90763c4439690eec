"""What takes part in a comparison: the same job, done in different ways, on the same servers."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self
from uuid import UUID


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
