"""What the directory (名录) announces: the reference data that others keep as local snapshots."""

from dataclasses import dataclass
from typing import Any

from shared.contracts.registry import event


@event("reference.published.v1")
@dataclass(frozen=True, slots=True)
class ReferencePublishedV1:
    """A whole set of reference data, newest version: areas, departments, categories, kinds, responsibility, officers,
    staff, calendar, hours, policies or weights.

    `content` is a list of rows as `tools/town` writes them. Its subject is `reference:<name>`.
    """

    name: str
    version: int
    content: list[dict[str, Any]]
