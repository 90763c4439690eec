"""Lives played through supervision's engine on a real database, without broker and HTTP."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from services.supervision.commands.fire_clocks import FireClocks
from services.supervision.commands.follow_event import FollowEvent
from services.supervision.domain.case_clocks import CaseClocks
from services.supervision.domain.clock import Clock
from services.supervision.store import tables
from services.supervision.wiring import WIRING
from shared.access.policy import permit
from shared.engine.batch import Rules
from shared.engine.engine import Engine
from shared.engine.handlers import handlers_in
from shared.engine.reference import References
from shared.engine.works import Message, Work
from shared.runtime.clock import uuid7
from shared.store.database import Database
from shared.store.migrate import migrate
from shared.store.reads import aggregate
from shared.store.store import Store
from tests.support.lives import BEGIN, SNAPSHOTS, Heard
from tests.support.tables import rows


def _no_messages(_message: Message) -> Work:
    raise AssertionError("works come without messages here")


class Played:
    """Supervision's engine, told what the time is."""

    def __init__(self, url: str) -> None:
        migrate("supervision", url)
        self.url = url
        self.now = BEGIN
        self.database = Database(url, "supervision")
        rules = Rules("supervision", handlers_in(WIRING.commands), permit, _no_messages, References())
        store = Store(self.database, "supervision", WIRING.aggregates, WIRING.tally, WIRING.listing)
        self.engine = Engine(store, rules, lambda: self.now, lambda _events: None)
        with self.database.write() as connection:
            named = [{"name": name, "version": 1, "content": content} for name, content in SNAPSHOTS.items()]
            connection.execute(insert(tables.plumbing.reference), named)

    def __enter__(self) -> "Played":
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def hear(self, heard: Iterable[Heard]) -> None:
        """All of these, one after the other; before each everything fires that is due by then."""
        for one in heard:
            self.fire(one.heard_at)
            self._do(FollowEvent(one.event, one.at))

    def fire(self, now: datetime) -> None:
        """Every step that is due."""
        self.now = now
        timer = tables.case_clocks
        due = select(timer.c.id).where(timer.c.next_at <= now).order_by(timer.c.next_at, timer.c.id)
        with self.database.read() as connection:
            found = connection.scalars(due).all()
        self._do(*map(FireClocks, found))

    def _do(self, *commands: Any) -> None:
        results = self.engine.run([Work(uuid7(), command) for command in commands]) if commands else []
        assert {result.ending for result in results} <= {"done"}, results

    def dump(self) -> list[str]:
        """Cases, what waits in them and sums as text; a sum that is zero is as good as none."""
        cases = rows(self.url, "SELECT c::text FROM supervision.case_file c ORDER BY id")
        sums = rows(self.url, "SELECT t::text FROM supervision.tally t WHERE amount <> 0 ORDER BY 1")
        waiting = rows(self.url, "SELECT r::text FROM supervision.ruling r ORDER BY 1")
        return [text for (text,) in (*cases, *waiting, *sums)]

    def ask(self, question: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """What a query answers."""
        with self.database.read() as connection:
            return question(connection, *arguments, **named)

    def clocks(self) -> list[tuple[UUID, Clock]]:
        """Every clock, with its case."""
        with self.database.read() as connection:
            found = [aggregate(row, CaseClocks) for row in connection.execute(select(tables.case_clocks)).mappings()]
        return [(case.id, one) for case in found for one in case.clocks]

    def cases(self) -> list[UUID]:
        """All of them."""
        return [id for (id,) in rows(self.url, "SELECT id FROM supervision.case_file ORDER BY id")]
