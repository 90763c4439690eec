"""The life of a case by queue: the commands that `life.py` sends over HTTP, handed to the services' engines in batches.

The engines run here beside the running services, each on its service's tables and under the same policy; what they
announce goes out by relays of their own, and whoever follows hears it as ever. They take nothing from the services'
own queues.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, Self
from uuid import UUID

from services.closure.commands.evaluate_departments import EvaluateDepartments, Score
from services.closure.commands.evaluate_street import EvaluateStreet
from services.closure.commands.pass_verification import PassVerification
from services.closure.commands.record_callback import RecordCallback
from services.closure.commands.upload_photo import UploadPhoto
from services.closure.domain.reporter import Answer
from services.closure.wiring import WIRING as CLOSURE
from services.dispatch.commands.feed_back import FeedBack
from services.dispatch.commands.report_in import ReportIn
from services.dispatch.commands.sign_assignment import SignAssignment
from services.dispatch.commands.start_work import StartWork
from services.dispatch.wiring import WIRING as DISPATCH
from services.intake.commands._report import Report
from services.intake.commands.blow_whistle import BlowWhistle
from services.intake.commands.register_case import RegisterCase
from services.intake.commands.submit_case import SubmitCase
from services.intake.domain.case import Channel
from services.intake.domain.complaint import Reporter
from services.intake.domain.numbers import draw_numbers
from services.intake.domain.tracking import new_code
from services.intake.wiring import WIRING as INTAKE
from shared.access.actor import Actor
from shared.contracts.places import Place
from shared.engine.gather import BATCH_WORKS, Gatherer
from shared.engine.works import Message, Work
from shared.messaging.relay import Relay
from shared.messaging.sweep import Sweep
from shared.runtime import clock
from shared.runtime.green import leave_garbage_longer
from shared.service import Wiring, build_engine
from shared.store.database import Database
from shared.store.files import Files, Stored
from tests.bench import case
from tests.bench.case import SUPPORTS_FIRST, Life, officer
from tests.support.eventually import eventually
from tools.story.acting import MEASURES, SITE
from tools.story.asking import CLERK, REVIEWER
from tools.story.closing import INSPECTOR
from tools.system import System

SPOT: dict[str, Any] = SITE
NAMED = b"bench"  # what a command's fingerprint is, where nobody asks twice


class Replica:
    """A service without its doors, as a context: the engine, the relay and the sweep."""

    def __init__(self, system: System, wiring: Wiring) -> None:
        self._database = Database(system.database_url, wiring.name, readers=2)
        self._relay = Relay(system.amqp_url, wiring.name)
        self._gatherer = Gatherer(build_engine(wiring, self._database, _read_nothing, self._relay))
        self._sweep = Sweep(self._database.reads, wiring.plumbing, self._relay)
        runs = (self._gatherer.run, self._relay.run, self._sweep.run)
        self._threads = [threading.Thread(target=run) for run in runs]

    def carry_out(self, commands: Sequence[Any]) -> list[Any]:
        """Hand these over by the batch, each named so that it takes effect once; their results."""
        works = [Work(id := clock.uuid7(), one, key=f"bench:{id}", fingerprint=NAMED) for one in commands]
        portions = (works[first : first + BATCH_WORKS] for first in range(0, len(works), BATCH_WORKS))
        results = [result for portion in portions for result in self._gatherer.submit_all(portion)]
        if wrong := next((one for one in results if one.ending != "done"), None):
            raise RuntimeError(f"by queue: a command was {wrong.ending}") from wrong.error or wrong.value
        return [result.value for result in results]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        eventually(lambda: not self._relay.behind, 30, "the relay has caught up")
        return self

    def __exit__(self, *_: object) -> None:
        self._gatherer.stop()
        self._relay.stop()
        self._sweep.stop()
        for thread in self._threads:
            thread.join()
        self._sweep.mark()
        self._database.close()


class ByQueue:
    """The people of the example town at work without HTTP: each method does one kind of command for all these cases.

    `actors` are they as the door knows them by their tokens; `attachment` was uploaded by the clerk.
    """

    def __init__(self, system: System, actors: Mapping[str, Actor], attachment: str) -> None:
        self._system = system
        self._actors = actors
        self._attachment = attachment
        self._photos = Files(f"{system.directory / 'files'}/{CLOSURE.name}")
        self._started = ExitStack()

    def __enter__(self) -> Self:
        leave_garbage_longer()  # as every service does
        with ExitStack() as starting:
            self._intake, self._dispatch, self._closure = (
                starting.enter_context(Replica(self._system, wiring)) for wiring in (INTAKE, DISPATCH, CLOSURE)
            )
            self._started = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._started.close()

    def register(self, lives: Sequence[Life]) -> None:
        """登记"""
        said = case.REPORT
        report = Report(
            category=said["category"],
            place=Place("", **SPOT),
            description=said["description"],
            reporter=Reporter(**said["reporter"]),
            tried=said["tried"],
            attachments=(self._attachment,),
        )
        clerk, channel, at = self._actors[CLERK], Channel(said["channel"]), clock.now()
        commands = [RegisterCase(report, channel, draw_numbers(at), new_code(), clerk) for _ in lives]
        for life, registered in zip(lives, self._intake.carry_out(commands), strict=True):
            life.case = {"id": str(registered.case.id)}

    def submit(self, lives: Sequence[Life]) -> None:
        """提请吹哨"""
        self._intake.carry_out([SubmitCase(_id(life), self._actors[CLERK]) for life in lives])

    def blow(self, lives: Sequence[Life]) -> None:
        """吹哨"""
        self._intake.carry_out([BlowWhistle(_id(life), self._actors[REVIEWER]) for life in lives])

    def sign(self, lives: Sequence[Life]) -> None:
        """签收"""
        self._each(lives, lambda _, assignment, actor: SignAssignment(assignment, actor))

    def report_in(self, lives: Sequence[Life]) -> None:
        """报到"""
        self._each(lives, lambda _, assignment, actor: ReportIn(assignment, **SPOT, actor=actor))

    def start(self, lives: Sequence[Life]) -> None:
        """开始处置"""
        self._each(lives, lambda _, assignment, actor: StartWork(assignment, actor))

    def feed_back(self, lives: Sequence[Life]) -> None:
        """反馈"""
        self._each(lives, lambda department, assignment, actor: FeedBack(assignment, MEASURES[department], actor))

    def verify(self, lives: Sequence[Life]) -> None:
        """核查"""
        inspector = self._actors[INSPECTOR]
        stored = [self._stored(life) for life in lives]
        shots = [UploadPhoto(inspector, one.sha256, one.size, one.content_type, case.PHOTO) for one in stored]
        photos = self._closure.carry_out(shots)
        self._closure.carry_out(
            [
                PassVerification(_id(life), inspector, (photo.id,), **case.VERIFICATION)
                for life, photo in zip(lives, photos, strict=True)
            ]
        )

    def call_back(self, lives: Sequence[Life]) -> None:
        """回访，办结"""
        caller, answer = self._actors[case.CALLER], Answer(**case.ANSWER)
        self._closure.carry_out([RecordCallback(_id(life), caller, answer, remark=case.ANSWERED) for life in lives])

    def rate(self, lives: Sequence[Life]) -> None:
        """双向评价，归档"""
        scores = tuple(Score(one, **case.FOR_DEPARTMENT) for one in SUPPORTS_FIRST)

        def commands(life: Life) -> Iterator[Any]:
            yield EvaluateDepartments(_id(life), self._actors[case.SUPERVISOR], scores)
            for department in SUPPORTS_FIRST:
                yield EvaluateStreet(_id(life), self._actors[officer(department)], **case.FOR_STREET)

        self._closure.carry_out([one for life in lives for one in commands(life)])

    def _each(self, lives: Iterable[Life], command: Callable[[str, UUID, Actor], Any]) -> None:
        """Of each case each department, supports first."""
        self._dispatch.carry_out(
            [
                command(department, UUID(life.assignments[department]), self._actors[officer(department)])
                for life in lives
                for department in SUPPORTS_FIRST
            ]
        )

    def _stored(self, life: Life) -> Stored:
        """The photo on disk, as the door leaves it there."""
        with self._photos.receive() as reception:
            reception.write(life.shot)
            return reception.keep()


def _id(life: Life) -> UUID:
    return UUID(life.case["id"])


def _read_nothing(message: Message) -> Work:
    raise LookupError(f"nothing is taken from queues here, not from {message.publisher}'s either")
