"""What comes to intake by HTTP, and what it answers."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.intake.domain.case import Channel, Ruling, Statutory
from services.intake.domain.labels import STATUSES
from services.intake.domain.tracking import LENGTH
from services.intake.domain.transitions import State
from shared.web.schemas import CODE, NOT_BLANK, PageQuery, PageView, PlaceView, Strict, described

TEXT = [validate.Length(2, 2000), NOT_BLANK]
LONG_TEXT = [validate.Length(2, 4000), NOT_BLANK]
DIGEST = validate.Regexp(r"[0-9a-f]{64}\Z")
STATES = validate.OneOf([*State])
BY_STAFF = [one for one in Channel if one not in (Channel.ONLINE, Channel.HOTLINE)]


# --- what comes


class PlaceBody(Strict):
    """Where it is: a point, an area's code or an address; a point counts most."""

    longitude = fields.Float(validate=validate.Range(-180, 180), **described("经度", "Longitude, WGS-84"))
    latitude = fields.Float(validate=validate.Range(-90, 90), **described("纬度", "Latitude, WGS-84"))
    area = fields.String(load_default="", validate=validate.Length(max=128), **described("区域代码", "Area's code"))
    address = fields.String(load_default="", validate=validate.Length(max=200), **described("地址", "Address"))

    @validates_schema
    def _somewhere(self, data: dict[str, Any], **_: Any) -> None:
        if ("longitude" in data) is not ("latitude" in data):
            raise ValidationError("Give longitude and latitude, or neither.")
        if "longitude" not in data and not data.get("area") and not data.get("address"):
            raise ValidationError("Give a point, an area or an address.")


class ReporterBody(Strict):
    """Who reported it, as far as they said."""

    name = fields.String(load_default="", validate=validate.Length(max=100), **described("姓名", "Name"))
    phone = fields.String(load_default="", validate=validate.Length(max=40), **described("电话", "Telephone"))
    address = fields.String(load_default="", validate=validate.Length(max=200), **described("住址", "Home address"))


def attachments(**more: Any) -> fields.List[Any]:
    """The digests of files that were uploaded before, each once."""
    return fields.List(
        fields.String(validate=DIGEST),
        validate=[validate.Length(max=20), _each_once],
        **described("先上传的附件的 SHA-256", "SHA-256 (hex) of files uploaded before"),
        **more,
    )


def _each_once(digests: list[str]) -> None:
    if len(set(digests)) < len(digests):
        raise ValidationError("Names a file twice.")


class ReportBody(Strict):
    """What a resident reports."""

    category = fields.String(required=True, validate=CODE, **described("事项代码", "Category's code"))
    place = fields.Nested(PlaceBody, required=True)
    home = fields.Boolean(load_default=False, **described("地点是报事人住所", "The place is the reporter's home"))
    ongoing = fields.Boolean(load_default=False, **described("违法行为正在发生", "The violation is in progress"))
    description = fields.String(required=True, validate=LONG_TEXT, **described("情况描述", "What is the matter"))
    reporter = fields.Nested(ReporterBody, load_default=dict)
    attachments = attachments(load_default=list)


class RegisterBody(ReportBody):
    """What a clerk registers."""

    channel = fields.Enum(
        Channel, by_value=True, required=True, validate=validate.OneOf(BY_STAFF), **described("渠道", "How it came")
    )
    kind = fields.String(
        load_default="",
        validate=validate.Length(max=128),
        **described("吹哨类别代码，默认随事项", "Code of the kind of whistle; the category's own if not given"),
    )
    tried = fields.String(
        load_default="", validate=validate.Length(max=4000), **described("社区已采取的措施", "What was tried")
    )


class CompleteBody(Strict):
    """What is corrected; what is not given stays as it is."""

    category = fields.String(validate=CODE, **described("事项代码", "Category's code"))
    kind = fields.String(validate=CODE, **described("吹哨类别代码", "Code of the kind of whistle"))
    place = fields.Nested(PlaceBody)
    home = fields.Boolean(**described("地点是报事人住所", "The place is the reporter's home"))
    ongoing = fields.Boolean(**described("违法行为正在发生", "The violation is in progress"))
    description = fields.String(validate=LONG_TEXT, **described("情况描述", "What is the matter"))
    reporter = fields.Nested(ReporterBody)
    tried = fields.String(validate=validate.Length(max=4000), **described("社区已采取的措施", "What was tried"))
    attachments = attachments()


class SolveBody(Strict):
    """What the community did."""

    measures = fields.String(required=True, validate=LONG_TEXT, **described("处理措施", "What was done"))


class ReasonBody(Strict):
    """Why."""

    reason = fields.String(required=True, validate=TEXT, **described("理由", "Reason"))


class RedirectBody(ReasonBody):
    """To which statutory channel, and why."""

    channel = fields.Enum(
        Statutory, by_value=True, required=True, **described("法定途径", "The channel that the law provides")
    )


class ConfirmBody(Strict):
    """Whether it was an emergency."""

    upheld = fields.Boolean(required=True, **described("是否属实", "Whether it was an emergency"))
    reason = fields.String(
        load_default="",
        validate=validate.Length(max=2000),
        **described("不属实的理由", "Why it was none; else optional"),
    )


class MergeBody(ReasonBody):
    """Into which case, and why."""

    into = fields.UUID(required=True, **described("并入的案件", "The case that goes on"))


class TrackingBody(Strict):
    """A tracking code."""

    tracking_code = fields.String(
        required=True, validate=validate.Length(LENGTH, 64), **described("查询码", "Tracking code")
    )


class CasesQuery(PageQuery):
    """Which cases."""

    state = fields.String(validate=STATES, **described("状态", "State"))
    channel = fields.String(validate=validate.OneOf([*Channel]), **described("渠道", "How it came"))
    category = fields.String(validate=CODE, **described("事项代码", "Category's code"))
    kind = fields.String(validate=CODE, **described("吹哨类别代码", "Code of the kind of whistle"))
    number = fields.String(validate=CODE, **described("案件号", "Case number"))
    area = fields.String(validate=CODE, **described("区域代码", "Code of the area in which they lie"))


class DisclosuresQuery(PageQuery):
    """Which looks at reporters' data."""

    case_id = fields.UUID(**described("案件", "Case"))


# --- what goes


class AttachmentView(Schema):
    """A file."""

    sha256 = fields.String(**described("摘要值", "SHA-256 in hex"))
    size = fields.Integer(**described("字节数", "Size in bytes"))
    content_type = fields.String(**described("类型", "What it is by its content"))


class UploadView(AttachmentView):
    """A file that was taken in; a case may name it by its digest within a day."""

    sha256 = fields.String(attribute="id", **described("摘要值", "SHA-256 in hex"))
    uploaded_at = fields.AwareDateTime(**described("上传时间", "When it was uploaded"))


class SubmissionView(Schema):
    """Who asked for the whistle."""

    by = fields.String(**described("提请人", "By whom"))
    at = fields.AwareDateTime(**described("时间", "When"))


class ReviewView(SubmissionView):
    """The last review."""

    ruling = fields.Enum(Ruling, by_value=True, **described("审核结果", "What the reviewer made of it"))
    by = fields.String(**described("审核人", "By whom"))
    reason = fields.String(**described("理由", "Reason"))
    channel = fields.Enum(Statutory, by_value=True, allow_none=True, **described("法定途径", "Statutory channel"))


class SolutionView(SubmissionView):
    """What the community did."""

    by = fields.String(**described("处理人", "By whom"))
    measures = fields.String(**described("处理措施", "What was done"))


class WithdrawalView(SubmissionView):
    """Why it was, or is to be, merged or voided."""

    by = fields.String(**described("提出人", "By whom"))
    reason = fields.String(**described("理由", "Reason"))


class CaseView(Schema):
    """A case without the complainant."""

    id = fields.UUID(**described("编号", "Id"))
    number = fields.String(**described("案件号", "Number that people read"))
    state = fields.Enum(State, by_value=True, **described("状态", "State"))
    channel = fields.Enum(Channel, by_value=True, **described("渠道", "How it came"))
    category = fields.String(**described("事项代码", "Category's code"))
    kind = fields.String(**described("吹哨类别代码", "Code of the kind of whistle"))
    place = fields.Nested(
        PlaceView, attribute="public_place", **described("地点；住所仅到区域", "Where it is; of a home the area only")
    )
    home = fields.Boolean(**described("地点是报事人住所", "The place is the reporter's home"))
    ongoing = fields.Boolean(**described("违法行为正在发生", "The violation is in progress"))
    summary = fields.String(**described("摘要，已隐去报事人", "The description without the complainant"))
    tried = fields.String(**described("社区已采取的措施", "What the community has tried"))
    attachments = fields.List(fields.Nested(AttachmentView), **described("附件", "Attachments"))
    author = fields.String(**described("登记人", "Who registered it"))
    registered_at = fields.AwareDateTime(**described("登记时间", "When it was registered"))
    submission = fields.Nested(SubmissionView, allow_none=True)
    review = fields.Nested(ReviewView, allow_none=True)
    emergency = fields.Boolean(**described("应急先吹", "Whistled at once as an emergency"))
    whistled_at = fields.AwareDateTime(allow_none=True, **described("吹哨时间", "When the whistle was blown"))
    solution = fields.Nested(SolutionView, allow_none=True)
    withdrawal = fields.Nested(WithdrawalView, allow_none=True)
    into = fields.UUID(allow_none=True, **described("并入的案件", "The case that it was, or is to be, merged into"))
    reference = fields.String(**described("热线工单号", "The number under which a hotline knows it; empty for others"))
    version = fields.Integer(**described("版本", "Version, for If-Match"))


class CasePageView(PageView):
    """A page of cases."""

    items = fields.List(fields.Nested(CaseView))


class RegisteredView(CaseView):
    """A case that was just registered, and the tracking code of its reporter, which is never told again."""

    tracking_code = fields.String(**described("查询码，仅此一次", "Tracking code"))

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """The case's own, but for the code."""
        return obj.tracking_code if attr == "tracking_code" else super().get_attribute(obj.case, attr, default)


class ReportedView(Schema):
    """What a resident gets for a report."""

    number = fields.String(attribute="case.number", **described("案件号", "Number to name over the telephone"))
    tracking_code = fields.String(**described("查询码，仅此一次", "Code to follow it by, never told again"))
    registered_at = fields.AwareDateTime(attribute="case.registered_at", **described("登记时间", "When"))


class ReporterView(Schema):
    """Who reported it; masked for whoever may not know."""

    name = fields.String(**described("姓名", "Name"))
    phone = fields.String(**described("电话", "Telephone"))
    address = fields.String(**described("住址", "Home address"))


class ProgressView(Schema):
    """How far others have come with it."""

    stage = fields.String(**described("进度", "Stage"))
    stage_since = fields.AwareDateTime(**described("自", "Since when"))
    confirmed_at = fields.AwareDateTime(
        allow_none=True, **described("确认时间", "When somebody told that they have it")
    )
    departments = fields.List(fields.String(), **described("参与单位代码", "Codes of the departments that take part"))


class WholeCaseView(Schema):
    """A case with its progress and its reporter; `clear` when nothing of it is masked for its reader."""

    case = fields.Nested(CaseView)
    place = fields.Nested(PlaceView)
    description = fields.String(**described("情况描述", "What is the matter, in the reporter's words if clear"))
    reporter = fields.Nested(ReporterView, allow_none=True)
    clear = fields.Boolean(**described("未隐去", "Whether place, description and reporter are unmasked"))
    progress = fields.Nested(ProgressView, allow_none=True)


class DuplicateView(Schema):
    """A case that is likely about the same."""

    id = fields.UUID(attribute="candidate.id", **described("编号", "Id"))
    number = fields.String(attribute="candidate.number", **described("案件号", "Case number"))
    state = fields.String(attribute="candidate.state", validate=STATES, **described("状态", "State"))
    area = fields.String(attribute="candidate.area", **described("区域代码", "Area's code"))
    summary = fields.String(attribute="candidate.summary", **described("摘要", "Summary"))
    registered_at = fields.AwareDateTime(attribute="candidate.registered_at", **described("登记时间", "When"))
    distance_metres = fields.Float(
        attribute="candidate.distance_metres", allow_none=True, **described("距离", "Metres between the two, if known")
    )
    likeness = fields.Float(**described("相似度", "How alike the descriptions are, 0 to 100"))


class DuplicatesView(Schema):
    """The likeliest duplicates, the likeliest first."""

    items = fields.List(fields.Nested(DuplicateView))


class DepartmentView(Schema):
    """A department that takes part."""

    name = fields.String(**described("名称", "Name"))
    name_en = fields.String(**described("英文名称", "Name in English"))


class FollowedView(Schema):
    """A case as its reporter sees it."""

    number = fields.String(**described("案件号", "Case number"))
    status = fields.String(validate=validate.OneOf([str(one) for one in STATUSES]), **described("状态", "Status"))
    said = fields.String(**described("状态说明", "The status in words"))
    since = fields.AwareDateTime(**described("自", "Since when"))
    reason = fields.String(**described("理由", "Why it ended, if it did not become a whistle"))
    channel = fields.Enum(
        Statutory, by_value=True, allow_none=True, **described("法定途径", "Where to turn to instead")
    )
    departments = fields.List(fields.Nested(DepartmentView), **described("参与单位", "Who takes part"))


class DisclosureView(Schema):
    """A look at a reporter's data."""

    id = fields.UUID(**described("编号", "Id"))
    case_id = fields.UUID(**described("案件", "Case"))
    area = fields.String(**described("区域代码", "Area's code"))
    person = fields.String(**described("查看人", "Who looked"))
    reason = fields.String(**described("理由", "Why"))
    at = fields.AwareDateTime(**described("时间", "When"))


class DisclosurePageView(PageView):
    """A page of looks at reporters' data."""

    items = fields.List(fields.Nested(DisclosureView))
