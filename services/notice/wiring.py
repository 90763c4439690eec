"""What notice consists of."""

from collections.abc import Mapping

from services.notice import commands
from services.notice.channels.sender import Sender
from services.notice.domain.town import SNAPSHOTS
from services.notice.store import removal, tables
from shared.service import Loop, Room, Wiring


def loops(room: Room) -> Mapping[str, Loop]:
    """What notice does by itself: it sends what waits for its channel."""
    return {"sender": Sender(room.database, room.gatherer.submit_all, room.settings)}


WIRING = Wiring(
    name="notice",
    metadata=tables.metadata,
    plumbing=tables.plumbing,
    aggregates=tables.AGGREGATES,
    commands=commands,
    references=SNAPSHOTS,
    loops=loops,
    removals=(removal.remove_deliveries, removal.remove_notifications),
)
