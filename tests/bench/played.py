"""The cases that are copied: played on a system with every service, some to their end, some to where they are left."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.copies import MARKS
from tests.bench.filling import Templates, read
from tests.bench.life import STEPS, Life, Street
from tests.support.eventually import eventually
from tests.support.tables import rows
from tools.story.acting import SITE
from tools.story.asking import CLERK, LEAKING
from tools.system import System

WHOLE, HANDLED, OPEN = 20, 20, 40
PATIENCE = 120.0  # seconds
EARLIER = 9 * 86_400  # seconds: by now a closed case has been archived
TENS, UNITS, ONE, OTHER = MARKS
PLACE = {**SITE, "address": f"滨河路{TENS}{UNITS}号"}
SUMMARY = f"饭店{ONE}{OTHER}卫生间漏水到入户大厅"


class Town(Street):
    """The people of the example town, whose cases say where copies differ."""

    def register(self, life: Life) -> None:
        """登记"""
        life.case = self.person(CLERK).post(
            "/api/intake/cases",
            {
                "channel": "walk_in", "category": LEAKING, "place": PLACE, "description": SUMMARY,
                "reporter": {"name": "何静兰", "phone": "100-0000-7788", "address": "西湖春天3栋2单元501"},
                "tried": "要求店主维修两次", "attachments": [self._shot],
            },
        )  # fmt: skip

    def solve(self, life: Life) -> None:
        """社区自办，回访，办结"""
        path = f"/api/intake/cases/{life.case['id']}/solution"
        self.person(CLERK).post(path, {"measures": "社区上门劝导，店主当日更换管件"})
        sql = "SELECT FROM closure.\"case\" WHERE id = %s AND state = 'call_back'"
        self._until(lambda one: one.execute(sql, [life.case["id"]]).fetchall(), 1)
        self.call_back(life)

    def play(self, lives: Sequence[Life], steps: Sequence[Callable[["Town", Life], None]]) -> list[str]:
        """Let these cases go so far; their ids."""

        def one(life: Life) -> None:
            for step in steps:
                step(self, life)

        list(self._pool.map(one, lives))
        self._settle()
        return [life.case["id"] for life in lives]


WAY: list[Callable[["Town", Life], None]] = [Town.register, *list(STEPS.values())[1:]]


def play(directory: Path) -> Templates:
    """Play them on a system in this directory, which is left with nothing else to do; read them."""
    with System(directory, env={"WHISTLE_CLOCK_OFFSET_SECONDS": str(-EARLIER)}) as system:
        town = Town(system)
        whole = town.play([Life() for _ in range(WHOLE)], WAY)
        handled = town.play([Life() for _ in range(HANDLED)], [Town.register, Town.solve])
    with System(directory) as system:
        archived = "SELECT count(*) FROM supervision.case_file WHERE state = 'archived'"
        eventually(lambda: rows(system.database_url, archived)[0][0] == WHOLE + HANDLED, PATIENCE, "all are archived")
        town = Town(system)
        ways = [WAY[:count] for count in range(1, len(WAY) - 1)]
        left = [town.play([Life() for _ in range(OPEN // len(ways))], way) for way in ways]
        return read(system.database_url, handled, whole, [id for ids in left for id in ids])
