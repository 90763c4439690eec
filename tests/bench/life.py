"""The whole life of a case: a kind of command at a time over HTTP and by queue, and mixed over HTTP.

One kind at a time tells what each command costs, with all that follows from it in every service; mixed, each case goes
its own way, as in real life. Requests go straight to the services.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from shared.access.token import Reader
from tests.bench import case, jobs
from tests.bench.by_queue import ByQueue
from tests.bench.case import PEOPLE, SUPPORTS_FIRST, Life, officer
from tests.bench.contest import LOOK_EVERY
from tests.bench.costs import cpu_seconds, spent, used
from tests.support.eventually import eventually
from tools.client import Api, Json, Person
from tools.servers.postgres import plain
from tools.story.acting import MEASURES, SITE
from tools.story.asking import CLERK, REVIEWER
from tools.story.closing import INSPECTOR
from tools.story.stage import PASSWORD, photo
from tools.system import System

AT_ONCE = 32
PATIENCE = 120.0  # seconds


class Straight(Api):
    """The API without the gateway: each request goes to its service."""

    def __init__(self, system: System) -> None:
        super().__init__("")
        self._system = system

    def ask(self, method: str, path: str, body: Json = None, **options: Any) -> tuple[int, Json]:
        """See `Api`."""
        service, _, rest = path.removeprefix("/api/").partition("/")
        return super().ask(method, f"{self._system.address(service)}/{rest}", body, **options)


@dataclass(frozen=True, slots=True)
class Lived:
    """What a case cost, in CPU milliseconds of everything: by kind of command, one at a time, over HTTP and by queue;
    and mixed, over HTTP, by process.
    """

    commands: int
    by_kind: Mapping[str, float]
    by_queue: Mapping[str, float]
    mixed: Mapping[str, float]
    rate: float  # cases a second, mixed

    @property
    def alone(self) -> float:
        """All kinds together, each measured alone over HTTP."""
        return sum(self.by_kind.values())

    @property
    def queued(self) -> float:
        """All kinds together, each measured alone by queue."""
        return sum(self.by_queue.values())

    @property
    def whole(self) -> float:
        """Mixed."""
        return sum(self.mixed.values())


class Street:
    """The people of the example town at work on a running system, straight at its services or as `api` leads there."""

    def __init__(self, system: System, api: Api | None = None) -> None:
        self._system = system
        self._api = api or Straight(system)
        self._people: dict[str, Person] = {}
        self._own = threading.local()
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._attachment = self.person(CLERK).post("/api/intake/attachments", data=photo("leak"))["sha256"]
        for login in PEOPLE:
            self.person(login).get("/api/directory/me")  # logged in before anything is measured

    def person(self, login: str) -> Person:
        """Somebody, logged in once."""
        return self._people.setdefault(login, self._api.person(login, PASSWORD))

    def measure(self, cases: int) -> Lived:
        """So many lives each way. An error if one of them does not end closed."""
        warm, alone, mixed = ([Life() for _ in range(count)] for count in (AT_ONCE, cases, cases))
        self._over_http(warm)
        by_kind = {kind: self._spent(alone, partial(self._over_http, alone, one)) for kind, one in STEPS.items()}
        by_queue = self._spent_by_queue(cases)
        before, begun = cpu_seconds(self._system), time.perf_counter()
        self._over_http(mixed)
        took = time.perf_counter() - begun
        self._settle(mixed)
        costs = spent(before, cpu_seconds(self._system), cases)
        self.expect_closed([*warm, *alone, *mixed])
        return Lived(COMMANDS, by_kind, by_queue, costs, cases / took)

    def live(self, life: Life, *steps: "Step") -> None:
        """Take these steps with a case; all, unless some are named."""
        for step in steps or STEPS.values():
            step.by_http(self, life)
            step.then(self, life)

    def named(self, life: Life) -> None:
        """Wait until its departments are summoned, and know their assignments."""
        sql = "SELECT department, id::text FROM dispatch.assignment WHERE case_id = %s AND delivered_at IS NOT NULL"
        life.assignments = dict(self._until(lambda one: one.execute(sql, [life.case["id"]]).fetchall(), 3))

    def handed_over(self, life: Life) -> None:
        """Wait until closure has it."""
        sql = "SELECT FROM closure.\"case\" WHERE id = %s AND state = 'to_verify'"
        self._until(lambda one: one.execute(sql, [life.case["id"]]).fetchall(), 1)

    def _until(self, look: Callable[[psycopg.Connection[Any]], list[Any]], count: int) -> list[Any]:
        def seen() -> list[Any] | None:
            return found if len(found := look(self._connection())) == count else None

        return eventually(seen, PATIENCE, "the case has come on", LOOK_EVERY) or []

    def _connection(self) -> psycopg.Connection[Any]:
        """This thread's; making one costs more than a command."""
        if not hasattr(self._own, "connection"):
            self._own.connection = psycopg.connect(plain(self._system.database_url), autocommit=True)
        connection: psycopg.Connection[Any] = self._own.connection
        return connection

    def _spent_by_queue(self, cases: int) -> dict[str, float]:
        warm, queued = ([Life() for _ in range(count)] for count in (AT_ONCE, cases))
        known = Reader(self._system.directory / "keys")
        actors = {login: known.read(self.person(login).token) for login in PEOPLE}
        with ByQueue(self._system, actors, self._attachment) as queue:

            def spent_on(lives: Sequence[Life], step: Step) -> float:
                return self._spent(lives, partial(self._by_queue, lives, step, queue), os.getpid())

            for step in STEPS.values():
                spent_on(warm, step)
            costs = {kind: spent_on(queued, step) for kind, step in STEPS.items()}
        self.expect_closed([*warm, *queued])
        return costs

    def _over_http(self, lives: Sequence[Life], *steps: "Step") -> None:
        list(self._pool.map(lambda life: self.live(life, *steps), lives))

    def _by_queue(self, lives: Sequence[Life], step: "Step", queue: ByQueue) -> None:
        step.by_queue(queue, lives)
        for life in lives:
            step.then(self, life)

    def _spent(self, lives: Sequence[Life], do: Callable[[], None], *ours: int) -> float:
        """What that cost each case, with all that follows from it; `ours` are processes that do it, not only ask."""

        def cpu() -> dict[str, float]:
            return {**cpu_seconds(self._system), "engines": used(ours)}

        before = cpu()
        do()
        self._settle(lives)
        return sum(spent(before, cpu(), len(lives)).values())

    def _settle(self, lives: Sequence[Life]) -> None:
        """Return when everybody has heard of everything."""
        jobs.follow_up(self._system, [UUID(life.case["id"]) for life in lives])

    def expect_closed(self, lives: Sequence[Life]) -> None:
        """An error if one of them did not come to its end."""
        ids = [life.case["id"] for life in lives]
        sql = "SELECT count(*) FROM closure.\"case\" WHERE id = ANY(%s::uuid[]) AND state IN ('closed', 'archived')"
        if self._connection().execute(sql, [ids]).fetchone() != (len(ids),):
            raise SystemExit("life: a case did not come to its end")

    # --- what is done to a case

    def register(self, life: Life) -> None:
        """登记"""
        body = {**case.REPORT, "attachments": [self._attachment]}
        life.case = self.person(CLERK).post("/api/intake/cases", body)

    def submit(self, life: Life) -> None:
        """提请吹哨"""
        self.person(CLERK).post(f"/api/intake/cases/{life.case['id']}/submission")

    def blow(self, life: Life) -> None:
        """吹哨"""
        self.person(REVIEWER).post(f"/api/intake/cases/{life.case['id']}/whistle")

    def sign(self, life: Life) -> None:
        """签收"""
        self._each(life, "signature", lambda _: None)

    def report_in(self, life: Life) -> None:
        """报到"""
        self._each(life, "report", lambda _: SITE)

    def start(self, life: Life) -> None:
        """开始处置"""
        self._each(life, "start", lambda _: None)

    def feed_back(self, life: Life) -> None:
        """反馈"""
        self._each(life, "feedback", lambda department: {"measures": MEASURES[department]})

    def verify(self, life: Life) -> None:
        """核查"""
        inspector = self.person(INSPECTOR)
        shot = inspector.post(f"/api/closure/photos?name={case.PHOTO}", data=life.shot)["id"]
        path = f"/api/closure/cases/{life.case['id']}/passed-verifications"
        inspector.post(path, {"photos": [shot], **case.VERIFICATION})

    def call_back(self, life: Life) -> None:
        """回访，办结"""
        answer = {"reached": True, **case.ANSWER, "remark": case.ANSWERED}
        self.person(case.CALLER).post(f"/api/closure/cases/{life.case['id']}/callbacks", answer)

    def rate(self, life: Life) -> None:
        """双向评价，归档"""
        path = f"/api/closure/cases/{life.case['id']}"
        scores = [{"department": one, **case.FOR_DEPARTMENT} for one in SUPPORTS_FIRST]
        self.person(case.SUPERVISOR).post(f"{path}/department-evaluations", {"scores": scores})
        for department in SUPPORTS_FIRST:
            self.person(officer(department)).post(f"{path}/street-evaluations", case.FOR_STREET)

    def _each(self, life: Life, action: str, body: Callable[[str], Json]) -> None:
        for department in SUPPORTS_FIRST:
            path = f"/api/dispatch/assignments/{life.assignments[department]}/{action}"
            self.person(officer(department)).post(path, body(department))


class Step(NamedTuple):
    """A kind of command: over HTTP for a case, by queue for all cases; and what a case waits for after it."""

    by_http: Callable[[Street, Life], None]
    by_queue: Callable[[ByQueue, Sequence[Life]], None]
    then: Callable[[Street, Life], None] = lambda _street, _life: None


STEPS: dict[str, Step] = {
    "register 登记": Step(Street.register, ByQueue.register),
    "submit 提请": Step(Street.submit, ByQueue.submit),
    "blow 吹哨": Step(Street.blow, ByQueue.blow, Street.named),
    "3 × sign 签收": Step(Street.sign, ByQueue.sign),
    "3 × report in 报到": Step(Street.report_in, ByQueue.report_in),
    "3 × start 处置": Step(Street.start, ByQueue.start),
    "3 × feed back 反馈": Step(Street.feed_back, ByQueue.feed_back, Street.handed_over),
    "photo and verify 核查": Step(Street.verify, ByQueue.verify),
    "call back 回访": Step(Street.call_back, ByQueue.call_back),
    "4 × rate 评价": Step(Street.rate, ByQueue.rate),
}
COMMANDS = 3 + 4 * 3 + 2 + 1 + 4
