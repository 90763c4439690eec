"""Take in a photo or a clip from the site, before the verification that names it."""

from msgspec import Struct

from services.closure.domain.photo import Photo
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome
from shared.errors import Invalid

SHOWS = ("image/", "video/")


class UploadPhoto(Struct, frozen=True):
    """The file lies in the store already, by its digest."""

    actor: Actor
    sha256: str
    size: int
    content_type: str
    name: str


def needs(command: UploadPhoto) -> Needs:  # noqa: ARG001 - it needs nothing
    """Nothing: a photo is new."""
    yield from ()


def decide(command: UploadPhoto, loaded: Loaded, context: Context) -> Outcome:  # noqa: ARG001 - nothing loaded
    """A photo of the sender's; refused for a document, which shows nothing."""
    context.allow(command)
    if not command.content_type.startswith(SHOWS):
        raise Invalid("not-a-photo")
    photo = Photo(
        id=context.new_id("photo"),
        sha256=command.sha256,
        size=command.size,
        content_type=command.content_type,
        name=command.name,
        sent_by=command.actor.id,
        sent_at=context.now,
    )
    return Outcome(new=(photo,), result=photo)
