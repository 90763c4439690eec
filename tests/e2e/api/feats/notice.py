"""What officers do in their inbox, each under its operation's name: a state in which it succeeds, and the doing."""

from tests.e2e.api.people import Somebody
from tests.e2e.api.town import Town, soon


def read_summons(town: Town, who: Somebody) -> None:
    summons = town.dispatched()
    soon(lambda: who.post(f"/api/notice/summonses/{summons.id}/readings"))
