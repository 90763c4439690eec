"""The policy as SQL: which rows of a list its reader may see."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Text, and_, false, func, literal_column, or_, true
from sqlalchemy.dialects.postgresql import JSONB

from shared.access.actor import Actor
from shared.access.policy import POLICY
from shared.access.rules import Tie

Column = ColumnElement[Any]
Condition = ColumnElement[bool]

STREET_DEPTH, COMMUNITY_DEPTH = 2, 3  # parts of a code: district, street, community (区、街道、社区)


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
    return or_(false(), *(conditions[tie] for tie in sorted(_ties(operation, actor))))


def department_of(actor: Actor, operation: str) -> str:
    """The department to whose cases this operation limits the actor; empty where it lets them see others as well."""
    return actor.department if _ties(operation, actor) == {Tie.TAKING_PART} else ""


def within(column: Column, area: str) -> Condition:
    """The condition that a dotted code is this area's or that of one inside it.

    A community and what lies inside it are found by an index on `community_of` the column, in the order of what else
    that index has; a street or a district has so many of a list's rows that looking at each of them is as good.
    """
    parts = area.split(".")
    if len(parts) < COMMUNITY_DEPTH:
        return or_(column == area, column.startswith(area + ".", autoescape=True))
    in_community = community_of(column) == ".".join(parts[:COMMUNITY_DEPTH])
    if len(parts) == COMMUNITY_DEPTH:
        return in_community
    # A condition that PostgreSQL takes for one in three: it would think of two as independent, and read far too much.
    return and_(in_community, func.strpos(column.concat("."), area + ".") > 0)


def community_of(column: Column) -> Column:
    """A dotted code's first three parts, all of one with fewer; written out, so that an index on it is recognised."""
    pattern: Column = literal_column(r"'^([^.]+\.[^.]+\.[^.]+)\..*'")
    kept: Column = literal_column(r"'\1'")
    return func.regexp_replace(column, pattern, kept, type_=Text())


def _ties(operation: str, actor: Actor) -> set[Tie]:
    return {tie for role, tie in POLICY[operation].roles.items() if role in actor.roles}


def _of_area(area: Column | None, street: Column | None, own: str) -> Condition:
    if area is None or not own:
        return false()
    return street == own if street is not None and len(own.split(".")) == STREET_DEPTH else within(area, own)


def _equal(column: Column | None, value: str) -> Condition:
    return false() if column is None or not value else column == value


def _among(column: Column | None, department: str) -> Condition:
    if column is None or not department:
        return false()
    return column if isinstance(column.type, Boolean) else column.cast(JSONB).contains([department])
