"""How the story of the leaking restaurant must end, whatever happened on the way, as people see it at the API."""

from collections import Counter

from tests.e2e.whole import DEPARTMENTS, Whole
from tools.client import Json, Person
from tools.story import Played

SUPERVISOR = "supervisor.sanhe"
LEAD, SUPPORTS = "zhujian", {"chengguan", "shichang"}
CLOCKS = Counter(
    {
        **{("", name, "stopped"): 1 for name in ("review", "dispatch", "call_back")},
        ("", "verify", "stopped"): 2,
        ("", "archive", "cancelled"): 1,
        **{(one, name, "stopped"): 1 for one in DEPARTMENTS for name in ("sign", "report_in", "first_feedback")},
        **{(one, "close", "stopped"): 1 for one in SUPPORTS},
        (LEAD, "close", "stopped"): 2,
        ("shichang", "rectify", "stopped"): 1,
    }
)


def ended_as_it_must(whole: Whole, played: Played) -> None:
    """Archived after the resident closed it; three assignments, each summoned once; only the lead had to come back."""
    case = whole.person(SUPERVISOR).get(f"/api/closure/cases/{played.case_id}")
    assert case["state"] == "archived"
    assert [one["passed"] for one in case["verifications"]] == [False, True]
    assert [(one["by"], one["resolved"], one["satisfaction"]) for one in case["closings"]] == [("resident", True, 5)]
    assignments = _assignments(whole, played)
    assert sorted(one["department"] for one in assignments) == list(DEPARTMENTS)
    assert {one["department"]: (one["part"], one["state"], one["round"]) for one in assignments} == {
        LEAD: ("lead", "accepted", 2),
        **dict.fromkeys(SUPPORTS, ("support", "accepted", 1)),
    }
    _fed_back_before_the_lead(assignments)
    assert whole.inboxes({"id": str(played.case_id)}) == dict.fromkeys(DEPARTMENTS, 1)


def timed_as_it_must(supervisor: Person, path: str, events: Counter[str]) -> None:
    """Supervision shows this case, at this path, with all that was announced, once, and each clock ended as it must."""
    history = supervisor.get(f"{path}/history?limit=200")["items"]
    assert Counter(f"{one['publisher']} {one['type']}" for one in history) == events
    shown = supervisor.get(path)
    assert shown["state"] == "archived"
    assert Counter((one["department"], one["name"], one["state"]) for one in shown["clocks"]) == CLOCKS
    assert [one["name"] for one in shown["clocks"] if one["state"] == "stopped" and not one["in_time"]] == []


def _assignments(whole: Whole, played: Played) -> list[Json]:
    found = whole.person(SUPERVISOR).get(f"/api/dispatch/assignments?case_id={played.case_id}")
    return [one["assignment"] for one in found["items"]]


def _fed_back_before_the_lead(assignments: list[Json]) -> None:
    first = {one["department"]: one["feedbacks"][0]["at"] for one in assignments}
    assert all(first[support] < first[LEAD] for support in SUPPORTS)
