"""What notice consists of."""

from services.notice import commands
from services.notice.store import tables
from shared.service import Wiring

WIRING = Wiring(
    name="notice",
    metadata=tables.metadata,
    plumbing=tables.plumbing,
    aggregates=tables.AGGREGATES,
    commands=commands,
)
