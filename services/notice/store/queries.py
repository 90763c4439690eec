"""What notice answers: each department its own inbox."""

from typing import Any

from sqlalchemy import Connection, select

from services.notice.domain.summons import Summons
from services.notice.domain.transitions import State
from services.notice.store.tables import summons
from shared.access.actor import Actor
from shared.access.filters import visible
from shared.store.pages import page
from shared.store.reads import aggregate


def list_summons(
    connection: Connection, actor: Actor, limit: int, after: str, state: str | None = None
) -> dict[str, Any]:
    """A page of the department's summonses: the unread first, of each the newest first."""
    rows = select(summons).where(visible("notice.list_summons", actor, department=summons.c.department))
    if state:
        rows = rows.where(summons.c.state == state)
    order = (summons.c.state == State.UNREAD, summons.c.delivered_at, summons.c.id)
    found = page(connection, rows, order, limit, after)
    return {**found, "items": [aggregate(row, Summons) for row in found["items"]]}
