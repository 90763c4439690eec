"""What people do at dispatch, each under its operation's name: a state in which it succeeds, and the doing."""

from tests.e2e.api.people import Somebody
from tests.e2e.api.town import OFFICER, Summons, Town
from tests.e2e.api.words import DISPUTE, EXTENSION, MEASURES, PROGRESS, REASON, SITE

STREET = "supervisor.sanhe"


def case_of(summons: Summons, step: str) -> str:
    """Where a step of the whole case is asked for."""
    return f"/api/dispatch/cases/{summons.case['id']}/{step}"


def correct_dispatch(town: Town, who: Somebody) -> None:
    who.post(case_of(town.dispatched(), "summons"), {"lead": "zhujian", "supports": ["wuye"], **REASON})


def add_support(town: Town, who: Somebody) -> None:
    who.post(case_of(town.dispatched(), "supports"), {"department": "gongan", **REASON})


def suspend_case(town: Town, who: Somebody) -> None:
    who.post(case_of(town.reported_in(), "suspension"), REASON)


def resume_case(town: Town, who: Somebody) -> None:
    summons = town.reported_in()
    town.person("supervisor.chunjiang").post(case_of(summons, "suspension"), REASON)
    who.post(case_of(summons, "resumption"), REASON)


def sign_assignment(town: Town, who: Somebody) -> None:
    who.post(town.dispatched().path("signature"))


def report_in(town: Town, who: Somebody) -> None:
    who.post(town.signed().path("report"), SITE)


def start_work(town: Town, who: Somebody) -> None:
    who.post(town.reported_in().path("start"))


def report_progress(town: Town, who: Somebody) -> None:
    who.post(town.reported_in().path("progress"), PROGRESS)


def feed_back(town: Town, who: Somebody) -> None:
    who.post(town.in_progress(alone=True).path("feedback"), MEASURES)


def excuse_support(town: Town, who: Somebody) -> None:
    summons = town.dispatched()
    (support,) = town.person("officer.wuye").get(f"/api/dispatch/assignments?case_id={summons.case['id']}")["items"]
    who.post(f"/api/dispatch/assignments/{support['assignment']['id']}/excuse", REASON)


def release_assignment(town: Town, who: Somebody) -> None:
    who.post(town.reported_in().path("release"))


def dispute_assignment(town: Town, who: Somebody) -> None:
    who.post(town.dispatched().path("dispute"), DISPUTE)


def disputed(town: Town) -> Summons:
    """A dispute waits for its ruling."""
    summons = town.dispatched()
    town.person(OFFICER).post(summons.path("dispute"), DISPUTE)
    return summons


def uphold_assignment(town: Town, who: Somebody) -> None:
    who.post(disputed(town).path("dispute/dismissal"), REASON)


def reroute_assignment(town: Town, who: Somebody) -> None:
    who.post(disputed(town).path("dispute/rerouting"), {"department": "chengguan", **REASON})


def request_extension(town: Town, who: Somebody) -> None:
    who.post(town.signed().path("extensions"), EXTENSION)


def extension_asked(town: Town) -> Summons:
    """A request for more time waits for its ruling."""
    summons = town.signed()
    town.person(OFFICER).post(summons.path("extensions"), EXTENSION)
    return summons


def grant_first_extension(town: Town, who: Somebody) -> None:
    who.post(extension_asked(town).path("extensions/1/grant"), REASON)


def grant_second_extension(town: Town, who: Somebody) -> None:
    summons = extension_asked(town)
    town.person(STREET).post(summons.path("extensions/1/grant"), REASON)
    town.person(OFFICER).post(summons.path("extensions"), EXTENSION)
    who.post(summons.path("extensions/2/grant"), REASON)


def refuse_extension(town: Town, who: Somebody) -> None:
    who.post(extension_asked(town).path("extensions/refusal"), REASON)
