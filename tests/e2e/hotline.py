"""The hotline (12345) hands calls over by message: each becomes a whistle for three departments."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

import amqp

from shared.contracts import registry
from shared.contracts.hotline import CallHandedOverV1
from shared.contracts.places import Place
from shared.messaging.envelope import CONTENT_TYPE, encode
from shared.messaging.relay import PERSISTENT
from shared.messaging.topology import EXCHANGE
from shared.store.changes import Announced, Trace
from tests.e2e.whole import Whole

PLACE = Place("", 118.1026, 32.2018, "西湖春天3栋2单元")
# 邻里纠纷: 司法, 公安, 社区; not the story's departments, whose inboxes must stay readable, and no limit so short that
# a clock would speak up meanwhile.
QUARREL = "E06-09"
TYPE = "call.handed_over.v1"


def call(id: UUID, *, type: str = TYPE) -> bytes:
    """The message that hands over one call; `type` may be another than this version knows."""
    event = CallHandedOverV1(id, f"12345-{id.hex[:8]}", QUARREL, "", PLACE, "邻里为占用楼道争执，调解一次未成")
    data = registry.encode(event)
    return encode(Announced(uuid4(), type, str(id), 1, datetime.now(UTC), Trace(), data), "hotline")


def hand_over(whole: Whole, bodies: Sequence[bytes]) -> None:
    """Publish these messages, and wait until the broker has confirmed every one."""
    unconfirmed = set(range(1, len(bodies) + 1))

    def confirmed(tag: int, multiple: bool) -> None:
        unconfirmed.difference_update([one for one in unconfirmed if one <= tag] if multiple else [tag])

    with whole.wire() as wire:
        wire.channel.confirm_select()
        wire.channel.events["basic_ack"].add(confirmed)
        with wire.together():
            for body in bodies:
                message = amqp.Message(body, content_type=CONTENT_TYPE, delivery_mode=PERSISTENT)
                wire.publish(message, EXCHANGE, f"hotline.{TYPE}", mandatory=True)
        while unconfirmed:
            wire.connection.drain_events(timeout=30)


def summoned(whole: Whole, calls: Sequence[UUID]) -> int:
    """How many of these calls lie in the inboxes of exactly three departments, once in each."""
    each_once = """
        SELECT count(*) FROM (
          SELECT FROM notice.summons WHERE case_id = ANY(:calls) GROUP BY case_id
          HAVING count(*) = 3 AND count(DISTINCT department) = 3) AS summoned"""
    return whole.count(each_once, calls=list(calls))


def whistled(whole: Whole, calls: Sequence[UUID]) -> int:
    """How many of these calls intake has whistled, exactly once, with the broker's confirmation."""
    once = """
        SELECT count(*) FROM intake.stream JOIN intake.outbox USING (subject)
        WHERE subject = ANY(:subjects) AND last = 1 AND type = 'case.whistled.v1'
          AND position NOT IN (SELECT position FROM intake.unsent)"""
    return whole.count(once, subjects=[str(one) for one in calls])
