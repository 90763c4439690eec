"""The story of the leaking restaurant from the complaint to the closed case, every step through the API."""

from collections import Counter

from tests.e2e.leak import ended_as_it_must
from tests.e2e.whole import Whole
from tools.reckoning import arrived
from tools.story import play


def test_one_whistle_summons_three_departments_and_only_the_resident_closes_the_case(whole: Whole) -> None:
    """Supports before the lead; a verification fails once and reopens only the lead's part."""
    told: list[str] = []
    played = play(whole.api, say=told.append, people=whole.people)
    assert played.departments == 3
    ended_as_it_must(whole, played)
    reckoning = arrived(whole.system.database_url, str(played.case_id))
    assert reckoning.settled, reckoning
    hops = [
        "dispatch.follows.intake → notice.follows.dispatch",
        "dispatch.follows.notice",
        "enforcement.follows.dispatch",
        "closure.follows.dispatch",
        "dispatch.follows.closure",
        "intake.follows.closure → dispatch.follows.closure",
    ]
    assert [hop for hop in hops if not any(hop in line for line in told)] == []


def test_each_thing_that_happens_is_announced_once(whole: Whole, undisturbed: Counter[str]) -> None:
    """One whistle, one dispatch of all three, one failed verification, one reopening, one end."""
    once = ("intake case.whistled.v1", "dispatch case.dispatched.v1", "closure verification.failed.v1")
    assert {event: undisturbed[event] for event in once} == dict.fromkeys(once, 1)
    assert undisturbed["dispatch case.reopened.v1"] == undisturbed["closure case.closed.v1"] == 1
    assert undisturbed["notice summons.delivered.v1"] == 2  # the whistle's, and the reopened part's
