"""What intake (受理) announces about a case until it is whistled, and about its withdrawal."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from shared.contracts.places import Place
from shared.contracts.registry import event


@event("case.registered.v1")
class CaseRegisteredV1(Struct, frozen=True):
    """A case was registered (登记); `channel` is how it came: hotline, walk_in, patrol, online …"""

    case_id: UUID
    number: str
    channel: str
    category: str
    kind: str
    place: Place
    author: str
    registered_at: datetime


@event("case.submitted.v1")
class CaseSubmittedV1(Struct, frozen=True):
    """The community asks for a whistle (提请吹哨); it waits for review."""

    case_id: UUID
    kind: str
    area: str
    submitted_by: str
    submitted_at: datetime


@event("case.returned.v1")
class CaseReturnedV1(Struct, frozen=True):
    """The reviewer wants it completed (退回补正)."""

    case_id: UUID
    reason: str
    reviewer: str
    returned_at: datetime


@event("case.refused.v1")
class CaseRefusedV1(Struct, frozen=True):
    """The reviewer refused to whistle (不予吹哨)."""

    case_id: UUID
    reason: str
    reviewer: str
    refused_at: datetime


@event("case.redirected.v1")
class CaseRedirectedV1(Struct, frozen=True):
    """The reviewer pointed to the statutory channel (转法定途径)."""

    case_id: UUID
    channel: str
    reason: str
    reviewer: str
    redirected_at: datetime


@event("case.whistled.v1")
class CaseWhistledV1(Struct, frozen=True):
    """The whistle is blown (吹哨): every responsible department must be summoned.

    `summary` is the description without the complainant; `tracking_digest` is the SHA-256 (hex) of the resident's
    tracking code, by which others recognise the resident; `emergency` whistles are reviewed afterwards. `author` is
    the person who asked for it and may not verify it as a handler; `photos` are the SHA-256 digests of what shows the
    problem; `ongoing`: the violation is in progress (违法行为正在发生).
    """

    case_id: UUID
    number: str
    kind: str
    category: str
    place: Place
    summary: str
    author: str
    reviewer: str
    emergency: bool
    tracking_digest: str
    whistled_at: datetime
    photos: tuple[str, ...] = ()
    ongoing: bool = False


@event("emergency.confirmed.v1")
class EmergencyConfirmedV1(Struct, frozen=True):
    """An emergency whistle was reviewed afterwards; `upheld` says whether it was justified."""

    case_id: UUID
    reviewer: str
    upheld: bool
    reason: str
    confirmed_at: datetime


@event("case.self_handled.v1")
class CaseSelfHandledV1(Struct, frozen=True):
    """The community solved it itself (小事不出社区); the reporter is still called back."""

    case_id: UUID
    number: str
    kind: str
    category: str
    place: Place
    summary: str
    measures: str
    author: str
    handled_by: str
    tracking_digest: str
    handled_at: datetime


@event("withdrawal.requested.v1")
class WithdrawalRequestedV1(Struct, frozen=True):
    """The street wants a whistled case voided (作废) or merged (合并) into `into`; its present owner decides.

    `self_handled`: the community solved it itself, dispatch never had it, and closure decides at once.
    """

    case_id: UUID
    request_id: UUID
    into: UUID | None
    reason: str
    requested_by: str
    requested_at: datetime
    self_handled: bool = False


@event("case.withdrawn.v1")
class CaseWithdrawnV1(Struct, frozen=True):
    """The case ended as void, or was merged into `into`, whose call-back includes this reporter."""

    case_id: UUID
    into: UUID | None
    reason: str
    withdrawn_by: str
    withdrawn_at: datetime


@event("case.absorbed.v1")
class CaseAbsorbedV1(Struct, frozen=True):
    """Another case was merged into this one: its reporter, known by `tracking_digest`, is called back as well."""

    case_id: UUID
    absorbed: UUID
    tracking_digest: str
    absorbed_at: datetime
