"""What people do at closure, each under its operation's name: a state in which it succeeds, and the doing."""

from shared.access.actor import Role
from tests.e2e.api.people import LOGINS, Somebody
from tests.e2e.api.town import Town, closure
from tests.e2e.api.words import OUTCOME, REASON, SCORE, VERDICT


def upload_photo(town: Town, who: Somebody) -> None:
    town.site_photo(who)


def pass_verification(town: Town, who: Somebody) -> None:
    body = {"photos": [town.site_photo(who)], "condition_met": True}
    who.post(f"{closure(town.to_verify().case)}/passed-verifications", body)


def fail_verification(town: Town, who: Somebody) -> None:
    summons = town.to_verify()
    who.post(f"{closure(summons.case)}/failed-verifications", {"failed": [summons.id], **REASON})


def record_callback(town: Town, who: Somebody) -> None:
    who.post(f"{closure(town.self_handled())}/callbacks", {"reached": True, **VERDICT})


def give_verdict(town: Town, who: Somebody) -> None:
    code = town.self_handled()["tracking_code"]
    who.post("/api/closure/verdicts", {"tracking_code": code, **VERDICT})


def close_unreached(town: Town, who: Somebody) -> None:
    case = town.self_handled()
    for _ in range(3):
        town.person(LOGINS[Role.CALLBACK_CLERK]).post(f"{closure(case)}/callbacks", {"reached": False})
    who.post(f"{closure(case)}/unreached-closings")


def appeal_case(town: Town, who: Somebody) -> None:
    who.post("/api/closure/appeals", {"tracking_code": town.closed()["tracking_code"], **REASON})


def record_appeal(town: Town, who: Somebody) -> None:
    who.post(f"{closure(town.closed())}/appeals", REASON)


def evaluate_departments(town: Town, who: Somebody) -> None:
    scores = {"scores": [{"department": "shichang", **SCORE}]}
    who.post(f"{closure(town.closed_together().case)}/department-evaluations", scores)


def evaluate_street(town: Town, who: Somebody) -> None:
    who.post(f"{closure(town.closed_together().case)}/street-evaluations", SCORE)


def publish_outcome(town: Town, who: Somebody) -> None:
    who.post(f"{closure(town.closed())}/outcomes", OUTCOME)


def see_whole_case(town: Town, who: Somebody) -> None:
    assert who.get(closure(town.self_handled()))["reporters"]


def follow_case(town: Town, who: Somebody) -> None:
    who.post("/api/closure/followed", {"tracking_code": town.self_handled()["tracking_code"]})
