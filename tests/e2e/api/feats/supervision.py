"""What people do at supervision, each under its operation's name: a state in which it succeeds, and the doing."""

from shared.access.actor import Role
from tests.e2e.api.people import HASTY_MATTER, LOGINS, Somebody
from tests.e2e.api.town import OFFICER, Summons, Town, soon
from tests.e2e.api.words import CONCLUSION, ORDERED, REFUSAL, REPLY, SENT_BACK
from tools.client import Json

STREET, DISTRICT = LOGINS[Role.SUPERVISOR], LOGINS[Role.DISTRICT_SUPERVISOR]


def case_of(summons: Summons, step: str) -> str:
    """Where a step of the whole case is asked for."""
    return f"/api/supervision/cases/{summons.case['id']}/{step}"


def look_at_case(town: Town, who: Somebody) -> None:
    case = f"/api/supervision/cases/{town.example['case_id']}"
    soon(lambda: who.get(case))
    who.post(f"{case}/looking")


def urge_departments(town: Town, who: Somebody) -> None:
    summons = town.dispatched()
    soon(lambda: who.post(case_of(summons, "urgings"), {**REPLY, "assignment_id": summons.id}))


def issue_order(town: Town, who: Somebody) -> None:
    order(town, who)


def order(town: Town, by: Somebody) -> str:
    """An order to 市场监管; where it is asked for."""
    summons = town.dispatched()
    made: Json = soon(lambda: by.post(case_of(summons, "orders"), {**ORDERED, "assignment_id": summons.id}))
    return f"/api/supervision/orders/{made['id']}"


def answered(town: Town, by: Somebody) -> str:
    """An order with a reply."""
    path = order(town, by)
    town.person(OFFICER).post(f"{path}/answers", REPLY)
    return path


def answer_order(town: Town, who: Somebody) -> None:
    who.post(f"{order(town, town.person(STREET))}/answers", REPLY)


def accept_order(town: Town, who: Somebody) -> None:
    who.post(f"{answered(town, who)}/acceptance")


def reject_order(town: Town, who: Somebody) -> None:
    who.post(f"{answered(town, who)}/rejection", SENT_BACK)


def refusal(town: Town, by: Somebody) -> str:
    """市场监管 does not come in time; where the street's report of it is asked for."""
    summons = town.dispatched(category=HASTY_MATTER)
    path = case_of(summons, f"assignments/{summons.id}/refusals")
    made: Json = soon(lambda: by.post(path, REFUSAL))
    return f"/api/supervision/refusals/{made['id']}"


def report_refusal(town: Town, who: Somebody) -> None:
    refusal(town, who)


def investigate_refusal(town: Town, who: Somebody) -> None:
    who.post(f"{refusal(town, town.person(STREET))}/investigation")


def conclude_refusal(town: Town, who: Somebody) -> None:
    path = refusal(town, town.person(STREET))
    town.person(DISTRICT).post(f"{path}/investigation")
    who.post(f"{path}/conclusion", CONCLUSION)
