"""One complaint, three departments, one failed verification, and a resident who has the last word (DOMAIN part 1)."""

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tools.client import Api
from tools.story import acting, asking, closing
from tools.story.stage import Stage


@dataclass(frozen=True, slots=True)
class Played:
    """How it went."""

    case_id: UUID
    number: str
    seconds: float
    departments: int


def play(api: Api, **options: Any) -> Played:
    """Play the whole story; `StoryFailed` or `Refused` if it does not go on as it must. `options` are the stage's."""
    stage = Stage(api, **options)
    began = time.monotonic()
    case = asking.complaint(stage)
    stage.between("complaint")
    asking.whistle(stage, case)
    stage.between("whistle")
    summons = acting.summoned(stage, case)
    stage.between("summoned")
    acting.report_in(stage, summons)
    stage.between("reported")
    acting.enforce(stage, summons)
    stage.between("enforced")
    acting.feed_back(stage, summons)
    stage.between("fed back")
    closing.fail(stage, case, summons)
    stage.between("failed")
    acting.rework(stage, summons)
    stage.between("reworked")
    closing.verify(stage, case)
    stage.between("verified")
    closing.close(stage, case, summons)
    stage.between("closed")
    return Played(UUID(case["id"]), case["number"], time.monotonic() - began, len(summons))
