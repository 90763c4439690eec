"""Who does something, and what it is done to: the two sides that the policy compares."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class Role(StrEnum):
    """What somebody may be in this system; the rights are in `shared/access/policy.py`."""

    INTAKE_CLERK = "intake_clerk"  # 受理员, 网格员
    REVIEWER = "reviewer"  # 街道审核员
    DISPATCHER = "dispatcher"  # 派遣员
    OFFICER = "officer"  # 部门人员
    DEPARTMENT_HEAD = "department_head"  # 部门负责人
    SUPERVISOR = "supervisor"  # 街道督办
    DISTRICT_SUPERVISOR = "district_supervisor"  # 区督办
    CALLBACK_CLERK = "callback_clerk"  # 回访员
    ADMINISTRATOR = "administrator"  # 管理员
    RESIDENT = "resident"  # 居民: whoever comes without an account, perhaps with a tracking code
    SYSTEM = "system"  # another service's event, or a clock


class Actor(Struct, frozen=True):
    """A person (or the system) as a token names them.

    `department` is a department's code, `area` the dotted code of the area they answer for (`cj.sanhe`); it contains
    every area whose code it begins.
    """

    id: str
    roles: frozenset[Role] = frozenset()
    department: str = ""
    area: str = ""


SYSTEM = Actor("system", frozenset({Role.SYSTEM}))
RESIDENT = Actor("resident", frozenset({Role.RESIDENT}))


class Scope(Struct, frozen=True):
    """What an operation touches, as far as the policy asks.

    `department` owns it ("own department"), `area` is where it lies ("own area"), `author` wrote it and `handlers`
    worked on it ("not the author", "not a handler"); `taking_part` are all departments that it summons.
    """

    area: str = ""
    department: str = ""
    author: str = ""
    handlers: frozenset[str] = frozenset()
    taking_part: frozenset[str] = frozenset()


def contains(outer: str, inner: str) -> bool:
    """Whether the area `outer` is, or contains, the area `inner` (dotted codes)."""
    return bool(outer) and (inner == outer or inner.startswith(outer + "."))


def people(ids: Iterable[str]) -> frozenset[str]:
    """A set of person ids without the empty one."""
    return frozenset(one for one in ids if one)
