"""What comes to closure by HTTP, and what it answers."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.closure.domain.transitions import State
from services.closure.domain.values import DEPARTMENT, STREET
from shared.web.schemas import CODE, NOT_BLANK, PageQuery, PageView, PlaceView, Strict, described

WORDS = [validate.Length(2, 500), NOT_BLANK]
REMARK = validate.Length(max=500)
SCORE = validate.Range(1, 5)
STATES = validate.OneOf([*State])


def ids(zh: str, en: str, least: int = 0) -> fields.List[Any]:
    """A list of ids, each once."""
    return fields.List(
        fields.UUID(), load_default=list, required=False, validate=validate.Length(least, 20), **described(zh, en)
    )


# --- what comes


class CasesQuery(PageQuery):
    """Which cases."""

    state = fields.String(validate=STATES, **described("状态", "State"))
    area = fields.String(validate=CODE, **described("区域代码", "Code of the area in which they lie"))


class OutcomesQuery(PageQuery):
    """Which public notices."""

    area = fields.String(validate=CODE, **described("区域代码", "Code of the area in which they lie"))


class PhotoQuery(Strict):
    """What the file is called."""

    name = fields.String(load_default="", validate=validate.Length(max=200), **described("文件名", "Name of the file"))


class PassedBody(Strict):
    """What was found on site: it is solved."""

    photos = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(1, 20),
        **described("先上传的照片", "Photos uploaded before; at least one"),
    )
    condition_met = fields.Boolean(
        required=True, **described("结案条件已满足", "The category's closing condition is met")
    )
    remark = fields.String(load_default="", validate=REMARK, **described("备注", "Remark"))


class FailedBody(Strict):
    """What was found on site: it is not solved."""

    failed = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(1, 20),
        **described("未通过的派单", "The assignments whose part failed; only these are reopened"),
    )
    reason = fields.String(required=True, validate=WORDS, **described("理由", "Reason"))
    photos = ids("先上传的照片", "Photos uploaded before")


class AnswerBody(Strict):
    """A reporter's own answer."""

    resolved = fields.Boolean(required=True, **described("是否解决", "Whether it is solved"))
    satisfaction = fields.Integer(
        load_default=None, allow_none=True, validate=SCORE, **described("满意度", "How satisfied, 1 to 5")
    )
    remark = fields.String(load_default="", validate=REMARK, **described("说明", "In their own words"))


class CallbackBody(Strict):
    """One attempt to call a reporter back."""

    reached = fields.Boolean(required=True, **described("是否联系上", "Whether they were reached"))
    resolved = fields.Boolean(load_default=None, allow_none=True, **described("是否解决", "Whether it is solved"))
    satisfaction = fields.Integer(
        load_default=None, allow_none=True, validate=SCORE, **described("满意度", "How satisfied, 1 to 5")
    )
    reporter_case = fields.UUID(
        load_default=None,
        allow_none=True,
        **described("报事人原案件", "The case that this reporter reported; this one unless it was merged in"),
    )
    remark = fields.String(load_default="", validate=REMARK, **described("记录", "What was said"))
    failed = ids("未解决的派单", "The assignments objected to; the lead's if none is named")

    @validates_schema
    def _answer_if_reached(self, data: dict[str, Any], **_: Any) -> None:
        if data["reached"] and data["resolved"] is None:
            raise ValidationError("Needed when they were reached.", "resolved")
        if not data["reached"] and (data["resolved"] is not None or data["satisfaction"] is not None):
            raise ValidationError("Nobody answered when they were not reached.", "reached")


class TrackingBody(Strict):
    """Whose case it is."""

    tracking_code = fields.String(
        required=True, validate=validate.Length(8, 64), **described("查询码", "The tracking code given at registration")
    )


class VerdictBody(TrackingBody, AnswerBody):
    """A resident's own answer."""


class ResidentAppealBody(TrackingBody):
    """Why a resident appeals."""

    reason = fields.String(required=True, validate=WORDS, **described("理由", "Reason"))


class AppealBody(Strict):
    """Why a reporter appeals, as the clerk writes it down."""

    reason = fields.String(required=True, validate=WORDS, **described("理由", "Reason"))
    reporter_case = fields.UUID(
        load_default=None,
        allow_none=True,
        **described("报事人原案件", "The case that this reporter reported; this one unless it was merged in"),
    )
    failed = ids("申诉所指的派单", "The assignments appealed against; the lead's if none is named")


class ScoreBody(Strict):
    """One department's score."""

    department = fields.String(required=True, validate=CODE, **described("单位代码", "Department's code"))
    score = fields.Integer(required=True, validate=SCORE, **described("评分", "1 (poor) to 5 (good)"))
    remark = fields.String(load_default="", validate=REMARK, **described("评语", "Remark"))


class DepartmentScoresBody(Strict):
    """A score for each department that reported in."""

    scores = fields.List(
        fields.Nested(ScoreBody), required=True, validate=validate.Length(1, 50), **described("评分", "One for each")
    )


class StreetScoreBody(Strict):
    """The score for the street that whistled."""

    score = fields.Integer(required=True, validate=SCORE, **described("评分", "1 (poor) to 5 (good)"))
    remark = fields.String(load_default="", validate=REMARK, **described("评语", "Remark"))


class OutcomeBody(Strict):
    """A public notice; names, numbers and flats are taken out of it."""

    title = fields.String(required=True, validate=[validate.Length(2, 100), NOT_BLANK], **described("标题", "Title"))
    text = fields.String(required=True, validate=[validate.Length(2, 2_000), NOT_BLANK], **described("正文", "Text"))


# --- what is answered


class CaseView(Schema):
    """A case in a list."""

    id = fields.UUID(**described("编号", "Id"))
    number = fields.String(**described("案件号", "Case number"))
    kind = fields.String(**described("吹哨类别", "Kind of whistle"))
    category = fields.String(**described("事项代码", "Category's code"))
    area = fields.String(**described("区域代码", "Area's code"))
    summary = fields.String(**described("摘要", "Summary"))
    state = fields.String(validate=STATES, **described("状态", "State"))
    round = fields.Integer(**described("轮次", "Round; each rework begins another"))
    handed_at = fields.AwareDateTime(**described("移交时间", "When it was handed over"))
    closed_at = fields.AwareDateTime(allow_none=True, **described("办结时间", "When it was closed; null if it is not"))
    archived_at = fields.AwareDateTime(allow_none=True, **described("归档时间", "When it was archived"))
    version = fields.Integer(**described("版本", "Version"))


class CasePageView(PageView):
    """A page of cases."""

    items = fields.List(fields.Nested(CaseView))


class PartView(Schema):
    """A department's part, and what it fed back."""

    assignment_id = fields.UUID(attribute="part.assignment_id", **described("派单", "Assignment"))
    department = fields.String(attribute="part.department", **described("单位代码", "Department's code"))
    department_name = fields.String(attribute="part.department_name", **described("单位名称", "Department's name"))
    part = fields.String(attribute="part.part", **described("主办或协办", "lead or support"))
    present = fields.Boolean(attribute="part.present", **described("已到场反馈", "Whether it reported in and fed back"))
    measures = fields.Function(
        lambda row: row["feedback"].measures if row["feedback"] else "",
        metadata={"type": "string", "description": "What it did; empty for nothing 处置措施"},
    )


class VerificationView(Schema):
    """A verification on site."""

    round = fields.Integer(**described("轮次", "Round"))
    passed = fields.Boolean(**described("是否通过", "Whether it passed"))
    photos = fields.List(fields.UUID(), **described("照片", "Photos"))
    closing_condition = fields.String(**described("已确认的结案条件", "The closing condition as it was confirmed"))
    remark = fields.String(**described("备注或理由", "Remark, or why it failed"))
    failed = fields.List(fields.UUID(), **described("未通过的派单", "Assignments whose part failed"))
    by = fields.String(**described("核查人", "By whom"))
    at = fields.AwareDateTime(**described("时间", "When"))


class ClosingView(Schema):
    """How a round was closed."""

    round = fields.Integer(**described("轮次", "Round"))
    resolved = fields.Boolean(**described("已解决", "Solved, as the reporters say"))
    unreached = fields.Boolean(**described("未联系上", "Nobody could be reached: out of the rates"))
    satisfaction = fields.Integer(allow_none=True, **described("满意度", "The lowest satisfaction, 1 to 5"))
    by = fields.String(**described("办结人", "By whom"))
    at = fields.AwareDateTime(**described("时间", "When"))


class EvaluationView(Schema):
    """One score of the mutual evaluation."""

    round = fields.Integer(**described("轮次", "Round"))
    side = fields.String(
        validate=validate.OneOf([STREET, DEPARTMENT]), **described("评价方", "Who evaluated the other")
    )
    department = fields.String(**described("单位代码", "The department that was evaluated, or evaluates the street"))
    score = fields.Integer(**described("评分", "1 to 5"))
    remark = fields.String(**described("评语", "Remark"))
    by = fields.String(**described("评价人", "By whom"))
    at = fields.AwareDateTime(**described("时间", "When"))


class ContactView(Schema):
    """One attempt to reach a reporter."""

    round = fields.Integer(**described("轮次", "Round"))
    attempt = fields.Integer(**described("次数", "Which attempt"))
    resolved = fields.Boolean(
        attribute="answer.resolved", dump_default=None, allow_none=True, **described("是否解决", "Null: not reached")
    )
    satisfaction = fields.Integer(
        attribute="answer.satisfaction", dump_default=None, allow_none=True, **described("满意度", "1 to 5, or null")
    )
    remark = fields.String(**described("记录", "What was said, without names"))
    by = fields.String(**described("回访人", "By whom"))
    by_resident = fields.Boolean(**described("居民自评", "Whether the resident answered by tracking code"))
    at = fields.AwareDateTime(**described("时间", "When"))


class ReporterView(Schema):
    """A reporter, known only by the case that they reported."""

    reporter_case = fields.UUID(attribute="own_case", **described("报事人原案件", "The case that they reported"))
    contacts = fields.List(fields.Nested(ContactView), **described("回访记录", "Attempts to reach them"))
    appealed_at = fields.AwareDateTime(allow_none=True, **described("申诉时间", "When they appealed"))


class CaseDetailView(CaseView):
    """A case with its history; a department sees of parts and evaluations only its own, and no reporters."""

    place = fields.Nested(PlaceView)
    measures = fields.String(**described("社区自办措施", "What the community did where it handled the case itself"))
    closing_condition = fields.String(**described("结案条件", "What must hold before it may be closed"))
    parts = fields.List(fields.Nested(PartView), **described("参与单位", "Departments that were summoned"))
    verifications = fields.List(fields.Nested(VerificationView), **described("核查记录", "Verifications"))
    closings = fields.List(fields.Nested(ClosingView), **described("办结记录", "Closings"))
    evaluations = fields.List(fields.Nested(EvaluationView), **described("双向评价", "Mutual evaluation"))
    reporters = fields.List(fields.Nested(ReporterView), **described("报事人", "Who is called back"))


class DoneView(Schema):
    """What somebody did."""

    department = fields.String(**described("单位名称", "Department's name; empty for the community"))
    measures = fields.String(**described("处置措施", "What it did"))


class VerdictView(Schema):
    """Where the case stands after a resident's word."""

    number = fields.String(**described("案件号", "Case number"))
    state = fields.String(validate=STATES, **described("状态", "State"))
    round = fields.Integer(**described("轮次", "Round; each rework begins another"))


class FollowedView(VerdictView):
    """A case as its reporter sees it."""

    category = fields.String(**described("事项代码", "Category's code"))
    summary = fields.String(**described("摘要", "Summary"))
    done = fields.List(fields.Nested(DoneView), **described("处置情况", "What was done"))
    closed_at = fields.AwareDateTime(allow_none=True, **described("办结时间", "When it was closed; null if it is not"))
    may_answer = fields.Boolean(**described("可评价", "Whether they may say now if it is solved"))
    may_appeal = fields.Boolean(**described("可申诉", "Whether they may appeal now"))
    appeal_until = fields.AwareDateTime(allow_none=True, **described("申诉截止", "When the right to appeal ends"))


class PhotoView(Schema):
    """A photo that was taken in."""

    id = fields.UUID(**described("编号", "Id, by which a verification names it"))
    sha256 = fields.String(**described("摘要值", "SHA-256 in hex"))
    size = fields.Integer(**described("字节数", "Size in bytes"))
    content_type = fields.String(**described("类型", "What it is by its content"))
    name = fields.String(**described("文件名", "Name"))


class OutcomeView(Schema):
    """A public notice of an outcome."""

    id = fields.UUID(**described("编号", "Id"))
    title = fields.String(**described("标题", "Title"))
    text = fields.String(**described("正文", "Text"))
    category = fields.String(**described("事项代码", "Category's code"))
    area = fields.String(**described("区域代码", "Area's code, no closer than the community"))
    area_name = fields.String(**described("区域名称", "Area's name"))
    published_at = fields.AwareDateTime(**described("公示时间", "When it was published"))


class OutcomePageView(PageView):
    """A page of public notices."""

    items = fields.List(fields.Nested(OutcomeView))
