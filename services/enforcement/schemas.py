"""What comes to enforcement by HTTP, and what it answers."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.enforcement.domain.evidence import Handling
from services.enforcement.domain.transitions import RecordState
from services.enforcement.domain.values import Source, Spot, Use
from shared.web.schemas import CODE, PageQuery, PageView, Strict, described

TEXT = validate.Length(2, 4000)
REASON = validate.Length(2, 500)
TEAM = validate.Length(2, 20)


def person_field(zh: str, en: str, **more: Any) -> fields.String:
    """Somebody's login."""
    return fields.String(validate=CODE, **described(zh, en, example="officer.chengguan"), **more)


class SpotBody(Strict):
    """Where something was done or taken."""

    address = fields.String(load_default="", validate=validate.Length(max=200), **described("地址", "Address"))
    longitude = fields.Float(
        load_default=None, allow_none=True, validate=validate.Range(-180, 180), **described("经度", "Longitude, WGS-84")
    )
    latitude = fields.Float(
        load_default=None, allow_none=True, validate=validate.Range(-90, 90), **described("纬度", "Latitude, WGS-84")
    )

    @validates_schema
    def _somewhere(self, data: dict[str, Any], **_: Any) -> None:
        half = (data["longitude"] is None) != (data["latitude"] is None)
        if half or not (data["address"] or data["longitude"] is not None):
            raise ValidationError("Give an address, or longitude and latitude.")

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Spot:
        return Spot(**data)


class OpenRecordBody(Strict):
    """Who opens a record, on which assignment."""

    assignment_id = fields.UUID(required=True, **described("任务编号", "The assignment"))
    officers = fields.List(
        person_field("执法人员", "Login"),
        required=True,
        validate=TEAM,
        **described("执法人员，至少两名", "At least two certified officers of the department, the caller among them"),
    )


class VisitBody(Strict):
    """A visit to the site."""

    present = fields.List(
        person_field("到场执法人员", "Login"),
        required=True,
        validate=TEAM,
        **described("到场执法人员，至少两名", "The officers of the record who were there, at least two"),
    )
    spot = fields.Nested(SpotBody, required=True, **described("地点", "Where"))
    at = fields.AwareDateTime(load_default=None, allow_none=True, **described("时间", "When; now if left out"))
    findings = fields.String(required=True, validate=TEXT, **described("检查情况", "What was found"))


class CheckBody(VisitBody):
    """An on-site check."""

    violation = fields.Boolean(required=True, **described("是否发现违法", "Whether a violation was found"))
    certificates_shown = fields.Boolean(
        required=True, **described("已出示执法证件", "That the officers showed their certificates (行政处罚法 55)")
    )


class RecheckBody(VisitBody):
    """A re-check of an order."""

    rectified = fields.Boolean(required=True, **described("是否已改正", "Whether it was rectified"))


class UploadQuery(Strict):
    """What the sender says about a file."""

    name = fields.String(load_default="", validate=validate.Length(max=255), **described("文件名", "The file's name"))


class EvidenceBody(Strict):
    """What the officer says about an uploaded file."""

    upload_id = fields.UUID(required=True, **described("上传编号", "The upload"))
    description = fields.String(required=True, validate=TEXT, **described("证明内容", "What it shows"))
    source = fields.Enum(Source, by_value=True, required=True, **described("来源", "Who or what took it"))
    taken_at = fields.AwareDateTime(load_default=None, allow_none=True, **described("取得时间", "When it was taken"))
    spot = fields.Nested(SpotBody, load_default=None, allow_none=True, **described("取得地点", "Where it was taken"))


class ReviewBody(Strict):
    """The result of a review."""

    use = fields.Enum(Use, by_value=True, required=True, **described("用途", "Evidence, or a lead only"))
    reason = fields.String(required=True, validate=REASON, **described("审核意见", "What was reviewed, and the result"))


class OrderBody(Strict):
    """An order to rectify."""

    party = fields.String(required=True, validate=validate.Length(1, 200), **described("当事人", "To whom"))
    text = fields.String(required=True, validate=TEXT, **described("改正内容", "What must be done"))
    until = fields.Date(required=True, **described("改正期限", "The last day, today or later"))


class ReasonBody(Strict):
    """Why."""

    reason = fields.String(required=True, validate=REASON, **described("理由", "Reason"))


class TransferBody(ReasonBody):
    """To whom a record goes, and why."""

    to = fields.String(required=True, validate=CODE, **described("移送单位代码", "Department's code"))


class RecusalBody(ReasonBody):
    """Who steps back, why, and who takes over."""

    officer = person_field("回避人员", "Who steps back", required=True)
    replacement = person_field("接替人员", "Who takes over; nobody if left out", load_default=None, allow_none=True)


class RecordQuery(PageQuery):
    """Which records."""

    case_id = fields.UUID(**described("案件编号", "The case"))
    assignment_id = fields.UUID(**described("任务编号", "The assignment"))
    state = fields.Enum(RecordState, by_value=True, **described("状态", "State"))
    open = fields.Boolean(**described("未办结", "Whether it has neither been concluded nor transferred"))


class SpotView(Schema):
    """Where something was done or taken."""

    address = fields.String(**described("地址", "Address; empty if unknown"))
    longitude = fields.Float(allow_none=True, **described("经度", "Longitude, WGS-84"))
    latitude = fields.Float(allow_none=True, **described("纬度", "Latitude, WGS-84"))


class OfficerView(Schema):
    """An officer of a record."""

    id = person_field("登录名", "Login")
    certificate = fields.String(**described("执法证号", "Certificate number"))


class VisitView(Schema):
    """A visit to the site."""

    at = fields.AwareDateTime(**described("时间", "When"))
    spot = fields.Nested(SpotView, **described("地点", "Where"))
    present = fields.List(fields.String(), **described("到场执法人员", "The officers who were there"))


class CheckView(Schema):
    """An on-site check, in which the officers showed their certificates."""

    visit = fields.Nested(VisitView)
    findings = fields.String(**described("检查情况", "What was found"))
    violation = fields.Boolean(**described("是否发现违法", "Whether a violation was found"))
    recorded_by = person_field("记录人", "Who recorded it")
    recorded_at = fields.AwareDateTime(**described("记录时间", "When it was recorded"))


class RecheckView(Schema):
    """A re-check of an order."""

    visit = fields.Nested(VisitView)
    findings = fields.String(**described("复查情况", "What was found"))
    rectified = fields.Boolean(**described("是否已改正", "Whether it was rectified"))
    recorded_by = person_field("记录人", "Who recorded it")
    recorded_at = fields.AwareDateTime(**described("记录时间", "When it was recorded"))


class OrderView(Schema):
    """An order to rectify."""

    party = fields.String(**described("当事人", "To whom"))
    text = fields.String(**described("改正内容", "What must be done"))
    until = fields.Date(**described("改正期限", "The last day"))
    ordered_by = person_field("责令人", "Who ordered it")
    ordered_at = fields.AwareDateTime(**described("责令时间", "When it was ordered"))
    recheck = fields.Nested(RecheckView, allow_none=True, **described("复查", "Its re-check, null before"))


class RecusalView(Schema):
    """Who stepped back, and why."""

    officer = person_field("回避人员", "Who stepped back")
    reason = fields.String(**described("理由", "Reason"))
    recorded_by = person_field("记录人", "Who recorded it")
    recorded_at = fields.AwareDateTime(**described("记录时间", "When it was recorded"))


class ConclusionView(Schema):
    """How a record ended."""

    outcome = fields.String(
        validate=validate.OneOf(["nothing_found", "rectified", "transferred"]), **described("结果", "How it ended")
    )
    reason = fields.String(**described("理由", "Reason"))
    to = fields.String(**described("移送单位代码", "Department it went to; empty for none"))
    by = person_field("办理人", "Who ended it")
    at = fields.AwareDateTime(**described("时间", "When"))


class RecordHeadView(Schema):
    """What every view of a record begins with."""

    id = fields.UUID(**described("案卷编号", "The record"))
    case_id = fields.UUID(**described("案件编号", "The case"))
    assignment_id = fields.UUID(**described("任务编号", "The assignment"))
    department = fields.String(**described("单位代码", "Department's code"))
    area = fields.String(**described("区域代码", "Area's code"))
    state = fields.String(validate=validate.OneOf([*RecordState]), **described("状态", "State"))
    officers = fields.List(fields.Nested(OfficerView), **described("执法人员", "Who acts on it"))
    opened_by = person_field("立卷人", "Who opened it")
    opened_at = fields.AwareDateTime(**described("立卷时间", "When it was opened"))
    version = fields.Integer(**described("版本", "Version"))


class RecordRowView(RecordHeadView):
    """A record, as a list shows it."""

    number = fields.String(**described("案件号", "Case number"))
    category = fields.String(**described("事项代码", "Category's code"))
    to_review = fields.Integer(
        **described("待我审核的线索", "Leads not reviewed yet; none of the reader's own, nor where they stepped back")
    )


class RecordView(RecordHeadView):
    """A record with all that was found and ordered."""

    checks = fields.List(fields.Nested(CheckView), **described("现场检查", "On-site checks"))
    orders = fields.List(fields.Nested(OrderView), **described("责令改正", "Orders to rectify"))
    recusals = fields.List(fields.Nested(RecusalView), **described("回避", "Who stepped back"))
    conclusion = fields.Nested(ConclusionView, allow_none=True, **described("结果", "Its end, null while it is open"))


class RecordPageView(PageView):
    """A page of records."""

    items = fields.List(fields.Nested(RecordRowView))


class UploadView(Schema):
    """A file as it was received."""

    id = fields.UUID(**described("上传编号", "The upload"))
    sha256 = fields.String(**described("SHA-256", "Digest of its content, hex"))
    size = fields.Integer(**described("字节数", "Bytes"))
    content_type = fields.String(**described("内容类型", "What it is by its content"))
    kind = fields.String(
        validate=validate.OneOf(["photo", "clip", "document"]), **described("类别", "Photo, clip or document")
    )
    name = fields.String(**described("文件名", "Its name as the sender said it"))
    received_by = person_field("接收人", "Who sent it in")
    received_at = fields.AwareDateTime(**described("接收时间", "When it was received"))


class EvidenceView(UploadView):
    """A piece of evidence."""

    record_id = fields.UUID(**described("案卷编号", "The record"))
    description = fields.String(**described("证明内容", "What it shows"))
    source = fields.String(validate=validate.OneOf([*Source]), **described("来源", "Who or what took it"))
    taken_at = fields.AwareDateTime(allow_none=True, **described("取得时间", "When it was taken"))
    spot = fields.Nested(SpotView, allow_none=True, **described("取得地点", "Where it was taken"))
    added_by = person_field("入卷人", "Who added it")
    added_at = fields.AwareDateTime(**described("入卷时间", "When it was added"))
    use = fields.String(validate=validate.OneOf([*Use]), **described("用途", "Evidence, or a lead only"))
    use_reason = fields.String(**described("审核意见", "What the last review said; empty before"))
    version = fields.Integer(**described("版本", "Version"))


class EvidencePageView(PageView):
    """A page of the evidence of a record, the latest first."""

    items = fields.List(fields.Nested(EvidenceView))


class CustodyView(Schema):
    """One entry in a chain of custody."""

    handling = fields.String(validate=validate.OneOf([*Handling]), **described("事项", "What was done"))
    by = person_field("人员", "By whom")
    at = fields.AwareDateTime(**described("时间", "When"))
    note = fields.String(**described("说明", "Note"))


class CustodyPageView(PageView):
    """A page of a chain of custody, the latest first."""

    items = fields.List(fields.Nested(CustodyView))
