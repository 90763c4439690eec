"""What comes to notice by HTTP, and what it answers."""

from marshmallow import Schema, fields, validate

from services.notice.domain import delivery
from services.notice.domain.preference import Kind
from services.notice.domain.templates import LANGUAGES, TEMPLATES
from services.notice.domain.transitions import State
from shared.web.schemas import NOT_BLANK, PageQuery, PageView, PlaceView, Strict, described

STATES = validate.OneOf([*State])
KINDS = validate.OneOf([*Kind])
DELIVERY_STATES = validate.OneOf([*delivery.State])
MOST_CHANNELS = 20
CHANNEL_NAME = validate.Regexp(r"[0-9A-Za-z_.\-\u4e00-\u9fff]{1,40}\Z")


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


class NotificationsQuery(PageQuery):
    """Which notifications."""

    read = fields.Boolean(**described("是否已读", "Only those that were read, or only the others"))


class SaidView(Schema):
    """A notice in one language."""

    title = fields.String(**described("标题", "Title"))
    text = fields.String(**described("正文", "Text"))


class TextsView(Schema):
    """A notice in both languages."""

    zh = fields.Nested(SaidView, **described("中文", "In Chinese"))
    en = fields.Nested(SaidView, **described("英文", "In English"))


class AttemptView(Schema):
    """One try to deliver."""

    at = fields.AwareDateTime(**described("时间", "When it ended"))
    ok = fields.Boolean(**described("是否成功", "Whether the channel took it"))
    said = fields.String(**described("应答", "What the channel said"))


class DeliveryView(Schema):
    """A notification on its way by a channel. Its id goes with the message; who gets it twice knows it by that."""

    id = fields.UUID(**described("投递", "The delivery's id"))
    channel = fields.String(**described("渠道名称", "The channel's name"))
    kind = fields.String(validate=KINDS, **described("渠道类型", "Kind of channel"))
    state = fields.String(validate=DELIVERY_STATES, **described("状态", "State"))
    next_at = fields.AwareDateTime(allow_none=True, **described("下次尝试", "When it is tried next"))
    attempts = fields.List(fields.Nested(AttemptView), **described("历次尝试", "Every try so far"))


class NotificationView(Schema):
    """Something that one person is told."""

    id = fields.UUID(**described("通知", "The notification's id"))
    template = fields.String(validate=validate.OneOf(TEMPLATES), **described("模板", "What it tells of"))
    case_id = fields.UUID(**described("案件", "The case's id"))
    number = fields.String(**described("案件号", "Case number"))
    facts = fields.Dict(fields.String(), fields.String(), **described("事实", "What the texts were made of"))
    texts = fields.Nested(TextsView)
    delivered_at = fields.AwareDateTime(**described("送达时间", "When it came into the list"))
    read_at = fields.AwareDateTime(allow_none=True, **described("首次阅读时间", "When it was first read"))
    version = fields.Integer(**described("版本", "Version"))


class ListedNotificationView(NotificationView):
    """A notification with what came of the chosen channels."""

    deliveries = fields.List(fields.Nested(DeliveryView), **described("投递", "By which channels, and how far"))


class NotificationPageView(PageView):
    """A page of one's notifications."""

    items = fields.List(fields.Nested(ListedNotificationView))


class ChannelBody(Strict):
    """A way to reach somebody beside the in-app list."""

    name = fields.String(required=True, validate=CHANNEL_NAME, **described("名称", "A name of one's own for it"))
    kind = fields.String(required=True, validate=KINDS, **described("渠道类型", "Kind of channel"))
    address = fields.String(
        required=True,
        validate=[validate.Length(1, 1000), NOT_BLANK],
        **described(
            "地址",
            "An http(s) address for a webhook, a mail address, a robot's address as its group shows it, "
            "or any address of Apprise",
        ),
    )


class PreferencesBody(Strict):
    """The whole choice."""

    language = fields.String(
        load_default="zh", validate=validate.OneOf(LANGUAGES), **described("语言", "What messages are written in")
    )
    channels = fields.List(
        fields.Nested(ChannelBody),
        required=True,
        validate=validate.Length(max=MOST_CHANNELS),
        **described("渠道", "Ways to reach me"),
    )
    chosen = fields.Dict(
        keys=fields.String(validate=validate.OneOf(TEMPLATES)),
        values=fields.List(fields.String(), validate=validate.Length(max=MOST_CHANNELS)),
        required=True,
        **described("选择", "For each kind of notice the names of the channels by which it comes, beside the list"),
    )


class ChannelView(Schema):
    """A channel; its secret is never shown again."""

    name = fields.String(**described("名称", "Its name"))
    kind = fields.String(validate=KINDS, **described("渠道类型", "Kind of channel"))
    address = fields.String(**described("地址", "Where it leads"))


class PreferencesView(Schema):
    """What I chose."""

    language = fields.String(**described("语言", "What messages are written in"))
    channels = fields.List(fields.Nested(ChannelView), **described("渠道", "Ways to reach me"))
    chosen = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        **described("选择", "For each kind of notice the channels by which it comes"),
    )
    version = fields.Integer(**described("版本", "Version; 0 before anything was chosen"))


class SecretView(Schema):
    """What signs the messages to a new webhook; told once."""

    name = fields.String(**described("名称", "The channel's name"))
    secret = fields.String(**described("签名密钥", "Its key, as Standard Webhooks writes it"))


class ChosenView(PreferencesView):
    """What I chose, and the keys of webhooks that are new."""

    secrets = fields.List(fields.Nested(SecretView), **described("新密钥", "Of each new webhook; told only here"))
