"""A case as supervision knows it (案卷): one row folded from everything the other services announced about it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.supervision.domain.policies import Matter
from shared.contracts.supervision import CaseFacts
from shared.engine.work import Scope

OWNERS = ("intake", "dispatch", "closure")  # who has a say in where a case stands (decision 10)


class Standing(Struct, frozen=True):
    """Where one owner says that the case stands, and since when."""

    owner: str
    state: str
    since: datetime


class Part(Struct, frozen=True, omit_defaults=True):
    """One department's part in the case; the times are those of its last round, the counts those of all rounds.

    `part` is lead (主办) or support (协办). `limit_minutes` is the closing limit that it was summoned with,
    `round_minutes` that of this round, as dispatch counts them (a day is 1,440). `ended` says why it takes no part
    any more: rerouted, withdrawn or excused; empty while it does. `failures` counts how often it had to do it again for
    whatever reason, `unverified` how often a verification failed.
    """

    id: UUID
    department: str
    name: str
    part: str
    limit_minutes: int
    round_minutes: int
    state: str
    summoned_at: datetime
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    signed_at: datetime | None = None
    deemed: bool = False
    reported_at: datetime | None = None
    far: bool = False
    started_at: datetime | None = None
    fed_back_at: datetime | None = None
    released_at: datetime | None = None
    ended: str = ""
    feedbacks: int = 0
    failures: int = 0
    unverified: int = 0
    disputes: int = 0
    extensions: int = 0

    @property
    def live(self) -> bool:
        """Whether the department still takes part."""
        return not self.ended


class Waiting(Struct, frozen=True):
    """What waits for a ruling: a dispute, an extension or a suspension; `minutes` are those that are asked for."""

    matter: str
    assignment_id: UUID | None
    department: str
    since: datetime
    reason: str
    ordinal: int = 0
    minutes: int = 0
    review_by: datetime | None = None


class Verdict(Struct, frozen=True, omit_defaults=True):
    """What reporters who were called back said (回访结论), when, and which departments took part then.

    `resolved` is False for what had to be done again because of it, also when nobody asked for `satisfaction`.
    """

    at: datetime
    resolved: bool
    satisfaction: int | None
    departments: tuple[str, ...]


class Count(Struct, frozen=True):
    """A clock that is running, since when; or one that was stopped, when, before it was heard that it had started."""

    clock: str
    key: str
    at: datetime


class Overdue(Struct, frozen=True):
    """A clock of the case that has run out and not stopped."""

    clock_id: UUID
    clock: str
    key: str
    department: str
    due_at: datetime


class CaseFile(Struct, frozen=True):
    """Everything about one case that lists, clocks and figures need; `id` is the case's.

    `state` is what is shown, from the owner that spoke last; `facts_rank` whose word on number, kind, category and
    place counts; `ongoing`: the violation is in progress (违法行为正在发生). `escalated` is the highest level that was
    told of a breach, `orders` are those (督办) that wait for a reply,
    `supervised` whether there are any. `running` are those of its clocks of whose beginning and end different services
    tell, `stopped` those of them whose end was heard before their beginning. `verdicts` are those of all rounds,
    without what closed it as unreached. `words` are the pairs of characters by which it is found, `sought` the texts
    that they come from. `first_at` is the time of what was heard first of it and never
    changes; `entries` counts the events that were folded.
    """

    id: UUID
    number: str = ""
    channel: str = ""
    kind: str = ""
    category: str = ""
    area: str = ""
    address: str = ""
    summary: str = ""
    author: str = ""
    emergency: bool = False
    ongoing: bool = False
    state: str = "draft"
    state_since: datetime | None = None
    standings: tuple[Standing, ...] = ()
    facts_rank: int = 0
    registered_at: datetime | None = None
    submitted_at: datetime | None = None
    whistled_at: datetime | None = None
    dispatched_at: datetime | None = None
    fed_back_at: datetime | None = None
    verified_at: datetime | None = None
    closed_at: datetime | None = None
    round: int = 1
    returns: int = 0
    failures: int = 0
    attempts: int = 0
    reached: bool | None = None
    resolved: bool | None = None
    unreached: bool = False
    satisfaction: int | None = None
    verdicts: tuple[Verdict, ...] = ()
    parts: tuple[Part, ...] = ()
    departments: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    running: tuple[Count, ...] = ()
    stopped: tuple[Count, ...] = ()
    overdue: tuple[Overdue, ...] = ()
    overdue_since: datetime | None = None
    escalated: str = ""
    orders: tuple[UUID, ...] = ()
    supervised: bool = False
    words: tuple[str, ...] = ()
    sought: str = ""
    first_at: datetime | None = None
    last_at: datetime | None = None
    entries: int = 0
    version: int = 1

    @property
    def scope(self) -> Scope:
        """What the policy compares with an actor."""
        return Scope(area=self.area, author=self.author, taking_part=frozenset(self.departments))

    @property
    def matter(self) -> Matter:
        """What its limits depend on."""
        return Matter(self.kind, self.category, self.area, self.ongoing)

    @property
    def facts(self) -> CaseFacts:
        """What a notice says of it."""
        return CaseFacts(self.number, self.kind, self.category, self.area)

    def part(self, assignment_id: UUID) -> Part | None:
        """One department's part."""
        return next((one for one in self.parts if one.id == assignment_id), None)
