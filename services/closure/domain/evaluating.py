"""The mutual evaluation (双向评价, 接诉即办条例 33): when both sides are in, the case is archived at once."""

from datetime import datetime
from typing import Any

from services.closure.domain.case import Case
from services.closure.domain.values import Evaluation
from shared.contracts.closure import CaseArchivedV1, CaseEvaluatedV1
from shared.engine.work import Outcome


def evaluate(case: Case, evaluations: tuple[Evaluation, ...], now: datetime) -> Outcome:
    """Add one side's scores, and archive the case if that was the last of them."""
    evaluated = case.evaluated(evaluations)
    events: list[Any] = [
        CaseEvaluatedV1(case.id, one.side, one.department, one.score, one.by, one.at) for one in evaluations
    ]
    if evaluated.fully_evaluated:
        evaluated = evaluated.archived(now)
        events.append(CaseArchivedV1(case.id, now))
    return Outcome(changed=(evaluated,), events=events, result=evaluated)
