"""More time for an assignment (延期): two at most, the first granted by the street, the second by the district."""

from datetime import datetime
from math import floor

from msgspec.structs import replace

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.records import Extension, Limit
from services.dispatch.domain.rules import RULES
from services.dispatch.domain.transitions import AssignmentAction
from shared.contracts.dispatch import ExtensionRuledV1
from shared.engine.work import changed
from shared.errors import Conflict, Invalid

FIRST, SECOND = 1, 2  # the street's to grant, the district's


def request(assignment: Assignment, by: str, now: datetime, minutes: int, reason: str) -> Assignment:
    """Ask for more time, before expiry; at most half of the original limit each (`rules.yaml`)."""
    assignment.check(AssignmentAction.EXTEND)
    if assignment.pending_extension:
        raise Conflict("extension-pending")
    ordinal = 1 + sum(one.granted is True for one in assignment.extensions)
    if ordinal > SECOND:
        raise Conflict("no-third-extension")
    if assignment.overdue_at is not None:
        raise Conflict("limit-passed")
    most = floor(assignment.original_limit_minutes * RULES.extension_share)
    if not 0 < minutes <= most:
        raise Invalid("extension-too-long", fields={"minutes": ("Out of range.",)}, most=most)
    asked = Extension(ordinal, minutes, reason, by, now, assignment.round)
    return changed(assignment, extensions=(*assignment.extensions, asked))


def grant(assignment: Assignment, ordinal: int, by: str, now: datetime, reason: str) -> Assignment:
    """More time is granted (准予延期), if the request that waits is the first or second as whoever rules may grant."""
    pending = _pending(assignment)
    if pending.ordinal != ordinal:
        raise Conflict("extension-of-another-level", ordinal=pending.ordinal)
    minutes = assignment.limit_minutes + pending.minutes
    ruled = _ruled(assignment, pending, by, now, reason, granted=True)
    return replace(ruled, limit_minutes=minutes, limits=(*ruled.limits, Limit(minutes, "extension", now)))


def refuse(assignment: Assignment, by: str, now: datetime, reason: str) -> Assignment:
    """No more time (不予延期)."""
    return _ruled(assignment, _pending(assignment), by, now, reason, granted=False)


def ruling(assignment: Assignment, now: datetime) -> ExtensionRuledV1:
    """The announcement of the ruling that was just made."""
    ruled = assignment.extensions[-1]
    return ExtensionRuledV1(
        case_id=assignment.case_id,
        assignment_id=assignment.id,
        department=assignment.department,
        ordinal=ruled.ordinal,
        granted=bool(ruled.granted),
        minutes=ruled.minutes,
        reason=ruled.ruling_reason,
        ruled_by=ruled.ruled_by,
        ruled_at=now,
    )


def _pending(assignment: Assignment) -> Extension:
    assignment.check(AssignmentAction.EXTEND)
    pending = assignment.pending_extension
    if pending is None:
        raise Conflict("no-extension-pending")
    return pending


def _ruled(
    assignment: Assignment, pending: Extension, by: str, now: datetime, reason: str, *, granted: bool
) -> Assignment:
    ruled = replace(pending, granted=granted, ruled_by=by, ruled_at=now, ruling_reason=reason)
    return changed(assignment, extensions=(*assignment.extensions[:-1], ruled))
