"""The policy as SQL: which rows of a list its reader may see."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, false, or_, true
from sqlalchemy.dialects.postgresql import JSONB

from shared.access.actor import Actor
from shared.access.policy import POLICY
from shared.access.rules import Tie

Column = ColumnElement[Any]
Condition = ColumnElement[bool]

DOTS_OF_STREET = 1  # in its code, which begins with its district's


def visible(
    operation: str,
    actor: Actor,
    *,
    area: Column | None = None,
    street: Column | None = None,
    department: Column | None = None,
    taking_part: Column | None = None,
    author: Column | None = None,
) -> Condition:
    """The condition on a row under which one of the actor's roles may see it by this operation's rule.

    Give the columns that hold a row's area (dotted code), department and author, and what tells who takes part: a JSONB
    column with a list of departments' codes, or a condition that already compares with `actor.department`. `street` is
    what holds the code of the area's street, where an index finds that as a whole. A tie
    whose column is not given, or for which the actor has nothing to compare, allows nothing. `ValueError` for a rule
    with a `never`: that is for commands.
    """
    rule = POLICY[operation]
    if rule.never:
        raise ValueError(f"{operation} excludes somebody, which a list cannot do")
    conditions = {
        Tie.ANY: true(),
        Tie.OWN_AREA: _of_area(area, street, actor.area),
        Tie.OWN_DEPARTMENT: _equal(department, actor.department),
        Tie.TAKING_PART: _among(taking_part, actor.department),
        Tie.OWN_CASE: _equal(author, actor.id),
    }
    ties = {tie for role, tie in rule.roles.items() if role in actor.roles}
    return or_(false(), *(conditions[tie] for tie in sorted(ties)))


def within(column: Column, area: str) -> Condition:
    """The condition that a dotted code is this area's or that of one inside it."""
    return or_(column == area, column.startswith(area + ".", autoescape=True))


def _of_area(area: Column | None, street: Column | None, own: str) -> Condition:
    if area is None or not own:
        return false()
    return street == own if street is not None and own.count(".") == DOTS_OF_STREET else within(area, own)


def _equal(column: Column | None, value: str) -> Condition:
    return false() if column is None or not value else column == value


def _among(column: Column | None, department: str) -> Condition:
    if column is None or not department:
        return false()
    return column if isinstance(column.type, Boolean) else column.cast(JSONB).contains([department])
