"""Ask for a whistle (提请吹哨); an emergency (应急) blows at once and is reviewed afterwards."""

from uuid import UUID

from msgspec import Struct

from services.intake.commands._handover import given_away, whistled
from services.intake.domain.case import Case, Submission
from services.intake.domain.progress import Progress, Stage
from services.intake.domain.town import REFERENCES, town_of
from shared.contracts.intake import CaseSubmittedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, one


class SubmitCase(Struct, frozen=True):
    """`version` is what the caller last read."""

    case_id: UUID
    actor: Actor
    version: int | None = None


def needs(command: SubmitCase) -> Needs:
    """The case, its progress if it was given away before, and the town."""
    yield one(Case, command.case_id)
    yield one(Progress, command.case_id)
    yield from REFERENCES


def decide(command: SubmitCase, loaded: Loaded, context: Context) -> Outcome:
    """Under review, or whistled."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope)
    expect_version(case, command.version)
    matter = town_of(loaded).matter(case.category, case.kind, case.area)
    submitted = case.submit(matter, Submission(command.actor.id, context.now))
    if submitted.whistled_at is not None:
        return given_away(submitted, whistled(submitted, reviewer=""), Stage.SUMMONING, loaded, context)
    event = CaseSubmittedV1(submitted.id, submitted.kind, submitted.area, command.actor.id, context.now)
    return Outcome(changed=(submitted,), events=(event,), result=submitted)
