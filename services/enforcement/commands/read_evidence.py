"""Read a piece of evidence (调阅): every reading is an entry in its chain of custody."""

from uuid import UUID

from msgspec import Struct

from services.enforcement.domain.evidence import Custody, Evidence, Handling
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, one


class ReadEvidence(Struct, frozen=True):
    evidence_id: UUID
    actor: Actor


class Reading(Struct, frozen=True):
    """What the reader gets: the `original` bytes, or the rendition without personal metadata."""

    evidence: Evidence
    original: bool


def needs(command: ReadEvidence) -> Needs:
    yield one(Evidence, command.evidence_id)


def decide(command: ReadEvidence, loaded: Loaded, context: Context) -> Outcome:
    evidence = loaded.one(Evidence, command.evidence_id)
    context.allow(command, evidence.scope)
    original = evidence.original_for(command.actor)
    handling = Handling.READ_ORIGINAL if original else Handling.READ_RENDITION
    entry = Custody(context.new_id("read"), evidence.id, handling, command.actor.id, context.now)
    return Outcome(new=(entry,), result=Reading(evidence, original))
