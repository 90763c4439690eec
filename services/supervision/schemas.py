"""What comes to supervision by HTTP, and what it answers."""

from marshmallow import Schema, fields

from shared.web.schemas import described


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


class CaseView(Schema):
    """A case as supervision knows it."""

    id = fields.UUID(**described("案件", "The case's id"))
    number = fields.String(**described("案件号", "Case number"))
    kind = fields.String(**described("吹哨类别", "Kind of whistle"))
    category = fields.String(**described("事项代码", "Category's code"))
    area = fields.String(**described("区域代码", "Area's code"))
    address = fields.String(**described("地址", "Address"))
    summary = fields.String(**described("摘要", "Summary"))
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
