"""Who urges, orders and answers, and the case that they do it in."""

from datetime import timedelta

from shared.access.actor import Actor, Role
from tests.unit.supervision.samples import Desk, dispatched, local, registered, whistled

MONDAY = local("2026-03-02 10:00")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STREET = Actor("supervisor.sanhe", frozenset({Role.SUPERVISOR}), "jiedao", "cj.sanhe")
DISTRICT = Actor("supervisor.chunjiang", frozenset({Role.DISTRICT_SUPERVISOR}), "zhihui", "cj")
ELSEWHERE = Actor("supervisor.other", frozenset({Role.SUPERVISOR}), "jiedao", "cj.other")
OFFICER = Actor("officer.zhujian", frozenset({Role.OFFICER}), "zhujian", "cj")
STRANGER = Actor("officer.gongan", frozenset({Role.OFFICER}), "gongan", "cj")


def open_case(kind: str = "joint_enforcement") -> Desk:
    """A case that was whistled and dispatched to two departments on Monday at 10:00."""
    return Desk().hear(registered(MONDAY - HOUR, kind), whistled(MONDAY - MINUTE, kind), dispatched(MONDAY, kind))
