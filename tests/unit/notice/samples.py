"""Events of dispatch and people, as notice meets them; and an inbox kept in memory."""

from datetime import timedelta
from itertools import count
from types import ModuleType
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.notice.domain.summons import Summons
from shared.access.actor import Actor, Role
from shared.contracts import dispatch
from shared.contracts.dispatch import CaseDispatchedV1, CaseReopenedV1, DispatchWithdrawnV1, SummonsChangedV1
from shared.contracts.places import Place
from shared.engine.work import Outcome
from tests.support.deciding import NOON, decide

CASE = UUID(int=1)
LEAD, SUPPORT, OTHER, ADDED = UUID(int=11), UUID(int=12), UUID(int=13), UUID(int=14)
PLACE = Place("cj.sanhe.honghu.g01", 118.1, 32.2, "西湖春天门厅")

OFFICER = Actor("officer.zhujian", frozenset({Role.OFFICER}), "zhujian", "cj")
STRANGER = Actor("officer.chengguan", frozenset({Role.OFFICER}), "chengguan", "cj")
SUPERVISOR = Actor("supervisor.sanhe", frozenset({Role.SUPERVISOR}), "jiedao", "cj.sanhe")


def part(id: UUID, department: str, lead: bool = False, minutes: int = 10080) -> dispatch.Summons:
    """One department's part."""
    return dispatch.Summons(id, department, f"区{department}局", "lead" if lead else "support", minutes)


PARTS = (part(LEAD, "zhujian", lead=True), part(SUPPORT, "chengguan"), part(OTHER, "shichang"))

DISPATCHED = CaseDispatchedV1(
    case_id=CASE,
    number="SH-0001",
    kind="joint_enforcement",
    category="E06-01",
    place=PLACE,
    summary="二楼卫生间渗漏到门厅",
    summons=PARTS,
    dispatched_by="system",
    dispatched_at=NOON - timedelta(seconds=2),
)

# One support is exchanged for another, and the lead gets less time.
CHANGED = SummonsChangedV1(
    case_id=CASE,
    number="SH-0001",
    kind="joint_enforcement",
    category="E06-01",
    place=PLACE,
    summary="二楼卫生间渗漏到门厅",
    summons=(part(LEAD, "zhujian", lead=True, minutes=1440), part(SUPPORT, "chengguan"), part(ADDED, "shuiwu")),
    added=(ADDED,),
    removed=(OTHER,),
    reason="应由水务协办",
    changed_by="dispatcher.chunjiang",
    changed_at=NOON + timedelta(minutes=5),
)

REOPENED = CaseReopenedV1(
    case_id=CASE,
    reopened=(part(SUPPORT, "chengguan", minutes=5040),),
    reason="墙面仍有渗水",
    round=2,
    reopened_at=NOON + timedelta(days=3),
)

WITHDRAWN = DispatchWithdrawnV1(CASE, None, "误登", "reviewer.sanhe", NOON + timedelta(hours=1))

NOBODY_REOPENED = replace(REOPENED, reopened=())


class Inbox:
    """Every department's summonses, as the store would keep them, and every event that was announced."""

    def __init__(self) -> None:
        self.rows: dict[UUID, Summons] = {}
        self.events: list[Any] = []
        self.now = NOON
        self._works = count(1)

    def do(self, module: ModuleType, command: Any) -> Outcome:
        """Carry out a command; what it changes is kept, what it announces is noted."""
        outcome = decide(module, command, *self.rows.values(), now=self.now, work=UUID(int=1_000 + next(self._works)))
        assert not {row.id for row in outcome.new} & self.rows.keys()
        self.rows |= {row.id: row for row in (*outcome.new, *outcome.changed)}
        self.events += outcome.events
        return outcome

    def states(self) -> dict[UUID, str]:
        """Where each summons stands."""
        return {id: row.state.value for id, row in self.rows.items()}
