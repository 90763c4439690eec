"""Solve a case in the community itself (小事不出社区): never a whistle, still called back."""

from uuid import UUID

from msgspec import Struct

from services.intake.commands._handover import given_away
from services.intake.domain.case import Case, Solution
from services.intake.domain.complaint import Complaint, mask
from services.intake.domain.progress import Progress, Stage
from shared.contracts.intake import CaseSelfHandledV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, one


class SolveCase(Struct, frozen=True):
    """`measures` is what the community did."""

    case_id: UUID
    measures: str
    actor: Actor
    version: int | None = None


def needs(command: SolveCase) -> Needs:
    """The case, its complaint and its progress, which it has if the reporter was not satisfied before."""
    yield one(Case, command.case_id)
    yield one(Complaint, command.case_id)
    yield one(Progress, command.case_id)


def decide(command: SolveCase, loaded: Loaded, context: Context) -> Outcome:
    """Handed over to closure, which calls the reporter back."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope)
    expect_version(case, command.version)
    measures = mask(command.measures, loaded.find(Complaint, case.id))
    solved = case.solve(Solution(measures, command.actor.id, context.now))
    event = CaseSelfHandledV1(
        case_id=solved.id,
        number=solved.number,
        kind=solved.kind,
        category=solved.category,
        place=solved.public_place,
        summary=solved.summary,
        measures=measures,
        author=solved.author,
        handled_by=command.actor.id,
        tracking_digest=solved.tracking_digest,
        handled_at=context.now,
    )
    return given_away(solved, event, Stage.CALL_BACK, loaded, context)
