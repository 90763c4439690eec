"""A case (案件) as intake decides about it: from what somebody reported to a whistle, or to another end."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

from services.intake.domain.town import Matter
from services.intake.domain.transitions import Action, State, next_state
from shared.contracts.places import Place
from shared.engine.work import Scope, changed
from shared.errors import Conflict


class Channel(StrEnum):
    """How a case came."""

    WALK_IN = "walk_in"  # 来访
    PHONE = "phone"  # 来电
    PATROL = "patrol"  # 巡查
    ONLINE = "online"  # 居民网上自报
    DEPARTMENT = "department"  # 部门上报
    HOTLINE = "hotline"  # 12345 热线转办


class Statutory(StrEnum):
    """The channels that the law keeps for some matters (法定途径)."""

    LITIGATION = "litigation"  # 诉讼
    RECONSIDERATION = "reconsideration"  # 行政复议
    PETITION = "petition"  # 信访
    POLICE = "110"
    FIRE = "119"
    AMBULANCE = "120"
    TRAFFIC = "122"


class Ruling(StrEnum):
    """What a reviewer made of a request for a whistle."""

    BLOWN = "blown"  # 吹哨
    RETURNED = "returned"  # 退回补正
    REFUSED = "refused"  # 不予吹哨
    REDIRECTED = "redirected"  # 转法定途径
    UPHELD = "upheld"  # 应急属实
    NOT_UPHELD = "not_upheld"  # 应急不属实


class Attachment(Struct, frozen=True):
    """A photo, clip or document that was uploaded before: `sha256` in hex, `size` in bytes."""

    sha256: str
    size: int
    content_type: str


class Submission(Struct, frozen=True):
    """Who asked for the whistle (提请), and when."""

    by: str
    at: datetime


class Review(Struct, frozen=True):
    """The last review (审核); `channel` where it points to a statutory one."""

    ruling: Ruling
    by: str
    at: datetime
    reason: str = ""
    channel: Statutory | None = None


class Solution(Struct, frozen=True):
    """What the community itself did (社区自办)."""

    measures: str
    by: str
    at: datetime


class Withdrawal(Struct, frozen=True):
    """Why, by whom and when a case was merged into another or voided, or is to be."""

    request_id: UUID
    reason: str
    by: str
    at: datetime


class Facts(Struct, frozen=True):
    """What the community can say about a case and correct until it is whistled, without the complainant."""

    matter: Matter
    place: Place
    home: bool
    ongoing: bool
    summary: str
    tried: str
    attachments: tuple[Attachment, ...]


class Case(Struct, frozen=True):
    """One case. `home`: the place is the complainant's home; `into`: the case that it was, or will be, merged into;
    `reference`: the number under which a hotline knows it; `ongoing`: the violation is in progress (违法行为正在发生).

    Personal data lies in its `Complaint`; only address and point can tell something, so that others get `public_place`.
    """

    id: UUID
    number: str
    state: State
    channel: Channel
    category: str
    kind: str
    area: str
    longitude: float | None
    latitude: float | None
    address: str
    home: bool
    summary: str
    tried: str
    attachments: tuple[Attachment, ...]
    author: str
    tracking_digest: str
    registered_at: datetime
    submission: Submission | None = None
    review: Review | None = None
    emergency: bool = False
    whistled_at: datetime | None = None
    solution: Solution | None = None
    withdrawal: Withdrawal | None = None
    into: UUID | None = None
    reference: str = ""
    ongoing: bool = False
    version: int = 1

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(self.area, self.longitude, self.latitude, self.address)

    @property
    def public_place(self) -> Place:
        """Where it is, as far as others than the community's intake may know: of a home only the area."""
        return Place(self.area) if self.home else self.place

    @property
    def scope(self) -> Scope:
        """What the policy asks about it."""
        return Scope(area=self.area, author=self.asked_by)

    @property
    def asked_by(self) -> str:
        """Who asked for the whistle; before that, who registered it."""
        return self.submission.by if self.submission else self.author

    @property
    def authors(self) -> tuple[str, ...]:
        """Everybody who may not review it."""
        return (self.author, self.asked_by)

    @property
    def photos(self) -> tuple[str, ...]:
        """The digests of the photos."""
        return tuple(one.sha256 for one in self.attachments if one.content_type.startswith("image/"))

    def complete(self, facts: Facts) -> "Case":
        """With other facts (补正)."""
        return changed(self, state=next_state(self.state, Action.COMPLETE), **columns_of(facts))

    def solve(self, solution: Solution) -> "Case":
        """Solved by the community itself (小事不出社区)."""
        return changed(self, state=next_state(self.state, Action.SOLVE), solution=solution)

    def submit(self, matter: Matter, submission: Submission) -> "Case":
        """Submitted for review; of an emergency kind whistled at once (应急先吹). `Conflict` names what is missing."""
        action = Action.BLOW_AT_ONCE if matter.emergency else Action.SUBMIT
        state = next_state(self.state, action)
        if missing := dict(self._missing(matter)):
            raise Conflict("incomplete-case", fields=missing)
        whistled_at = submission.at if matter.emergency else None
        return changed(
            self, state=state, submission=submission, review=None, emergency=matter.emergency, whistled_at=whistled_at
        )

    def give_back(self, review: Review) -> "Case":
        """Returned to be completed (退回补正)."""
        return changed(self, state=next_state(self.state, Action.RETURN), review=review)

    def refuse(self, review: Review) -> "Case":
        """No whistle for it (不予吹哨)."""
        return changed(self, state=next_state(self.state, Action.REFUSE), review=review)

    def redirect(self, review: Review) -> "Case":
        """Pointed to the statutory channel (转法定途径)."""
        return changed(self, state=next_state(self.state, Action.REDIRECT), review=review)

    def blow(self, review: Review) -> "Case":
        """Whistled (吹哨)."""
        return changed(self, state=next_state(self.state, Action.BLOW), review=review, whistled_at=review.at)

    def confirm(self, review: Review) -> "Case":
        """Reviewed after it was whistled as an emergency (应急补审); once."""
        state = next_state(self.state, Action.CONFIRM)
        if not self.emergency:
            raise Conflict("no-emergency")
        if self.review is not None:
            raise Conflict("already-reviewed")
        return changed(self, state=state, review=review)

    def reopen(self) -> "Case":
        """Back to the community, because the reporter says that it is not solved (未解决)."""
        return changed(self, state=next_state(self.state, Action.REOPEN))

    def withdraw(self, withdrawal: Withdrawal, into: UUID | None) -> "Case":
        """Merged or voided; withdrawing where others have it already and must agree first."""
        action = Action.VOID if into is None else Action.MERGE
        return changed(self, state=next_state(self.state, action), withdrawal=withdrawal, into=into)

    def settle(self) -> "Case":
        """Merged or void at last: whoever owned it gave it up."""
        action = Action.SETTLE_AS_VOID if self.into is None else Action.SETTLE_AS_MERGED
        return changed(self, state=next_state(self.state, action))

    def keep(self) -> "Case":
        """As before the withdrawal: whoever owns it refused to give it up."""
        action = Action.KEEP_WHISTLED if self.whistled_at else Action.KEEP_SELF_HANDLED
        return changed(self, state=next_state(self.state, action), withdrawal=None, into=None)

    def _missing(self, matter: Matter) -> Iterable[tuple[str, list[str]]]:
        if matter.photo_required and not self.photos:
            yield "attachments", ["At least one photo is needed."]
        if not matter.emergency and not self.tried:
            yield "tried", ["What the community itself has tried is missing."]


def columns_of(facts: Facts) -> dict[str, Any]:
    """The facts as a case's fields."""
    return {
        "category": facts.matter.category,
        "kind": facts.matter.kind,
        "area": facts.place.area,
        "longitude": facts.place.longitude,
        "latitude": facts.place.latitude,
        "address": facts.place.address,
        "home": facts.home,
        "ongoing": facts.ongoing,
        "summary": facts.summary,
        "tried": facts.tried,
        "attachments": facts.attachments,
    }
