"""What a rule of the policy table says, and how an actor and a scope are held against it."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from shared.access.actor import Actor, Role, Scope, contains


class Tie(StrEnum):
    """What must tie an actor to what the operation touches."""

    ANY = "any"  # nothing
    OWN_AREA = "own area"  # it lies in the actor's area
    OWN_DEPARTMENT = "own department"  # it belongs to the actor's department
    TAKING_PART = "taking part"  # the actor's department is summoned
    OWN_CASE = "own case"  # the actor wrote it


class Never(StrEnum):
    """Who is refused although a role would let them."""

    AUTHOR = "author"  # whoever wrote it
    HANDLER = "handler"  # whoever worked on it, or belongs to a department that did


class Rule(Struct, frozen=True):
    """Each role that may, with its tie, and who never may."""

    roles: Mapping[Role, Tie]
    never: tuple[Never, ...] = ()


def tied(tie: Tie, actor: Actor, scope: Scope) -> bool:
    """Whether this actor has this tie to what lies in the scope."""
    match tie:
        case Tie.ANY:
            return True
        case Tie.OWN_AREA:
            return contains(actor.area, scope.area)
        case Tie.OWN_DEPARTMENT:
            return bool(actor.department) and actor.department == scope.department
        case Tie.TAKING_PART:
            return bool(actor.department) and actor.department in scope.taking_part
        case Tie.OWN_CASE:
            return bool(actor.id) and actor.id == scope.author


def excluded(never: Never, actor: Actor, scope: Scope) -> bool:
    """Whether this actor is one whom the rule refuses all the same."""
    if never is Never.AUTHOR:
        return actor.id == scope.author
    return actor.id in scope.handlers or (bool(actor.department) and actor.department in scope.taking_part)


def allows(rule: Rule, actor: Actor, scope: Scope) -> bool:
    """Whether the rule lets this actor do it to something of this scope."""
    if any(excluded(never, actor, scope) for never in rule.never):
        return False
    return any(role in actor.roles and tied(tie, actor, scope) for role, tie in rule.roles.items())
