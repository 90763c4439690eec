"""What a door answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

JSON = "application/json"
Headers = tuple[tuple[str, str], ...]

LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, body and headers; a query that answers with a file returns one, its body in pieces.

    A body in pieces needs its Content-Length among the headers, or goes out in chunks; it is closed at the end.
    """

    status: int
    body: bytes | Iterable[bytes] = b""
    content_type: str = JSON
    headers: Headers = ()
