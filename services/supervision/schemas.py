"""What comes to supervision by HTTP, and what it answers."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.supervision.domain.order import ORDER, URGING
from services.supervision.domain.ranking import TABLES
from services.supervision.domain.transitions import OrderState, RefusalState
from services.supervision.domain.words import plain
from shared.calendar import CHINA
from shared.web.schemas import CODE, NOT_BLANK, PageQuery, PageView, Strict, described
from shared.web.sheet import Cell

MONTH = validate.Regexp(re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])\Z"))
MOST_MONTHS = 36


class StepView(Schema):
    """Something that a clock tells once."""

    name = fields.String(**described("步骤", "warning, overdue, or a level of the ladder"))
    at = fields.AwareDateTime(**described("时间", "When it is due to be told"))
    percent = fields.Integer(**described("百分比", "Of a warning: how much of the limit has passed"))
    fired_at = fields.AwareDateTime(allow_none=True, **described("已告知", "When it was told; null if it was not"))
    withdrawn = fields.Boolean(**described("已撤销", "Whether it turned out not to be so"))


class ChangeView(Schema):
    """Why a due time moved."""

    at = fields.AwareDateTime(**described("时间", "When"))
    why = fields.String(**described("原因", "resumed, extended or calendar"))
    due_before = fields.AwareDateTime(**described("原到期时间", "The due time until then"))


class ClockView(Schema):
    """A limit that runs or ran."""

    id = fields.UUID(**described("时限", "The clock's id"))
    name = fields.String(**described("名称", "Which limit: review, dispatch, sign, report_in, close …"))
    assignment_id = fields.UUID(allow_none=True, **described("派单", "The assignment; null for the whole case"))
    department = fields.String(**described("单位代码", "Department's code; empty for none"))
    calendar = fields.String(**described("日历", "W working time, N round the clock"))
    started_at = fields.AwareDateTime(**described("开始", "When it started"))
    due_at = fields.AwareDateTime(**described("到期", "When it is due"))
    provisional = fields.Boolean(**described("暂定", "The due time lies past the last gazetted year"))
    state = fields.String(**described("状态", "State"))
    paused_at = fields.AwareDateTime(allow_none=True, **described("暂停时间", "When it was paused; null if it runs"))
    stopped_at = fields.AwareDateTime(allow_none=True, **described("停止时间", "When it stopped; null while it runs"))
    in_time = fields.Boolean(allow_none=True, **described("是否按时", "Whether it stopped in time; null while it runs"))
    steps = fields.List(fields.Nested(StepView), **described("提醒与上报", "Warnings, the limit, the ladder"))
    history = fields.List(fields.Nested(ChangeView), **described("变更", "How the due time moved"))


class LimitView(Schema):
    """A limit that is open."""

    name = fields.String(**described("名称", "Which limit: sign, report_in, close …"))
    due_at = fields.AwareDateTime(**described("到期", "When it is due"))
    state = fields.String(**described("状态", "running or paused"))
    provisional = fields.Boolean(**described("暂定", "The due time lies past the last gazetted year"))


class PartView(Schema):
    """One department's part."""

    id = fields.UUID(**described("派单", "The assignment's id"))
    department = fields.String(**described("单位代码", "Department's code"))
    name = fields.String(**described("单位名称", "Department's name"))
    part = fields.String(**described("主办或协办", "lead or support"))
    state = fields.String(**described("状态", "State"))
    summoned_at = fields.AwareDateTime(**described("派单时间", "When it was summoned"))
    delivered_at = fields.AwareDateTime(allow_none=True, **described("送达时间", "When the summons was delivered"))
    read_at = fields.AwareDateTime(allow_none=True, **described("阅读时间", "When it was first read"))
    signed_at = fields.AwareDateTime(allow_none=True, **described("签收时间", "When it was signed"))
    deemed = fields.Boolean(**described("视同签收", "Whether silence counted as signing"))
    reported_at = fields.AwareDateTime(allow_none=True, **described("报到时间", "When it reported in"))
    far = fields.Boolean(**described("距离过远", "Whether it reported in from afar"))
    fed_back_at = fields.AwareDateTime(allow_none=True, **described("反馈时间", "When it last fed back"))
    ended = fields.String(**described("退出原因", "Why it takes no part any more; empty while it does"))
    limits = fields.List(fields.Nested(LimitView), **described("在计时限", "Its open limits, the earliest first"))


class CaseView(Schema):
    """A case as supervision knows it."""

    id = fields.UUID(**described("案件", "The case's id"))
    number = fields.String(**described("案件号", "Case number"))
    kind = fields.String(**described("吹哨类别", "Kind of whistle"))
    category = fields.String(**described("事项代码", "Category's code"))
    area = fields.String(**described("区域代码", "Area's code"))
    address = fields.String(**described("地址", "Address"))
    summary = fields.String(**described("摘要", "Summary"))
    ongoing = fields.Boolean(**described("违法行为正在发生", "Whether the violation is in progress"))
    state = fields.String(**described("状态", "Where it stands"))
    state_since = fields.AwareDateTime(allow_none=True, **described("状态时间", "Since when"))
    whistled_at = fields.AwareDateTime(allow_none=True, **described("吹哨时间", "When it was whistled"))
    round = fields.Integer(**described("轮次", "Round of work"))
    escalated = fields.String(**described("上报级别", "Highest level told of a breach; empty for none"))
    supervised = fields.Boolean(**described("督办中", "Whether it is under an order"))
    overdue_since = fields.AwareDateTime(allow_none=True, **described("超期起", "Since when something is overdue"))
    parts = fields.List(fields.Nested(PartView), **described("部门", "Departments"))
    clocks = fields.List(fields.Nested(ClockView), **described("时限", "Clocks"))
    version = fields.Integer(**described("版本", "Version"))


# --- lists, history, figures


def _long_enough(text: str) -> None:
    """A text by which something can be found: cases are found by pairs of characters."""
    if len(plain(text)) < 2:
        raise ValidationError("At least two characters are needed.")


class CasesQuery(PageQuery):
    """Which cases."""

    state = fields.String(validate=CODE, **described("状态", "Where it stands"))
    kind = fields.String(validate=CODE, **described("吹哨类别", "Kind of whistle"))
    category = fields.String(validate=CODE, **described("事项代码", "Category's code"))
    area = fields.String(validate=CODE, **described("区域代码", "Area's code: it and all below it"))
    department = fields.String(validate=CODE, **described("单位代码", "A department that takes part"))
    overdue = fields.Boolean(**described("超期", "Whether something is overdue; then the longest first"))
    open = fields.Boolean(**described("未结", "Whether it has not ended"))
    text = fields.String(
        validate=[validate.Length(2, 100), _long_enough],
        **described("文字", "A part of number, summary or address; two characters at least", minLength=2),
    )


class CaseItemView(Schema):
    """A case in a list."""

    id = fields.UUID(**described("案件", "The case's id"))
    number = fields.String(**described("案件号", "Case number"))
    kind = fields.String(**described("吹哨类别", "Kind of whistle"))
    category = fields.String(**described("事项代码", "Category's code"))
    area = fields.String(**described("区域代码", "Area's code"))
    address = fields.String(**described("地址", "Address"))
    summary = fields.String(**described("摘要", "Summary"))
    ongoing = fields.Boolean(**described("违法行为正在发生", "Whether the violation is in progress"))
    state = fields.String(**described("状态", "Where it stands"))
    state_since = fields.AwareDateTime(allow_none=True, **described("状态时间", "Since when"))
    first_at = fields.AwareDateTime(**described("首次记录", "When it was first heard of"))
    whistled_at = fields.AwareDateTime(allow_none=True, **described("吹哨时间", "When it was whistled"))
    round = fields.Integer(**described("轮次", "Round of work"))
    escalated = fields.String(**described("上报级别", "Highest level told of a breach; empty for none"))
    supervised = fields.Boolean(**described("督办中", "Whether it is under an order"))
    overdue_since = fields.AwareDateTime(allow_none=True, **described("超期起", "Since when something is overdue"))
    parts = fields.List(fields.Nested(PartView), **described("部门", "Departments, each with its open limits"))
    limits = fields.List(fields.Nested(LimitView), **described("在计时限", "Open limits of the whole case"))


class CasePageView(PageView):
    """A page of cases."""

    items = fields.List(fields.Nested(CaseItemView), **described("案件", "Cases"))


class EntryView(Schema):
    """What a service announced."""

    publisher = fields.String(**described("发布服务", "Which service announced it"))
    type = fields.String(**described("事件", "Type of event"))
    time = fields.AwareDateTime(**described("时间", "When it was announced"))
    data = fields.Dict(keys=fields.String(), **described("内容", "What it says"))


class HistoryView(PageView):
    """A page of a case's history."""

    items = fields.List(fields.Nested(EntryView), **described("记录", "Events, the earliest first"))


class MeasureView(Schema):
    """A share of one sum in another."""

    name = fields.String(**described("指标代码", "Which measure"))
    zh = fields.String(**described("指标", "Its name"))
    numerator = fields.Integer(**described("分子", "Numerator"))
    denominator = fields.Integer(**described("分母", "Denominator"))
    rate = fields.Float(allow_none=True, **described("百分比", "Per cent; null where the denominator is 0"))


class StateCountView(Schema):
    """How many cases stand somewhere."""

    state = fields.String(**described("状态", "Where"))
    cases = fields.Integer(**described("案件数", "How many"))


class OverdueCountView(Schema):
    """How many limits of a department have run out."""

    department = fields.String(**described("单位代码", "Department's code; empty for the street itself"))
    clock = fields.String(**described("时限", "Which limit"))
    count = fields.Integer(**described("个数", "How many"))


class WaitingCountView(Schema):
    """How much waits for a ruling."""

    matter = fields.String(**described("事项", "dispute, extension or suspension"))
    count = fields.Integer(**described("个数", "How many"))


class OverviewView(Schema):
    """The supervisor's page."""

    month = fields.String(**described("月份", "This month"))
    states = fields.List(fields.Nested(StateCountView), **described("状态分布", "Cases by state"))
    overdue_cases = fields.Integer(**described("超期案件", "Cases with something overdue"))
    overdue = fields.List(fields.Nested(OverdueCountView), **described("超期时限", "Overdue limits by department"))
    waiting = fields.List(fields.Nested(WaitingCountView), **described("待裁", "What waits for a ruling"))
    measures = fields.List(fields.Nested(MeasureView), **described("本月指标", "This month's measures"))
    longest_overdue = fields.Nested(CasePageView, **described("超期最久", "The cases that are overdue longest"))


class MeasuresQuery(Strict):
    """Of which months, and for whom each; this month unless it is said."""

    first = fields.String(data_key="from", validate=MONTH, **described("起始月份", "First month, 2026-09"))
    last = fields.String(data_key="to", validate=MONTH, **described("截止月份", "Last month, 2026-11"))
    by = fields.String(
        load_default="department",
        validate=validate.OneOf(["department", "community", "category"]),
        **described("分组", "By department, community or category"),
    )

    @validates_schema
    def _in_order(self, said: dict[str, str], **_: object) -> None:
        """Not before the first, and no more than three years."""
        if "first" in said and "last" in said:
            months = _months(said["last"]) - _months(said["first"]) + 1
            if not 1 <= months <= MOST_MONTHS:
                raise ValidationError("Must be from 1 to 36 months.", "to")


def _months(month: str) -> int:
    year, number = month.split("-")
    return int(year) * 12 + int(number)


class UnitMeasuresView(Schema):
    """One department, community or category."""

    code = fields.String(**described("代码", "Its code"))
    measures = fields.List(fields.Nested(MeasureView), **described("指标", "Its measures"))


class MeasuresView(Schema):
    """The measures of some months."""

    first = fields.String(data_key="from", **described("起始月份", "First month"))
    last = fields.String(data_key="to", **described("截止月份", "Last month"))
    by = fields.String(**described("分组", "By department, community or category"))
    items = fields.List(fields.Nested(UnitMeasuresView), **described("分组指标", "For each"))
    whole = fields.List(fields.Nested(MeasureView), **described("合计", "For all together"))


class RankingQuery(Strict):
    """Which table of which month; this month unless it is said."""

    month = fields.String(validate=MONTH, **described("月份", "Month, 2026-11"))
    table = fields.String(
        load_default="departments",
        validate=validate.OneOf([*TABLES]),
        **described("榜单", "departments or communities"),
    )


class WeightView(Schema):
    """How much a measure counts."""

    measure = fields.String(**described("指标代码", "Which measure"))
    weight = fields.Float(**described("权重", "Per cent"))


class ScoredView(MeasureView):
    """A measure with what it is worth."""

    score = fields.Float(allow_none=True, **described("得分", "Points out of 100; null where the denominator is 0"))


class RankedView(Schema):
    """One line of a ranking."""

    rank = fields.Integer(allow_none=True, **described("名次", "Rank; null where a denominator is 0"))
    code = fields.String(**described("代码", "Department's or community's code"))
    total = fields.Float(allow_none=True, **described("总分", "Weighted points out of 100"))
    refusal_points = fields.Integer(**described("拒不报到扣分", "Points for refusals, shown beside the total"))
    measures = fields.List(fields.Nested(ScoredView), attribute="shares", **described("指标", "Its measures"))


class RankingView(Schema):
    """A month's ranking."""

    month = fields.String(**described("月份", "Month"))
    table = fields.String(**described("榜单", "departments or communities"))
    weights = fields.List(fields.Nested(WeightView), **described("权重", "How much each measure counts"))
    items = fields.List(fields.Nested(RankedView), **described("名次", "Those with a rank first"))


def sheet_of(found: Mapping[str, Any], by: str, at: datetime) -> list[list[Cell]]:
    """The measures as a table: a line for each, then all together, then who took it away and when."""
    names = [one.zh for one in found["whole"]]
    heads = [[name, f"{name}分子", f"{name}分母"] for name in names]
    units = [*((one["code"], one["measures"]) for one in found["items"]), ("合计", found["whole"])]
    lines = [
        [code, *(cell for one in shares for cell in (one.rate, one.numerator, one.denominator))]
        for code, shares in units
    ]
    told = [f"{found['first']} – {found['last']}", f"导出人 {by}", f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"]
    return [["代码", *(head for three in heads for head in three)], *lines, [*told]]


# --- orders, refusals, what waits for a ruling

TEXT = [validate.Length(2, 2000), NOT_BLANK]
MOST_POINTS = 100


class UrgingBody(Strict):
    """Whom to urge, and how."""

    text = fields.String(required=True, validate=TEXT, **described("催办内容", "What is said"))
    assignment_id = fields.UUID(
        load_default=None,
        allow_none=True,
        **described("派单，空为全部", "The assignment; null for all that still have something to do"),
    )


class ReplyBody(Strict):
    """What is wanted, and by when."""

    text = fields.String(required=True, validate=TEXT, **described("督办内容", "What is ordered"))
    reply_by = fields.AwareDateTime(required=True, **described("回复期限", "Reply due by"))


class OrderBody(ReplyBody):
    """Whom to order."""

    assignment_id = fields.UUID(
        load_default=None,
        allow_none=True,
        **described("派单，空为全案，由主办回复", "The assignment; null for the whole case: the lead replies"),
    )


class AnswerBody(Strict):
    """A department's reply."""

    text = fields.String(required=True, validate=TEXT, **described("回复内容", "The reply"))


class RejectionBody(Strict):
    """Why a reply will not do, and until when another is due."""

    reason = fields.String(required=True, validate=TEXT, **described("理由", "Reason"))
    reply_by = fields.AwareDateTime(required=True, **described("新的回复期限", "The next reply due by"))


class OrdersQuery(PageQuery):
    """Which urgings and orders."""

    case_id = fields.UUID(**described("案件", "Case"))
    kind = fields.String(validate=validate.OneOf([URGING, ORDER]), **described("催办或督办", "urging or order"))
    state = fields.String(validate=validate.OneOf([*OrderState]), **described("状态", "State"))


class IssuerView(Schema):
    """Who issued it."""

    id = fields.String(**described("督办人", "Who"))
    role = fields.String(**described("层级", "supervisor (street) or district_supervisor"))


class OrderAnswerView(Schema):
    """A reply."""

    by = fields.String(**described("回复人", "Who"))
    at = fields.AwareDateTime(**described("时间", "When"))
    text = fields.String(**described("回复内容", "The reply"))


class OrderReturnView(Schema):
    """A reply was sent back."""

    by = fields.String(**described("退回人", "Who"))
    at = fields.AwareDateTime(**described("时间", "When"))
    reason = fields.String(**described("理由", "Reason"))
    reply_by = fields.AwareDateTime(**described("回复期限", "The next reply was due by"))


class OrderView(Schema):
    """An urging or an order."""

    id = fields.UUID(**described("编号", "Its id"))
    case_id = fields.UUID(**described("案件", "Case"))
    kind = fields.String(validate=validate.OneOf([URGING, ORDER]), **described("催办或督办", "urging or order"))
    assignment_id = fields.UUID(allow_none=True, **described("派单", "The assignment; null for the whole case"))
    department = fields.String(**described("单位代码", "Department's code"))
    text = fields.String(**described("内容", "What is said"))
    reply_by = fields.AwareDateTime(allow_none=True, **described("回复期限", "Reply due by; null for an urging"))
    issuer = fields.Nested(IssuerView)
    issued_at = fields.AwareDateTime(**described("时间", "When it was issued"))
    state = fields.String(validate=validate.OneOf([*OrderState]), **described("状态", "State"))
    answers = fields.List(fields.Nested(OrderAnswerView))
    returns = fields.List(fields.Nested(OrderReturnView))
    accepted_by = fields.String(**described("认可人", "Who accepted the reply; empty if nobody has"))
    accepted_at = fields.AwareDateTime(allow_none=True, **described("认可时间", "When it was accepted"))
    ended_at = fields.AwareDateTime(allow_none=True, **described("终止时间", "When it lost its object"))
    version = fields.Integer(**described("版本", "Version"))


class UrgingsView(Schema):
    """The urgings that were told."""

    items = fields.List(fields.Nested(OrderView))


class OrderItemView(OrderView):
    """An urging or an order in a list."""

    number = fields.String(**described("案件号", "Case number"))
    category = fields.String(**described("事项代码", "Category's code"))


class OrderPageView(PageView):
    """A page of urgings and orders."""

    items = fields.List(fields.Nested(OrderItemView))


class RefusalBody(Strict):
    """Why somebody is reported, and what was tried before."""

    reason = fields.String(required=True, validate=TEXT, **described("情况", "What happened"))
    tried = fields.String(required=True, validate=TEXT, **described("已采取的措施", "What was tried"))


class ConclusionBody(Strict):
    """What the district found."""

    justified = fields.Boolean(required=True, **described("理由是否正当", "Whether the department had a reason"))
    points = fields.Integer(
        load_default=0,
        validate=validate.Range(0, MOST_POINTS),
        **described("扣分，0至100", "Points to deduct, 0 to 100; none if justified"),
    )
    finding = fields.String(required=True, validate=TEXT, **described("认定", "What was found"))
    order = fields.Nested(ReplyBody, load_default=None, allow_none=True)


class FindingView(Schema):
    """What the district found."""

    by = fields.String(**described("认定人", "Who"))
    at = fields.AwareDateTime(**described("时间", "When"))
    justified = fields.Boolean(**described("理由是否正当", "Whether the department had a reason"))
    points = fields.Integer(**described("扣分", "Points deducted"))
    text = fields.String(**described("认定", "What was found"))


class RefusalView(Schema):
    """A department that did not come."""

    id = fields.UUID(**described("编号", "Its id"))
    case_id = fields.UUID(**described("案件", "Case"))
    assignment_id = fields.UUID(**described("派单", "The assignment"))
    department = fields.String(**described("单位代码", "Department's code"))
    reason = fields.String(**described("情况", "What happened"))
    tried = fields.String(**described("已采取的措施", "What was tried"))
    reported_by = fields.String(**described("上报人", "Who reported it"))
    reported_at = fields.AwareDateTime(**described("上报时间", "When it was reported"))
    state = fields.String(validate=validate.OneOf([*RefusalState]), **described("状态", "State"))
    taken_up_by = fields.String(**described("受理人", "Who took it up; empty if nobody has"))
    taken_up_at = fields.AwareDateTime(allow_none=True, **described("受理时间", "When it was taken up"))
    finding = fields.Nested(FindingView, allow_none=True)
    order_id = fields.UUID(allow_none=True, **described("督办", "The order that came with the finding"))
    version = fields.Integer(**described("版本", "Version"))


class RefusalItemView(RefusalView):
    """A refusal in a list."""

    number = fields.String(**described("案件号", "Case number"))
    category = fields.String(**described("事项代码", "Category's code"))


class RefusalPageView(PageView):
    """A page of refusals."""

    items = fields.List(fields.Nested(RefusalItemView))


class RulingView(Schema):
    """What waits for a ruling."""

    case_id = fields.UUID(**described("案件", "Case"))
    number = fields.String(**described("案件号", "Case number"))
    kind = fields.String(**described("吹哨类别", "Kind of whistle"))
    category = fields.String(**described("事项代码", "Category's code"))
    area = fields.String(**described("区域代码", "Area's code"))
    matter = fields.String(**described("事由", "dispute, extension or suspension"))
    assignment_id = fields.UUID(allow_none=True, **described("派单", "The assignment; null for the whole case"))
    department = fields.String(**described("单位代码", "Department's code; empty for the whole case"))
    ordinal = fields.Integer(**described("第几次延期", "Which extension; 0 for others"))
    minutes = fields.Integer(**described("延期分钟数", "Minutes asked for; 0 for others"))
    reason = fields.String(**described("理由", "Reason"))
    since = fields.AwareDateTime(**described("提出时间", "Since when it waits"))
    review_by = fields.AwareDateTime(allow_none=True, **described("复核期限", "Of a suspension: to be reviewed by"))
    due_at = fields.AwareDateTime(allow_none=True, **described("裁定期限", "Due by; null where nothing limits it"))
    operations = fields.List(fields.String(), **described("裁定操作", "The operations that rule on it"))


class RulingPageView(PageView):
    """A page of what waits for a ruling."""

    items = fields.List(fields.Nested(RulingView))
