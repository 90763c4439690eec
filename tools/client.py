"""A person at the API: logs in, asks, and gets answers or problems; what the story, the tests and the bench use."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
import urllib3
from tenacity import (
    RetryError,
    Retrying,
    retry_if_exception_type,
    retry_if_result,
    stop_after_delay,
    wait_random_exponential,
)

Json = Any


class Refused(Exception):
    """The API answered with a problem; `status` and `problem` (RFC 9457) tell which."""

    def __init__(self, status: int, problem: Json) -> None:
        self.status = status
        self.problem = problem
        detail = problem.get("detail") if isinstance(problem, dict) else problem
        super().__init__(f"{status}: {detail}")


@dataclass
class Api:
    """The whole system's one address."""

    url: str
    http: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(maxsize=32, retries=False, timeout=urllib3.Timeout(35))
    )

    def ask(
        self,
        method: str,
        path: str,
        body: Json = None,
        *,
        token: str = "",
        key: str = "",
        version: int | None = None,
        data: bytes | None = None,
        language: str = "zh",
    ) -> tuple[int, Json]:
        """One request: status, and the answer's JSON (None without one)."""
        headers = {"Accept-Language": language}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if key:
            headers["Idempotency-Key"] = key
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        if body is not None:
            data, headers["Content-Type"] = orjson.dumps(body), "application/json"
        elif data is not None:
            headers["Content-Type"] = "application/octet-stream"
        answer = self.http.request(method, self.url + path, body=data, headers=headers)
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.status, orjson.loads(answer.data) if is_json and answer.data else answer.data or None

    def person(self, login: str, password: str) -> "Person":
        """Somebody with an account; logs in when first needed."""
        return Person(self, login, password)

    def resident(self) -> "Person":
        """Somebody without an account."""
        return Person(self, "", "")


@dataclass
class Person:
    """Somebody who uses the API. What is refused is raised as `Refused`.

    A service that is away for a moment (502, 503, 504, no connection) is asked again with the same Idempotency-Key for
    up to `patience` seconds: what took effect the first time is answered again and not done twice. Several threads may
    act as one person; one of them logs in for all.
    """

    api: Api
    login: str
    password: str
    patience: float = 60.0
    token: str = ""
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def get(self, path: str) -> Json:
        """Read."""
        return self._ask("GET", path)

    def post(self, path: str, body: Json = None, *, data: bytes | None = None) -> Json:
        """Do."""
        return self._ask("POST", path, body, key=str(uuid.uuid4()), data=data)

    def _ask(self, method: str, path: str, body: Json = None, **options: Any) -> Json:
        token = self.token
        status, answer = self._patiently(lambda: self._once(method, path, body, options))
        if status == 401 and self.login and token:
            self._forget(token)
            status, answer = self._patiently(lambda: self._once(method, path, body, options))
        if status >= 400:
            raise Refused(status, answer)
        return answer

    def _once(self, method: str, path: str, body: Json, options: dict[str, Any]) -> tuple[int, Json]:
        with self._turn:
            if self.login and not self.token:
                credentials = {"login": self.login, "password": self.password}
                status, session = self.api.ask("POST", "/api/directory/sessions", credentials)
                if status >= 400:
                    return status, session
                self.token = session["token"]
            token = self.token
        return self.api.ask(method, path, body, token=token, **options)

    def _forget(self, token: str) -> None:
        """It had expired, unless another thread has a new one already."""
        with self._turn:
            if self.token == token:
                self.token = ""

    def _patiently(self, once: Callable[[], tuple[int, Json]]) -> tuple[int, Json]:
        away = (502, 503, 504)
        patiently = Retrying(
            retry=retry_if_exception_type(urllib3.exceptions.HTTPError) | retry_if_result(lambda one: one[0] in away),
            stop=stop_after_delay(self.patience),
            wait=wait_random_exponential(0.1, 2),
        )
        try:
            return patiently(once)
        except RetryError as error:
            status: tuple[int, Json] = error.last_attempt.result()  # raises what it last met
            return status
