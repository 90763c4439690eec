"""Somebody at the API."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tools.client import Api, Json, Person

AT_ONCE = 8


@dataclass
class Expiring(Api):
    """Answers the newest token only; everybody has asked with the old one before anybody is told that it expired."""

    url: str = ""
    logins: int = 0
    valid: str = "old"
    everybody: threading.Barrier = field(default_factory=lambda: threading.Barrier(AT_ONCE))

    def ask(self, method: str, path: str, body: Json = None, **options: Any) -> tuple[int, Json]:  # noqa: ARG002 - as `Api`
        if path == "/api/directory/sessions":
            self.logins += 1
            self.valid = f"new {self.logins}"
            return 200, {"token": self.valid}
        if options["token"] == "old":
            self.everybody.wait(10)
            return 401, None
        return (200, "done") if options["token"] == self.valid else (401, None)


def test_threads_that_act_as_one_person_log_in_once_when_the_token_has_expired() -> None:
    """None of them is refused."""
    api = Expiring()
    person = Person(api, "clerk.honghu", "secret", token="old")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _: person.post("/api/intake/cases"), range(AT_ONCE)))
    assert answers == ["done"] * AT_ONCE
    assert api.logins == 1
