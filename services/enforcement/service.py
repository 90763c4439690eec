"""Enforcement's routes, and what it follows of dispatch."""

from datetime import datetime

from services.enforcement import schemas
from services.enforcement.commands.add_evidence import AddEvidence
from services.enforcement.commands.conclude_record import ConcludeRecord
from services.enforcement.commands.follow_assignment import FollowAssignment, Followed
from services.enforcement.commands.open_record import OpenRecord
from services.enforcement.commands.order_rectification import OrderRectification
from services.enforcement.commands.read_evidence import ReadEvidence, Reading
from services.enforcement.commands.recheck_rectification import RecheckRectification
from services.enforcement.commands.record_check import RecordCheck
from services.enforcement.commands.recuse_officer import RecuseOfficer
from services.enforcement.commands.review_evidence import ReviewEvidence
from services.enforcement.commands.transfer_record import TransferRecord
from services.enforcement.commands.upload_evidence import UploadEvidence
from services.enforcement.domain.evidence import Evidence
from services.enforcement.domain.record import Record
from services.enforcement.store import queries
from services.enforcement.wiring import WIRING
from shared.contracts.dispatch import (
    AssignmentExcusedV1,
    AssignmentFedBackV1,
    AssignmentReportedInV1,
    CaseDispatchedV1,
    CaseReopenedV1,
    DispatchWithdrawnV1,
    DisputeRuledV1,
    SummonsChangedV1,
)
from shared.messaging.subscription import follow
from shared.parked import ParkedRoutes
from shared.service import Room
from shared.store.files import Stored
from shared.store.kinds import allowed_kinds
from shared.web.endpoint import command, query, upload
from shared.web.reply import Reply
from shared.web.request import Request
from shared.web.schemas import PageQuery
from shared.web.upload import FILE_KINDS, FILE_LIMIT, give_out, safe_name, take_in


class EnforcementService(ParkedRoutes):
    """On-site checks, evidence, orders to rectify and re-checks, as records on an assignment 执法"""

    name = "enforcement"
    room = Room(WIRING)

    @command("POST", "/records", body=schemas.OpenRecordBody, answer=schemas.RecordView, status=201)
    def open_record(self, request: Request) -> OpenRecord:
        """Open a record on an assignment 立卷

        At least two officers with certificates (行政处罚法 42) of the department that was summoned and has reported in.
        """
        return OpenRecord(request.body["assignment_id"], tuple(request.body["officers"]), request.actor)

    @query(
        "GET",
        "/records",
        query=schemas.RecordQuery,
        answer=schemas.RecordPageView,
        operation="enforcement.list_records",
    )
    def list_records(self, request: Request) -> queries.Row:
        """List the records of my department, or of my area 案卷列表"""
        with self.room.read() as connection:
            return queries.list_records(connection, request.actor, **request.query)

    @query("GET", "/records/<uuid:record_id>", answer=schemas.RecordView, operation="enforcement.show_record")
    def show_record(self, request: Request) -> Record:
        """Show a record with all that was found and ordered 案卷详情"""
        with self.room.read() as connection:
            return queries.show_record(connection, request.actor, request.path["record_id"])

    @command("POST", "/records/<uuid:record_id>/checks", body=schemas.CheckBody, answer=schemas.RecordView, status=201)
    def record_check(self, request: Request) -> RecordCheck:
        """Record an on-site check 现场检查

        The officers must have shown their certificates (行政处罚法 55).
        """
        visit = {**request.body, "present": tuple(request.body["present"])}
        return RecordCheck(request.path["record_id"], actor=request.actor, version=request.version, **visit)

    @command("POST", "/records/<uuid:record_id>/orders", body=schemas.OrderBody, answer=schemas.RecordView, status=201)
    def order_rectification(self, request: Request) -> OrderRectification:
        """Order to rectify 责令改正"""
        return OrderRectification(
            request.path["record_id"], actor=request.actor, version=request.version, **request.body
        )

    @command(
        "POST", "/records/<uuid:record_id>/rechecks", body=schemas.RecheckBody, answer=schemas.RecordView, status=201
    )
    def recheck_rectification(self, request: Request) -> RecheckRectification:
        """Re-check the last order 复查

        If it was not rectified, a new order may follow.
        """
        visit = {**request.body, "present": tuple(request.body["present"])}
        return RecheckRectification(request.path["record_id"], actor=request.actor, version=request.version, **visit)

    @command(
        "POST", "/records/<uuid:record_id>/recusals", body=schemas.RecusalBody, answer=schemas.RecordView, status=201
    )
    def recuse_officer(self, request: Request) -> RecuseOfficer:
        """Let an officer step back 回避

        Two officers must remain (行政处罚法 42, 43).
        """
        return RecuseOfficer(request.path["record_id"], actor=request.actor, version=request.version, **request.body)

    @command("POST", "/records/<uuid:record_id>/conclusion", body=schemas.ReasonBody, answer=schemas.RecordView)
    def conclude_record(self, request: Request) -> ConcludeRecord:
        """Conclude a record: rectified, or nothing was found 了结"""
        return ConcludeRecord(request.path["record_id"], request.body["reason"], request.actor, request.version)

    @command("POST", "/records/<uuid:record_id>/transfer", body=schemas.TransferBody, answer=schemas.RecordView)
    def transfer_record(self, request: Request) -> TransferRecord:
        """Transfer a record to another department 移送

        The matter is not on the team's list.
        """
        return TransferRecord(request.path["record_id"], actor=request.actor, version=request.version, **request.body)

    @upload(
        "POST",
        "/uploads",
        kinds=FILE_KINDS,
        limit=FILE_LIMIT,
        query=schemas.UploadQuery,
        answer=schemas.UploadView,
    )
    def upload_evidence(self, request: Request) -> UploadEvidence:
        """Send in a photo, clip or document 上传文件

        The body is the file itself. What it is, is told by its content; its SHA-256 is computed at receipt. Add it to a
        record within 24 hours.
        """
        assert request.stream is not None
        stored = take_in(self.room.files, request.stream)
        kind = allowed_kinds()[stored.content_type].kind
        name = safe_name(request.query["name"])
        return UploadEvidence(stored.sha256, stored.size, stored.content_type, kind, name, request.actor)

    @command(
        "POST", "/records/<uuid:record_id>/evidence", body=schemas.EvidenceBody, answer=schemas.EvidenceView, status=201
    )
    def add_evidence(self, request: Request) -> AddEvidence:
        """Add an uploaded file to a record 证据入卷

        What residents and cameras took is a lead (线索) until it has been reviewed (行政处罚法 41).
        """
        return AddEvidence(request.path["record_id"], actor=request.actor, version=request.version, **request.body)

    @query(
        "GET",
        "/records/<uuid:record_id>/evidence",
        query=PageQuery,
        answer=schemas.EvidencePageView,
        operation="enforcement.show_record",
    )
    def list_evidence(self, request: Request) -> queries.Row:
        """List the evidence of a record 证据列表"""
        with self.room.read() as connection:
            return queries.list_evidence(connection, request.actor, request.path["record_id"], **request.query)

    @query("GET", "/evidence/<uuid:evidence_id>", answer=schemas.EvidenceView, operation="enforcement.show_record")
    def show_evidence(self, request: Request) -> Evidence:
        """Show a piece of evidence 证据详情"""
        with self.room.read() as connection:
            return queries.show_evidence(connection, request.actor, request.path["evidence_id"])

    @query(
        "GET",
        "/evidence/<uuid:evidence_id>/file",
        operation="enforcement.read_evidence",
        produces=tuple(allowed_kinds()),
    )
    def read_evidence(self, request: Request) -> Reply:
        """Read a piece of evidence 调阅证据

        The department gets the original, a supervisor a rendition without place and camera. Every reading is an entry
        in the chain of custody.
        """
        reading: Reading = self.room.carry_out(ReadEvidence(request.path["evidence_id"], request.actor), request.trace)
        found = reading.evidence
        stored = Stored(found.sha256, found.size, found.content_type)
        return give_out(self.room.files, stored, found.name, original=reading.original)

    @query(
        "GET",
        "/evidence/<uuid:evidence_id>/custody",
        query=PageQuery,
        answer=schemas.CustodyPageView,
        operation="enforcement.show_record",
    )
    def list_custody(self, request: Request) -> queries.Row:
        """Show who had a piece of evidence in hands 保管链"""
        with self.room.read() as connection:
            return queries.list_custody(connection, request.actor, request.path["evidence_id"], **request.query)

    @command("POST", "/evidence/<uuid:evidence_id>/review", body=schemas.ReviewBody, answer=schemas.EvidenceView)
    def review_evidence(self, request: Request) -> ReviewEvidence:
        """Review what a piece may be used for 审核证据

        By another officer of the department than the one who added it.
        """
        return ReviewEvidence(request.path["evidence_id"], actor=request.actor, version=request.version, **request.body)

    @follow(CaseDispatchedV1)
    @follow(SummonsChangedV1)
    @follow(AssignmentReportedInV1)
    @follow(AssignmentFedBackV1)
    @follow(AssignmentExcusedV1)
    @follow(DisputeRuledV1)
    @follow(CaseReopenedV1)
    @follow(DispatchWithdrawnV1)
    def follow_assignment(self, event: Followed, _at: datetime) -> FollowAssignment:
        """Dispatch said something about an assignment."""
        return FollowAssignment(event)
