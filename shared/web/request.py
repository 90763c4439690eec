"""What a request brings: headers, query and body, read within bounds and refused by name where they are wrong."""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import orjson
from marshmallow import Schema, ValidationError, fields

from shared.access.actor import Actor
from shared.engine.works import Trace
from shared.errors import Invalid
from shared.web.body import Environ, Stream, read_bytes
from shared.web.refusals import Malformed
from shared.web.texts import Language

VISIBLE_ASCII = re.compile(r"[!-~]{1,128}")
TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
VERSION = re.compile(r'"?([0-9]{1,9})"?')
MOST_PARAMETERS = 100


@dataclass(frozen=True, slots=True)
class Request:
    """One request as a service's method sees it; `id` is the id of the work that it becomes.

    `path`, `query` and `body` hold what the route and the schemas loaded; `version` is what If-Match names (None = the
    caller does not care), `key` the Idempotency-Key ("" = none). `stream` is the raw body where the route takes one.
    """

    id: UUID
    actor: Actor
    path: Mapping[str, Any]
    query: Mapping[str, Any]
    body: Any
    version: int | None
    language: Language
    key: str
    trace: Trace
    stream: Stream | None = None


def key_of(environ: Environ) -> str:
    """The Idempotency-Key, or "" without one."""
    key: str = environ.get("HTTP_IDEMPOTENCY_KEY", "")
    if "HTTP_IDEMPOTENCY_KEY" in environ and not VISIBLE_ASCII.fullmatch(key):
        raise Malformed("malformed-key")
    return key


def version_of(environ: Environ) -> int | None:
    """The version that If-Match names; None for none and for `*`."""
    said = environ.get("HTTP_IF_MATCH")
    if said is None or said == "*":
        return None
    found = VERSION.fullmatch(said)
    if not found:
        raise Malformed("malformed-version")
    return int(found[1])


def trace_of(environ: Environ) -> Trace:
    """What ties the request to its caller: X-Request-Id and traceparent, new ones where one is missing or unusable."""
    correlation = environ.get("HTTP_X_REQUEST_ID", "")
    parent = environ.get("HTTP_TRACEPARENT", "")
    if not VISIBLE_ASCII.fullmatch(correlation):
        correlation = secrets.token_hex(16)
    if not TRACEPARENT.fullmatch(parent):
        parent = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
    return Trace(correlation=correlation, traceparent=parent)


def load_query(schema: Schema | None, environ: Environ) -> Mapping[str, Any]:
    """The query string by its schema; without a schema it is passed over."""
    if schema is None:
        return {}
    said: dict[str, Any] = {}
    twice = []
    for name, value in _parameters(environ.get("QUERY_STRING", "")):
        if isinstance(schema.fields.get(name), fields.List):
            said.setdefault(name, []).append(value)
        elif name in said:
            twice.append(name)
        else:
            said[name] = value
    if twice:
        raise Invalid(fields={name: ["Given more than once."] for name in twice})
    loaded: Mapping[str, Any] = load(schema, said, may_hold_nul="%00" in environ.get("QUERY_STRING", ""))
    return loaded


def _parameters(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS) if query else []
    except ValueError:
        raise Malformed from None


def load_body(schema: Schema, environ: Environ, limit: int) -> tuple[Any, Any]:
    """The JSON body as it came and as its schema loads it."""
    raw = read_bytes(environ, limit)
    try:
        said = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Malformed("malformed-json", line=error.lineno, column=error.colno) from None
    return said, load(schema, said, may_hold_nul=b"\\u0000" in raw)


def load(schema: Schema, said: Any, *, may_hold_nul: bool = False) -> Any:
    """What the schema makes of it; `Invalid` names each field that is wrong."""
    if may_hold_nul and (found := dict(_nul(said, ""))):
        raise Invalid(fields=found)
    try:
        return schema.load(said)
    except ValidationError as error:
        raise Invalid(fields=dict(flat(error.messages))) from None


def flat(messages: Any, path: str = "") -> Iterable[tuple[str, list[str]]]:
    """Marshmallow's nested messages with one dotted path each: `place.longitude`, `photos.0`; `body` is the whole."""
    if not isinstance(messages, dict):
        yield path or "body", [str(one) for one in messages]
        return
    for name, below in messages.items():
        here = path if name == "_schema" else f"{path}.{name}" if path else str(name)
        yield from flat(below, here)


def _nul(value: Any, path: str) -> Iterable[tuple[str, list[str]]]:
    """Where a text holds a NUL, which PostgreSQL cannot store."""
    if isinstance(value, str) and "\0" in value:
        yield path or "body", ["May not contain the character NUL."]
    elif isinstance(value, dict):
        for name, below in value.items():
            yield from _nul(below, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _nul(below, f"{path}.{index}" if path else str(index))
