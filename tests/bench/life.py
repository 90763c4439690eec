"""The whole life of a case over HTTP, straight to the services: once a kind of command at a time, once mixed.

One kind at a time tells what each command costs, with all that follows from it in every service; mixed, each case goes
its own way, as in real life.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.bench.contest import LOOK_EVERY
from tests.bench.costs import cpu_seconds, spent
from tests.support.eventually import eventually
from tools.client import Api, Json, Person
from tools.servers.postgres import plain
from tools.story.acting import MEASURES, SITE
from tools.story.asking import CLERK, LEAKING, REVIEWER
from tools.story.closing import INSPECTOR
from tools.story.stage import PASSWORD, photo
from tools.system import System

AT_ONCE = 32
PATIENCE = 120.0  # seconds
QUIET = 0.5  # seconds that everybody has to hear of what was sent last
SUPERVISOR, CALLER = "supervisor.sanhe", "callback.sanhe"
SUPPORTS_FIRST = ("chengguan", "shichang", "zhujian")
PUBLISHERS = ("intake", "dispatch", "enforcement", "closure", "notice", "supervision")


class Straight(Api):
    """The API without the gateway: each request goes to its service."""

    def __init__(self, system: System) -> None:
        super().__init__("")
        self._system = system

    def ask(self, method: str, path: str, body: Json = None, **options: Any) -> tuple[int, Json]:
        """See `Api`."""
        service, _, rest = path.removeprefix("/api/").partition("/")
        return super().ask(method, f"{self._system.address(service)}/{rest}", body, **options)


@dataclass
class Life:
    """A case on its way; `assignments` by department."""

    case: Json = None
    assignments: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lived:
    """What a case cost, in CPU milliseconds of everything: by kind of command, one at a time; and mixed, by process."""

    commands: int
    by_kind: Mapping[str, float]
    mixed: Mapping[str, float]
    rate: float  # cases a second, mixed

    @property
    def alone(self) -> float:
        """All kinds together, each measured alone."""
        return sum(self.by_kind.values())

    @property
    def whole(self) -> float:
        """Mixed."""
        return sum(self.mixed.values())


class Street:
    """The people of the example town at work on a running system."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._api = Straight(system)
        self._people: dict[str, Person] = {}
        self._own = threading.local()
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._shot = self.person(CLERK).post("/api/intake/attachments", data=photo("leak"))["sha256"]
        for login in (REVIEWER, INSPECTOR, CALLER, SUPERVISOR, *map(_officer, SUPPORTS_FIRST)):
            self.person(login).get("/api/directory/me")  # logged in before anything is measured

    def person(self, login: str) -> Person:
        """Somebody, logged in once."""
        return self._people.setdefault(login, self._api.person(login, PASSWORD))

    def measure(self, cases: int) -> Lived:
        """So many lives each way. An error if one of them does not end closed."""
        warm, alone, mixed = ([Life() for _ in range(count)] for count in (AT_ONCE, cases, cases))
        self._live(warm)
        by_kind = {kind: self._spent(alone, step) for kind, step in STEPS.items()}
        before, begun = cpu_seconds(self._system), time.perf_counter()
        self._live(mixed)
        took = time.perf_counter() - begun
        self._settle()
        costs = spent(before, cpu_seconds(self._system), cases)
        self._expect_closed([*warm, *alone, *mixed])
        return Lived(COMMANDS, by_kind, costs, cases / took)

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

    def _live(self, lives: Sequence[Life]) -> None:
        def one(life: Life) -> None:
            for step in STEPS.values():
                step(self, life)

        list(self._pool.map(one, lives))

    def _spent(self, lives: Sequence[Life], step: Callable[["Street", Life], None]) -> float:
        before = cpu_seconds(self._system)
        list(self._pool.map(lambda life: step(self, life), lives))
        self._settle()
        return sum(spent(before, cpu_seconds(self._system), len(lives)).values())

    def _settle(self) -> None:
        """Return when everything that was announced is out, and heard."""
        unsent = " OR ".join(f"EXISTS (SELECT FROM {one}.unsent)" for one in PUBLISHERS)
        connection = self._connection()
        eventually(
            lambda: connection.execute(f"SELECT {unsent}").fetchone() == (False,), PATIENCE, "all is out", LOOK_EVERY
        )
        time.sleep(QUIET)

    def _expect_closed(self, lives: Sequence[Life]) -> None:
        ids = [life.case["id"] for life in lives]
        sql = "SELECT count(*) FROM closure.\"case\" WHERE id = ANY(%s::uuid[]) AND state IN ('closed', 'archived')"
        if self._connection().execute(sql, [ids]).fetchone() != (len(ids),):
            raise SystemExit("life: a case did not come to its end")

    # --- what is done to a case

    def register(self, life: Life) -> None:
        """登记"""
        life.case = self.person(CLERK).post(
            "/api/intake/cases",
            {
                "channel": "walk_in", "category": LEAKING, "place": SITE, "description": "饭店二层卫生间漏水到入户大厅",
                "reporter": {"name": "何静兰", "phone": "100-0000-7788", "address": "西湖春天3栋2单元501"},
                "tried": "要求店主维修两次", "attachments": [self._shot],
            },
        )  # fmt: skip

    def submit(self, life: Life) -> None:
        """提请吹哨"""
        self.person(CLERK).post(f"/api/intake/cases/{life.case['id']}/submission")

    def blow(self, life: Life) -> None:
        """吹哨"""
        self.person(REVIEWER).post(f"/api/intake/cases/{life.case['id']}/whistle")
        self.named(life)

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
        self.handed_over(life)

    def verify(self, life: Life) -> None:
        """核查"""
        inspector = self.person(INSPECTOR)
        shot = inspector.post("/api/closure/photos?name=site.jpg", data=photo(life.case["id"]))["id"]
        path = f"/api/closure/cases/{life.case['id']}/passed-verifications"
        inspector.post(path, {"photos": [shot], "condition_met": True, "remark": "大厅已干燥，复查无渗漏"})

    def call_back(self, life: Life) -> None:
        """回访，办结"""
        answer = {"reached": True, "resolved": True, "satisfaction": 5, "remark": "不漏了，谢谢"}
        self.person(CALLER).post(f"/api/closure/cases/{life.case['id']}/callbacks", answer)

    def rate(self, life: Life) -> None:
        """双向评价，归档"""
        path = f"/api/closure/cases/{life.case['id']}"
        scores = [{"department": one, "score": 5, "remark": "配合到位"} for one in SUPPORTS_FIRST]
        self.person(SUPERVISOR).post(f"{path}/department-evaluations", {"scores": scores})
        for department in SUPPORTS_FIRST:
            answer = {"score": 5, "remark": "派单准确"}
            self.person(_officer(department)).post(f"{path}/street-evaluations", answer)

    def _each(self, life: Life, action: str, body: Callable[[str], Json]) -> None:
        for department in SUPPORTS_FIRST:
            path = f"/api/dispatch/assignments/{life.assignments[department]}/{action}"
            self.person(_officer(department)).post(path, body(department))


STEPS: dict[str, Callable[[Street, Life], None]] = {
    "register 登记": Street.register,
    "submit 提请": Street.submit,
    "blow 吹哨": Street.blow,
    "3 × sign 签收": Street.sign,
    "3 × report in 报到": Street.report_in,
    "3 × start 处置": Street.start,
    "3 × feed back 反馈": Street.feed_back,
    "photo and verify 核查": Street.verify,
    "call back 回访": Street.call_back,
    "4 × rate 评价": Street.rate,
}
COMMANDS = 3 + 4 * 3 + 2 + 1 + 4


def _officer(department: str) -> str:
    return f"officer.{department}"
