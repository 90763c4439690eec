"""What the services of a peer tell each other, and who listens to what; each has the shape of this system's event."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

HANDED_OVER, WHISTLED = "call.handed_over", "case.whistled"
DISPATCHED, DELIVERED = "case.dispatched", "summons.delivered"
LISTENING = {"intake": (HANDED_OVER, DISPATCHED), "dispatch": (WHISTLED, DELIVERED), "notice": (DISPATCHED,)}


@dataclass(frozen=True, slots=True)
class Whistled:
    """Intake took the call as a case and blew the whistle."""

    case_id: UUID
    number: str
    category: str
    area: str
    address: str
    summary: str
    whistled_at: datetime


@dataclass(frozen=True, slots=True)
class Dispatched:
    """Dispatch made the assignments: `summoned` has the id of each by its department, `lead` is the first of them."""

    case_id: UUID
    number: str
    category: str
    area: str
    address: str
    summary: str
    lead: str
    summoned: dict[str, UUID]
    dispatched_at: datetime


@dataclass(frozen=True, slots=True)
class Delivered:
    """Notice laid the summonses into the departments' inboxes."""

    case_id: UUID
    assignments: list[UUID]
    delivered_at: datetime
