"""What a command needs to be loaded."""

from typing import Any, NamedTuple


class Need(NamedTuple):
    """Load every aggregate of `kind` whose `field` has this `value`, and lock it.

    With `through`, `value` is the id of an aggregate of that other kind, whose `through_field` gives the value: so a
    command on one assignment can ask for its case and all its sisters in one round.
    """

    kind: type[Any]
    field: str
    value: Any
    through: type[Any] | None = None
    through_field: str = ""
