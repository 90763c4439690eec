"""Any sequence of commands and events, legal or not, keeps what must always hold of a case and its assignments."""

from datetime import timedelta
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4, uuid5

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.dispatch.commands import (
    accept_assignments,
    add_support,
    confirm_delivery,
    correct_dispatch,
    deem_signed,
    dispatch_case,
    dispute_assignment,
    excuse_support,
    feed_back,
    grant_first_extension,
    grant_second_extension,
    note_overdue,
    refuse_extension,
    release_assignment,
    reopen_assignments,
    report_in,
    report_progress,
    request_extension,
    reroute_assignment,
    resume_case,
    sign_assignment,
    start_work,
    suspend_case,
    uphold_assignment,
    withdraw_case,
)
from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.records import Part
from services.dispatch.domain.transitions import AssignmentState, CaseState
from shared.contracts.dispatch import CaseDispatchedV1, CaseFedBackV1, SummonsChangedV1
from shared.contracts.notice import SummonsDeliveredV1
from shared.engine.work import Outcome
from shared.errors import AppError
from tests.support.deciding import NOON, WORK, decide
from tests.unit.dispatch.samples import CASE, DISPATCHER, DISTRICT, STREET, TOWN, officer, whistle

DEPARTMENTS = st.sampled_from(["zhujian", "chengguan", "shichang", "sifa", "gongan", "wuye", "shequ", "elsewhere"])
PICK = st.integers(0, 50)
STEPS = st.sampled_from(["sign", "dispute", "report", "start", "progress", "feed_back", "extend"])
RULINGS = st.sampled_from(["uphold", "excuse", "release", "first", "second", "refuse"])


class Dispatch(RuleBasedStateMachine):
    """One case, whatever people, clocks and other services do to it."""

    def __init__(self) -> None:
        super().__init__()
        self.case: Case | None = None
        self.assignments: dict[UUID, Assignment] = {}
        self.announced: dict[str, str] = {}
        self.added: list[UUID] = []
        self.works = 0
        self.now = NOON

    @initialize(category=st.sampled_from(["E06-01", "E06-09", "E99-99"]))
    def blow(self, category: str) -> None:
        """The whistle; sometimes the table names nobody."""
        self.tell(dispatch_case, dispatch_case.DispatchCase(whistle(category=category)))

    @precondition(lambda self: self.assignments)
    @rule(step=STEPS, which=PICK)
    def work(self, step: str, which: int) -> None:
        """An officer does something, whether or not it is the time for it."""
        mine = self.pick(which)
        who = officer(mine.department)
        module, command = {
            "sign": (sign_assignment, sign_assignment.SignAssignment(mine.id, who)),
            "dispute": (dispute_assignment, dispute_assignment.DisputeAssignment(mine.id, "条例", who)),
            "report": (report_in, report_in.ReportIn(mine.id, None, None, "门口", who)),
            "start": (start_work, start_work.StartWork(mine.id, who)),
            "progress": (report_progress, report_progress.ReportProgress(mine.id, "已开挖", who)),
            "feed_back": (feed_back, feed_back.FeedBack(mine.id, "已修复", who)),
            "extend": (request_extension, request_extension.RequestExtension(mine.id, 60, "配件", who)),
        }[step]
        self.tell(module, command)

    @precondition(lambda self: self.assignments)
    @rule(which=PICK)
    def go_on(self, which: int) -> None:
        """An officer does what comes next."""
        following = {
            AssignmentState.TO_SIGN: "sign",
            AssignmentState.SIGNED: "report",
            AssignmentState.REPORTED_IN: "start",
            AssignmentState.REWORK: "start",
        }
        self.work(following.get(self.pick(which).state, "feed_back"), which)

    @precondition(lambda self: self.live())
    @rule(steps=st.integers(1, 16))
    def go_on_together(self, steps: int) -> None:
        """All departments go on in turn, the lead last: often as far as the handover."""
        for _ in range(steps):
            known = sorted(self.assignments.values(), key=lambda one: one.id)
            todo = sorted((one for one in self.live() if not one.done), key=lambda one: one.part is Part.LEAD)
            if todo:
                self.go_on(known.index(todo[0]))

    @precondition(lambda self: self.assignments)
    @rule(ruling=RULINGS, which=PICK)
    def rule_on(self, ruling: str, which: int) -> None:
        """The street or the district decides something about an assignment."""
        id = self.pick(which).id
        module, command = {
            "uphold": (uphold_assignment, uphold_assignment.UpholdAssignment(id, "明确", STREET)),
            "excuse": (excuse_support, excuse_support.ExcuseSupport(id, "无关", STREET)),
            "release": (release_assignment, release_assignment.ReleaseAssignment(id, STREET)),
            "first": (grant_first_extension, grant_first_extension.GrantFirstExtension(id, "同意", STREET)),
            "second": (grant_second_extension, grant_second_extension.GrantSecondExtension(id, "同意", DISTRICT)),
            "refuse": (refuse_extension, refuse_extension.RefuseExtension(id, "不同意", STREET)),
        }[ruling]
        self.tell(module, command)

    @precondition(lambda self: self.assignments)
    @rule(which=PICK, to=DEPARTMENTS)
    def reroute(self, which: int, to: str) -> None:
        """A dispute is raised and found to be justified."""
        mine = self.pick(which)
        self.work("dispute", which)
        self.tell(reroute_assignment, reroute_assignment.RerouteAssignment(mine.id, to, "属他部门", STREET))

    @rule(lead=DEPARTMENTS, supports=st.lists(DEPARTMENTS, max_size=3))
    def correct(self, lead: str, supports: list[str]) -> None:
        """A dispatcher names others."""
        command = correct_dispatch.CorrectDispatch(CASE, lead, tuple(supports), "改正", DISPATCHER)
        self.tell(correct_dispatch, command)

    @rule(department=DEPARTMENTS)
    def add(self, department: str) -> None:
        """A dispatcher adds a support."""
        self.tell(add_support, add_support.AddSupport(CASE, department, "配合", DISPATCHER))

    @rule(hours=st.integers(0, 48), which=PICK)
    def wait(self, hours: int, which: int) -> None:
        """Time passes, and a clock looks at an assignment."""
        self.now += timedelta(hours=hours)
        if self.assignments:
            mine = self.pick(which)
            self.tell(deem_signed, deem_signed.DeemSigned(mine.id, self.now))
            self.tell(note_overdue, note_overdue.NoteOverdue(mine.id, mine.clock_from, self.now))

    @rule(suspend=st.booleans())
    def pause(self, suspend: bool) -> None:
        """The district suspends or resumes the case."""
        if suspend:
            self.tell(suspend_case, suspend_case.SuspendCase(CASE, "挂账", None, DISTRICT))
        else:
            self.tell(resume_case, resume_case.ResumeCase(CASE, "恢复", DISTRICT))

    @precondition(lambda self: self.case and self.case.state in (CaseState.TO_VERIFY, CaseState.CLOSED))
    @rule(which=st.lists(PICK, min_size=1, max_size=3))
    def fail(self, which: list[int]) -> None:
        """Closure finds that something failed."""
        failed = tuple(self.pick(one).id for one in which)
        self.tell(reopen_assignments, reopen_assignments.ReopenAssignments(CASE, failed, "渗漏", self.now))

    @rule(closed=st.booleans())
    def accept(self, closed: bool) -> None:
        """Closure accepts, or closes."""
        self.tell(accept_assignments, accept_assignments.AcceptAssignments(CASE, closed))

    @rule(which=PICK)
    def deliver(self, which: int) -> None:
        """Notice delivered something."""
        ids = (self.pick(which).id,) if self.assignments else ()
        self.tell(confirm_delivery, confirm_delivery.ConfirmDelivery(SummonsDeliveredV1(CASE, ids, self.now)))

    @rule(accepted=st.booleans(), seldom=st.integers(0, 19))
    def withdraw(self, accepted: bool, seldom: int) -> None:
        """Seldom, the case is withdrawn."""
        if seldom == 7:
            command = withdraw_case.WithdrawCase(CASE, uuid4(), None, "作废", "r", self.now, accepted)
            self.tell(withdraw_case, command)

    @invariant()
    def exactly_one_lead_takes_part(self) -> None:
        """From the dispatch on, until the case is withdrawn; and no department takes part twice."""
        if self.case and self.case.state not in (CaseState.AWAITING, CaseState.WITHDRAWN):
            assert [one.part for one in self.live()].count(Part.LEAD) == 1
        departments = [one.department for one in self.live()]
        assert len(departments) == len(set(departments))

    @invariant()
    def no_assignment_is_lost(self) -> None:
        """Whoever was ever summoned is there, and whoever no longer takes part says why."""
        assert sorted(self.added) == sorted(self.assignments)
        assert all(one.live or one.ending for one in self.assignments.values())

    @invariant()
    def the_lead_has_never_fed_back_before_a_support(self) -> None:
        """Where the lead's feedback waits for its verdict, nobody has anything to do."""
        lead = next((one for one in self.live() if one.part is Part.LEAD), None)
        if lead and lead.state is AssignmentState.FED_BACK:
            assert all(one.done for one in self.live())

    @invariant()
    def a_case_is_handed_over_when_and_only_when_nobody_has_anything_to_do(self) -> None:
        """Neither before, nor forgotten."""
        if self.case and self.case.state in (CaseState.TO_VERIFY, CaseState.CLOSED):
            assert all(one.done for one in self.live())
        elif self.case and self.case.state is not CaseState.WITHDRAWN and self.live():
            assert not all(one.done for one in self.live())

    @invariant()
    def others_know_who_takes_part(self) -> None:
        """What was announced last is what is."""
        if self.case and self.case.state is not CaseState.WITHDRAWN:
            parts = {one.department: one.part.value for one in self.live()}
            excused = {one.department for one in self.assignments.values() if one.state is AssignmentState.EXCUSED}
            assert {who: part for who, part in self.announced.items() if who in parts or who not in excused} == parts

    def pick(self, which: int) -> Assignment:
        """One of the assignments, live or not."""
        known = sorted(self.assignments.values(), key=lambda one: one.id)
        return known[which % len(known)]

    def live(self) -> list[Assignment]:
        """Those that take part."""
        return [one for one in self.assignments.values() if one.live]

    def tell(self, module: ModuleType, command: Any) -> None:
        """Let the command decide; a refusal leaves everything as it is."""
        self.works += 1
        known = ([self.case] if self.case else []) + [*self.assignments.values()]
        work = uuid5(WORK, str(self.works))
        try:
            outcome = decide(module, command, *known, references=TOWN, now=self.now, work=work)
        except AppError:
            return
        self.take(outcome)

    def take(self, outcome: Outcome) -> None:
        """What was decided becomes what is: new is new, changed is one version on."""
        for one in outcome.new:
            assert one.id not in self.assignments
        for one in (*outcome.new, *outcome.changed):
            before = self.case if isinstance(one, Case) else self.assignments.get(one.id)
            assert one.version == (before.version + 1 if before else 1)
            if isinstance(one, Case):
                self.case = one
            else:
                assert before is None or one.limits[: len(before.limits)] == before.limits  # type: ignore[union-attr]  # an assignment
                self.assignments[one.id] = one
        for event in outcome.events:
            self.hear(event)

    def hear(self, event: Any) -> None:
        """What others learn from an announcement."""
        if isinstance(event, CaseDispatchedV1 | SummonsChangedV1 | CaseFedBackV1):
            self.announced = {one.department: one.part for one in event.summons}
        if isinstance(event, CaseDispatchedV1):
            self.added += [one.assignment_id for one in event.summons]
        if isinstance(event, SummonsChangedV1):
            self.added += event.added


TestDispatch = Dispatch.TestCase
TestDispatch.settings = settings(max_examples=80, stateful_step_count=60, deadline=None)
