"""What the directory consists of. It follows nobody."""

from services.directory import commands
from services.directory.store import tables
from shared.service import Wiring

WIRING = Wiring(
    name="directory",
    metadata=tables.metadata,
    plumbing=tables.plumbing,
    aggregates=tables.AGGREGATES,
    commands=commands,
)
