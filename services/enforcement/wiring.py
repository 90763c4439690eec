"""What enforcement consists of."""

from services.enforcement import commands
from services.enforcement.store import queries, tables
from shared.service import Wiring

WIRING = Wiring(
    name="enforcement",
    metadata=tables.metadata,
    plumbing=tables.plumbing,
    aggregates=tables.AGGREGATES,
    commands=commands,
    references=("officers", "departments"),
    named_files=queries.named_files,
    linger=0.2,  # nobody waits for what it hears
)
