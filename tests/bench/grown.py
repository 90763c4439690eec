"""`make bench-grown`: does it stay as fast as the work grows?

Two systems with every service: an empty one, and one with two million closed and two hundred thousand open cases in the
tables of all services. In rounds, one after the other, a whistle's CPU on both: at most 1.15 times as much on the grown
one. And each list and queue of `tests/support/questions.py`: its p95 at most 1.5 times that with ten thousand cases.
Of those nine in ten are open, so that the newest hundred are of a kind with the grown system's: an open case has clocks
to be told, a closed one none. Ends with an error where one of these does not hold.

What is not as in a real town: cases are copies of some eighty that were played, and of the closed ones only one in
WHOLE_EVERY went the whole way with three departments, the others were handled by the community itself. Two million
whole ways would take 150 GB.

CLOSED, OPEN, SMALL, WHOLE_EVERY and ROUNDS in the environment say otherwise.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.exc import NoResultFound

from services.directory.town import read_town
from shared.errors import NotFound
from shared.runtime.clock import now
from shared.runtime.green import leave_garbage_longer
from shared.store.database import Database
from tests.bench import jobs
from tests.bench.costs import cpu_seconds, spent
from tests.bench.filling import Size, Templates, fill, megabytes, variety_of
from tests.bench.grown_report import Asked, Filled, Grown, Round, show, write
from tests.bench.played import play
from tests.support.questions import LIMIT, QUESTIONS, Question
from tests.support.tables import rows
from tools.system import EXAMPLE_TOWN, System

ROUNDS = int(os.environ.get("ROUNDS", "3"))
SIZE = Size(*(int(os.environ.get(name, given)) for name, given in (
    ("CLOSED", "2000000"), ("OPEN", "200000"), ("WHOLE_EVERY", "20"))))  # fmt: skip
SMALL = int(os.environ.get("SMALL", "10000"))
MESSAGES = 2_000
TIMES, WARM = 100, 20
WHERE = Path("docs/performance")


def main() -> int:
    """Play, fill, ask, measure in rounds, print and write; 1 if a bound does not hold."""
    directory = Path(tempfile.mkdtemp(prefix="whistle-grown-"))
    try:
        templates = play(directory / "empty")
        with System(directory / "grown", services=()) as prepared:
            asking = ask_both(prepared, templates)
        with ExitStack() as stack:
            systems = {name: stack.enter_context(System(directory / name)) for name in ("empty", "grown")}
            began = now()
            rounds = [one for number in range(ROUNDS + 1) for one in measure(number, systems)]
            expect_quiet(systems, began)
    finally:
        shutil.rmtree(directory)
    report = Grown(datetime.now(UTC), asking.filled, [one for one in rounds if one.round], asking.asked, asking.unasked)
    write(report, WHERE)
    print(f"\n{show(report)}", end="")
    return 0 if report.good else 1


class Asking(NamedTuple):
    """What the databases were, what was asked of both, and what could not be."""

    filled: list[Filled]
    asked: list[Asked]
    unasked: list[str]


def ask_both(system: System, templates: Templates) -> Asking:
    """Fill a small database and the large one; ask both everything."""
    assert system.postgres is not None
    few = replace(SIZE, closed=SMALL // 10, open=SMALL - SMALL // 10)
    urls = {"small": system.postgres.create_database("small", "whistle"), "grown": system.database_url}
    variety = variety_of(read_town(EXAMPLE_TOWN))
    filled = []
    for (name, url), size in zip(urls.items(), (few, SIZE), strict=True):
        began = time.monotonic()
        fill(url, templates, size, variety)
        filled.append(Filled(name, size.closed, size.open, size.whole_every, time.monotonic() - began, megabytes(url)))
        print(f"{size.all:,} cases in {filled[-1].seconds:.0f} s, {filled[-1].megabytes} MB", flush=True)
    leave_garbage_longer()  # as every service does
    asked = {question.name: ask(question, urls) for question in QUESTIONS}
    return Asking(filled, [one for one in asked.values() if one], [name for name, one in asked.items() if not one])


def ask(question: Question, urls: Mapping[str, str]) -> Asked | None:
    """Of both in turn, for pages of as many rows; None where too little was played for it."""
    with ExitStack() as stack:
        databases = [Database(url, question.service, readers=2) for url in urls.values()]
        for database in databases:
            stack.callback(database.close)
        taken: list[list[float]] = [[] for _ in databases]
        try:
            few, many = (found(database, question) for database in databases)
        except (AssertionError, NotFound, NoResultFound):
            return None
        page = LIMIT if few == many else max(few, 1)
        for _ in range(WARM + TIMES):
            for database, times in zip(databases, taken, strict=True):
                times.append(timed(database, question, page))
    small, grown = (statistics.quantiles(times[WARM:], n=20) for times in taken)
    print(f"  {question}: {few} and {many} rows, p95 {small[18]:.2f} and {grown[18]:.2f} ms", flush=True)
    return Asked(question.name, page if many else 0, small[9], small[18], grown[9], grown[18])


def found(database: Database, question: Question) -> int:
    """How many rows the list's page has."""
    with database.reads.connect() as connection:
        answer = question.ask(connection, LIMIT)
        connection.rollback()
    return len(answer["items"]) if isinstance(answer, Mapping) and "items" in answer else 0


def timed(database: Database, question: Question, page: int) -> float:
    """Milliseconds; what it changes is taken back."""
    with database.reads.connect() as connection:
        began = time.perf_counter()
        question.ask(connection, page)
        took = time.perf_counter() - began
        connection.rollback()
    return took * 1000


def measure(number: int, systems: Mapping[str, System]) -> list[Round]:
    """The same whistles on one system and the other; the first round is to warm up."""
    found = []
    for name, system in systems.items():
        calls = jobs.calls(MESSAGES)
        ids = [UUID(call.subject) for call in calls]
        before = cpu_seconds(system)
        seconds = jobs.by_message(system, calls)
        jobs.follow_up(system, ids)
        costs = spent(before, cpu_seconds(system), len(calls))
        if not jobs.exactly_once(system, ids):
            raise SystemExit(f"{name}: a department misses a whistle, or has one twice")
        found.append(Round(number, name, len(calls) / seconds, costs))
        print(f"round {number}, {name}: {found[-1].rate:.0f} whistles/s, {found[-1].whole:.2f} ms CPU each", flush=True)
    return found


def expect_quiet(systems: Mapping[str, System], began: datetime) -> None:
    """An error if a clock fired meanwhile: that work would have been counted as the whistles'."""
    sql = "SELECT count(*) FROM supervision.outbox WHERE type LIKE 'clock.%' AND time >= :began"
    for name, system in systems.items():
        if fired := rows(system.database_url, sql, began=began)[0][0]:
            raise SystemExit(f"{name}: {fired} clocks fired while it was measured")


if __name__ == "__main__":
    sys.exit(main())
