"""Counts what was announced and whether every subscriber has it: what "0 lost" means."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, create_engine, text

from shared.messaging.topology import FOLLOWS
from shared.store.database import driver_url


@dataclass(frozen=True, slots=True)
class Gap:
    """A subscriber that has not (yet) followed a publisher's stream to its end."""

    subscriber: str
    publisher: str
    subject: str
    has: int
    announced: int

    def __str__(self) -> str:
        return f"{self.subscriber} has {self.has} of {self.announced} events of {self.publisher} about {self.subject}"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """`messages` were announced; `gaps` are missing, `unsent` no broker has confirmed, `parked` wait for somebody."""

    messages: int
    unsent: int
    parked: int
    gaps: tuple[Gap, ...]

    @property
    def settled(self) -> bool:
        """Whether everything that was announced has taken effect everywhere."""
        return not (self.unsent or self.parked or self.gaps)


def arrived(database_url: str, subject: str = "", within: float = 30.0) -> Reckoning:
    """The reckoning once everything has arrived, or after `within` seconds as it then is."""
    engine = create_engine(driver_url(database_url))
    deadline = time.monotonic() + within
    try:
        while True:
            with engine.connect() as connection:
                found = reckon(connection, subject)
            if found.settled or time.monotonic() > deadline:
                return found
            time.sleep(0.1)
    finally:
        engine.dispose()


def reckon(connection: Connection, subject: str = "") -> Reckoning:
    """Compare every stream's end with every subscriber's cursor; only this subject's, if one is given."""
    publishers = [service for service in FOLLOWS if service != "gateway"]
    condition = "WHERE subject = :subject" if subject else ""

    def count(what: str, table: str, also: str = "") -> int:
        clause = " AND ".join(part for part in (condition.removeprefix("WHERE "), also) if part)
        sql = f"SELECT {what} FROM {table} {'WHERE ' + clause if clause else ''}"
        return int(connection.execute(text(sql), {"subject": subject}).scalar_one())

    return Reckoning(
        messages=sum(count("coalesce(sum(last), 0)", f'"{one}".stream') for one in publishers),
        unsent=sum(count("count(*)", f'"{one}".unsent JOIN "{one}".outbox USING (position)') for one in publishers),
        parked=sum(count("count(*)", f'"{one}".parked') for one in publishers),
        gaps=tuple(_gaps(connection, condition, subject)),
    )


def _gaps(connection: Connection, condition: str, subject: str) -> Iterator[Gap]:
    for subscriber, publishers in FOLLOWS.items():
        for publisher in (one for one in publishers if one in FOLLOWS):
            sql = (
                f"SELECT s.subject, coalesce(c.sequence, 0), s.last FROM "
                f'(SELECT subject, last FROM "{publisher}".stream {condition}) AS s '
                f'LEFT JOIN "{subscriber}".cursor AS c ON c.publisher = :publisher AND c.subject = s.subject '
                "WHERE coalesce(c.sequence, 0) < s.last ORDER BY s.subject"
            )
            for row in connection.execute(text(sql), {"publisher": publisher, "subject": subject}):
                yield Gap(subscriber, publisher, *row)
