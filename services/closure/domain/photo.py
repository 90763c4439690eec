"""A photo (or clip) that shows what was found on site; its file lies in the store by its digest."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import UUID

from msgspec import Struct

from services.closure.domain.rules import RULES
from shared.engine.work import Loaded, Needs, changed, one
from shared.errors import Invalid


class Photo(Struct, frozen=True):
    """What somebody sent: `sha256` in hex, `size` in bytes. It belongs to a case once a verification names it."""

    id: UUID
    sha256: str
    size: int
    content_type: str
    name: str
    sent_by: str
    sent_at: datetime
    case_id: UUID | None = None
    version: int = 1

    def shown_for(self, case_id: UUID) -> Self:
        """The photo as part of this case."""
        return self if self.case_id == case_id else changed(self, case_id=case_id)


def photo_needs(ids: Iterable[UUID]) -> Needs:
    """The photos with these ids."""
    yield from (one(Photo, id) for id in ids)


def photos_of(loaded: Loaded, ids: Iterable[UUID], sent_by: str, case_id: UUID, now: datetime) -> tuple[Photo, ...]:
    """The photos with these ids; `Invalid` for one that they did not send, that shows another case, or is old."""
    found = [loaded.find(Photo, id) for id in dict.fromkeys(ids)]
    photos = tuple(one for one in found if one and one.sent_by == sent_by and one.case_id in (None, case_id))
    if len(photos) < len(found):
        raise Invalid("photo-unknown", fields={"photos": ("Upload this photo first.",)})
    if any(one.case_id is None and now > one.sent_at + RULES.photo_waits for one in photos):
        raise Invalid("upload-expired", fields={"photos": ("Upload this photo again.",)}, hours=RULES.photo_hours)
    return photos
