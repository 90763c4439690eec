"""One service's HTTP as a test asks it."""

import json
from dataclasses import dataclass
from typing import Any

import urllib3


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: Any
    raw: bytes

    @property
    def slug(self) -> str:
        """The last part of a problem's type; empty for what is no problem."""
        said = self.body.get("type", "") if isinstance(self.body, dict) else ""
        return str(said).removeprefix("/problems/")


class Client:
    """Asks one address; many may ask at once."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = urllib3.PoolManager(retries=False, timeout=20.0, maxsize=50)

    def ask(self, method: str, path: str, token: str = "", body: Any = None, **headers: str) -> Answer:
        """One request with a token or without; `body` is JSON, or bytes as they are; `If_Match="…"` is If-Match."""
        said = {"Accept-Language": "en", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if token:
            said["Authorization"] = f"Bearer {token}"
        if isinstance(body, bytes):
            sent: dict[str, Any] = {"body": body}
            said.setdefault("Content-Type", "application/octet-stream")
        else:
            sent = {} if body is None else {"json": body}
        answer = self._http.request(method, self.url + path, headers=said, **sent)
        plain = "json" in answer.headers.get("Content-Type", "") and answer.data
        return Answer(answer.status, json.loads(answer.data) if plain else None, answer.headers, answer.data)
