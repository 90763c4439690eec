"""The people of the example town: each case is taken through its life by whoever is responsible.

They do what a browser's user does: ask, ask again under the same key while no answer comes, and wait until they see
what they act on. `told` is what the system has acknowledged to them.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from services.closure.commands.fail_verification import FailVerification
from services.closure.commands.pass_verification import PassVerification
from services.closure.commands.record_callback import RecordCallback
from services.closure.commands.upload_photo import UploadPhoto
from services.closure.domain.case import Case as Closing
from services.closure.domain.reporter import Answer
from services.directory.town import read_town
from services.dispatch.commands.feed_back import FeedBack
from services.dispatch.commands.report_in import ReportIn
from services.dispatch.commands.sign_assignment import SignAssignment
from services.dispatch.commands.start_work import StartWork
from services.dispatch.domain.assignment import Assignment
from services.intake.commands._report import Report
from services.intake.commands.blow_whistle import BlowWhistle
from services.intake.commands.register_case import RegisterCase
from services.intake.commands.submit_case import SubmitCase
from services.intake.commands.upload_attachment import UploadAttachment
from services.intake.domain.case import Channel
from services.intake.domain.complaint import Reporter
from shared.contracts.places import Place
from shared.engine.works import Result, Work
from shared.errors import AppError, Unavailable
from shared.runtime.clock import uuid7
from tests.simulation.books import Books
from tests.simulation.process import Process
from tests.simulation.world import Fiber, World, sample
from tests.support.example import EXAMPLE, actor_of
from tests.support.plain_model import DEPARTMENTS, LEAD, SUPPORTS, Told
from tools.story.acting import MEASURES
from tools.story.acting import SITE as THERE
from tools.story.asking import CLERK, LEAKING, REVIEWER
from tools.story.closing import INSPECTOR

PATIENCE = 31.0  # seconds for an answer: longer than a request waits in line
AGAIN = 1.0  # seconds before the same is asked once more
SITE: dict[str, Any] = THERE
SHOT = "0" * 64  # a photo's digest

TOWN = read_town(EXAMPLE)
ACTORS = {
    login: actor_of(TOWN, login)
    for login in (CLERK, REVIEWER, INSPECTOR, "callback.sanhe", *(f"officer.{one}" for one in DEPARTMENTS))
}


class Refused(AssertionError):
    """Somebody was refused what they may do."""


class Everybody:
    """All who ask."""

    def __init__(self, world: World, books: dict[str, Books], replicas: Callable[[str], list[Process]]) -> None:
        self.world = world
        self.books = books
        self.lives: list[Life] = []
        self._replicas = replicas

    def begin(self, failures: int) -> None:
        """A new case, whose verification fails so many times before it passes."""
        self.lives.append(Life(self, len(self.lives), failures))

    def ask(self, service: str, command: Any, tell: Callable[[Any], bytes]) -> bytes:
        """Ask until it is acknowledged; what `tell` makes of the result. `Refused` if it is refused."""
        key = str(uuid7())
        while True:
            result = self._once(service, command, key, tell)
            if result is not None and result.status == 200:
                return result.body
            if result is not None and result.ending == "refused":
                raise Refused(f"{type(command).__name__}: {result.body.decode()}")
            self.world.pause(seconds=AGAIN)

    def _once(self, service: str, command: Any, key: str, tell: Callable[[Any], bytes]) -> Result | None:
        replica: Process | None = sample(self.world, self._replicas(service))
        if replica is None:
            return None
        answers: list[Result | None] = []
        work = Work(
            uuid7(),
            command,
            key=key,
            fingerprint=b"the same",
            answer=lambda result: (200, tell(result)),
            refuse=_refuse,
        )
        asking = replica.ask(work, answers.append)
        self.world.pause(lambda: bool(answers) or asking.ended, PATIENCE)
        return answers[0] if answers else None


def _refuse(refusal: AppError) -> tuple[int, bytes]:
    return 503 if isinstance(refusal, Unavailable) else 409, refusal.slug.encode()


def _done(_result: Any) -> bytes:
    return b"done"


class Life:
    """One case and those who see it through; `waits` says for what, while it is not over."""

    def __init__(self, people: Everybody, number: int, failures: int) -> None:
        self.number = number
        self.failures = failures
        self.case: UUID | None = None
        self.told: list[Told] = []
        self.waits = "its first answer"
        self.over = False
        self._people = people
        self._fiber = people.world.spawn(f"case {number}", self._live)

    def _live(self) -> None:
        intake, closure = ACTORS[CLERK], ACTORS[INSPECTOR]
        self._people.ask("intake", UploadAttachment(SHOT, 1, "image/jpeg", intake), _done)
        self.case = UUID(self._ask("intake", "register", self._registration(), lambda one: str(one.case.id).encode()))
        case = self.case
        self._ask("intake", "submit", SubmitCase(case, intake))
        self._ask("intake", "blow", BlowWhistle(case, ACTORS[REVIEWER]))
        called = self._until("three departments are summoned", self._assignments)
        self._each(called, "sign", lambda id, actor: SignAssignment(id, actor))
        self._each(called, "report_in", lambda id, actor: ReportIn(id, **SITE, actor=actor))
        self._each(called, "start", lambda id, actor: StartWork(id, actor))
        self._each({one: called[one] for one in SUPPORTS}, "feed_back", self._feedback)
        self._each({LEAD: called[LEAD]}, "feed_back", self._feedback)
        for _ in range(self.failures):
            self._until("closure has it to verify", lambda: self._closing("to_verify"))
            self._ask("closure", "fail", FailVerification(case, closure, (called[LEAD],), "地面仍湿"))
            self._until("the lead is called again", lambda: self._assignment(called[LEAD]).state == "rework")
            self._each({LEAD: called[LEAD]}, "start", lambda id, actor: StartWork(id, actor))
            self._each({LEAD: called[LEAD]}, "feed_back", self._feedback)
        self._until("closure has it to verify", lambda: self._closing("to_verify"))
        photo = UploadPhoto(closure, SHOT, 1, "image/jpeg", "site.jpg")
        shot = UUID(self._people.ask("closure", photo, lambda one: str(one.id).encode()).decode())
        self._ask("closure", "pass", PassVerification(case, closure, (shot,), True, "大厅已干燥"))
        answer = RecordCallback(case, ACTORS["callback.sanhe"], Answer(resolved=True, satisfaction=5), remark="不漏了")
        self._ask("closure", "call_back", answer)
        self.over = True

    def _registration(self) -> RegisterCase:
        reporter = Reporter(name="何静兰", phone="100-0000-7788", address="西湖春天3栋2单元501")
        report = Report(
            category=LEAKING,
            place=Place("", **SITE),
            description="饭店二层卫生间漏水到入户大厅",
            reporter=reporter,
            tried="要求店主维修两次",
            attachments=(SHOT,),
        )
        number = f"吹20260302-{self.number:06}"
        return RegisterCase(report, Channel.WALK_IN, (number,), f"CODE{self.number:04}", ACTORS[CLERK])

    def _feedback(self, id: UUID, actor: Any) -> FeedBack:
        return FeedBack(id, MEASURES[actor.department], actor)

    def _ask(self, service: str, step: str, command: Any, tell: Callable[[Any], bytes] = _done, about: str = "") -> str:
        self.waits = f"an answer to {step} {about}".strip()
        answer = self._people.ask(service, command, tell).decode()
        self.told.append(Told(step, about))
        return answer

    def _each(self, called: dict[str, UUID], step: str, command: Callable[[UUID, Any], Any]) -> None:
        """All these departments at the same time."""

        def one(department: str) -> Callable[[], Any]:
            asked = command(called[department], ACTORS[f"officer.{department}"])
            return lambda: self._ask("dispatch", step, asked, about=department)

        world = self._people.world
        asking: Sequence[Fiber] = [world.spawn(f"case {self.number} {step}", one(each)) for each in called]
        world.pause(lambda: all(fiber.ended for fiber in asking))

    def _until(self, what: str, seen: Callable[[], Any]) -> Any:
        self.waits = what
        self._people.world.pause(lambda: bool(seen()))
        return seen()

    def _assignments(self) -> dict[str, UUID]:
        found = [one for one in self._people.books["dispatch"].all(Assignment) if one.case_id == self.case]
        return {one.department: one.id for one in found} if len(found) >= len(DEPARTMENTS) else {}

    def _assignment(self, id: UUID) -> Assignment:
        found: Assignment = self._people.books["dispatch"].rows[Assignment][id]
        return found

    def _closing(self, state: str) -> bool:
        found = self._people.books["closure"].rows.get(Closing, {}).get(self.case)
        return found is not None and found.state == state
