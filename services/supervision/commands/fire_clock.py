"""A clock's time has come (到点): a warning, the limit, or the next level of the ladder; each is told once."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from msgspec import Struct

from services.supervision.domain.audiences import audience
from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.clock import DUE, OVERDUE, WARNING, Clock, Step
from services.supervision.domain.dossier import Dossier
from services.supervision.domain.transitions import ClockAction
from shared.contracts.supervision import (
    ArchivingDueV1,
    ClockEscalatedV1,
    ClockOverdueV1,
    ClockWarnedV1,
    SigningLapsedV1,
)
from shared.engine.work import (
    NOTHING,
    SYSTEM,
    Actor,
    Context,
    Loaded,
    Needs,
    Observation,
    Outcome,
    changed,
    one,
)


class FireClock(Struct, frozen=True):
    """The timer says that something of this clock is due."""

    case_id: UUID
    clock_id: UUID
    actor: Actor = SYSTEM


def needs(command: FireClock) -> Needs:
    yield one(CaseFile, command.case_id)
    yield one(Clock, command.clock_id)


def decide(command: FireClock, loaded: Loaded, context: Context) -> Outcome:
    clock = loaded.one(Clock, command.clock_id)
    dossier = Dossier(command.case_id, loaded, context)
    context.allow(command, dossier.file.scope)
    if not clock.can(ClockAction.FIRE):
        return NOTHING
    fired, steps = clock.fire(context.now)
    if not steps:
        return NOTHING if clock.claimed_until is None else Outcome(changed=(changed(clock, claimed_until=None),))
    events = [event for step in steps for event in _told(dossier.file, fired, step)]
    dossier.keep(changed=[(clock, fired)])
    dossier.tell(events)
    outcome = dossier.outcome(events=events, result=fired)
    lags = tuple(Observation("timer_lag", (), (context.now - step.at).total_seconds()) for step in steps)
    return outcome._replace(observed=(*outcome.observed, *lags))


def _told(file: CaseFile, clock: Clock, step: Step) -> Iterator[Any]:
    told = audience(file, clock, step.name)
    if step.name == WARNING:
        yield ClockWarnedV1(file.id, file.facts, clock.facts, step.percent, told, step.at)
        return
    if step.name == DUE:
        yield ArchivingDueV1(file.id, clock.started_at, step.at)
        return
    if step.name != OVERDUE:
        yield ClockEscalatedV1(file.id, file.facts, clock.facts, step.name, told, step.at)
        return
    yield ClockOverdueV1(file.id, file.facts, clock.facts, told, step.at)
    if clock.name == "sign" and clock.assignment_id:
        yield SigningLapsedV1(file.id, clock.assignment_id, clock.department, step.at)
