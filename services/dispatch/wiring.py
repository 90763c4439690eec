"""What dispatch consists of."""

from services.dispatch import commands
from services.dispatch.domain.town import SNAPSHOTS
from services.dispatch.store import queries, tables
from shared.service import Wiring

WIRING = Wiring(
    name="dispatch",
    metadata=tables.metadata,
    plumbing=tables.plumbing,
    aggregates=tables.AGGREGATES,
    commands=commands,
    references=SNAPSHOTS,
    unconfirmed=queries.unconfirmed,
)
