"""What a town consists of: one frozen dataclass for each kind of row, its fields named as the columns."""

from dataclasses import dataclass
from datetime import date

from shapely import MultiPolygon, Polygon

from services.directory.domain.calendar import DayRange

LEVELS = ("district", "street", "community", "grid", "cell")  # 区, 街道, 社区, 网格, 楼栋单元格
DEPARTMENT_KINDS = ("government", "enterprise", "property", "street", "community")
ITEM_CLASSES = ("part", "event")  # 部件, 事件 (GB/T 30428)
CALENDARS = ("W", "N")  # working time 工作时间, round the clock 全天候
LADDER = ("department_head", "street", "district")  # whom an overdue clock is told to, one after the other
CLOCKS = (  # what a policy may limit: the steps, then those of the ladder
    "review",
    "dispatch",
    "sign",
    "report_in",
    "first_action",
    "first_feedback",
    "close",
    "verify",
    "call_back",
    "dispute",
    "extension",
    "refusal",
    "archive",
    *LADDER,
)
MEASURES = {  # what departments and communities are ranked by
    "departments": ("sign_in_time", "report_in_on_time", "close_in_time", "rework", "satisfaction"),
    "communities": ("resolved", "satisfaction", "returned", "dispatched_right"),
}
EVERYBODY = "*"  # the unit of hours.csv that stands for whoever has no hours of their own


@dataclass(frozen=True, slots=True)
class Area:
    """A node of the tree 区–街道–社区–网格–楼栋单元格; its dotted `code` begins with its parent's. WGS-84 degrees."""

    code: str
    name: str
    level: str
    boundary: Polygon | MultiPolygon
    addresses: tuple[str, ...] = ()
    households: int | None = None

    @property
    def parent(self) -> str | None:
        """The code of the area around it; none for a district."""
        return parent_of(self.code)


@dataclass(frozen=True, slots=True)
class Department:
    """A unit that can be summoned; `enforces` when its officers open enforcement records and so need certificates."""

    code: str
    name: str
    name_en: str
    kind: str
    area: str
    enforces: bool
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """A matter (事项) with its conditions and limits (`4h`, `7d`); a limit left empty is the kind's own.

    `community_may_lead` when it is on the community's list (接诉即办条例 17).
    """

    code: str
    item_class: str
    name: str
    name_en: str
    kind: str
    opening_condition: str
    opening_condition_en: str
    closing_condition: str
    closing_condition_en: str
    community_may_lead: bool
    limit: str | None = None
    first_action: str | None = None
    first_action_en: str | None = None
    first_action_limit: str | None = None


@dataclass(frozen=True, slots=True)
class Responsibility:
    """A row of the responsibility table (权责清单); of the rows whose area contains a case, the closest counts."""

    category: str
    area: str
    lead: str
    supports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepLimits:
    """How long each step of a whistle may take, from review (审核) to call-back (回访), and a ruling (裁定)."""

    review: str
    dispatch: str
    sign: str
    report_in: str
    first_feedback: str
    close: str
    verify: str
    call_back: str
    dispute: str
    extension: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """How long after its due time an overdue clock is told to the department's head, the street, the district."""

    department_head: str
    street: str
    district: str


@dataclass(frozen=True, slots=True)
class InProgress:
    """The limit to report in, and its calendar, while a violation is in progress."""

    report_in: str
    calendar: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of whistle (吹哨类别); an `emergency` blows first and is reviewed within `limits.review` afterwards.

    `warn` names the per cents of a limit at which it is warned.
    """

    code: str
    name: str
    name_en: str
    calendar: str
    emergency: bool
    photo_required: bool
    limits: StepLimits
    warn: tuple[int, ...]
    ladder: Ladder
    in_progress: InProgress | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; `id` is the login, `password` the initial one, in clear until it is loaded."""

    id: str
    name: str
    roles: tuple[str, ...]
    phone: str
    password: str
    department: str | None = None
    area: str | None = None
    certificate: str | None = None


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who answers for an area: somebody with an account (`person`) or a plain `name`."""

    area: str
    title: str
    person: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class UnitHours:
    """A department's hours on a working day, or everybody else's."""

    unit: str
    periods: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Another limit for a kind's clock, from `valid_from` to `valid_to`, both included.

    `category` and `area` narrow it down; `calendar` is the kind's unless another is named. The limits of the ladder's
    steps count from the due time.
    """

    kind: str
    clock: str
    limit: str
    valid_from: date
    category: str | None = None
    area: str | None = None
    calendar: str | None = None
    valid_to: date | None = None

    def overlaps(self, other: "Policy") -> bool:
        """Whether both are valid on some day."""
        return self.valid_from <= (other.valid_to or date.max) and other.valid_from <= (self.valid_to or date.max)


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a measure counts in the ranking of departments or communities, in per cent."""

    table: str
    measure: str
    weight: int


@dataclass(frozen=True, slots=True)
class Town:
    """A whole town that passed every check."""

    areas: tuple[Area, ...]
    departments: tuple[Department, ...]
    categories: tuple[Category, ...]
    kinds: tuple[Kind, ...]
    responsibility: tuple[Responsibility, ...]
    people: tuple[Person, ...]
    responsible: tuple[Responsible, ...]
    calendar: tuple[DayRange, ...]
    hours: tuple[UnitHours, ...]
    policies: tuple[Policy, ...]
    weights: tuple[Weight, ...]


def parent_of(code: str) -> str | None:
    """The code of the area around an area, by its dotted code."""
    return code.rpartition(".")[0] or None
