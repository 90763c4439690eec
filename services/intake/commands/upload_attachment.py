"""Take in an attachment (附件): the file lies in the store already, now a case may name it."""

from msgspec import Struct

from services.intake.domain.upload import Upload
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, one


class UploadAttachment(Struct, frozen=True):
    """The file's SHA-256 (hex), its size in bytes, and what it is by its content."""

    sha256: str
    size: int
    content_type: str
    actor: Actor


def needs(command: UploadAttachment) -> Needs:
    """The same file, if somebody uploaded it before."""
    yield one(Upload, command.sha256)


def decide(command: UploadAttachment, loaded: Loaded, context: Context) -> Outcome:
    """Noted; the same content is one row, however often and by whomever it is sent."""
    context.allow(command)
    before = loaded.find(Upload, command.sha256)
    if before is None:
        upload = Upload(command.sha256, command.size, command.content_type, context.now, (command.actor.id,))
        return Outcome(new=(upload,), result=upload)
    again = before.sent(command.actor.id, context.now)
    return Outcome(changed=(again,), result=again)
