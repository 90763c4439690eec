"""The running town, and cases brought through the API into whatever state a test needs."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from typing import Any, TypeVar
from uuid import uuid4

import amqp
from PIL import Image

from shared.access.actor import Role
from shared.contracts import registry
from shared.contracts.supervision import Audience, CaseFacts, ClockFacts, ClockWarnedV1
from shared.messaging.envelope import CONTENT_TYPE, encode
from shared.messaging.topology import queue_name
from shared.messaging.wire import Wire
from shared.runtime.clock import now
from shared.store.changes import Announced, Trace
from tests.e2e.api import words
from tests.e2e.api.operations import Operation, operations_of
from tests.e2e.api.people import LOGINS, NEW, Somebody
from tests.support.eventually import eventually
from tools.client import Api, Json, Refused
from tools.story.stage import PASSWORD

T = TypeVar("T")

OFFICER, COLLEAGUE, _ = words.TEAM
INSPECTOR = "grid.honghu.g03"

_colours = count()


def soon(act: Callable[[], T]) -> T:
    """Do it as soon as the service that is asked has heard of what went before elsewhere."""

    def attempt() -> T:
        try:
            return act()
        except Refused as refusal:
            if refusal.status in (404, 409):
                raise AssertionError(refusal) from refusal
            raise

    return eventually(attempt, 30.0)


def photo() -> bytes:
    """A photo that nobody has sent before."""
    picture = Image.new("RGB", (32, 20), f"#{next(_colours) * 0x2D4B59 % 0x1000000:06x}")
    into = io.BytesIO()
    picture.save(into, "JPEG")
    return into.getvalue()


@dataclass(frozen=True)
class Summons:
    """A whistled case, and the assignment of 市场监管 in it."""

    case: Json
    id: str

    def path(self, step: str = "") -> str:
        """Where the assignment, or a step of it, is asked for."""
        return f"/api/dispatch/assignments/{self.id}{step and '/'}{step}"


class Town:
    """Everybody in it, and cases in the state that a method's name tells; each call makes a new one."""

    def __init__(self, api: Api, amqp_url: str) -> None:
        self.api = api
        self.amqp_url = amqp_url
        self._people: dict[str, Somebody] = {}

    @cached_property
    def operations(self) -> list[Operation]:
        """What the gateway describes."""
        return operations_of(self.api)

    def person(self, login: str) -> Somebody:
        """Somebody, who has logged in."""
        if login not in self._people:
            self._people[login] = Somebody(self.api, login, PASSWORD)
            self._people[login].get("/api/directory/me")
        return self._people[login]

    def somebody(self, role: Role) -> Somebody:
        """A newcomer of this role, to whom nothing was served yet and who had no hand in any case."""
        if role is Role.RESIDENT:
            return Somebody(self.api, "", "")
        return replace(self.person(NEW[role]), served=[])

    # --- intake

    def photo(self, by: Somebody) -> str:
        """A photo that somebody attaches to a case; its digest."""
        return str(by.post("/api/intake/attachments", data=photo())["sha256"])

    def draft(self, **said: Any) -> Json:
        """A registered case, with its tracking code."""
        return self.person(LOGINS[Role.INTAKE_CLERK]).post("/api/intake/cases", words.registration(**said))

    def under_review(self) -> str:
        """A case that waits for the street's review; where it is asked for."""
        clerk = self.person(LOGINS[Role.INTAKE_CLERK])
        path = intake(self.draft(category="E06-01", attachments=[self.photo(clerk)]))
        clerk.post(f"{path}/submission")
        return path

    def whistled(self, **said: Any) -> Json:
        """An emergency, which is whistled before it is reviewed."""
        case = self.draft(**said)
        self.person(LOGINS[Role.INTAKE_CLERK]).post(f"{intake(case)}/submission")
        return case

    # --- dispatch

    def dispatched(self, *, alone: bool = False, **said: Any) -> Summons:
        """To be signed by 市场监管; `alone`: the dispatcher has let the supports off."""
        case = self.whistled(**said)
        if alone:
            summons = {"lead": "shichang", "supports": [], **words.REASON}
            dispatcher = self.person(LOGINS[Role.DISPATCHER])
            soon(lambda: dispatcher.post(f"/api/dispatch/cases/{case['id']}/summons", summons))
        officer = self.person(OFFICER)
        (own,) = soon(lambda: officer.get(f"/api/dispatch/assignments?case_id={case['id']}")["items"])
        return Summons(case, own["assignment"]["id"])

    def signed(self, **how: Any) -> Summons:
        """To report in."""
        summons = self.dispatched(**how)
        self.person(OFFICER).post(summons.path("signature"))
        return summons

    def reported_in(self, **how: Any) -> Summons:
        """On site."""
        summons = self.signed(**how)
        self.person(OFFICER).post(summons.path("report"), words.SITE)
        return summons

    def in_progress(self, **how: Any) -> Summons:
        """At work."""
        summons = self.reported_in(**how)
        self.person(OFFICER).post(summons.path("start"))
        return summons

    # --- enforcement

    def record(self, summons: Summons | None = None) -> str:
        """A record that was just opened; where it is asked for."""
        assignment = summons or self.reported_in()
        body = {"assignment_id": assignment.id, "officers": [*words.TEAM]}
        opened = soon(lambda: self.person(OFFICER).post("/api/enforcement/records", body))
        return f"/api/enforcement/records/{opened['id']}"

    def checked(self) -> str:
        """A record of a violation."""
        record = self.record()
        self.person(OFFICER).post(f"{record}/checks", words.CHECK)
        return record

    def ordered(self) -> str:
        """A record with an order to rectify."""
        record = self.checked()
        self.person(OFFICER).post(f"{record}/orders", words.ORDER)
        return record

    def evidence(self, record: str, by: str = COLLEAGUE) -> Json:
        """A photo in a record."""
        officer = self.person(by)
        upload = officer.post("/api/enforcement/uploads?name=site.jpg", data=photo())
        said = {"upload_id": upload["id"], "description": "渗漏点", "source": "resident"}
        return officer.post(f"{record}/evidence", said)

    # --- closure

    def to_verify(self, summons: Summons | None = None) -> Summons:
        """Everything was fed back, and closure knows."""
        done = summons or self.in_progress(alone=True)
        self.person(OFFICER).post(done.path("feedback"), words.MEASURES)
        inspector = self.person(INSPECTOR)
        soon(lambda: inspector.get(closure(done.case)))
        return done

    def site_photo(self, by: Somebody) -> str:
        """A photo for a verification; its id."""
        return str(by.post("/api/closure/photos?name=site.jpg", data=photo())["id"])

    def verified(self, summons: Summons | None = None) -> Summons:
        """The reporter is to be called back about what departments did."""
        done = self.to_verify(summons)
        inspector = self.person(INSPECTOR)
        passed = {"photos": [self.site_photo(inspector)], "condition_met": True}
        inspector.post(f"{closure(done.case)}/passed-verifications", passed)
        return done

    def closed_together(self) -> Summons:
        """Closed by the resident after departments had worked on it."""
        done = self.verified()
        self.say_yes(done.case)
        return done

    def self_handled(self) -> Json:
        """The reporter is to be called back about what the community did itself."""
        case = self.draft()
        self.person(LOGINS[Role.INTAKE_CLERK]).post(f"{intake(case)}/solution", words.MEASURES)
        caller = self.person(LOGINS[Role.CALLBACK_CLERK])
        soon(lambda: caller.get(closure(case)))
        return case

    def closed(self) -> Json:
        """Closed by the resident after the community had solved it itself."""
        case = self.self_handled()
        self.say_yes(case)
        return case

    def say_yes(self, case: Json) -> None:
        """The resident says that it is solved."""
        resident = self.somebody(Role.RESIDENT)
        resident.post("/api/closure/verdicts", {"tracking_code": case["tracking_code"], **words.VERDICT})

    # --- notice

    def told(self, who: Somebody) -> Json:
        """What somebody is told who has just been warned; nobody waits here until a limit passes by itself."""
        case = uuid4()
        facts = CaseFacts("SH-0001", "emergency", "E05-02", "cj.sanhe.honghu")
        clock = ClockFacts(uuid4(), "sign", "", None, "shichang", now(), now())
        warned: Any = ClockWarnedV1(case, facts, clock, 80, (Audience("", person=who.login),), now())
        row = Announced(uuid4(), warned.type, str(case), 1, now(), Trace(), registry.encode(warned))
        message = amqp.Message(encode(row, "supervision"), content_type=CONTENT_TYPE, delivery_mode=2)
        wire = Wire(self.amqp_url, "test")
        try:
            wire.channel.basic_publish_confirm(message, "", queue_name("notice", "supervision"), mandatory=True)
        finally:
            wire.close()

        def found() -> Json:
            unread = who.get("/api/notice/notifications?read=false&limit=200")["items"]
            return next((one for one in unread if one["case_id"] == str(case)), None)

        return eventually(found, 30.0, f"{who.login} is warned")

    # --- all of it

    @cached_property
    def example(self) -> dict[str, str]:
        """One case with everything that can be read about a case: what to fill into addresses."""
        clerk = self.person(LOGINS[Role.INTAKE_CLERK])
        digest = self.photo(clerk)
        summons = self.reported_in(alone=True, attachments=[digest])
        record = self.record(summons)
        evidence = self.evidence(record)
        self.person(OFFICER).post(summons.path("start"))
        self.verified(summons)
        self.say_yes(summons.case)
        case = self.person(INSPECTOR).get(closure(summons.case))
        return {
            "case_id": summons.case["id"],
            "sha256": digest,
            "assignment_id": summons.id,
            "record_id": record.rpartition("/")[2],
            "evidence_id": evidence["id"],
            "photo_id": case["verifications"][0]["photos"][0],
            "code": "cj.sanhe.honghu",
            "tracking_code": summons.case["tracking_code"],
        }


def intake(case: Json) -> str:
    """Where intake is asked for a case."""
    return f"/api/intake/cases/{case['id']}"


def closure(case: Json) -> str:
    """Where closure is asked for a case."""
    return f"/api/closure/cases/{case['id']}"
