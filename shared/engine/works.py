"""What arrives at the engine and what it gives back: works, their messages' places in a stream, and results."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from msgspec import Struct

from shared.errors import AppError
from shared.store.changes import Announced, Message, Trace

__all__ = ["Announced", "Answer", "Message", "Result", "Trace", "Work"]


Answer = tuple[int, bytes]
NO_TRACE = Trace()


class Work(Struct, frozen=True):
    """One request or message on its way through the engine.

    `command` is None for a message that only moves its stream's cursor. `key` names a request for replay ("" = it
    cannot be replayed) and `fingerprint` its content. `flaw` says why a message cannot be read: it is parked. `size`
    is its bytes; `alone` marks a message that was delivered so often that it runs in a batch of its own. `answer` and
    `refuse` turn a command's result, or its refusal, into status and body for the caller of a request.
    """

    id: UUID
    command: Any
    trace: Trace = NO_TRACE
    key: str = ""
    fingerprint: bytes = b""
    message: Message | None = None
    flaw: str = ""
    alone: bool = False
    size: int = 0
    answer: Callable[[Any], Answer] | None = None
    refuse: Callable[[AppError], Answer] | None = None


class Result(Struct, frozen=True):
    """How a work ended: done, refused, replayed (a request's first answer again), duplicate, waiting or parked
    (messages).

    `status` and `body` are a request's answer; `value` is what `decide` returned as its result, `error` the refusal.
    """

    ending: str
    status: int = 0
    body: bytes = b""
    value: Any = None
    error: AppError | None = None
