"""What a reporter may know and do about their case, by tracking code: never about another reporter."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from services.closure.domain.case import Case
from services.closure.domain.feedback import Feedback
from services.closure.domain.masking import masked
from services.closure.domain.reporter import Reporter
from services.closure.domain.transitions import TRANSITIONS, Action, State


class Done(Struct, frozen=True):
    """What one department did; `department` is its name, empty where the community did it itself."""

    department: str
    measures: str


class Followed(Struct, frozen=True):
    """A case as its reporter sees it; `appeal_until` is when the right to appeal ends, None where there is none."""

    number: str
    category: str
    summary: str
    state: State
    round: int
    done: tuple[Done, ...]
    closed_at: datetime | None
    may_answer: bool
    may_appeal: bool
    appeal_until: datetime | None


def followed(case: Case, reporter: Reporter, feedbacks: Iterable[Feedback], now: datetime) -> Followed:
    """The case for this reporter at this time."""
    until = reporter.may_appeal_until(case.closed_at) if (case.state, Action.APPEAL) in TRANSITIONS else None
    return Followed(
        number=case.number,
        category=case.category,
        summary=masked(case.summary),
        state=case.state,
        round=case.round,
        done=_done(case, feedbacks),
        closed_at=case.closed_at,
        may_answer=(case.state, Action.CONFIRM) in TRANSITIONS and reporter.answer_in(case.round) is None,
        may_appeal=until is not None and now <= until,
        appeal_until=until,
    )


def _done(case: Case, feedbacks: Iterable[Feedback]) -> tuple[Done, ...]:
    names = {part.assignment_id: part.department_name for part in case.present}
    own = (Done("", masked(case.measures)),) if case.measures else ()
    return (*own, *(Done(names[one.id], masked(one.measures)) for one in feedbacks if one.id in names))
