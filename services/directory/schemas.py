"""What comes to the directory by HTTP, and what it answers."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.directory.domain.calendar import DAYS
from services.directory.domain.transitions import AccountState
from shared.access.actor import Role
from shared.web.schemas import CODE, PageQuery, PageView, Strict, described

ROLES = [role for role in Role if role not in (Role.RESIDENT, Role.SYSTEM)]
LEVELS = ("district", "street", "community", "grid", "cell")
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 256


class SessionBody(Strict):
    """A login and its password."""

    login = fields.String(required=True, validate=CODE, **described("登录名", "Login", example="clerk.honghu"))
    password = fields.String(
        required=True, validate=validate.Length(1, LONGEST_PASSWORD), **described("密码", "Password", format="password")
    )


class PasswordBody(Strict):
    """The old password and a new one."""

    old_password = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_PASSWORD),
        **described("原密码", "Present password", format="password"),
    )
    new_password = fields.String(
        required=True,
        validate=validate.Length(SHORTEST_PASSWORD, LONGEST_PASSWORD),
        **described("新密码", "New password", format="password"),
    )

    @validates_schema
    def _another(self, data: dict[str, Any], **_: Any) -> None:
        if data["old_password"] == data["new_password"]:
            raise ValidationError("Must be another one.", "new_password")


class AccountReasonBody(Strict):
    """Why an account is suspended or reinstated."""

    reason = fields.String(required=True, validate=validate.Length(2, 500), **described("理由", "Reason"))


class PeopleQuery(PageQuery):
    """Which people."""

    department = fields.String(validate=CODE, **described("单位代码", "Department's code"))
    state = fields.String(validate=validate.OneOf([*AccountState]), **described("账号状态", "State of the account"))


class DayRangeBody(Strict):
    """Days in a row that are gazetted alike."""

    year = fields.Integer(
        required=True, strict=True, validate=validate.Range(2000, 2999), **described("年份", "The year of the days")
    )
    first = fields.Date(required=True, data_key="from", **described("从", "First day"))
    last = fields.Date(required=True, data_key="to", **described("到（含）", "Last day"))
    day = fields.String(
        required=True, validate=validate.OneOf(DAYS), **described("放假或调休上班", "Holiday or make-up workday")
    )
    name = fields.String(required=True, validate=validate.Length(1, 50), **described("节日", "The holiday's name"))


class CalendarBody(Strict):
    """The gazetted days of one year or several, whole."""

    rows = fields.List(
        fields.Nested(DayRangeBody),
        required=True,
        validate=validate.Length(1, 1000),
        **described("放假调休", "Holidays and make-up workdays"),
    )


class GazettedDayView(Schema):
    """A day that is gazetted."""

    date = fields.String(**described("日期", "Date", format="date"))
    working = fields.Boolean(**described("是否上班", "Whether people work"))
    name = fields.String(**described("节日", "The holiday's name"))


class CalendarView(Schema):
    """What an import changed."""

    version = fields.Integer(**described("日历版本", "The calendar's version"))
    years = fields.List(fields.Integer(), **described("装入的年份", "The years that were named"))
    added = fields.List(
        fields.Nested(GazettedDayView), **described("新增或更改的日子", "Days that are new or others now")
    )
    removed = fields.List(fields.Nested(GazettedDayView), **described("去掉或更改前的日子", "Days as they were before"))


class CalendarQuery(Strict):
    """Which year."""

    year = fields.Integer(load_default=None, validate=validate.Range(2000, 2999), **described("年份", "Year"))


class YearView(Schema):
    """The gazetted days of a year, or of all."""

    version = fields.Integer(**described("日历版本", "The calendar's version"))
    years = fields.List(fields.Integer(), **described("已有的年份", "The years that are known"))
    days = fields.List(fields.Nested(GazettedDayView), **described("放假调休", "Holidays and make-up workdays"))


class StepLimitsView(Schema):
    """How long each step may take."""

    review = fields.String(**described("审核", "Review"))
    dispatch = fields.String(**described("派单", "Dispatch"))
    sign = fields.String(**described("签收", "Signature"))
    report_in = fields.String(**described("报到", "Reporting in"))
    first_feedback = fields.String(**described("首次反馈", "First feedback"))
    close = fields.String(**described("办结", "Closing"))
    verify = fields.String(**described("核查", "Verification"))
    call_back = fields.String(**described("回访", "Call-back"))
    dispute = fields.String(**described("异议裁定", "Ruling on a dispute"))
    extension = fields.String(**described("延期审批", "Ruling on an extension"))


class LadderView(Schema):
    """How long after its due time an overdue clock is told to each level."""

    department_head = fields.String(**described("单位负责人", "Head of the department"))
    street = fields.String(**described("街道", "Street"))
    district = fields.String(**described("区", "District"))


class InProgressView(Schema):
    """The limit to report in while a violation is in progress."""

    report_in = fields.String(**described("报到时限", "Limit to report in"))
    calendar = fields.String(**described("W 工作时间，N 全天候", "W working time, N round the clock"))


class KindView(Schema):
    """A kind of whistle with its limits, such as 30m, 4h or 7d."""

    code = fields.String(**described("吹哨类别代码", "Code"))
    name = fields.String(**described("名称", "Chinese name"))
    name_en = fields.String(**described("英文名称", "English name"))
    calendar = fields.String(**described("W 工作时间，N 全天候", "W working time, N round the clock"))
    emergency = fields.Boolean(**described("应急先吹", "Whether it is whistled first and reviewed afterwards"))
    photo_required = fields.Boolean(**described("须有照片", "Whether it needs a photo"))
    limits = fields.Nested(StepLimitsView)
    warn = fields.List(fields.Integer(), **described("提醒百分比", "Per cents of a limit at which it is warned"))
    ladder = fields.Nested(LadderView)
    in_progress = fields.Nested(InProgressView, allow_none=True)


class PolicyView(Schema):
    """Another limit for a kind's clock."""

    kind = fields.String(**described("吹哨类别代码", "Kind of whistle"))
    category = fields.String(allow_none=True, **described("事项代码", "Only this category; null for every one"))
    area = fields.String(allow_none=True, **described("区域代码", "Only in this area; null for everywhere"))
    clock = fields.String(**described("计时项", "Clock, or step of the ladder"))
    limit = fields.String(**described("时限", "Limit"))
    calendar = fields.String(allow_none=True, **described("日历", "W or N; null for the kind's"))
    valid_from = fields.String(**described("自", "First day", format="date"))
    valid_to = fields.String(allow_none=True, **described("至（含）", "Last day; null for open", format="date"))


class LimitsView(Schema):
    """Every limit."""

    kinds = fields.List(fields.Nested(KindView), **described("吹哨类别", "Kinds of whistles"))
    policies = fields.List(fields.Nested(PolicyView), **described("时限规定", "What sets other limits"))


class ResponsibilityQuery(PageQuery):
    """Which rows of the responsibility table."""

    category = fields.String(validate=CODE, **described("事项代码", "Category's code"))
    area = fields.String(validate=CODE, **described("区域代码", "Area's code"))


class ResponsibilityView(Schema):
    """Who is responsible for a category in an area; of those whose area contains a case, the closest counts."""

    category = fields.String(**described("事项代码", "Category's code"))
    area = fields.String(**described("区域代码", "Area's code"))
    lead = fields.String(**described("主办单位代码", "Lead department's code"))
    supports = fields.List(fields.String(), **described("协办单位代码", "Support departments' codes"))


class ResponsibilityPageView(PageView):
    """A page of the responsibility table."""

    items = fields.List(fields.Nested(ResponsibilityView))


class ImportQuery(Strict):
    """How a table is imported."""

    dry_run = fields.Boolean(load_default=False, **described("只试不改", "Only tell what would change"))


class ChangedResponsibilityView(Schema):
    """A row that is another."""

    before = fields.Nested(ResponsibilityView)
    after = fields.Nested(ResponsibilityView)


class ResponsibilityImportedView(Schema):
    """What an import changed, or would change."""

    version = fields.Integer(**described("装入后的版本", "The table's version after it"))
    dry_run = fields.Boolean(**described("只试不改", "Whether nothing was changed"))
    added = fields.List(fields.Nested(ResponsibilityView), **described("新增", "Rows that are new"))
    changed = fields.List(fields.Nested(ChangedResponsibilityView), **described("更改", "Rows that are others"))
    removed = fields.List(fields.Nested(ResponsibilityView), **described("去掉", "Rows that are gone"))


class AreasQuery(PageQuery):
    """Which areas."""

    parent = fields.String(validate=CODE, **described("上级区域代码", "Code of the area around them"))
    level = fields.String(validate=validate.OneOf(LEVELS), **described("层级", "Level"))


class BoundariesQuery(Strict):
    """Which areas of a map."""

    below = fields.String(load_default="", validate=validate.Length(max=128), **described("在此区域之内", "Inside it"))
    level = fields.String(load_default="", validate=validate.OneOf(LEVELS), **described("层级", "Level"))


class PlaceQuery(Strict):
    """A point, or an address."""

    longitude = fields.Float(validate=validate.Range(-180, 180), **described("经度", "Longitude, WGS-84"))
    latitude = fields.Float(validate=validate.Range(-90, 90), **described("纬度", "Latitude, WGS-84"))
    address = fields.String(
        validate=validate.Length(1, 200), **described("地址", "Address", example="西湖春天3栋2单元")
    )

    @validates_schema
    def _point_or_address(self, data: dict[str, Any], **_: Any) -> None:
        if data.keys() not in ({"longitude", "latitude"}, {"address"}):
            raise ValidationError("Give either longitude and latitude, or address.")


class AccountView(Schema):
    """Whom a token names."""

    id = fields.String(**described("登录名", "Login"))
    name = fields.String(**described("姓名", "Name"))
    roles = fields.List(fields.String(validate=validate.OneOf(ROLES)), **described("角色", "Roles"))
    department = fields.String(**described("单位代码", "Department's code; empty for none"))
    area = fields.String(**described("负责区域代码", "Code of the area they answer for; empty for none"))


class SessionView(Schema):
    """A token, and whom it names."""

    token = fields.String(**described("登录令牌", "Bearer token"))
    expires_at = fields.AwareDateTime(**described("失效时间", "When it expires"))
    person = fields.Nested(AccountView)


class PersonView(AccountView):
    """Somebody with their account."""

    certificate = fields.String(**described("执法证号", "Certificate number; empty for none"))
    phone = fields.String(**described("电话", "Telephone"))
    state = fields.String(validate=validate.OneOf([*AccountState]), **described("账号状态", "State of the account"))
    locked_until = fields.AwareDateTime(
        allow_none=True, **described("锁定至", "Locked until then after wrong passwords")
    )
    version = fields.Integer(**described("版本", "Version"))


class PeoplePageView(PageView):
    """A page of people."""

    items = fields.List(fields.Nested(PersonView))


class ColleagueView(Schema):
    """An officer of the reader's own department."""

    id = fields.String(**described("登录名", "Login"))
    name = fields.String(**described("姓名", "Name"))
    certified = fields.Boolean(**described("持有执法证", "Whether they hold an enforcement certificate"))


class ColleaguePageView(PageView):
    """A page of colleagues."""

    items = fields.List(fields.Nested(ColleagueView))


class ResponsibleView(Schema):
    """Somebody who answers for an area."""

    title = fields.String(**described("职务", "Title"))
    name = fields.String(**described("姓名", "Name"))
    person_id = fields.Function(
        lambda row: row.get("person_id"),
        metadata={"type": ["string", "null"], "description": "Login; null without an account 登录名"},
    )


class AreaView(Schema):
    """An area and who answers for it."""

    code = fields.String(**described("区域代码", "Dotted code"))
    name = fields.String(**described("名称", "Name"))
    level = fields.String(validate=validate.OneOf(LEVELS), **described("层级", "Level"))
    parent = fields.String(allow_none=True, **described("上级区域代码", "Code of the area around it"))
    addresses = fields.List(fields.String(), **described("楼栋、单元、门牌", "Buildings, units, street numbers"))
    households = fields.Integer(allow_none=True, **described("户数", "Households"))
    responsible = fields.List(fields.Nested(ResponsibleView), **described("责任人", "Who answers for it"))


class AreaDetailView(AreaView):
    """An area with its boundary."""

    boundary = fields.Dict(**described("边界", "GeoJSON geometry, WGS-84"))


class BoundaryPropertiesView(Schema):
    """What an area of a map is."""

    code = fields.String(**described("区域代码", "Dotted code"))
    name = fields.String(**described("名称", "Name"))
    level = fields.String(validate=validate.OneOf(LEVELS), **described("层级", "Level"))
    parent = fields.String(allow_none=True, **described("上级区域代码", "Code of the area around it"))


class BoundaryView(Schema):
    """An area of a map: a GeoJSON feature."""

    type = fields.String(validate=validate.Equal("Feature"))
    properties = fields.Nested(BoundaryPropertiesView)
    geometry = fields.Dict(**described("边界", "GeoJSON geometry, WGS-84"))


class BoundariesView(Schema):
    """A map's areas: a GeoJSON feature collection."""

    type = fields.String(validate=validate.Equal("FeatureCollection"))
    features = fields.List(fields.Nested(BoundaryView))


class OutlinePropertiesView(Schema):
    """What everybody may know of a community."""

    name = fields.String(**described("名称", "Name"))


class OutlineView(Schema):
    """A community of a map: a GeoJSON feature."""

    type = fields.String(validate=validate.Equal("Feature"))
    properties = fields.Nested(OutlinePropertiesView)
    geometry = fields.Dict(**described("边界", "GeoJSON geometry, WGS-84"))


class OutlinesView(Schema):
    """The communities of a map: a GeoJSON feature collection."""

    type = fields.String(validate=validate.Equal("FeatureCollection"))
    features = fields.List(fields.Nested(OutlineView))


class AreaPageView(PageView):
    """A page of areas."""

    items = fields.List(fields.Nested(AreaView))


class PlaceView(Schema):
    """Where a place lies."""

    area = fields.String(**described("最小区域代码", "Code of the smallest area that contains it"))
    chain = fields.List(
        fields.Nested(AreaView), **described("区到单元格", "From the district down to that area, each with its people")
    )


class DepartmentView(Schema):
    """A unit that can be summoned."""

    code = fields.String(**described("单位代码", "Code"))
    name = fields.String(**described("名称", "Chinese name"))
    name_en = fields.String(**described("英文名称", "English name"))
    kind = fields.String(**described("类型", "Kind"))
    area = fields.String(**described("管辖区域代码", "Code of the area it works in"))
    enforces = fields.Boolean(**described("做执法记录", "Whether its officers keep enforcement records"))
    aliases = fields.List(fields.String(), **described("别名", "Other names"))


class DepartmentPageView(PageView):
    """A page of departments."""

    items = fields.List(fields.Nested(DepartmentView))


class CategoryView(Schema):
    """A matter (事项) that can be reported."""

    code = fields.String(**described("事项代码", "Code"))
    item_class = fields.String(**described("部件或事件", "Part or event"))
    name = fields.String(**described("名称", "Chinese name"))
    name_en = fields.String(**described("英文名称", "English name"))
    kind = fields.String(**described("吹哨类别", "Kind of whistle"))
    opening_condition = fields.String(**described("立案条件", "When a case may be opened, in Chinese"))
    opening_condition_en = fields.String(**described("立案条件（英文）", "When a case may be opened"))
    closing_condition = fields.String(**described("结案条件", "When it may be closed, in Chinese"))
    closing_condition_en = fields.String(**described("结案条件（英文）", "When it may be closed"))
    community_may_lead = fields.Boolean(**described("在社区清单上", "Whether a community may lead it"))
    limit = fields.String(allow_none=True, **described("办结时限", "Limit to close, as 4h or 7d; null for the kind's"))
    first_action = fields.String(allow_none=True, **described("到场先做什么", "What must be done first, in Chinese"))
    first_action_en = fields.String(allow_none=True, **described("到场先做什么（英文）", "What must be done first"))
    first_action_limit = fields.String(allow_none=True, **described("先做的时限", "The limit for that"))


class CategoryPageView(PageView):
    """A page of categories."""

    items = fields.List(fields.Nested(CategoryView))
