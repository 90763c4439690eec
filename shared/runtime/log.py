"""One JSON line an event on stdout: what happened, where it belongs, and nothing personal.

`log.get().warning("summons parked", queue=…, reason=…)`: an event in a few words, its facts beside it. What is logged
by the standard library comes out the same way: the project's own from the same level, libraries' from warnings on.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

OWN = ("services", "shared", "tools")
MASK = "***"
MASKED_KEYS = frozenset(
    {
        *("name", "author_name", "reporter_name", "username", "caller", "complainant", "contact", "reporter"),
        *("phone", "mobile", "telephone", "callback_phone", "reporter_phone", "email", "wechat"),
        *("address", "reporter_address", "certificate", "id_card", "id_number", "identity"),
        *("body", "description", "summary", "text", "what_was_tried"),
        *("password", "old_password", "new_password", "passphrase", "secret", "token", "tracking_code"),
    }
)
PHONE = re.compile(
    r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?![0-9A-Za-z])"  # mobile
    r"|(?<![0-9A-Za-z])0\d{2,3}-[2-9]\d{6,7}(?![0-9A-Za-z])"  # landline with its area code
    r"|(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])"  # identity card
    r"|DETAIL:.*|\[parameters:.*"  # a row's values in a message of the database
)

_tie: ContextVar[Mapping[str, str]] = ContextVar("tie", default={})  # noqa: B039 - never changed, only replaced


def tie(correlation: str, traceparent: str) -> None:
    """From here on, in this greenthread, events belong to this request or message."""
    _tie.set({"correlation": correlation, "traceparent": traceparent})


def get() -> FilteringBoundLogger:
    """The logger."""
    logger: FilteringBoundLogger = structlog.get_logger()
    return logger


def configure(service: str, level: str = "info") -> None:
    """Let this process log as this service, from this level upwards."""

    def belong(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {"service": service, **_tie.get(), **event}

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            belong,
            mask,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.BytesLoggerFactory(sys.stdout.buffer),
        cache_logger_on_first_use=False,
    )
    logging.root.handlers = [_Bridge()]
    logging.root.setLevel(logging.WARNING)
    for own in OWN:
        logging.getLogger(own).setLevel(level.upper())


def mask(_logger: WrappedLogger, _method: str, event: MutableMapping[str, Any]) -> EventDict:
    """Mask the values of personal keys, and whatever looks like a telephone or identity number in the others."""
    return {key: MASK if key in MASKED_KEYS else _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return PHONE.sub(MASK, value)
    if isinstance(value, Mapping):
        return {key: MASK if key in MASKED_KEYS else _masked(below) for key, below in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(below) for below in value]
    if isinstance(value, bool | float | None):
        return value
    return _masked_other(value)


def _masked_other(value: Any) -> Any:
    said = str(value)
    hidden = PHONE.sub(MASK, said)
    return value if isinstance(value, int) and hidden == said else hidden


def _dumps(event: EventDict, **_: Any) -> bytes:
    return orjson.dumps(event)


class _Bridge(logging.Handler):
    """Hands what libraries log to the project's logger."""

    def emit(self, record: logging.LogRecord) -> None:
        get().log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)
