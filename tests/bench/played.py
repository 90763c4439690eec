"""The cases that are copied: played on a system with every service, some to their end, some to where they are left."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from shared.runtime.clock import now
from tests.bench.case import CALLER, REPORT, SUPERVISOR, Life
from tests.bench.copies import MARKS
from tests.bench.filling import Templates, read
from tests.bench.life import STEPS, Street
from tests.bench.life import Step as OfLife
from tests.support.eventually import eventually
from tests.support.tables import rows
from tools.story.acting import SITE
from tools.story.asking import CLERK
from tools.story.stage import photo
from tools.system import System

EACH = 5  # cases that go the same way
PATIENCE = 120.0  # seconds
EARLIER = 9 * 86_400  # seconds: by now a closed case has been archived
TENS, UNITS, ONE, OTHER = MARKS
PLACE = {**SITE, "address": f"滨河路{TENS}{UNITS}号"}
VISIT = {"present": ["officer.shichang", "officer2.shichang"], "spot": SITE}
SUMMARY = f"饭店{ONE}{OTHER}卫生间漏水到入户大厅"


class Town(Street):
    """The people of the example town, whose cases say where copies differ."""

    def register(self, life: Life) -> None:
        """登记"""
        body = {**REPORT, "place": PLACE, "description": SUMMARY, "attachments": [self._attachment]}
        life.case = self.person(CLERK).post("/api/intake/cases", body)

    def solve(self, life: Life) -> None:
        """社区自办，回访，办结"""
        path = f"/api/intake/cases/{life.case['id']}/solution"
        self.person(CLERK).post(path, {"measures": "社区上门劝导，店主当日更换管件"})
        sql = "SELECT FROM closure.\"case\" WHERE id = %s AND state = 'call_back'"
        self._until(lambda one: one.execute(sql, [life.case["id"]]).fetchall(), 1)
        self.call_back(life)

    def look(self, life: Life) -> None:
        """揭示报事人"""
        self.person(CLERK).post(f"/api/intake/cases/{life.case['id']}/reporter", {"reason": "电话核实地点"})

    def dispute(self, life: Life) -> None:
        """一个部门提出异议，等待裁定"""
        path = f"/api/dispatch/assignments/{life.assignments['shichang']}/dispute"
        self.person("officer.shichang").post(path, {"legal_basis": "条例第三条：不属本部门职责"})

    def ask_for_time(self, life: Life) -> None:
        """一个部门申请延期，等待裁定"""
        path = f"/api/dispatch/assignments/{life.assignments['shichang']}/extensions"
        self.person("officer.shichang").post(path, {"minutes": 1_440, "reason": "连日下雨"})

    def urge(self, life: Life) -> None:
        """催办，督办"""
        path, reply_by = f"/api/supervision/cases/{life.case['id']}", now() + timedelta(days=2)
        self.person(SUPERVISOR).post(f"{path}/urgings", {"text": "请抓紧处置"})
        self.person(SUPERVISOR).post(f"{path}/orders", {"text": "书面说明进展", "reply_by": reply_by.isoformat()})

    def enforce(self, life: Life) -> None:
        """立卷，检查，取证，责令改正"""
        self._enforce(life)

    def enforce_to_the_end(self, life: Life) -> None:
        """立卷，检查，取证，责令改正，复查合格，结案卷"""
        path = self._enforce(life)
        officer = self.person("officer.shichang")
        rectified = {**VISIT, "findings": "二层卫生间不再渗漏", "rectified": True}
        officer.post(f"{path}/rechecks", rectified)
        officer.post(f"{path}/conclusion", {"reason": "已改正，复查合格"})

    def _enforce(self, life: Life) -> str:
        officer = self.person("officer.shichang")
        body = {"assignment_id": life.assignments["shichang"], "officers": VISIT["present"]}
        path = f"/api/enforcement/records/{officer.post('/api/enforcement/records', body)['id']}"
        seen = {"findings": "二层卫生间地面渗水", "violation": True, "certificates_shown": True}
        officer.post(f"{path}/checks", {**VISIT, **seen})
        upload = officer.post("/api/enforcement/uploads?name=leak.jpg", data=photo(life.case["id"]))["id"]
        officer.post(f"{path}/evidence", {"upload_id": upload, "description": "漏水点", "source": "officer"})
        until = (now() + timedelta(days=3)).date().isoformat()
        officer.post(f"{path}/orders", {"party": "饭店店主", "text": "修复二层卫生间防水", "until": until})
        return path

    def publish(self, life: Life) -> None:
        """公示"""
        outcome = {"title": "商铺漏水已修复", "text": "三部门联合处置，漏点已修复，复查无渗漏。"}
        self.person(CALLER).post(f"/api/closure/cases/{life.case['id']}/outcomes", outcome)

    def report_refusal(self, life: Life) -> None:
        """逾期未到，上报拒不报到"""
        path = f"/api/supervision/cases/{life.case['id']}/assignments/{life.assignments['shichang']}/refusals"
        self.person(SUPERVISOR).post(path, {"reason": "逾期未到现场", "tried": "电话催促两次"})

    def play(self, count: int, steps: Sequence["Step"]) -> list[str]:
        """Let so many cases go so far; their ids."""
        return self.play_all([Life() for _ in range(count)], steps)

    def play_all(self, lives: Sequence[Life], steps: Sequence["Step"]) -> list[str]:
        """Let these go so far; their ids."""

        def one(life: Life) -> None:
            for step in steps:
                step(self, life)

        list(self._pool.map(one, lives))
        self._settle(lives)
        return [life.case["id"] for life in lives]


Step = Callable[[Town, Life], None]


def _taking(step: OfLife) -> Step:
    return lambda town, one: town.live(one, step)


REGISTER = Town.register
SUBMIT, BLOW, SIGN, REPORT_IN, START, FEED_BACK, VERIFY, *END = map(_taking, list(STEPS.values())[1:])
BEGIN: list[Step] = [REGISTER, SUBMIT, BLOW]
WORK: list[Step] = [SIGN, REPORT_IN, START]
WAYS: list[list[Step]] = [
    [REGISTER],
    [REGISTER, SUBMIT],
    BEGIN,
    [*BEGIN, Town.dispute],
    [*BEGIN, SIGN, Town.ask_for_time],
    [*BEGIN, SIGN, REPORT_IN],
    [*BEGIN, *WORK, Town.enforce],
    [*BEGIN, *WORK, Town.urge],
    [*BEGIN, *WORK, FEED_BACK],
    [*BEGIN, *WORK, FEED_BACK, VERIFY],
]  # where open cases stand


def play(directory: Path) -> Templates:
    """Play them on a system in this directory, and read them.

    What ends, and what is to be overdue, happens some days before the rest, so that all it waits for has come.
    """
    with System(directory, env={"WHISTLE_CLOCK_OFFSET_SECONDS": str(-EARLIER)}) as system:
        town = Town(system)
        whole = town.play(EACH, [*BEGIN, *WORK, FEED_BACK, VERIFY, *END])
        whole += town.play(
            EACH, [*BEGIN, Town.look, *WORK, Town.enforce_to_the_end, FEED_BACK, VERIFY, *END, Town.publish]
        )
        handled = town.play(4 * EACH, [Town.register, Town.solve])
        late = [Life() for _ in range(EACH)]
        left = town.play_all(late, BEGIN)
    with System(directory) as system:
        come = (
            f"SELECT count(*) FILTER (WHERE state = 'archived') = {len(whole) + len(handled)} "
            f"AND count(overdue_since) >= {len(late)} FROM supervision.case_file"
        )
        eventually(lambda: rows(system.database_url, come)[0][0], PATIENCE, "what was waited for has come")
        town = Town(system)
        for life in late[::2]:
            town.report_refusal(life)
        left += [id for way in WAYS for id in town.play(EACH, way)]
        return read(system.database_url, handled, whole, left)
