"""What each event makes of a case's file (归并). Pure and total: any event may be the first that is heard of a case."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.supervision.domain.case_file import CaseFile, Count, Overdue, Part, Standing, Verdict, Waiting
from services.supervision.domain.clockwork import TOLD_APART, Cancel, Move, Start, Stop, moves
from services.supervision.domain.words import pairs, sought
from shared.contracts import closure, dispatch, intake, notice, supervision
from shared.contracts.dispatch import Summons
from shared.engine.work import changed

Fields = dict[str, Any]

FINAL = frozenset({"merged", "void", "refused", "redirected"})  # nobody else has a say after these
LEVELS = ("", "department_head", "street", "district")


def fold(file: CaseFile, event: Any, at: datetime, made: Sequence[Move] | None = None) -> CaseFile:
    """The file after this event, announced `at` this time; `made` are its moves on the clocks, where they are known."""
    rule = RULES.get(type(event))
    fields = rule(file, event) if rule else {}
    after = replace(file, **fields)
    if made := moves(file, event) if made is None else made:
        after = _counted(after, made)
    facts: Fields = {}
    texts = (after.number, after.summary, after.address)
    if texts != (file.number, file.summary, file.address):
        facts = {"words": pairs(*texts), "sought": sought(*texts)}
    if after.overdue != file.overdue:
        facts["overdue_since"] = min((one.due_at for one in after.overdue), default=None)
    departments = tuple(one.department for one in after.parts if one.live)
    if departments != file.departments:
        facts["departments"] = departments
        facts["verdicts"] = tuple(
            replace(one, departments=departments) if one.at > at else one  # it was heard too early
            for one in after.verdicts
        )
    last_at = max(at, file.last_at or at)
    return changed(after, **facts, first_at=file.first_at or at, last_at=last_at, entries=file.entries + 1)


def _counted(file: CaseFile, made: Iterable[Move]) -> CaseFile:
    """The file with the clocks that run now, and without what is overdue of those that have ended."""
    running, stopped, overdue = list(file.running), list(file.stopped), list(file.overdue)
    for move in made:
        match move:
            case Start(clock, key, at):
                early = move.ended_early(stopped)
                stopped = [one for one in stopped if one is not early]
                running += [Count(clock, key, at)] if clock in TOLD_APART and not early else []
            case Stop(clock, key, at):
                begun = [one for one in running if _is(one, clock, key)]
                if clock in TOLD_APART and not begun:
                    stopped.append(Count(clock, key, at))
                ended = move.ends(begun, lambda one: one.at)
                running = [one for one in running if one not in ended]
                overdue = [one for one in overdue if not _is(one, clock, key)]
            case Cancel():
                running = [one for one in running if not move.means(one.clock, one.key)]
                overdue = [one for one in overdue if not move.means(one.clock, one.key)]
    return replace(file, running=tuple(running), stopped=tuple(stopped), overdue=tuple(overdue))


def _is(one: Count | Overdue, clock: str, key: str) -> bool:
    return (one.clock, one.key) == (clock, key)


def _stands(file: CaseFile, owner: str, state: str, since: datetime) -> Fields:
    """Where the case stands after an owner's word: as the one says who spoke last, unless it has ended."""
    others = tuple(one for one in file.standings if one.owner != owner)
    standings = (*others, Standing(owner, state, since))
    shown = next((one for one in standings if one.state in FINAL), max(standings, key=lambda one: one.since))
    return {"standings": standings, "state": shown.state, "state_since": shown.since}


def _facts(file: CaseFile, rank: int, event: Any) -> Fields:
    """Number, kind, category and place, from whoever of those heard so far knows best; `ongoing` if anybody says so."""
    ongoing = file.ongoing or getattr(event, "ongoing", False)
    if rank < file.facts_rank:
        return {"ongoing": ongoing}
    place = event.place
    told = {"number": event.number, "kind": event.kind, "category": event.category, "area": place.area}
    summary = getattr(event, "summary", file.summary)
    return {**told, "address": place.address, "summary": summary, "ongoing": ongoing, "facts_rank": rank}


def _part(file: CaseFile, id: UUID, **fields: Any) -> Fields:
    """The parts with this one changed."""
    return {"parts": tuple(replace(one, **fields) if one.id == id else one for one in file.parts)}


def _count(file: CaseFile, id: UUID, name: str) -> int:
    part = file.part(id)
    return getattr(part, name) + 1 if part else 1


def _summoned(one: Summons, at: datetime) -> Part:
    limit = one.limit_minutes
    return Part(one.assignment_id, one.department, one.department_name, one.part, limit, limit, "to_sign", at)


def _without(file: CaseFile, matter: str, id: UUID | None) -> tuple[Waiting, ...]:
    return tuple(one for one in file.waiting if (one.matter, one.assignment_id) != (matter, id))


def _end_parts(parts: Iterable[Part], ended: str) -> tuple[Part, ...]:
    return tuple(replace(one, ended=ended, state=ended) if one.live else one for one in parts)


def _registered(file: CaseFile, event: intake.CaseRegisteredV1) -> Fields:
    said = {"channel": event.channel, "registered_at": event.registered_at, "author": event.author}
    return {**_facts(file, 1, event), **said, **_stands(file, "intake", "draft", event.registered_at)}


def _submitted(file: CaseFile, event: intake.CaseSubmittedV1) -> Fields:
    stands = _stands(file, "intake", "under_review", event.submitted_at)
    return {**stands, "submitted_at": file.submitted_at or event.submitted_at}


def _returned(file: CaseFile, event: intake.CaseReturnedV1) -> Fields:
    return {**_stands(file, "intake", "returned", event.returned_at), "returns": file.returns + 1}


def _whistled(file: CaseFile, event: intake.CaseWhistledV1) -> Fields:
    told = {"whistled_at": event.whistled_at, "author": event.author, "emergency": event.emergency}
    return {**_facts(file, 2, event), **told, **_stands(file, "intake", "whistled", event.whistled_at)}


def _self_handled(file: CaseFile, event: intake.CaseSelfHandledV1) -> Fields:
    stands = _stands(file, "intake", "call_back", event.handled_at)
    return {**_facts(file, 2, event), **stands, "author": event.author, "verified_at": event.handled_at}


def _withdrawn(file: CaseFile, event: intake.CaseWithdrawnV1) -> Fields:
    state = "merged" if event.into else "void"
    ended = {"waiting": (), "overdue": (), "parts": _end_parts(file.parts, "withdrawn")}
    return {**_stands(file, "intake", state, event.withdrawn_at), **ended}


def _dispatched(file: CaseFile, event: dispatch.CaseDispatchedV1) -> Fields:
    parts = tuple(_summoned(one, event.dispatched_at) for one in event.summons)
    stands = _stands(file, "dispatch", "dispatched", event.dispatched_at)
    return {**_facts(file, 3, event), **stands, "parts": parts, "dispatched_at": event.dispatched_at}


def _summons_changed(file: CaseFile, event: dispatch.SummonsChangedV1) -> Fields:
    summoned = {one.assignment_id: one for one in event.summons}
    kept = [
        replace(one, part=summoned[one.id].part)
        if one.id in summoned
        else one
        if one.ended or one.id not in event.removed
        else replace(one, ended="withdrawn", state="withdrawn")
        for one in file.parts
    ]
    added = [_summoned(one, event.changed_at) for one in event.summons if file.part(one.assignment_id) is None]
    first = {} if file.dispatched_at else _stands(file, "dispatch", "dispatched", event.changed_at)
    told = {"parts": (*kept, *added), "dispatched_at": file.dispatched_at or event.changed_at}
    return {**_facts(file, 3, event), **first, **told}


def _signed(file: CaseFile, event: dispatch.AssignmentSignedV1) -> Fields:
    return _part(file, event.assignment_id, state="signed", signed_at=event.signed_at, deemed=event.deemed)


def _reported_in(file: CaseFile, event: dispatch.AssignmentReportedInV1) -> Fields:
    return _part(file, event.assignment_id, state="reported_in", reported_at=event.reported_at, far=event.far)


def _started(file: CaseFile, event: dispatch.AssignmentStartedV1) -> Fields:
    return _part(file, event.assignment_id, state="in_progress", started_at=event.started_at)


def _fed_back(file: CaseFile, event: dispatch.AssignmentFedBackV1) -> Fields:
    feedbacks = _count(file, event.assignment_id, "feedbacks")
    return _part(file, event.assignment_id, state="fed_back", fed_back_at=event.fed_back_at, feedbacks=feedbacks)


def _excused(file: CaseFile, event: dispatch.AssignmentExcusedV1) -> Fields:
    return _part(file, event.assignment_id, state="excused", ended="excused")


def _disputed(file: CaseFile, event: dispatch.AssignmentDisputedV1) -> Fields:
    id, since = event.assignment_id, event.disputed_at
    waiting = Waiting("dispute", id, event.department, since, event.legal_basis)
    told = _part(file, id, state="disputed", disputes=_count(file, id, "disputes"))
    return {**told, "waiting": (*file.waiting, waiting)}


def _dispute_ruled(file: CaseFile, event: dispatch.DisputeRuledV1) -> Fields:
    told = {"state": "rerouted", "ended": "rerouted"} if event.rerouted_to else {"state": "to_sign"}
    waiting = _without(file, "dispute", event.assignment_id)
    return {**_part(file, event.assignment_id, **told), "waiting": waiting}


def _extension_requested(file: CaseFile, event: dispatch.ExtensionRequestedV1) -> Fields:
    id, since = event.assignment_id, event.requested_at
    waiting = Waiting("extension", id, event.department, since, event.reason, event.ordinal, event.minutes)
    return {"waiting": (*_without(file, "extension", id), waiting)}


def _extension_ruled(file: CaseFile, event: dispatch.ExtensionRuledV1) -> Fields:
    id = event.assignment_id
    granted = _part(file, id, extensions=_count(file, id, "extensions")) if event.granted else {}
    return {**granted, "waiting": _without(file, "extension", id)}


def _released(file: CaseFile, event: dispatch.AssignmentReleasedV1) -> Fields:
    return _part(file, event.assignment_id, released_at=event.released_at)


def _case_started(file: CaseFile, event: dispatch.CaseStartedV1) -> Fields:
    return {**_stands(file, "dispatch", "in_progress", event.started_at), "round": event.round}


def _case_fed_back(file: CaseFile, event: dispatch.CaseFedBackV1) -> Fields:
    stands = _stands(file, "dispatch", "to_verify", event.fed_back_at)
    return {**_facts(file, 3, event), **stands, "fed_back_at": event.fed_back_at, "round": event.round}


def _suspended(file: CaseFile, event: dispatch.CaseSuspendedV1) -> Fields:
    since = event.suspended_at
    waiting = Waiting("suspension", None, "", since, event.reason, review_by=event.review_by)
    return {**_stands(file, "dispatch", "suspended", since), "waiting": (*file.waiting, waiting)}


def _resumed(file: CaseFile, event: dispatch.CaseResumedV1) -> Fields:
    stands = _stands(file, "dispatch", "in_progress", event.resumed_at)
    return {**stands, "waiting": _without(file, "suspension", None)}


def _reopened(file: CaseFile, event: dispatch.CaseReopenedV1) -> Fields:
    limits = {one.assignment_id: one.limit_minutes for one in event.reopened}
    parts = tuple(
        replace(one, state="rework", round_minutes=limits[one.id], failures=one.failures + 1, released_at=None)
        if one.id in limits
        else one
        for one in file.parts
    )
    return {**_stands(file, "dispatch", "rework", event.reopened_at), "parts": parts, "round": event.round}


def _dispatch_withdrawn(file: CaseFile, _event: dispatch.DispatchWithdrawnV1) -> Fields:
    return {"parts": _end_parts(file.parts, "withdrawn"), "waiting": (), "overdue": ()}


def _delivered(file: CaseFile, event: notice.SummonsDeliveredV1) -> Fields:
    at = event.delivered_at
    return {"parts": tuple(replace(one, delivered_at=at) if one.id in event.assignments else one for one in file.parts)}


def _read(file: CaseFile, event: notice.SummonsReadV1) -> Fields:
    return _part(file, event.assignment_id, read_at=event.read_at)


def _verified(file: CaseFile, event: closure.VerificationPassedV1) -> Fields:
    return {**_stands(file, "closure", "call_back", event.verified_at), "verified_at": event.verified_at}


def _verification_failed(file: CaseFile, event: closure.VerificationFailedV1) -> Fields:
    parts = tuple(replace(one, unverified=one.unverified + 1) if one.id in event.failed else one for one in file.parts)
    stands = _stands(file, "closure", "rework", event.verified_at)
    return {**stands, "failures": file.failures + 1, "parts": parts}


def _called_back(file: CaseFile, event: closure.CallbackRecordedV1) -> Fields:
    told = {"resolved": event.resolved, "satisfaction": event.satisfaction} if event.reached else {}
    return {"attempts": file.attempts + 1, "reached": event.reached or file.reached, **told}


def _unresolved(file: CaseFile, event: closure.CaseUnresolvedV1) -> Fields:
    verdicts = (*file.verdicts, Verdict(event.decided_at, False, None, file.departments))
    reopened = {"closed_at": None, "resolved": False, "verdicts": verdicts}
    return {**_stands(file, "closure", "rework", event.decided_at), **reopened}


def _closed(file: CaseFile, event: closure.CaseClosedV1) -> Fields:
    told = {"resolved": event.resolved, "unreached": event.unreached, "satisfaction": event.satisfaction}
    ended = {"closed_at": file.closed_at or event.closed_at, "waiting": (), "verdicts": _verdicts(file, event)}
    return {**_stands(file, "closure", "closed", event.closed_at), **told, **ended}


def _verdicts(file: CaseFile, event: closure.CaseClosedV1) -> tuple[Verdict, ...]:
    """With this one; closing it once more corrects what the closing before had said."""
    at = file.closed_at or event.closed_at
    earlier = tuple(one for one in file.verdicts if one.at != file.closed_at)
    if event.unreached:
        return earlier
    return (*earlier, Verdict(at, event.resolved, event.satisfaction, file.departments))


def _overdue(file: CaseFile, event: supervision.ClockOverdueV1) -> Fields:
    clock = event.clock
    return {"overdue": (*file.overdue, Overdue(clock.clock_id, clock.clock, clock.key, clock.department, clock.due_at))}


def _escalated(file: CaseFile, event: supervision.ClockEscalatedV1) -> Fields:
    return {"escalated": max(file.escalated, event.level, key=LEVELS.index)}


def _order_issued(file: CaseFile, event: supervision.OrderIssuedV1) -> Fields:
    return _supervised((*file.orders, event.order_id)) if event.reply_by else {}


def _order_returned(file: CaseFile, event: supervision.OrderReturnedV1) -> Fields:
    return _supervised((*file.orders, event.order_id))


def _order_settled(file: CaseFile, event: supervision.OrderAnsweredV1 | supervision.OrderEndedV1) -> Fields:
    return _supervised(tuple(one for one in file.orders if one != event.order_id))


def _supervised(orders: tuple[UUID, ...]) -> Fields:
    return {"orders": orders, "supervised": bool(orders)}


def _plain(owner: str, state: str, since: str) -> Callable[[CaseFile, Any], Fields]:
    """An event that only tells where the case stands."""

    def rule(file: CaseFile, event: Any) -> Fields:
        return _stands(file, owner, state, getattr(event, since))

    return rule


RULES: Mapping[type[Any], Callable[[CaseFile, Any], Fields]] = {
    intake.CaseRegisteredV1: _registered,
    intake.CaseSubmittedV1: _submitted,
    intake.CaseReturnedV1: _returned,
    intake.CaseRefusedV1: _plain("intake", "refused", "refused_at"),
    intake.CaseRedirectedV1: _plain("intake", "redirected", "redirected_at"),
    intake.CaseWhistledV1: _whistled,
    intake.CaseSelfHandledV1: _self_handled,
    intake.CaseWithdrawnV1: _withdrawn,
    dispatch.DispatchAwaitedV1: _plain("dispatch", "awaiting", "awaited_at"),
    dispatch.CaseDispatchedV1: _dispatched,
    dispatch.SummonsChangedV1: _summons_changed,
    dispatch.AssignmentSignedV1: _signed,
    dispatch.AssignmentReportedInV1: _reported_in,
    dispatch.AssignmentStartedV1: _started,
    dispatch.AssignmentFedBackV1: _fed_back,
    dispatch.AssignmentExcusedV1: _excused,
    dispatch.AssignmentDisputedV1: _disputed,
    dispatch.DisputeRuledV1: _dispute_ruled,
    dispatch.ExtensionRequestedV1: _extension_requested,
    dispatch.ExtensionRuledV1: _extension_ruled,
    dispatch.AssignmentReleasedV1: _released,
    dispatch.CaseStartedV1: _case_started,
    dispatch.CaseFedBackV1: _case_fed_back,
    dispatch.CaseSuspendedV1: _suspended,
    dispatch.CaseResumedV1: _resumed,
    dispatch.CaseReopenedV1: _reopened,
    dispatch.DispatchWithdrawnV1: _dispatch_withdrawn,
    notice.SummonsDeliveredV1: _delivered,
    notice.SummonsReadV1: _read,
    closure.VerificationPassedV1: _verified,
    closure.VerificationFailedV1: _verification_failed,
    closure.CallbackRecordedV1: _called_back,
    closure.CaseUnresolvedV1: _unresolved,
    closure.CaseClosedV1: _closed,
    closure.CaseArchivedV1: _plain("closure", "archived", "archived_at"),
    supervision.ClockOverdueV1: _overdue,
    supervision.ClockEscalatedV1: _escalated,
    supervision.OrderIssuedV1: _order_issued,
    supervision.OrderAnsweredV1: _order_settled,
    supervision.OrderReturnedV1: _order_returned,
    supervision.OrderEndedV1: _order_settled,
}
