"""Open a notification (阅读): the first reading is noted."""

from uuid import UUID

from msgspec import Struct

from services.notice.domain.notification import Notification
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, one


class ReadNotification(Struct, frozen=True):
    """Its person opens it."""

    notification_id: UUID
    actor: Actor


def needs(command: ReadNotification) -> Needs:
    """The notification alone."""
    yield one(Notification, command.notification_id)


def decide(command: ReadNotification, loaded: Loaded, context: Context) -> Outcome:
    """Read; a later reading changes nothing."""
    notification = loaded.one(Notification, command.notification_id)
    context.allow(command, notification.scope)
    read = notification.read(context.now)
    return Outcome(changed=() if read is notification else (read,), result=read)
