"""A table of transitions: what may happen in which state, and where it leads. What has no row is refused."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeVar

from shared.errors import IllegalTransition

S = TypeVar("S", bound=StrEnum)


class Transition(NamedTuple, Generic[S]):
    """One row: the state that follows."""

    to: S


def follow(
    table: Mapping[tuple[Any, Any], Transition[S]], state: StrEnum | None, action: StrEnum, terms: str = ""
) -> S:
    """The state that follows by this table; `IllegalTransition` where it has no row.

    `terms` comes before the names of state and action where people call them otherwise than a case's.
    """
    found = table.get((state, action))
    if found is None:
        raise IllegalTransition(state=f"{terms}{state}", action=f"{terms}{action}")
    return found.to
