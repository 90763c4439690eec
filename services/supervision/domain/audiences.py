"""Who must be told of what (告知对象): whoever has to act first, then level by level."""

from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.clock import OVERDUE, WARNING, Clock
from shared.contracts.supervision import Audience

# Who has to act on a clock that is no department's.
ACTING = {
    "review": "reviewer",
    "dispatch": "dispatcher",
    "verify": "intake_clerk",
    "call_back": "callback_clerk",
    "dispute": "supervisor",
    "extension": "supervisor",
    "suspension_review": "district_supervisor",
    "refusal": "district_supervisor",
}


def audience(file: CaseFile, clock: Clock, step: str) -> tuple[Audience, ...]:
    """Everybody who is told of this step of a clock."""
    if step == "street":
        return (Audience("supervisor", area=file.area),)
    if step == "district":
        return (Audience("district_supervisor", area=file.area),)
    acting = ACTING.get(clock.name)
    if acting:
        told = [Audience(acting, area=file.area)]
    elif step in (WARNING, OVERDUE):
        told = [Audience("officer", clock.department)]
    else:
        told = []
    if step != WARNING and clock.department and not acting:
        told.append(Audience("department_head", clock.department))
    return tuple(told)
