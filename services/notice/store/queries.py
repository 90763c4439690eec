"""What notice answers: each department its own inbox, each person their own notices; and what is to be sent."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, literal, select

from services.notice.domain.delivery import Delivery
from services.notice.domain.notification import Notification
from services.notice.domain.preference import Kind, Preference
from services.notice.domain.summons import Summons
from services.notice.domain.transitions import State
from services.notice.store.tables import delivery, notification, preference, summons
from shared.access.actor import Actor
from shared.access.filters import visible
from shared.store.pages import page
from shared.store.reads import aggregate


def list_summons(
    connection: Connection, actor: Actor, limit: int, after: str, state: str | None = None
) -> dict[str, Any]:
    """A page of the department's summonses: the unread first, of each the newest first."""
    unread = summons.c.state == State.UNREAD
    rows = select(summons).where(visible("notice.list_summons", actor, department=summons.c.department))
    if state:
        rows = rows.where(summons.c.state == state, _only(unread, read=state != State.UNREAD))
    found = page(connection, rows, (unread, summons.c.delivered_at, summons.c.id), limit, after)
    return {**found, "items": [aggregate(row, Summons) for row in found["items"]]}


def list_notifications(
    connection: Connection, actor: Actor, limit: int, after: str, read: bool | None = None
) -> dict[str, Any]:
    """A page of the person's notifications with their deliveries: the unread first, of each the newest first."""
    unread = notification.c.read_at.is_(None)
    rows = select(notification).where(visible("notice.list_notifications", actor, author=notification.c.person))
    if read is not None:
        rows = rows.where(_only(unread, read=read))
    found = page(connection, rows, (unread, notification.c.delivered_at, notification.c.id), limit, after)
    sent = _deliveries(connection, [row["id"] for row in found["items"]])
    return {**found, "items": [{**row, "deliveries": sent[row["id"]]} for row in found["items"]]}


def show_preferences(connection: Connection, actor: Actor) -> Preference:
    """What the person chose; nobody's choice yet is the in-app list alone."""
    rows = select(preference).where(visible("notice.show_preferences", actor, author=preference.c.id))
    found = connection.execute(rows).mappings().one_or_none()
    return aggregate(found, Preference) if found else Preference(actor.id)


def to_send(connection: Connection, delivery_id: UUID) -> tuple[Notification, Preference]:
    """What a delivery brings, and where to by what its person has chosen by now."""
    rows = select(delivery.c.notification_id, delivery.c.person).where(delivery.c.id == delivery_id)
    notification_id, person = connection.execute(rows).one()
    told = connection.execute(select(notification).where(notification.c.id == notification_id)).mappings().one()
    choice = connection.execute(select(preference).where(preference.c.id == person)).mappings().one_or_none()
    return aggregate(told, Notification), aggregate(choice, Preference) if choice else Preference(person)


def count_waiting(connection: Connection) -> Mapping[str, int]:
    """How many deliveries wait, by kind of channel; 0 for a kind without any."""
    kind, waits = delivery.c.kind, delivery.c.next_at.is_not(None)
    found = connection.execute(select(kind, func.count().label("number")).where(waits).group_by(kind))
    return {str(kind): 0 for kind in Kind} | {row.kind: row.number for row in found}


def _only(unread: ColumnElement[bool], *, read: bool) -> ColumnElement[bool]:
    """Those that are read, or those that are not."""
    # PostgreSQL finds in an index by what is compared, not by what is true or null.
    return unread < literal(value=True) if read else unread >= literal(value=True)


def _deliveries(connection: Connection, notifications: Sequence[UUID]) -> Mapping[UUID, list[Delivery]]:
    found: defaultdict[UUID, list[Delivery]] = defaultdict(list)
    rows = select(delivery).where(delivery.c.notification_id.in_(notifications)).order_by(delivery.c.channel)
    for row in connection.execute(rows).mappings() if notifications else ():
        found[row["notification_id"]].append(aggregate(row, Delivery))
    return found
