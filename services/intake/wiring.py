"""What intake consists of."""

from services.intake import commands
from services.intake.domain.town import SNAPSHOTS
from services.intake.store import queries, tables
from shared.service import Wiring

WIRING = Wiring(
    name="intake",
    metadata=tables.metadata,
    plumbing=tables.plumbing,
    aggregates=tables.AGGREGATES,
    commands=commands,
    references=SNAPSHOTS,
    unconfirmed=queries.unconfirmed,
    named_files=queries.named_files,
)
