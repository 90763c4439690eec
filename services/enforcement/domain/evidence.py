"""Evidence: an uploaded file, the piece of evidence it becomes, and who had it in hands (保管链)."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from services.enforcement.domain.values import Source, Spot, Use
from shared.engine.work import Actor, Scope, changed
from shared.errors import Conflict

UPLOAD_WAITS = timedelta(days=1)  # how long an uploaded file may wait to become evidence
WITH_RENDITION = frozenset({"photo", "clip"})


class Upload(Struct, frozen=True):
    """A file as it was received: `sha256` (hex) computed then, `kind` photo, clip or document by its content."""

    id: UUID
    sha256: str
    size: int
    content_type: str
    kind: str
    name: str
    received_by: str
    received_at: datetime
    version: int = 1

    def expect_fresh(self, now: datetime) -> None:
        """Refuse a file that waited so long that it may have been swept away."""
        if now - self.received_at > UPLOAD_WAITS:
            raise Conflict("upload-expired", hours=int(UPLOAD_WAITS.total_seconds() // 3600))


class Evidence(Struct, frozen=True):
    """A piece of evidence on a record. What was received never changes; `use` changes by review only."""

    id: UUID
    record_id: UUID
    case_id: UUID
    department: str
    area: str
    sha256: str
    size: int
    content_type: str
    kind: str
    name: str
    description: str
    source: Source
    taken_at: datetime | None
    spot: Spot | None
    received_by: str
    received_at: datetime
    added_by: str
    added_at: datetime
    use: Use
    use_reason: str = ""
    version: int = 1

    @property
    def scope(self) -> Scope:
        """What the policy compares with an actor."""
        return Scope(area=self.area, department=self.department, author=self.added_by)

    def review(self, use: Use, reason: str) -> "Evidence":
        """Reviewed (行政处罚法 41): from now on evidence, or a lead only."""
        if use is self.use:
            raise Conflict("use-unchanged", use=str(use))
        return changed(self, use=use, use_reason=reason)

    def original_for(self, reader: Actor) -> bool:
        """Whether this reader gets the original bytes: the department that keeps it does, others a clean rendition.

        Of a document there is no rendition.
        """
        return reader.department == self.department or self.kind not in WITH_RENDITION


class Handling(StrEnum):
    """What was done with a piece of evidence."""

    RECEIVED = "received"  # 接收
    ADDED = "added"  # 入卷
    READ_ORIGINAL = "read_original"  # 调阅原件
    READ_RENDITION = "read_rendition"  # 调阅脱敏件
    REVIEWED = "reviewed"  # 审核


class Custody(Struct, frozen=True):
    """One entry in the chain of custody; entries are only ever added."""

    id: UUID
    evidence_id: UUID
    handling: Handling
    by: str
    at: datetime
    note: str = ""
    version: int = 1
