"""The columns of every file: one schema each, which turns a row into its dataclass."""

from typing import Any, ClassVar

from marshmallow import Schema, fields, post_load, validate

from shared.access.actor import Role
from tools.town import cells, model
from tools.town.cells import Boundary, Count, Flag, Text, Texts, Words

ROLES = tuple(role.value for role in Role if role not in (Role.RESIDENT, Role.SYSTEM))
NO_ROW = {"unknown": "unknown-column", "type": "not-a-mapping"}


class RowSchema(Schema):
    """A row of `file`; no two rows share `key`, whose first column is what other files refer to."""

    file: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    record: ClassVar[type[Any]]

    error_messages = NO_ROW

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
