"""What notice keeps for a time only: the notices of old, and how they were sent. A department's summonses stay."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import Connection, func

from services.notice.domain.rules import RULES
from services.notice.store.tables import delivery, notification
from shared.store.removal import remove

KEPT = timedelta(days=RULES.keep_days)


def remove_deliveries(connection: Connection, /, *, limit: int) -> int:
    """Those of old notices that are not on their way any more."""
    old = sa.and_(delivery.c.since < func.now() - KEPT, delivery.c.next_at.is_(None))
    return remove(connection, delivery.c.id, old, limit)


def remove_notifications(connection: Connection, /, *, limit: int) -> int:
    """Those that came long ago, read or not, with nothing on its way."""
    sent = sa.exists().where(delivery.c.notification_id == notification.c.id)
    return remove(connection, notification.c.id, sa.and_(notification.c.delivered_at < func.now() - KEPT, ~sent), limit)
