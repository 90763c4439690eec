"""Sends what is due by its channels: several at once, so that a dead one holds up nobody else.

A delivery is claimed, sent, and the attempt recorded by a command. Whatever dies in between, the claim runs out and it
is sent again with the same id: at least once. Of one receiver only a few are on their way at a time, and each is given
up after some seconds, to be tried again later.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Any

import eventlet
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_fixed

from services.notice.channels import apprised, webhook
from services.notice.channels.letter import Answer, Letter
from services.notice.channels.names import let_names_wait, outwards_only
from services.notice.commands.record_attempt import OUTCOMES, RecordAttempt
from services.notice.domain.preference import Kind
from services.notice.store import queries
from services.notice.store.tables import delivery
from shared.engine.timers import Due
from shared.engine.works import Result, Work
from shared.errors import Unavailable
from shared.runtime import log, metrics
from shared.runtime.clock import uuid7
from shared.runtime.settings import Settings
from shared.store.database import Database

PAUSE = 0.5  # seconds between two looks while nothing is due
COUNT_EVERY = 5.0
AT_ONCE, AT_ONCE_TO_ONE = 100, 4
PATIENCE = 10.0  # seconds that a channel may take
RECORDING = 40.0  # seconds within which an attempt is recorded
HOLD = timedelta(seconds=PATIENCE + RECORDING + 10)


class Sender:
    """One replica's sender: `run` until `stop`."""

    def __init__(
        self, database: Database, submit: Callable[[Sequence[Work]], list[Result]], settings: Settings
    ) -> None:
        self._database = database
        self._due = Due(database.reads, delivery, hold=HOLD)
        self._submit = submit
        self._settings = settings
        self._pool = eventlet.GreenPool(AT_ONCE)
        self._busy: Counter[str] = Counter()
        self._wake = threading.Event()
        self._stopping = False
        self._counted_at = float("-inf")
        metrics.expect(metrics.notice_attempts, map(str, Kind), OUTCOMES.values())

    def run(self) -> None:
        """Send what becomes due until `stop`."""
        let_names_wait()
        while not self._stopping:
            self._wake.clear()
            try:
                self._count()
                begun = self._pool.free() > 0 and self._begin()
            except (DBAPIError, Unavailable) as error:
                log.get().warning("the sender waits", reason=str(getattr(error, "orig", error)).strip())
                begun = False
            if not begun:
                self._wake.wait(PAUSE)

    def stop(self) -> None:
        """Begin nothing more, and finish what is on its way."""
        self._stopping = True
        self._wake.set()
        self._pool.waitall()

    def _begin(self) -> bool:
        """Claim one delivery and set it on its way; whether there was one. One by one, as each may fill its receiver's
        share.
        """
        full = [name for name, number in self._busy.items() if number >= AT_ONCE_TO_ONE]
        rows = self._due.claim(1, delivery.c.destination.not_in(full))
        for row in rows:
            self._pool.spawn_n(self._carry_out, row)
        return bool(rows)

    def _carry_out(self, row: sa.Row[Any]) -> None:
        try:
            with self._on_its_way(row.destination):
                answer = self._send(row)
                self._record(RecordAttempt(row.id, answer.ok, answer.said, answer.for_good))
        except Exception:  # noqa: BLE001 - it is tried again when the claim has run out
            log.get().exception("an attempt was not recorded", delivery=str(row.id))

    @contextmanager
    def _on_its_way(self, destination: str) -> Iterator[None]:
        self._busy[destination] += 1
        try:
            yield
        finally:
            self._busy[destination] -= 1
            self._busy += Counter()  # drops what is 0
            self._wake.set()

    def _send(self, row: sa.Row[Any]) -> Answer:
        with self._database.read() as connection:
            told, choice = queries.to_send(connection, row.id)
        channel = choice.channel(row.channel)
        if channel is None or channel.kind != row.kind:
            return Answer(False, "the channel is there no more", for_good=True)
        letter = Letter.of(row.id, told, choice, channel)
        try:
            with eventlet.Timeout(PATIENCE), self._guard(channel.kind):
                return self._by_its_channel(letter)
        except eventlet.Timeout:
            return Answer(False, f"no answer within {PATIENCE:g} s")
        except Exception as error:  # noqa: BLE001 - whatever a channel does is this attempt's failure
            return Answer(False, f"failed: {type(error).__name__}")  # its text might tell the address

    def _guard(self, kind: Kind) -> Any:
        """Mail goes to the town's own server, wherever that stands."""
        return nullcontext() if self._settings.notice_private or kind is Kind.EMAIL else outwards_only()

    def _by_its_channel(self, letter: Letter) -> Answer:
        if letter.channel.kind is Kind.WEBHOOK:
            return webhook.send(letter)
        return apprised.send(letter, self._settings.notice_mail)

    def _record(self, command: RecordAttempt) -> None:
        """What was sent should not be sent again only because the database was away for a moment."""
        again = retry_if_exception_type(Unavailable)
        patient = Retrying(retry=again, wait=wait_fixed(1), stop=self._is_enough, reraise=True)
        [result] = patient(self._submit, [Work(uuid7(), command)])
        if result.ending != "done":
            raise RuntimeError(f"recording an attempt ended as {result.ending}") from result.error

    def _is_enough(self, tried: RetryCallState) -> bool:
        return self._stopping or (tried.seconds_since_start or 0) > RECORDING

    def _count(self) -> None:
        """Tell metrics now and then how many wait."""
        if time.monotonic() - self._counted_at < COUNT_EVERY:
            return
        with self._database.read() as connection:
            for kind, number in queries.count_waiting(connection).items():
                metrics.notices_waiting.labels(str(kind)).set(number)
        self._counted_at = time.monotonic()
