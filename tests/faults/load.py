"""People who take cases through their whole life, whatever befalls the system, and remember what they were told.

Each asks at one door after the other under the same Idempotency-Key until somebody answers. What was acknowledged is
in `told`, and must be found once in the end; `waits` says how long anybody waited for an answer.
"""

import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple, Self

import psycopg
import urllib3

from tests.bench.case import CALLER, PEOPLE, PHOTO, REPORT, VERIFICATION, officer
from tests.faults.field import Field
from tests.support.plain_model import DEPARTMENTS, LEAD, SUPPORTS, Told
from tools.client import Api, Json
from tools.servers.postgres import plain
from tools.story.acting import MEASURES, SITE
from tools.story.asking import CLERK, REVIEWER
from tools.story.closing import INSPECTOR
from tools.story.stage import PASSWORD, photo

ANSWER_WITHIN = 8.0  # seconds, then the next door is tried
GIVE_UP = 180.0  # seconds: by then somebody must have answered
AWAY = (0, 502, 503, 504)
LOOK_EVERY = 0.25  # seconds


class Refused(Exception):
    """Somebody was refused what they may do."""


class Wait(NamedTuple):
    """How long one step waited for its answer, when it had it, and how often it was asked."""

    ended: float
    seconds: float
    times: int


@dataclass
class Life:
    """A case; `ended` once it is closed, `failure` if it could not go on."""

    number: int
    case: str = ""
    told: list[Told] = field(default_factory=list)
    failures: int = 0
    ended: bool = False
    failure: str = ""


class Load:
    """So many people at so many lives a second together, as a context; at its end each finishes what was begun."""

    def __init__(
        self, town: Field, people: int, rate: float, *, patience: float = GIVE_UP, blown_only: bool = False
    ) -> None:
        """`blown_only` leaves each case when its whistle is blown."""
        self.lives: list[Life] = []
        self.waits: list[Wait] = []
        self.asking = 0
        self._doors = town.doors()
        self._url = plain(town.system.database_url)
        self._api = Api("", urllib3.PoolManager(maxsize=64, num_pools=64, retries=False, timeout=ANSWER_WITHIN))
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()
        self._own = threading.local()
        self._numbers = count()
        self._pause = people / rate
        self._patience = patience
        self._blown_only = blown_only
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(number,)) for number in range(people)]

    def __enter__(self) -> Self:
        for login in PEOPLE:
            self._token(login)
        self._leak = self._ask("intake", "/attachments", CLERK, data=photo("leak"))["sha256"]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def stop(self) -> None:
        """Begin no other life."""
        self._stop.set()

    @contextmanager
    def faster(self, times: float) -> Iterator[None]:
        """So many times as many lives a second."""
        self._pause /= times
        yield
        self._pause *= times

    @property
    def ended(self) -> int:
        """How many cases have come to their end."""
        return sum(life.ended for life in self.lives)

    @property
    def going_on(self) -> bool:
        """Whether anybody is still at it."""
        return any(thread.is_alive() for thread in self._threads)

    def worst(self, since: float, until: float) -> tuple[float, int]:
        """Of those who waited then (monotonic): the longest wait in seconds, and how often one had to be asked."""
        with self._lock:
            waited = [one for one in self.waits if one.ended >= since and one.ended - one.seconds <= until]
        return max((one.seconds for one in waited), default=0.0), max((one.times for one in waited), default=0)

    # --- a life

    def _work(self, number: int) -> None:
        self._stop.wait(self._pause * number / len(self._threads))
        while not self._stop.is_set():
            begun = time.monotonic()
            life = Life(next(self._numbers))
            life.failures = life.number % 5 == 4  # one in five fails its verification once
            self.lives.append(life)
            try:
                self._live(life)
                life.ended = True
            except Exception as failure:  # noqa: BLE001 - told by the checker
                life.failure = f"{type(failure).__name__}: {failure}"
            self._stop.wait(max(0.0, self._pause - (time.monotonic() - begun)))
        if hasattr(self._own, "connection"):
            self._own.connection.close()

    def _live(self, life: Life) -> None:
        report = {**REPORT, "attachments": [self._leak]}
        life.case = self._step(life, "register", "intake", "/cases", CLERK, report)["id"]
        intake, closure = f"/cases/{life.case}", f"/cases/{life.case}"
        self._step(life, "submit", "intake", f"{intake}/submission", CLERK)
        self._step(life, "blow", "intake", f"{intake}/whistle", REVIEWER)
        if self._blown_only:
            return
        called = dict(self._seen(CALLED, life, len(DEPARTMENTS)))
        for step, action in (("sign", "signature"), ("report_in", "report"), ("start", "start")):
            self._each(life, called, DEPARTMENTS, step, action)
        self._each(life, called, (*SUPPORTS, LEAD), "feed_back", "feedback")
        for _ in range(life.failures):
            self._seen(TO_VERIFY, life, 1)
            body = {"failed": [called[LEAD]], "reason": "地面仍湿"}
            self._step(life, "fail", "closure", f"{closure}/failed-verifications", INSPECTOR, body)
            self._seen(CALLED_AGAIN, life, 1)
            self._each(life, called, (LEAD,), "start", "start")
            self._each(life, called, (LEAD,), "feed_back", "feedback")
        self._seen(TO_VERIFY, life, 1)
        shot = self._ask("closure", f"/photos?name={PHOTO}", INSPECTOR, data=photo(life.case))["id"]
        passed = {"photos": [shot], **VERIFICATION}
        self._step(life, "pass", "closure", f"{closure}/passed-verifications", INSPECTOR, passed)
        answer = {"reached": True, "resolved": True, "satisfaction": 5, "remark": "不漏了"}
        self._step(life, "call_back", "closure", f"{closure}/callbacks", CALLER, answer)

    def _each(self, life: Life, called: Mapping[str, str], whom: Sequence[str], step: str, action: str) -> None:
        for department in whom:
            path, body = f"/assignments/{called[department]}/{action}", None
            if action == "report":
                body = SITE
            elif action == "feedback":
                body = {"measures": MEASURES[department]}
            try:
                self._step(life, step, "dispatch", path, officer(department), body, about=department)
            except Refused:
                if step != "sign" or not self._deemed(life, department):
                    raise
                life.told.append(Told(step, department))  # silence was taken for it: the clock was three days ahead

    def _step(
        self, life: Life, step: str, service: str, path: str, login: str, body: Json = None, about: str = ""
    ) -> Json:
        answer = self._ask(service, path, login, body)
        life.told.append(Told(step, about))
        return answer

    def _seen(self, sql: str, life: Life, rows: int | None) -> list[tuple[Any, ...]]:
        """Wait until somebody who looks sees so many rows; None for however many."""
        until = time.monotonic() + self._patience
        while time.monotonic() < until:
            try:
                found = self._connection().execute(sql, [life.case]).fetchall()
                if rows is None or len(found) == rows:
                    return found
            except psycopg.Error:
                if hasattr(self._own, "connection"):
                    self._own.connection.close()
                    del self._own.connection
            time.sleep(LOOK_EVERY)
        raise TimeoutError(f"nothing came of it within {self._patience:.0f} s: {sql}")

    def _deemed(self, life: Life, department: str) -> bool:
        return department in {of for (of,) in self._seen(DEEMED, life, None)}

    def _connection(self) -> psycopg.Connection[Any]:
        if not hasattr(self._own, "connection"):
            self._own.connection = psycopg.connect(self._url, autocommit=True, connect_timeout=2)
        connection: psycopg.Connection[Any] = self._own.connection
        return connection

    # --- asking

    def _ask(self, service: str, path: str, login: str, body: Json = None, *, data: bytes | None = None) -> Json:
        """The answer, from whichever door gives one; `Refused` if it is a refusal."""
        key, begun, doors = str(uuid.uuid4()), time.monotonic(), self._doors[service]
        first = hash(key)
        with self._lock:
            self.asking += 1
        try:
            for times in count(1):
                door = doors[(first + times) % len(doors)]
                status, answer = self._once(f"{door}{path}", body, data, self._token(login), key)
                ended = time.monotonic()
                if status == 401:
                    self._forget(login)
                elif status not in AWAY:
                    break
                if ended - begun > self._patience:
                    raise TimeoutError(f"no answer within {self._patience:.0f} s: {path}")
                time.sleep(min(1.0, 0.1 * times))
        finally:
            with self._lock:
                self.asking -= 1
        with self._lock:
            self.waits.append(Wait(ended, ended - begun, times))
        if status >= 400:
            raise Refused(f"{path}: {status} {answer}")
        return answer

    def _once(self, url: str, body: Json, data: bytes | None, token: str, key: str) -> tuple[int, Json]:
        try:
            return self._api.ask("POST", url, body, token=token, key=key, data=data)
        except urllib3.exceptions.HTTPError as error:
            return 0, str(error)

    def _token(self, login: str) -> str:
        while True:
            with self._lock:
                if token := self._tokens.get(login):
                    return token
            credentials = {"login": login, "password": PASSWORD}
            for door in self._doors["directory"]:
                status, session = self._once(f"{door}/sessions", credentials, None, "", "")
                if status < 400 and status:
                    with self._lock:
                        self._tokens[login] = session["token"]
                    break
            else:
                time.sleep(0.5)

    def _forget(self, login: str) -> None:
        with self._lock:
            self._tokens.pop(login, None)


CALLED = "SELECT department, id::text FROM dispatch.assignment WHERE case_id = %s"
TO_VERIFY = "SELECT FROM closure.\"case\" WHERE id = %s AND state = 'to_verify'"
CALLED_AGAIN = f"SELECT FROM dispatch.assignment WHERE case_id = %s AND department = '{LEAD}' AND state = 'rework'"
DEEMED = "SELECT department FROM dispatch.assignment WHERE case_id = %s AND state <> 'to_sign'"
