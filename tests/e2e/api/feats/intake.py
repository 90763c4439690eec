"""What people do at intake, each under its operation's name: a state in which it succeeds, and the doing."""

from tests.e2e.api.people import Somebody
from tests.e2e.api.town import Town, intake
from tests.e2e.api.words import MEASURES, REASON, registration, report


def upload_attachment(town: Town, who: Somebody) -> None:
    town.photo(who)


def report_problem(_town: Town, who: Somebody) -> None:
    who.post("/api/intake/reports", report())


def follow_report(town: Town, who: Somebody) -> None:
    who.post("/api/intake/followed", {"tracking_code": town.draft()["tracking_code"]})


def register_case(_town: Town, who: Somebody) -> None:
    who.post("/api/intake/cases", registration())


def complete_case(town: Town, who: Somebody) -> None:
    who.patch(intake(town.draft()), {"tried": "又上门一次"})


def solve_case(town: Town, who: Somebody) -> None:
    who.post(f"{intake(town.draft())}/solution", MEASURES)


def submit_case(town: Town, who: Somebody) -> None:
    who.post(f"{intake(town.draft())}/submission")


def blow_whistle(town: Town, who: Somebody) -> None:
    who.post(f"{town.under_review()}/whistle")


def return_case(town: Town, who: Somebody) -> None:
    who.post(f"{town.under_review()}/return", REASON)


def refuse_case(town: Town, who: Somebody) -> None:
    who.post(f"{town.under_review()}/refusal", REASON)


def redirect_case(town: Town, who: Somebody) -> None:
    who.post(f"{town.under_review()}/redirection", {"channel": "litigation", **REASON})


def confirm_emergency(town: Town, who: Somebody) -> None:
    who.post(f"{intake(town.whistled())}/confirmation", {"upheld": True})


def merge_case(town: Town, who: Somebody) -> None:
    who.post(f"{intake(town.draft())}/merger", {"into": town.draft()["id"], **REASON})


def void_case(town: Town, who: Somebody) -> None:
    who.post(f"{intake(town.draft())}/voidance", REASON)


def reveal_reporter(town: Town, who: Somebody) -> None:
    who.post(f"{intake(town.draft())}/reporter", REASON)


def see_reporter(town: Town, who: Somebody) -> None:
    shown = who.get(intake(town.draft()))
    assert shown["clear"]
    assert shown["reporter"] == registration()["reporter"]
