"""Whom a whistle would summon is told before it is blown, and it summons just those."""

from typing import Any
from uuid import uuid4

import pytest

from shared.runtime.clock import now
from tests.component.dispatch.conftest import Office
from tests.unit.dispatch.samples import GATE, whistle

CLERK = "clerk.honghu"
LEAK = f"/forecast?category=E06-01&area={GATE.area}&kind=joint_enforcement"
SUMMONED = (
    "SELECT department, department_name, part, limit_minutes, signing_limit_minutes "
    "FROM dispatch.assignment WHERE case_id = :case"
)
UNKNOWN = f"/forecast?category=E99-99&area={GATE.area}&kind=daily"


def told_and_done(office: Office, category: str, kind: str) -> tuple[Any, Any]:
    """What is forecast of a whistle, and what the same whistle then causes; each by what both can say."""
    forecast = office.get(f"/forecast?category={category}&area={GATE.area}&kind={kind}", CLERK)
    told = whistle(case_id=uuid4(), category=category, kind=kind, whistled_at=now())
    office.tell(told)
    if forecast["lead"] is None:
        return forecast["reason"], office.hears(told.case_id, "dispatch.awaited.v1")["reason"]
    called = [(forecast["lead"], "lead"), *((one, "support") for one in forecast["supports"])]
    limits = forecast["limit_minutes"], forecast["signing_limit_minutes"]
    office.hears(told.case_id, "case.dispatched.v1")
    done = office.rows(SUMMONED, case=told.case_id)
    return sorted((one["code"], one["name"], part, *limits) for one, part in called), sorted(map(tuple, done))


@pytest.mark.parametrize("kind", ["joint_enforcement", "daily", "no_such_kind"])
def test_a_whistle_summons_whom_the_forecast_named_whatever_it_is_about(office: Office, kind: str) -> None:
    """For each matter of the town, one of no town and a kind of no town: the same departments, limits or reason."""
    matters = [*(one.code for one in office.town.categories), "E99-99"]
    agreed = {code: told_and_done(office, code, kind) for code in matters}
    assert {code: told for code, (told, _) in agreed.items()} == {code: done for code, (_, done) in agreed.items()}


def test_a_forecast_names_lead_supports_and_limits(office: Office) -> None:
    """In minutes from the dispatch."""
    assert office.get(LEAK, CLERK) == {
        "lead": {"code": "zhujian", "name": "区住建局"},
        "supports": [{"code": "chengguan", "name": "区城管局"}, {"code": "shichang", "name": "区市场监管局"}],
        "limit_minutes": 7 * 1440,
        "signing_limit_minutes": 60,
        "reason": "",
        "explanation": "",
    }


@pytest.mark.parametrize(("language", "words"), [("zh", "权责清单"), ("en", "table")])
def test_where_nobody_would_be_summoned_the_reason_is_told(office: Office, language: str, words: str) -> None:
    """A dispatcher will decide."""
    answer = office.ask("GET", UNKNOWN, CLERK, Accept_Language=language).body
    assert (answer["lead"], answer["supports"], answer["limit_minutes"]) == (None, [], None)
    assert answer["reason"] == "nobody-responsible"
    assert words in answer["explanation"]


@pytest.mark.parametrize(("by", "status"), [("reviewer.sanhe", 200), ("officer.zhujian", 403), ("", 401)])
def test_who_whistles_or_watches_is_told(office: Office, by: str, status: int) -> None:
    """And nobody else."""
    assert office.ask("GET", LEAK, by).status == status
