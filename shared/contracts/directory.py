"""What the directory (名录) announces: the reference data that others keep as local snapshots."""

from typing import Any

from msgspec import Struct

from shared.contracts.registry import event


@event("reference.published.v1")
class ReferencePublishedV1(Struct, frozen=True):
    """A whole set of reference data, newest version: areas, departments, categories, kinds, responsibility, officers,
    staff, calendar, hours, policies or weights.

    `content` is a list of rows as `services/directory/town` writes them. Its subject is `reference:<name>`.
    """

    name: str
    version: int
    content: list[dict[str, Any]]
