"""The example town, as tests of single services use it."""

from pathlib import Path

from services.directory.town import Town
from shared.access.actor import Actor, Role

EXAMPLE = Path(__file__).parents[2] / "deploy" / "example-town"


def actor_of(town: Town, login: str) -> Actor:
    """Somebody of the town, as their token names them."""
    person = next(one for one in town.people if one.id == login)
    return Actor(login, frozenset(map(Role, person.roles)), person.department or "", person.area or "")
