"""What comes to dispatch by HTTP, and what it answers."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.dispatch.domain.records import Part
from services.dispatch.domain.transitions import AssignmentState, CaseState
from shared.web.schemas import CODE, NOT_BLANK, PageQuery, PageView, PlaceView, Strict, described

TEXT = [validate.Length(2, 2000), NOT_BLANK]
LONGEST_EXTENSION = 366 * 1440  # minutes
MOST_SUPPORTS = 20


class ReasonBody(Strict):
    """Why."""

    reason = fields.String(required=True, validate=TEXT, **described("理由", "Reason"))


class SummonsBody(ReasonBody):
    """Who is to be summoned, and why."""

    lead = fields.String(required=True, validate=CODE, **described("主办单位代码", "Lead department's code"))
    supports = fields.List(
        fields.String(validate=CODE),
        load_default=[],
        validate=validate.Length(max=MOST_SUPPORTS),
        **described("协办单位代码", "Support departments' codes"),
    )


class DepartmentBody(ReasonBody):
    """A department to be summoned, and why."""

    department = fields.String(required=True, validate=CODE, **described("单位代码", "Department's code"))


class SuspensionBody(ReasonBody):
    """Why a case stands still, and until when at most."""

    review_by = fields.AwareDateTime(
        load_default=None,
        **described("复核期限，不超过30日", "To be reviewed by; if not given, in 30 days"),
    )


class DisputeBody(Strict):
    """Why it is not our matter."""

    legal_basis = fields.String(required=True, validate=TEXT, **described("法律依据", "Legal basis"))


class ReportBody(Strict):
    """Where the officer stands: a point, an address, or both."""

    longitude = fields.Float(validate=validate.Range(-180, 180), **described("经度", "Longitude, WGS-84"))
    latitude = fields.Float(validate=validate.Range(-90, 90), **described("纬度", "Latitude, WGS-84"))
    address = fields.String(validate=[validate.Length(1, 200), NOT_BLANK], **described("地点", "Place in words"))

    @validates_schema
    def _place(self, data: dict[str, Any], **_: Any) -> None:
        if ("longitude" in data) is not ("latitude" in data) or not data:
            raise ValidationError("Give an address, or longitude and latitude.")


class ProgressBody(Strict):
    """How far it has come."""

    text = fields.String(required=True, validate=TEXT, **described("进展", "What was found or done so far"))


class FeedbackBody(Strict):
    """What was done."""

    measures = fields.String(required=True, validate=TEXT, **described("处置措施", "What was done"))


class ExtensionBody(ReasonBody):
    """How much more time, and why."""

    minutes = fields.Integer(
        required=True,
        validate=validate.Range(1, LONGEST_EXTENSION),
        **described("延期分钟数，不超过原时限一半", "Minutes more; at most half of the original limit"),
    )


class AssignmentsQuery(PageQuery):
    """Which assignments."""

    case_id = fields.UUID(**described("案件", "Case"))
    department = fields.String(validate=CODE, **described("单位代码", "Department's code"))
    part = fields.String(validate=validate.OneOf([*Part]), **described("主办或协办", "Lead or support"))
    state = fields.String(validate=validate.OneOf([*AssignmentState]), **described("状态", "State"))


class CasesQuery(PageQuery):
    """Which cases."""

    state = fields.String(validate=validate.OneOf([*CaseState]), **described("状态", "State"))
    kind = fields.String(validate=CODE, **described("吹哨类别", "Kind of whistle"))
    category = fields.String(validate=CODE, **described("事项代码", "Category's code"))


class ForecastQuery(Strict):
    """What a whistle would be about."""

    category = fields.String(required=True, validate=CODE, **described("事项代码", "Category's code", example="E06-01"))
    area = fields.String(
        required=True, validate=CODE, **described("区域代码", "Area's code", example="cj.sanhe.honghu")
    )
    kind = fields.String(
        required=True, validate=CODE, **described("吹哨类别", "Kind of whistle", example="joint_enforcement")
    )


class DeedView(Schema):
    """Something that somebody did."""

    by = fields.String(**described("经办人", "Who; empty for the system"))
    at = fields.AwareDateTime(**described("时间", "When"))


class LimitView(Schema):
    """A closing limit that held."""

    minutes = fields.Integer(**described("分钟", "Minutes"))
    reason = fields.String(**described("原因", "dispatch, extension or rework"))
    since = fields.AwareDateTime(**described("自", "Since"))


class SignatureView(DeedView):
    """Signed for 签收."""

    deemed = fields.Boolean(**described("视同签收", "Whether silence past the limit counts as signed"))


class ReportView(DeedView):
    """Reported in 报到."""

    longitude = fields.Float(allow_none=True, **described("经度", "Longitude, WGS-84"))
    latitude = fields.Float(allow_none=True, **described("纬度", "Latitude, WGS-84"))
    address = fields.String(**described("地点", "Place in words"))
    distance_metres = fields.Float(allow_none=True, **described("距案发地米数", "Metres from the case, if known"))
    far = fields.Boolean(**described("距离过远", "Whether that is further than allowed"))


class ProgressView(DeedView):
    """How far it had come 阶段反馈."""

    text = fields.String(**described("进展", "What was found or done so far"))
    round = fields.Integer(**described("轮次", "Round"))


class FeedbackView(DeedView):
    """Fed back 反馈."""

    measures = fields.String(**described("处置措施", "What was done"))
    round = fields.Integer(**described("轮次", "Round"))


class RulingView(DeedView):
    """Asked for, and perhaps ruled on."""

    ruled_by = fields.String(**described("裁定人", "Who ruled; empty while it waits"))
    ruled_at = fields.AwareDateTime(allow_none=True, **described("裁定时间", "When it was ruled on"))
    ruling_reason = fields.String(**described("裁定理由", "Why it was ruled so"))


class DisputeView(RulingView):
    """Disputed 异议."""

    legal_basis = fields.String(**described("法律依据", "Legal basis"))
    upheld = fields.Boolean(allow_none=True, **described("维持", "Whether the department stays; null while it waits"))


class ExtensionView(RulingView):
    """More time 延期."""

    ordinal = fields.Integer(**described("第几次", "First or second"))
    minutes = fields.Integer(**described("分钟", "Minutes"))
    reason = fields.String(**described("理由", "Reason"))
    round = fields.Integer(**described("轮次", "Round"))
    granted = fields.Boolean(allow_none=True, **described("是否准予", "Whether granted; null while it waits"))


class ReleaseView(DeedView):
    """Let off the site 准予撤离."""

    round = fields.Integer(**described("轮次", "Round"))


class EndingView(DeedView):
    """Ended without being accepted: re-routed, withdrawn or excused."""

    reason = fields.String(**described("理由", "Reason"))


class SummonsView(Schema):
    """A department's part in a case."""

    id = fields.UUID(**described("任务编号", "Assignment"))
    department = fields.String(**described("单位代码", "Department's code"))
    department_name = fields.String(**described("单位名称", "Department's name"))
    part = fields.String(validate=validate.OneOf([*Part]), **described("主办或协办", "Lead or support"))
    state = fields.String(validate=validate.OneOf([*AssignmentState]), **described("状态", "State"))


class AssignmentView(SummonsView):
    """A department's part in a case, with everything that happened to it."""

    case_id = fields.UUID(**described("案件编号", "Case"))
    round = fields.Integer(**described("轮次", "Round; above 1 after rework"))
    limit_minutes = fields.Integer(**described("办结时限（分钟）", "Closing limit in minutes from clock_from"))
    signing_limit_minutes = fields.Integer(
        **described("签收时限（分钟）", "Signing limit in minutes from dispatched_at")
    )
    limits = fields.List(fields.Nested(LimitView), **described("历次时限", "Every closing limit, the original first"))
    dispatched_at = fields.AwareDateTime(**described("派单时间", "When it was dispatched"))
    clock_from = fields.AwareDateTime(**described("计时起点", "When its clock began: dispatch, or the last rework"))
    overdue_at = fields.AwareDateTime(
        allow_none=True,
        **described("超期时间", "When this round's closing limit passed; null while it has not"),
    )
    delivered_at = fields.AwareDateTime(allow_none=True, **described("送达时间", "When it lay in the inbox"))
    signature = fields.Nested(SignatureView, allow_none=True)
    report = fields.Nested(ReportView, allow_none=True)
    progress = fields.List(fields.Nested(ProgressView))
    feedbacks = fields.List(fields.Nested(FeedbackView))
    dispute = fields.Nested(DisputeView, allow_none=True)
    extensions = fields.List(fields.Nested(ExtensionView))
    releases = fields.List(fields.Nested(ReleaseView))
    ending = fields.Nested(EndingView, allow_none=True)
    version = fields.Integer(**described("版本", "Version"))


class DepartmentView(Schema):
    """A department."""

    code = fields.String(**described("单位代码", "Code"))
    name = fields.String(**described("单位名称", "Name"))


class ForecastView(Schema):
    """Whom a whistle would summon; nobody where a dispatcher would have to decide, and why."""

    lead = fields.Nested(DepartmentView, allow_none=True, **described("主办", "Lead; null for nobody"))
    supports = fields.List(fields.Nested(DepartmentView), **described("协办", "Supports"))
    limit_minutes = fields.Integer(
        allow_none=True, **described("办结时限（分钟）", "Closing limit in minutes from the dispatch; null for nobody")
    )
    signing_limit_minutes = fields.Integer(
        allow_none=True, **described("签收时限（分钟）", "Signing limit in minutes from the dispatch; null for nobody")
    )
    reason = fields.String(**described("无人可派的原因代码", "Why nobody, such as nobody-responsible; else empty"))
    explanation = fields.String(**described("原因说明", "The same in words, by Accept-Language; else empty"))


class SuspensionView(DeedView):
    """Suspended 挂账."""

    reason = fields.String(**described("理由", "Reason"))
    review_by = fields.AwareDateTime(**described("复核期限", "To be reviewed by"))
    resumed_by = fields.String(**described("恢复人", "Who let it go on; empty while it stands still"))
    resumed_at = fields.AwareDateTime(allow_none=True, **described("恢复时间", "When it went on"))
    resume_reason = fields.String(**described("恢复理由", "Why it went on"))


class WithdrawalView(DeedView):
    """Void 作废, or merged 合并."""

    reason = fields.String(**described("理由", "Reason"))
    into = fields.UUID(allow_none=True, **described("并入案件", "The case it was merged into; null for void"))


class CaseView(Schema):
    """A case's facts, and where it stands."""

    id = fields.UUID(**described("案件编号", "Case"))
    number = fields.String(**described("案号", "Number"))
    kind = fields.String(**described("吹哨类别", "Kind of whistle"))
    category = fields.String(**described("事项代码", "Category's code"))
    place = fields.Nested(PlaceView)
    summary = fields.String(**described("事由", "What it is about"))
    photos = fields.List(fields.String(), **described("照片 SHA-256", "Photos' SHA-256"))
    emergency = fields.Boolean(**described("应急", "Whether it is an emergency"))
    ongoing = fields.Boolean(**described("违法行为正在发生", "Whether the violation is in progress"))
    state = fields.String(validate=validate.OneOf([*CaseState]), **described("状态", "State"))
    round = fields.Integer(**described("轮次", "Round; above 1 after rework"))
    whistled_at = fields.AwareDateTime(**described("吹哨时间", "When the whistle was blown"))
    dispatched_at = fields.AwareDateTime(
        allow_none=True,
        **described("派单时间", "When it was dispatched; null while awaited"),
    )
    suspensions = fields.List(fields.Nested(SuspensionView))
    withdrawal = fields.Nested(WithdrawalView, allow_none=True)
    version = fields.Integer(**described("版本", "Version"))


class AssignmentOfCaseView(Schema):
    """An assignment with the facts of its case."""

    assignment = fields.Nested(AssignmentView)
    case = fields.Nested(CaseView)


class WholeCaseView(Schema):
    """A case and everybody who was ever summoned for it."""

    case = fields.Nested(CaseView)
    summons = fields.List(fields.Nested(SummonsView))


class AssignmentPageView(PageView):
    """A page of assignments."""

    items = fields.List(fields.Nested(AssignmentOfCaseView))


class CasePageView(PageView):
    """A page of cases."""

    items = fields.List(fields.Nested(CaseView))
