"""Lets a command decide in memory: no server, the real policy. What unit tests of commands call."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import ModuleType
from typing import Any
from uuid import UUID

from shared.access.policy import permit
from shared.engine.work import Context, Given, Need, Outcome, Reference
from shared.errors import NotFound, Unavailable

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # Monday, 12:00 in Shanghai
WORK = UUID("00000000-0000-7000-8000-000000000001")


class InMemory:
    """What the needs would have brought, from a list of aggregates."""

    def __init__(self, aggregates: tuple[Any, ...], references: Mapping[str, Any]) -> None:
        self._aggregates = aggregates
        self._references = references

    def find(self, kind: type[Any], id: Any) -> Any:
        return next((one for one in self._aggregates if type(one) is kind and one.id == id), None)

    def one(self, kind: type[Any], id: Any) -> Any:
        found = self.find(kind, id)
        if found is None:
            raise NotFound(kind=kind.__name__.lower(), id=str(id))
        return found

    def many(self, kind: type[Any], field: str, value: Any) -> tuple[Any, ...]:
        found = [one for one in self._aggregates if type(one) is kind and getattr(one, field) == value]
        return tuple(sorted(found, key=lambda one: one.id))

    def reference(self, name: str) -> Any:
        if name not in self._references:
            raise Unavailable("reference-missing", name=name)
        return self._references[name]


def decide(
    module: ModuleType,
    command: Any,
    *aggregates: Any,
    references: Mapping[str, Any] | None = None,
    now: datetime = NOON,
    work: UUID = WORK,
) -> Outcome:
    """What the command of this module decides when it finds these aggregates; each need must name what it loads."""
    known = InMemory((), references or {})
    for need in module.needs(command):
        for named in need.needs(known) if isinstance(need, Given) else (need,):
            assert isinstance(named, (Need, Reference)), named
    outcome = module.decide(command, InMemory(aggregates, references or {}), Context(now, work, permit))
    assert isinstance(outcome, Outcome)
    return outcome
