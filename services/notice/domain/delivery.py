"""A notice on its way by one of its person's channels (投递): tried until it is taken, or for a day."""

from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from msgspec import Struct

from services.notice.domain.addresses import destination
from services.notice.domain.notification import Notification
from services.notice.domain.preference import Channel, Kind
from services.notice.domain.rules import RULES
from shared.engine.work import changed, derived


class State(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"  # 待投递
    DELIVERED = "delivered"  # 已投递
    GIVEN_UP = "given_up"  # 已放弃


class Attempt(Struct, frozen=True):
    """One try: when it ended, whether the channel took it, and what it said."""

    at: datetime
    ok: bool
    said: str


class Delivery(Struct, frozen=True):
    """One notification by one channel, named as its person named it; its row is its timer.

    It holds no address: that is looked up when it is sent. `destination` tells which deliveries share a receiver that
    may be dead or slow. The id goes with the message, so that a receiver knows what comes twice.
    """

    id: UUID
    notification_id: UUID
    person: str
    channel: str
    kind: Kind
    destination: str
    state: State
    since: datetime
    next_at: datetime | None
    claimed_until: datetime | None = None
    attempts: tuple[Attempt, ...] = ()
    version: int = 1

    @classmethod
    def of(cls, notification: Notification, channel: Channel, now: datetime) -> Self:
        """To be sent at once."""
        return cls(
            id=derived(notification.id, channel.name),
            notification_id=notification.id,
            person=notification.person,
            channel=channel.name,
            kind=channel.kind,
            destination=destination(channel.kind, channel.address),
            state=State.WAITING,
            since=now,
            next_at=now,
        )

    def attempted(self, ok: bool, said: str, now: datetime, *, for_good: bool = False) -> Self:
        """After one more try; a failure `for_good` is the last."""
        attempts = (*self.attempts, Attempt(now, ok, said))
        next_at = None if ok or for_good else RULES.next_attempt(self.since, len(attempts), now)
        state = State.DELIVERED if ok else State.WAITING if next_at else State.GIVEN_UP
        return changed(self, state=state, attempts=attempts, next_at=next_at, claimed_until=None)
