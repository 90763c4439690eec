"""The public notice of an outcome (公示): masked, no closer than the community, readable without an account."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class PublicOutcome(Struct, frozen=True):
    """One notice; it is shown while the case stands closed in the round it speaks of."""

    id: UUID
    case_id: UUID
    round: int
    title: str
    text: str
    category: str
    area: str
    area_name: str
    published_by: str
    published_at: datetime
    version: int = 1
