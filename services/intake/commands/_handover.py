"""What happens when intake gives a case away: to dispatch by a whistle, or to closure for the call-back."""

from typing import Any

from services.intake.domain.case import Case
from services.intake.domain.progress import Progress, Stage
from shared.contracts.intake import CaseWhistledV1
from shared.engine.work import Context, Loaded, Outcome


def whistled(case: Case, reviewer: str) -> CaseWhistledV1:
    """The whistle of a case that was just blown; `reviewer` "" for an emergency that nobody has reviewed yet."""
    assert case.whistled_at is not None, case.state
    return CaseWhistledV1(
        case_id=case.id,
        number=case.number,
        kind=case.kind,
        category=case.category,
        place=case.public_place,
        summary=case.summary,
        author=case.asked_by,
        reviewer=reviewer,
        emergency=case.emergency,
        tracking_digest=case.tracking_digest,
        whistled_at=case.whistled_at,
        photos=case.photos,
        ongoing=case.ongoing,
    )


def given_away(case: Case, event: Any, stage: Stage, loaded: Loaded, context: Context) -> Outcome:
    """The case with its event and its progress from now on; a whistle stays unconfirmed until dispatch tells of it."""
    confirmed = stage is not Stage.SUMMONING
    before = loaded.find(Progress, case.id)
    if before is not None:
        again = before.restart(stage, context.now, confirmed=confirmed)
        return Outcome(changed=(case, again), events=(event,), result=case)
    confirmed_at = context.now if confirmed else None
    progress = Progress(case.id, stage, context.now, context.now, confirmed_at)
    return Outcome(new=(progress,), changed=(case,), events=(event,), result=case)
