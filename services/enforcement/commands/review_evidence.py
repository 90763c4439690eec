"""Review a piece of evidence (审核): only legal and technical review makes camera footage evidence (行政处罚法 41)."""

from uuid import UUID

from msgspec import Struct

from services.enforcement.domain.evidence import Custody, Evidence, Handling
from services.enforcement.domain.record import Record
from services.enforcement.domain.transitions import RecordAction
from services.enforcement.domain.values import Use
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, one, through


class ReviewEvidence(Struct, frozen=True):
    """`reason` says what was reviewed, and with what result."""

    evidence_id: UUID
    use: Use
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: ReviewEvidence) -> Needs:
    yield through(Evidence, command.evidence_id, "record_id", Record)
    yield one(Evidence, command.evidence_id)


def decide(command: ReviewEvidence, loaded: Loaded, context: Context) -> Outcome:
    evidence = loaded.one(Evidence, command.evidence_id)
    context.allow(command, evidence.scope)
    expect_version(evidence, command.version)
    record = loaded.one(Record, evidence.record_id)
    record.expect_not_recused(command.actor.id)
    record.expect(RecordAction.REVIEW_EVIDENCE)
    reviewed = evidence.review(command.use, command.reason)
    note = f"{command.use}: {command.reason}"
    entry = Custody(context.new_id("reviewed"), evidence.id, Handling.REVIEWED, command.actor.id, context.now, note)
    return Outcome(new=(entry,), changed=(reviewed,), result=reviewed)
