"""Take in a file that may become evidence (上传): the door has stored it and computed its SHA-256 at receipt."""

from msgspec import Struct

from services.enforcement.domain.evidence import Upload
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome


class UploadEvidence(Struct, frozen=True):
    """`kind` is photo, clip or document by its content; `name` is the file's name as the sender says it."""

    sha256: str
    size: int
    content_type: str
    kind: str
    name: str
    actor: Actor


def needs(command: UploadEvidence) -> Needs:  # noqa: ARG001 - it stands alone
    yield from ()


def decide(command: UploadEvidence, loaded: Loaded, context: Context) -> Outcome:  # noqa: ARG001 - it needs nothing
    context.allow(command)
    upload = Upload(
        id=context.new_id("upload"),
        sha256=command.sha256,
        size=command.size,
        content_type=command.content_type,
        kind=command.kind,
        name=command.name,
        received_by=command.actor.id,
        received_at=context.now,
    )
    return Outcome(new=(upload,), result=upload)
