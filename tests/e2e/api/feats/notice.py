"""What people do with what they are told, each by its operation's name: a state in which it succeeds, and the doing."""

from tests.e2e.api import words
from tests.e2e.api.people import Somebody
from tests.e2e.api.town import Town, soon


def read_summons(town: Town, who: Somebody) -> None:
    summons = town.dispatched()
    soon(lambda: who.post(f"/api/notice/summonses/{summons.id}/readings"))


def read_notification(town: Town, who: Somebody) -> None:
    told = town.told(who)
    who.post(f"/api/notice/notifications/{told['id']}/readings")


def change_preferences(town: Town, who: Somebody) -> None:
    who.put("/api/notice/preferences", words.PREFERENCES)
