"""A case's clocks have come to a time (到点): a warning, the limit, or the ladder's next level; each is told once."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from msgspec import Struct

from services.supervision.domain.audiences import audience
from services.supervision.domain.case_clocks import CaseClocks
from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.clock import DUE, OVERDUE, WARNING, Clock, Step
from services.supervision.domain.dossier import Dossier, dossier_needs
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
)


class FireClocks(Struct, frozen=True):
    """The timer says that something of this case's clocks is due."""

    case_id: UUID
    actor: Actor = SYSTEM


def needs(command: FireClocks) -> Needs:
    yield from dossier_needs(command.case_id)


def decide(command: FireClocks, loaded: Loaded, context: Context) -> Outcome:
    before = loaded.one(CaseClocks, command.case_id)
    dossier = Dossier(command.case_id, loaded, context)
    context.allow(command, dossier.file.scope)
    after, told = before.fire(context.now)
    if not told:
        return NOTHING if before.claimed_until is None else Outcome(changed=(changed(before, claimed_until=None),))
    dossier.keep(after)
    events = [event for clock, step in told for event in _told(dossier.file, clock, step)]
    dossier.tell(events)
    outcome = dossier.outcome(events=events, result=after)
    lags = [Observation("timer_lag", (), (context.now - step.at).total_seconds()) for _, step in told]
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
