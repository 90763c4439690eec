"""What a notice says of an event of supervision or a summons: plain facts by name, nothing personal."""

from collections.abc import Callable, Mapping
from typing import Any

from services.notice.domain.summons import Summons
from services.notice.domain.templates import local
from services.notice.domain.town import Town
from shared.contracts import supervision as says
from shared.contracts.supervision import CaseFacts

Facts = dict[str, str]


def facts_of(event: Any, town: Town, number: str = "") -> Facts:
    """What to tell of this event; `number` is the case's, for an event that does not say it."""
    case = getattr(event, "case", CaseFacts(number, "", "", ""))
    return {**_case(case, town), **TOLD[type(event)](event, town)}


def facts_of_summons(summons: Summons, town: Town) -> Facts:
    """What to tell of a summons; of the first round no reason."""
    return {
        **_case(CaseFacts(summons.number, summons.kind, summons.category, summons.place.area), town),
        "department": summons.department_name,
        "part": summons.part,
        "round": str(summons.round) if summons.round > 1 else "",
        "reason": summons.reason,
    }


def template_of(event: Any) -> str:
    """The template's name: the event's type without its version."""
    return str(event.type).rpartition(".v")[0]


def _case(case: CaseFacts, town: Town) -> Facts:
    category = town.categories.get(case.category, case.category)
    return {"number": case.number, "kind": case.kind, "category": category}


def _clock(event: Any, town: Town) -> Facts:
    clock = event.clock
    return {"clock": clock.clock, "department": _name(clock.department, town), "due": local(clock.due_at)}


def _warned(event: says.ClockWarnedV1, town: Town) -> Facts:
    return {**_clock(event, town), "percent": str(event.percent)}


def _escalated(event: says.ClockEscalatedV1, town: Town) -> Facts:
    return {**_clock(event, town), "level": event.level}


def _withdrawn(event: says.BreachWithdrawnV1, town: Town) -> Facts:
    return {**_clock(event, town), "stopped": local(event.stopped_at)}


def _issued(event: says.OrderIssuedV1, town: Town) -> Facts:
    return {
        "order_kind": event.kind,
        "department": _name(event.department, town),
        "words": event.text,
        "due": local(event.reply_by),
    }


def _answered(event: says.OrderAnsweredV1, town: Town) -> Facts:
    return {
        "department": _name(event.department, town),
        "answered": local(event.answered_at),
        "words": event.text,
    }


def _accepted(event: says.OrderAcceptedV1, town: Town) -> Facts:
    return {"department": _name(event.department, town), "accepted": local(event.accepted_at)}


def _returned(event: says.OrderReturnedV1, town: Town) -> Facts:
    return {"department": _name(event.department, town), "due": local(event.reply_by), "reason": event.reason}


def _reported(event: says.RefusalReportedV1, town: Town) -> Facts:
    return {"department": _name(event.department, town), "reason": event.reason}


def _concluded(event: says.RefusalConcludedV1, town: Town) -> Facts:
    return {
        "department": _name(event.department, town),
        "finding_kind": "yes" if event.justified else "no",
        "points": str(event.points),
        "finding": event.finding,
    }


def _name(department: str, town: Town) -> str:
    return town.departments.get(department, department)


TOLD: Mapping[type[Any], Callable[[Any, Town], Facts]] = {
    says.ClockWarnedV1: _warned,
    says.ClockOverdueV1: _clock,
    says.ClockEscalatedV1: _escalated,
    says.BreachWithdrawnV1: _withdrawn,
    says.OrderIssuedV1: _issued,
    says.OrderAnsweredV1: _answered,
    says.OrderAcceptedV1: _accepted,
    says.OrderReturnedV1: _returned,
    says.RefusalReportedV1: _reported,
    says.RefusalConcludedV1: _concluded,
}
