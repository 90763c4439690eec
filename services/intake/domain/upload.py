"""A file that was uploaded, until and after a case names it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.intake.domain.case import Attachment
from shared.engine.work import Loaded, changed
from shared.errors import Invalid

KEPT_UNNAMED = timedelta(hours=24)  # then the file may be swept away, and must be uploaded again


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in the store: its id is the SHA-256 (hex) of its content; `named` once a case names it."""

    id: str
    size: int
    content_type: str
    uploaded_at: datetime
    named: bool = False
    version: int = 1

    @property
    def attachment(self) -> Attachment:
        """As a case keeps it."""
        return Attachment(self.id, self.size, self.content_type)


def uploaded(loaded: Loaded, digests: Sequence[str], now: datetime) -> list[Upload]:
    """The uploads with these digests; `Invalid` names each that is not there, or not there any more."""
    found = [loaded.find(Upload, digest) for digest in digests]
    missing = [index for index, one in enumerate(found) if one is None or not (one.named or _is_fresh(one, now))]
    if missing:
        raise Invalid(fields={f"attachments.{index}": ["Upload this file first."] for index in missing})
    return [one for one in found if one is not None]


def newly_named(uploads: Iterable[Upload]) -> tuple[Upload, ...]:
    """Those that no case named before, now named."""
    return tuple(changed(one, named=True) for one in uploads if not one.named)


def _is_fresh(upload: Upload, now: datetime) -> bool:
    return now - upload.uploaded_at < KEPT_UNNAMED
