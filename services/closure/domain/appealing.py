"""An appeal against a closing (申诉), whoever brings it."""

from datetime import datetime
from uuid import UUID

from services.closure.domain.case import Case
from services.closure.domain.masking import masked
from services.closure.domain.reporter import Reporter
from shared.contracts.closure import CaseUnresolvedV1
from shared.engine.work import Outcome


def appeal(case: Case, reporter: Reporter, failed: tuple[UUID, ...], reason: str, now: datetime) -> Outcome:
    """Back to rework, for the named parts or the lead's; refused the second time, too late, or unless closed."""
    appealed = case.appealed()
    heard = reporter.appealed(case.closings[-1].at, now)
    event = CaseUnresolvedV1(case.id, case.failing(failed), masked(reason), True, now)
    return Outcome(changed=(appealed, heard), events=(event,), result=appealed)
