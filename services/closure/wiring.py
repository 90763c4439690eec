"""What closure consists of."""

from services.closure import commands
from services.closure.store import queries, tables
from shared.service import Wiring

WIRING = Wiring(
    name="closure",
    metadata=tables.metadata,
    plumbing=tables.plumbing,
    aggregates=tables.AGGREGATES,
    commands=commands,
    references=("areas", "categories"),
    named_files=queries.named_files,
)
