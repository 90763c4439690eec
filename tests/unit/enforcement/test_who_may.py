"""Every step on a record is its own officers' alone, and none is taken on what somebody has changed meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest

from services.enforcement.domain.transitions import RecordState
from shared.access.actor import SYSTEM, Actor
from shared.errors import Forbidden, NotFound, StaleVersion
from tests.unit.enforcement.team import CLERK, DESK, STRANGER, STREET, WU, Desk, with_record

STEPS: dict[str, tuple[RecordState, Callable[..., Any]]] = {
    "check": (RecordState.OPENED, Desk.check),
    "add evidence": (RecordState.OPENED, Desk.add),
    "order": (RecordState.VIOLATION_FOUND, Desk.order),
    "re-check": (RecordState.ORDERED, Desk.recheck),
    "conclude": (RecordState.RECTIFIED, Desk.conclude),
    "transfer": (RecordState.OPENED, Desk.transfer),
    "recuse": (RecordState.OPENED, Desk.recuse),
}


@pytest.mark.parametrize("step", STEPS)
def test_colleagues_who_are_not_on_the_record_may_not(step: str) -> None:
    """Same department, but not one of its officers."""
    state, act = STEPS[step]
    for actor in (WU, DESK):
        with pytest.raises(Forbidden) as refusal:
            act(with_record(state), actor=actor)
        assert refusal.value.slug == "not-on-the-record"


@pytest.mark.parametrize("actor", [STRANGER, STREET, SYSTEM], ids=lambda actor: actor.id)
@pytest.mark.parametrize("step", STEPS)
def test_others_may_not(step: str, actor: Actor) -> None:
    """Another department's officer, a supervisor, a clock."""
    state, act = STEPS[step]
    desk = with_record(state)
    upload = {"upload": desk.upload()} if step == "add evidence" else {}
    with pytest.raises(Forbidden) as refusal:
        act(desk, actor=actor, **upload)
    assert refusal.value.slug == "forbidden"


@pytest.mark.parametrize("step", STEPS)
def test_what_was_changed_meanwhile_must_be_read_again(step: str) -> None:
    """The caller read version 9; it is another now."""
    state, act = STEPS[step]
    with pytest.raises(StaleVersion):
        act(with_record(state), version=9)


@pytest.mark.parametrize("step", STEPS)
def test_the_version_that_was_read_is_accepted(step: str) -> None:
    """And the record's version goes up by one, unless only evidence was added."""
    state, act = STEPS[step]
    desk = with_record(state)
    before = desk.record.version
    act(desk, version=before)
    assert desk.record.version == before + (step != "add evidence")


@pytest.mark.parametrize("step", STEPS)
def test_a_record_that_does_not_exist_is_not_found(step: str) -> None:
    """404 for every step."""
    state, act = STEPS[step]
    desk = with_record(state)
    upload = {"upload": desk.upload()} if step == "add evidence" else {}
    elsewhere = Desk(kept={key: one for key, one in desk.kept.items() if key[0].__name__ != "Record"})

    class Lost(Desk):
        """Still knows the record's id, but nothing keeps it."""

        record = desk.record

    with pytest.raises(NotFound):
        act(Lost(kept=elsewhere.kept), **upload)


def test_clerks_may_not_even_ask() -> None:
    """Their role is in none of the rules."""
    with pytest.raises(Forbidden):
        with_record().check(actor=CLERK)
