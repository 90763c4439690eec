"""What must come of a case: the plain sequential model that simulated and real histories are held against.

It knows nothing of messages: it takes the acknowledged steps one after the other, and says what each service has
announced. Steps of several departments come in any order among themselves.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

LEAD, SUPPORTS = "zhujian", ("chengguan", "shichang")
DEPARTMENTS = (*SUPPORTS, LEAD)

STEPS: dict[str, tuple[str, ...]] = {
    "register": ("intake case.registered",),
    "submit": ("intake case.submitted",),
    "blow": ("intake case.whistled", "dispatch case.dispatched", "notice summons.delivered"),
    "sign": ("dispatch assignment.signed",),
    "report_in": ("dispatch assignment.reported_in",),
    "start": ("dispatch assignment.started",),
    "feed_back": ("dispatch assignment.fed_back",),
    "fail": ("closure verification.failed", "dispatch case.reopened", "notice summons.delivered"),
    "pass": ("closure verification.passed",),
    "call_back": ("closure callback.recorded", "closure case.closed"),
}


class Told(NamedTuple):
    """An acknowledged step of a case; `about` is a department or nothing."""

    step: str
    about: str = ""


def announced_by(told: Iterable[Told]) -> Counter[str]:
    """What the services announce about a case, by these acknowledged steps."""
    found: Counter[str] = Counter()
    for step, about in told:
        found.update(STEPS[step])
        first_report = step == "report_in" and found["dispatch assignment.reported_in"] == 1
        rework = step == "start" and found["dispatch assignment.started"] > len(DEPARTMENTS)
        if first_report or rework:
            found["dispatch case.started"] += 1
        if step == "feed_back" and about == LEAD:  # the lead's comes last
            found["dispatch case.fed_back"] += 1
    return found
