"""Add an uploaded file to a record as evidence, or as a lead only (证据, 线索)."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.enforcement.domain.evidence import Custody, Evidence, Handling, Upload
from services.enforcement.domain.record import Record
from services.enforcement.domain.transitions import RecordAction
from services.enforcement.domain.values import FIRST_USE, Source, Spot, not_later
from shared.contracts.enforcement import EvidenceAddedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, one
from shared.errors import NotFound


class AddEvidence(Struct, frozen=True):
    """`taken_at` and `spot` say when and where it was taken, as far as that is known."""

    record_id: UUID
    upload_id: UUID
    description: str
    source: Source
    taken_at: datetime | None
    spot: Spot | None
    actor: Actor
    version: int | None = None


def needs(command: AddEvidence) -> Needs:
    yield one(Record, command.record_id)
    yield one(Upload, command.upload_id)


def decide(command: AddEvidence, loaded: Loaded, context: Context) -> Outcome:
    record = loaded.one(Record, command.record_id)
    context.allow(command, record.scope)
    record.expect_officer(command.actor.id)
    expect_version(record, command.version)
    record.expect(RecordAction.ADD_EVIDENCE)
    upload = _own_upload(command, loaded)
    upload.expect_fresh(context.now)
    not_later("taken_at", command.taken_at, context.now)
    evidence = _evidence(command, record, upload, context)
    chain = (
        Custody(context.new_id("received"), evidence.id, Handling.RECEIVED, upload.received_by, upload.received_at),
        Custody(context.new_id("added"), evidence.id, Handling.ADDED, evidence.added_by, evidence.added_at),
    )
    event = EvidenceAddedV1(
        case_id=evidence.case_id,
        record_id=evidence.record_id,
        evidence_id=evidence.id,
        department=evidence.department,
        content_type=evidence.content_type,
        size=evidence.size,
        sha256=evidence.sha256,
        added_by=evidence.added_by,
        added_at=evidence.added_at,
    )
    return Outcome(new=(evidence, *chain), events=(event,), result=evidence)


def _own_upload(command: AddEvidence, loaded: Loaded) -> Upload:
    """What the actor uploaded; what others did is unknown to them."""
    upload = loaded.one(Upload, command.upload_id)
    if upload.received_by != command.actor.id:
        raise NotFound(kind="upload", id=str(command.upload_id))
    return upload


def _evidence(command: AddEvidence, record: Record, upload: Upload, context: Context) -> Evidence:
    return Evidence(
        id=context.new_id("evidence"),
        record_id=record.id,
        case_id=record.case_id,
        department=record.department,
        area=record.area,
        sha256=upload.sha256,
        size=upload.size,
        content_type=upload.content_type,
        kind=upload.kind,
        name=upload.name,
        description=command.description,
        source=command.source,
        taken_at=command.taken_at,
        spot=command.spot,
        received_by=upload.received_by,
        received_at=upload.received_at,
        added_by=command.actor.id,
        added_at=context.now,
        use=FIRST_USE[command.source],
    )
