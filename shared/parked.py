"""What administrators do over HTTP about messages that could not take effect: the same routes of every subscriber.

What they do is what `whistle parked` does, by the same functions (`shared/messaging/parking.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy.exc import DBAPIError

from shared.errors import Conflict, NotFound, Unavailable
from shared.messaging import parking
from shared.messaging.declare import Mismatch
from shared.messaging.parking import NotParked, OutOfTurn, Parked, Post
from shared.messaging.wire import LOST
from shared.runtime import log
from shared.service import Room
from shared.web.endpoint import query
from shared.web.request import Request
from shared.web.schemas import PageQuery, PageView, Strict, described

MESSAGE = "/parked/<uuid:message_id>"
STATES = validate.OneOf(["parked", "waiting"])


class ParkedQuery(PageQuery):
    """Which messages."""

    state = fields.String(load_default="", validate=STATES, **described("状态", "State"))


class ReplayBody(Strict):
    """How a message is given once more."""

    without_predecessors = fields.Boolean(
        load_default=False,
        **described("不再等待从未到达的前序消息", "Do not wait for earlier messages that never came"),
    )


class ParkedView(Schema):
    """A message that could not take effect."""

    id = fields.UUID(**described("消息编号", "Message"))
    state = fields.String(validate=STATES, **described("状态", "State"))
    queue = fields.String(**described("队列", "The queue it came by"))
    publisher = fields.String(**described("发布服务", "Which service announced it; empty if it cannot be read"))
    subject = fields.String(**described("主题", "What it is about, such as a case; empty if it cannot be read"))
    sequence = fields.Integer(allow_none=True, **described("序号", "Number in its stream; null if it cannot be read"))
    reason = fields.String(**described("原因", "Why it had no effect"))
    since = fields.AwareDateTime(**described("搁置时间", "Since when it lies there"))


class ParkedMessageView(ParkedView):
    """A message that could not take effect, with what it says."""

    detail = fields.String(**described("详情", "Traceback or more about the reason"))
    body = fields.String(
        attribute="text", **described("内容", "What it says: JSON, or else its bytes as Python has them")
    )


class ParkedPageView(PageView):
    """A page of messages that could not take effect."""

    items = fields.List(fields.Nested(ParkedView))


class ParkedRoutes:
    """To be inherited by a service that follows others."""

    room: Room

    @query("GET", "/parked", query=ParkedQuery, answer=ParkedPageView, operation="parking.list_parked")
    def list_parked(self, request: Request) -> dict[str, Any]:
        """List messages that could not take effect here, the oldest first 搁置的消息"""
        with self.room.read() as connection:
            return parking.page_parked(connection, self.room.wiring.plumbing, **request.query)

    @query("GET", MESSAGE, answer=ParkedMessageView, operation="parking.show_parked")
    def show_parked(self, request: Request) -> Parked:
        """Show such a message with its reason and what it says 查看搁置的消息"""
        with self._settling(), self.room.read() as connection:
            return parking.show(connection, self.room.wiring.plumbing, request.path["message_id"])

    @query("POST", f"{MESSAGE}/replay", body=ReplayBody, answer=ParkedView, operation="parking.replay_parked")
    def replay_parked(self, request: Request) -> Parked:
        """Give such a message to the service once more, unchanged 重放

        After its cause is mended; if it fails again, it is parked again.
        """
        tables, id = self.room.wiring.plumbing, request.path["message_id"]
        with self._settling(), Post(self.room.settings.amqp_url) as post:
            message = parking.replay(self.room.database.reads, tables, post.put, id, **request.body)
        _note("parked message replayed", message, request)
        return message

    @query("POST", f"{MESSAGE}/discard", answer=ParkedView, operation="parking.discard_parked")
    def discard_parked(self, request: Request) -> Parked:
        """Give such a message up for good; its stream goes on without it 丢弃"""
        tables, id = self.room.wiring.plumbing, request.path["message_id"]
        with self._settling(), Post(self.room.settings.amqp_url) as post:
            message = parking.discard(self.room.database.reads, tables, post.put, id)
        _note("parked message discarded", message, request)
        return message

    @contextmanager
    def _settling(self) -> Iterator[None]:
        """What goes wrong, as the caller is told of it."""
        try:
            yield
        except NotParked:
            raise NotFound(kind="parked-message") from None
        except OutOfTurn as error:
            raise Conflict("out-of-turn", first=error.first) from None
        except (Mismatch, DBAPIError, *LOST) as error:
            raise Unavailable() from error


def _note(happened: str, message: Parked, request: Request) -> None:
    facts = {"message": str(message.id), "subject": message.subject, "sequence": message.sequence}
    log.get().warning(happened, by=request.actor.id, reason=message.reason, **facts)
