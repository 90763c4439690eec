"""The columns of every file: one schema each, which turns a row into its dataclass."""

from typing import Any, ClassVar

from marshmallow import Schema, fields, post_load, validate

from services.directory.domain import calendar
from services.directory.town import cells, model
from services.directory.town.cells import Boundary, Count, Day, Flag, Number, PerCents, Periods, Text, Texts, Words
from shared.access.actor import Role

ROLES = tuple(role.value for role in Role if role not in (Role.RESIDENT, Role.SYSTEM))
NO_ROW = {"unknown": "unknown-column", "type": "not-a-mapping"}


class RowSchema(Schema):
    """A row of `file`; no two rows share `key`, whose first column is what other files refer to.

    `may_be_empty` when a town can do without any.
    """

    file: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    record: ClassVar[type[Any]]
    may_be_empty: ClassVar[bool] = False

    error_messages = NO_ROW

    @property
    def columns(self) -> list[str]:
        """The names in the file's header."""
        return [field.data_key or name for name, field in self.fields.items()]

    @post_load
    def to_record(self, data: dict[str, Any], **_: Any) -> Any:
        return self.record(**data)


class AreaSchema(RowSchema):
    file, key, record = "areas.geojson", ("code",), model.Area

    code = Text(required=True, validate=cells.CODE)
    name = Text(required=True)
    level = Text(required=True, validate=validate.OneOf(model.LEVELS, error="not-a-level"))
    boundary = Boundary(required=True)
    addresses = Texts()
    households = Count()


class DepartmentSchema(RowSchema):
    file, key, record = "departments.csv", ("code",), model.Department

    code = Text(required=True, validate=cells.CODE)
    name = Text(required=True)
    name_en = Text(required=True)
    aliases = Words()
    kind = Text(required=True, validate=validate.OneOf(model.DEPARTMENT_KINDS, error="not-a-department-kind"))
    area = Text(required=True)
    enforces = Flag(required=True)


class CategorySchema(RowSchema):
    file, key, record = "categories.csv", ("code",), model.Category

    code = Text(required=True, validate=cells.CODE)
    item_class = Text(required=True, validate=validate.OneOf(model.ITEM_CLASSES, error="not-an-item-class"))
    name = Text(required=True)
    name_en = Text(required=True)
    kind = Text(required=True)
    limit = Text(validate=cells.LIMIT)
    first_action = Text()
    first_action_en = Text()
    first_action_limit = Text(validate=cells.LIMIT)
    opening_condition = Text(required=True)
    opening_condition_en = Text(required=True)
    closing_condition = Text(required=True)
    closing_condition_en = Text(required=True)
    community_may_lead = Flag(required=True)


class ResponsibilitySchema(RowSchema):
    file, key, record = "responsibility.csv", ("category", "area"), model.Responsibility

    category = Text(required=True)
    area = Text(required=True)
    lead = Text(required=True, validate=validate.ContainsNoneOf(" ", error="several-leads"))
    supports = Words()


class StepLimitsSchema(RowSchema):
    record = model.StepLimits

    review = Text(required=True, validate=cells.LIMIT)
    dispatch = Text(required=True, validate=cells.LIMIT)
    sign = Text(required=True, validate=cells.LIMIT)
    report_in = Text(required=True, validate=cells.LIMIT)
    first_feedback = Text(required=True, validate=cells.LIMIT)
    close = Text(required=True, validate=cells.LIMIT)
    verify = Text(required=True, validate=cells.LIMIT)
    call_back = Text(required=True, validate=cells.LIMIT)
    dispute = Text(required=True, validate=cells.LIMIT)
    extension = Text(required=True, validate=cells.LIMIT)


class LadderSchema(RowSchema):
    record = model.Ladder

    department_head = Text(required=True, validate=cells.LATER)
    street = Text(required=True, validate=cells.LATER)
    district = Text(required=True, validate=cells.LATER)


class InProgressSchema(RowSchema):
    record = model.InProgress

    report_in = Text(required=True, validate=cells.LIMIT)
    calendar = Text(required=True, validate=validate.OneOf(model.CALENDARS, error="not-a-calendar"))


class KindSchema(RowSchema):
    file, key, record = "kinds.yaml", ("code",), model.Kind

    code = Text(required=True, validate=validate.Regexp(r"[a-z_]+\Z", error="not-a-code"))
    name = Text(required=True)
    name_en = Text(required=True)
    calendar = Text(required=True, validate=validate.OneOf(model.CALENDARS, error="not-a-calendar"))
    emergency = Flag(required=True)
    photo_required = Flag(required=True)
    limits = fields.Nested(StepLimitsSchema, required=True, error_messages=cells.MISSING)
    warn = PerCents(required=True)
    ladder = fields.Nested(LadderSchema, required=True, error_messages=cells.MISSING)
    in_progress = fields.Nested(InProgressSchema)


class PersonSchema(RowSchema):
    file, key, record = "people.csv", ("id",), model.Person

    id = Text(required=True, validate=cells.CODE)
    name = Text(required=True)
    roles = Words(required=True, validate=validate.ContainsOnly(ROLES, error="not-a-role"))
    department = Text()
    area = Text()
    certificate = Text()
    phone = Text(required=True, validate=cells.PHONE)
    password = Text(required=True, validate=cells.PASSWORD)


class ResponsibleSchema(RowSchema):
    file, key, record = "responsible.csv", ("area", "person", "name"), model.Responsible

    area = Text(required=True)
    person = Text()
    name = Text()
    title = Text(required=True)


class DayRangeSchema(RowSchema):
    file, key, record = "calendar.csv", ("year", "from", "to"), calendar.DayRange

    year = Number(2000, 2999, required=True)
    first = Day(required=True, data_key="from")
    last = Day(required=True, data_key="to")
    day = Text(required=True, validate=validate.OneOf(calendar.DAYS, error="not-a-day"))
    name = Text(required=True)


class HoursSchema(RowSchema):
    file, key, record = "hours.csv", ("unit",), model.UnitHours

    unit = Text(required=True)
    periods = Periods(required=True, data_key="hours")


class PolicySchema(RowSchema):
    file, key, record = "policies.csv", ("kind", "category", "area", "clock", "valid_from"), model.Policy
    may_be_empty = True

    kind = Text(required=True)
    category = Text()
    area = Text()
    clock = Text(required=True, validate=validate.OneOf(model.CLOCKS, error="not-a-clock"))
    limit = Text(required=True, validate=cells.POLICY_LIMIT)
    calendar = Text(validate=validate.OneOf(model.CALENDARS, error="not-a-calendar"))
    valid_from = Day(required=True)
    valid_to = Day()


class WeightSchema(RowSchema):
    file, key, record = "weights.csv", ("table", "measure"), model.Weight

    table = Text(required=True, validate=validate.OneOf([*model.MEASURES], error="not-a-ranking"))
    measure = Text(required=True)
    weight = Number(0, 100, required=True)
