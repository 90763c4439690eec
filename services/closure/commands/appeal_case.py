"""Appeal against a closing (申诉): a reporter, once, within some days; by tracking code or through the clerk."""

from dataclasses import dataclass
from uuid import UUID

from services.closure.domain.case import Case
from services.closure.domain.loading import case_of_reporter, case_with_reporters, reporter_by_case
from services.closure.domain.masking import masked
from services.closure.domain.reporter import Reporter
from shared.contracts.closure import CaseUnresolvedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome


@dataclass(frozen=True, slots=True)
class AppealCase:
    """The resident acts themselves (`case_id` None; `actor.id` is the digest of their tracking code), or the call-back
    clerk writes down who appeals: `reporter_case`, where several reported.

    `failed` are the assignments appealed against; the lead's if none is named.
    """

    actor: Actor
    reason: str
    case_id: UUID | None = None
    reporter_case: UUID | None = None
    failed: tuple[UUID, ...] = ()


def needs(command: AppealCase) -> Needs:
    """The case with its reporters, by its id or by theirs."""
    if command.case_id is None:
        yield from case_of_reporter(command.actor.id)
    else:
        yield from case_with_reporters(command.case_id)


def decide(command: AppealCase, loaded: Loaded, context: Context) -> Outcome:
    """Back to rework; refused the second time, too late, or while the case is not closed."""
    case = loaded.one(Case, command.case_id or loaded.one(Reporter, command.actor.id).case_id)
    context.allow(command, case.scope(author="" if command.case_id else command.actor.id))
    reporter = _reporter(command, loaded, case)
    appealed = case.appealed()
    heard = reporter.appealed(case.closings[-1].at, context.now)
    event = CaseUnresolvedV1(case.id, case.failing(command.failed), masked(command.reason), True, context.now)
    return Outcome(changed=(appealed, heard), events=(event,), result=appealed)


def _reporter(command: AppealCase, loaded: Loaded, case: Case) -> Reporter:
    if command.case_id is None:
        return loaded.one(Reporter, command.actor.id)
    return reporter_by_case(loaded, case.id, command.reporter_case)
