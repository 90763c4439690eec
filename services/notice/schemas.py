"""What comes to notice by HTTP, and what it answers."""

from marshmallow import Schema, fields, validate

from services.notice.domain.transitions import State
from shared.web.schemas import PageQuery, PageView, PlaceView, described

STATES = validate.OneOf([*State])


class InboxQuery(PageQuery):
    """Which summonses."""

    state = fields.String(validate=STATES, **described("状态", "State"))


class ReadingView(Schema):
    """An earlier round's delivery and first reading."""

    round = fields.Integer(**described("轮次", "Round"))
    delivered_at = fields.AwareDateTime(**described("送达时间", "When it was delivered"))
    read_by = fields.String(**described("阅读人", "Who read it first; empty for nobody"))
    read_at = fields.AwareDateTime(allow_none=True, **described("阅读时间", "When it was first read"))


class SummonsView(Schema):
    """A summons in the department's inbox."""

    id = fields.UUID(**described("派单", "The assignment's id"))
    case_id = fields.UUID(**described("案件", "The case's id"))
    number = fields.String(**described("案件号", "Case number"))
    kind = fields.String(**described("吹哨类别", "Kind of whistle"))
    category = fields.String(**described("事项代码", "Category's code"))
    place = fields.Nested(PlaceView)
    summary = fields.String(**described("摘要", "Summary"))
    department = fields.String(**described("单位代码", "Department's code"))
    department_name = fields.String(**described("单位名称", "Department's name"))
    part = fields.String(**described("主办或协办", "lead or support"))
    limit_minutes = fields.Integer(**described("办结时限（分钟）", "Closing limit in minutes from `summoned_at`"))
    state = fields.String(validate=STATES, **described("状态", "State"))
    round = fields.Integer(**described("轮次", "Round; rework delivers it again in the next"))
    reason = fields.String(**described("返工或撤回的理由", "Why it was reopened or withdrawn; empty for neither"))
    summoned_at = fields.AwareDateTime(**described("派单时间", "When the department was summoned"))
    delivered_at = fields.AwareDateTime(**described("送达时间", "When it came into the inbox"))
    read_by = fields.String(**described("首次阅读人", "Who read it first; empty for nobody"))
    read_at = fields.AwareDateTime(allow_none=True, **described("首次阅读时间", "When it was first read"))
    withdrawn_at = fields.AwareDateTime(allow_none=True, **described("撤回时间", "When it was withdrawn"))
    earlier = fields.List(fields.Nested(ReadingView), **described("前几轮", "Earlier rounds"))
    version = fields.Integer(**described("版本", "Version"))


class InboxPageView(PageView):
    """A page of the inbox."""

    items = fields.List(fields.Nested(SummonsView))
