"""The call-back (回访): what one contact with one reporter means for the case."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from services.closure.domain.case import Case
from services.closure.domain.masking import masked
from services.closure.domain.reporter import Answer, Reporter
from services.closure.domain.transitions import Action
from services.closure.domain.values import Closing
from shared.contracts.closure import CallbackRecordedV1, CaseClosedV1, CaseUnresolvedV1
from shared.engine.work import Outcome
from shared.errors import Conflict


class Contacted(Struct, frozen=True):
    """One contact: the reporter's answer, or None when they were not reached; `failed` the parts they object to."""

    answer: Answer | None
    remark: str
    by: str
    by_resident: bool = False
    failed: tuple[UUID, ...] = ()


def hear(case: Case, reporters: Sequence[Reporter], reporter: Reporter, contacted: Contacted, now: datetime) -> Outcome:
    """Note the contact; the last reporter's yes closes the case, anyone's no sends it to rework."""
    remark = masked(contacted.remark)
    answers = [one.answer_in(case.round) for one in reporters if one.id != reporter.id]
    decided, events = _decide(case, [*answers, contacted.answer], contacted, remark, now)
    heard = reporter.contacted(case.round, contacted.answer, remark, contacted.by, contacted.by_resident, now)
    recorded = CallbackRecordedV1(
        case_id=case.id,
        reporter_case=reporter.own_case,
        attempt=heard.contacts[-1].attempt,
        reached=contacted.answer is not None,
        resolved=contacted.answer.resolved if contacted.answer else None,
        satisfaction=contacted.answer.satisfaction if contacted.answer else None,
        by_resident=contacted.by_resident,
        recorded_at=now,
    )
    return Outcome(changed=(decided, heard), events=(recorded, *events), result=decided)


def give_up(case: Case, reporters: Sequence[Reporter], by: str, now: datetime) -> Outcome:
    """Close although somebody could not be reached (未联系上): `Conflict` while a contact is still owed to anyone."""
    answers = [one.answer_in(case.round) for one in reporters]
    closed, event = _close(case, Action.CLOSE_UNREACHED, answers, by, now)
    owed = [one for one in reporters if not one.answer_in(case.round) and not one.may_be_given_up(case.round)]
    if owed:
        raise Conflict("contacts-owed", reporters=len(owed))
    return Outcome(changed=(closed,), events=(event,), result=closed)


def _decide(
    case: Case, answers: Sequence[Answer | None], contacted: Contacted, remark: str, now: datetime
) -> tuple[Case, tuple[Any, ...]]:
    if contacted.answer and not contacted.answer.resolved:
        objected = case.objected()
        return objected, (CaseUnresolvedV1(case.id, case.failing(contacted.failed), remark, False, now),)
    if all(answers):
        closed, event = _close(case, Action.CONFIRM, answers, contacted.by, now)
        return closed, (event,)
    return case.contacted(), ()


def _close(
    case: Case, action: Action, answers: Sequence[Answer | None], by: str, now: datetime
) -> tuple[Case, CaseClosedV1]:
    given = [one for one in answers if one]
    lowest = min((one.satisfaction for one in given if one.satisfaction), default=None)
    closing = Closing(case.round, bool(given), not given, lowest, by, now)
    event = CaseClosedV1(case.id, closing.resolved, closing.unreached, lowest, by, now)
    return case.closed(action, closing), event
