"""A file that was uploaded, until and after a case names it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from services.intake.domain.case import Attachment
from shared.engine.work import Loaded, changed
from shared.errors import Invalid

KEPT_UNNAMED = timedelta(hours=24)  # then the file may be swept away, and must be uploaded again


class Upload(Struct, frozen=True):
    """A file in the store: its id is the SHA-256 (hex) of its content; `named` once a case names it.

    `senders` are the ids of everybody who sent it: nobody gets hold of a file by naming what they did not have.
    """

    id: str
    size: int
    content_type: str
    uploaded_at: datetime
    senders: tuple[str, ...]
    named: bool = False
    version: int = 1

    @property
    def attachment(self) -> Attachment:
        """As a case keeps it."""
        return Attachment(self.id, self.size, self.content_type)

    def sent(self, by: str, now: datetime) -> "Upload":
        """Sent once more, perhaps by somebody else: it counts as fresh again."""
        senders = self.senders if by in self.senders else (*self.senders, by)
        return changed(self, uploaded_at=now, senders=senders)

    def may_be_named(self, by: str, now: datetime) -> bool:
        """Whether it is there for whoever names it."""
        return by in self.senders and (self.named or now - self.uploaded_at < KEPT_UNNAMED)


def uploaded(loaded: Loaded, digests: Sequence[str], by: str, now: datetime, had: Collection[str] = ()) -> list[Upload]:
    """The uploads with these digests; `Invalid` names each that this person did not send and the case never had."""
    found = [loaded.find(Upload, digest) for digest in digests]
    there = [one for one in found if one is not None and (one.id in had or one.may_be_named(by, now))]
    if len(there) < len(found):
        missing = [index for index, one in enumerate(found) if one not in there]
        raise Invalid(fields={f"attachments.{index}": ["Upload this file first."] for index in missing})
    return there


def newly_named(uploads: Iterable[Upload]) -> tuple[Upload, ...]:
    """Those that no case named before, now named."""
    return tuple(changed(one, named=True) for one in uploads if not one.named)
