"""The vocabulary of a command: what it needs, what it is told, what it answers.

A command is pure. `needs(command)` yields what must be loaded, `decide(command, loaded, context)` looks at it and
returns an `Outcome`; a refusal is raised as an `AppError`. Neither has a session, a broker, a clock or a framework.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import is_not
from typing import Any, Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from shared.access.actor import SYSTEM, Actor, Scope, contains
from shared.engine.transitions import Transition, follow
from shared.errors import StaleVersion
from shared.runtime.clock import derived
from shared.store.changes import Key, Observation, RowKey
from shared.store.needs import Need

__all__ = [
    "NOTHING",
    "SYSTEM",
    "Actor",
    "Aggregate",
    "Context",
    "Given",
    "Key",
    "Loaded",
    "Need",
    "Needs",
    "Newest",
    "Observation",
    "Outcome",
    "Reference",
    "RowKey",
    "Scope",
    "Transition",
    "changed",
    "contains",
    "derived",
    "expect_version",
    "follow",
    "many",
    "one",
    "through",
]

A = TypeVar("A", bound="Aggregate")
T = TypeVar("T")


class Aggregate(Protocol):
    """What is loaded, changed and stored as one: a frozen struct with an `id` and a `version`."""

    @property
    def id(self) -> Any: ...
    @property
    def version(self) -> int: ...


class Reference(NamedTuple):
    """Give the newest local snapshot of this reference data ("areas", "departments", …)."""

    name: str


class Given(NamedTuple):
    """Load what only reference data can name: `needs` is given a `Loaded` that holds snapshots alone."""

    needs: Callable[["Loaded"], Iterable[Need]]


Needs = Iterator[Need | Reference | Given]


def one(kind: type[Any], id: Any) -> Need:
    """The aggregate with this id, if there is one."""
    return Need(kind, "id", id)


def many(kind: type[Any], field: str, value: Any) -> Need:
    """Every aggregate whose `field` has this value."""
    return Need(kind, field, value)


def through(other: type[Any], id: Any, other_field: str, kind: type[Any], field: str = "id") -> Need:
    """Every `kind` whose `field` equals the `other_field` of the `other` with this id."""
    return Need(kind, field, id, other, other_field)


class Loaded(Protocol):
    """What the needs brought, as the commands before this one in the batch left it."""

    def one(self, kind: type[A], id: Any) -> A:
        """The aggregate with this id; `NotFound` if there is none."""
        ...

    def find(self, kind: type[A], id: Any) -> A | None:
        """The aggregate with this id, or None."""
        ...

    def many(self, kind: type[A], field: str, value: Any) -> tuple[A, ...]:
        """Every aggregate whose field has this value, ordered by id."""
        ...

    def reference(self, name: str) -> Any:
        """The content of a snapshot; `Unavailable` if none has arrived yet."""
        ...


class Newest(Generic[T]):
    """What is made of several snapshots, kept because it costs more to make than a command.

    Made again when one of the contents is another object than before: the engine hands out the same one until a newer
    version comes.
    """

    def __init__(self, make: Callable[..., T], names: Sequence[str]) -> None:
        self._make = make
        self._names = names
        self._kept: tuple[list[Any], T] | None = None

    def of(self, loaded: Loaded) -> T:
        """What `make` makes of the newest contents in the order of `names`; `Unavailable` while one has not arrived."""
        contents = [loaded.reference(name) for name in self._names]
        if self._kept is None or any(map(is_not, contents, self._kept[0])):
            self._kept = contents, self._make(*contents)
        return self._kept[1]


Permit = Callable[[object, Actor, Scope], None]


class Context(Struct, frozen=True):
    """What `decide` is told about the moment: the time, the work it belongs to, and who may.

    `now` is the engine's time in UTC; `work` the id of the request or message; `permit` is the policy.
    """

    now: datetime
    work: UUID
    permit: Permit

    def new_id(self, name: str) -> UUID:
        """An id derived from the work and a name unique within it, so that deciding twice makes the same id."""
        return derived(self.work, name)

    def allow(self, command: Any, scope: Scope = Scope()) -> None:  # noqa: B008 - frozen and empty
        """Refuse (`Forbidden`) unless the policy lets the command's actor do it to something of this scope.

        Every command that has an actor must ask; the engine refuses to store what nobody asked about.
        """
        self.permit(command, getattr(command, "actor", SYSTEM), scope)


class Outcome(NamedTuple):
    """What a command decided: rows to add, rows that changed, events to announce, and the answer to its caller.

    `counts` is what it adds to the service's sums, by their keys; `listed` the rows of the service's list that are now
    as given, by their keys, None for what is not listed any more; `observed` what metrics are told after the commit.
    """

    new: Sequence[Any] = ()
    changed: Sequence[Any] = ()
    events: Sequence[Any] = ()
    result: Any = None
    counts: Mapping[Key, int] = {}
    listed: Mapping[RowKey, Any] = {}
    observed: Sequence[Observation] = ()


NOTHING = Outcome()


def changed(aggregate: A, **fields: Any) -> A:
    """A copy with these fields, one version on."""
    return replace(aggregate, version=aggregate.version + 1, **fields)  # type: ignore[type-var]  # aggregates are structs


def expect_version(aggregate: Aggregate, version: int | None) -> None:
    """Refuse if the caller read another version than the present one; None means that the caller does not care."""
    if version is not None and version != aggregate.version:
        raise StaleVersion(expected=version, present=aggregate.version)
