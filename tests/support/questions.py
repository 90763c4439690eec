"""What is asked of each service's tables: every list, by whom it is meant for and with each filter, and every queue.

What a question names (a street, a department, a case) must be there for it to find something: `tests/support/filled.py`
fills the tables so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.closure.store import queries as closure
from services.closure.store import tables as closure_tables
from services.directory.domain.dataset import RESPONSIBILITY
from services.directory.store import queries as directory
from services.dispatch.store import queries as dispatch
from services.dispatch.store import tables as dispatch_tables
from services.enforcement.store import queries as enforcement
from services.enforcement.store import tables as enforcement_tables
from services.intake.store import queries as intake
from services.intake.store import tables as intake_tables
from services.notice.store import queries as notice
from services.notice.store import removal
from services.notice.store import tables as notice_tables
from services.supervision.domain.figures import month_of
from services.supervision.store import queries as supervision
from services.supervision.store import tables as supervision_tables
from shared.access.actor import Actor, Role
from shared.engine.timers import Due
from shared.messaging import outbox
from shared.messaging.parking import list_parked, page_parked
from shared.messaging.watch import Watch
from shared.runtime.clock import now

DISTRICT, STREET, COMMUNITY, CELL = "cj", "cj.s3", "cj.s3.c3", "cj.s3.c3.g01"
DEPARTMENT, CATEGORY, KIND, CHANNEL = "d3", "E3", "urgent", "phone"
PERSON = "p3"
CASE = ASSIGNMENT = RECORD = EVIDENCE = DELIVERY = UUID(int=20_000)
NUMBER = "CJ-00020000"
WORD = "滨河路17号"
DIGESTS = [f"{number:064x}" for number in range(1, 1_001)]
LIMIT = 100

Row = Mapping[str, Any]


def staff(role: Role, area: str = "", department: str = "") -> Actor:
    """Somebody with this role and what they answer for."""
    return Actor(PERSON, frozenset({role}), department, area)


CLERK = staff(Role.INTAKE_CLERK, COMMUNITY)
REVIEWER = staff(Role.REVIEWER, STREET)
DISPATCHER = staff(Role.DISPATCHER, STREET)
CALLBACK = staff(Role.CALLBACK_CLERK, STREET)
SUPERVISOR = staff(Role.SUPERVISOR, STREET)
DISTRICT_SUPERVISOR = staff(Role.DISTRICT_SUPERVISOR, DISTRICT)
ADMINISTRATOR = staff(Role.ADMINISTRATOR, DISTRICT)
OFFICER = staff(Role.OFFICER, department=DEPARTMENT)


@dataclass(frozen=True)
class Question:
    """Something that a service asks of its tables.

    `path` is the address that answers with it; empty for what the service asks by itself. A list is `ask`ed for a page
    of so many; the others do not look at that. What `changes` rows needs a connection that may; the others can be asked
    within a read-only transaction.
    """

    name: str
    ask: Callable[[Connection, int], Any]
    path: str = ""
    changes: bool = False

    @property
    def service(self) -> str:
        """Whose it is: the name's first word, and the schema."""
        return self.name.partition(":")[0]

    def __str__(self) -> str:
        return self.name


def first_page(path: str, name: str, ask: Callable[..., Row], *of: object, **wanted: object) -> Question:
    """A list's first page: of whom or what, and with which filters."""
    return Question(name, lambda one, limit: ask(one, *of, limit, "", **wanted), path)


def next_page(path: str, name: str, ask: Callable[..., Row], *of: object, **wanted: object) -> Question:
    """A list's first page and the one after it."""

    def both(one: Connection, limit: int) -> Row:
        begun = ask(one, *of, limit, "", **wanted)
        assert begun["next"], f"there is only one page of: {name}"
        return ask(one, *of, limit, begun["next"], **wanted)

    return Question(name, both, path)


def whole(path: str, name: str, ask: Callable[[Connection], Any]) -> Question:
    """What is answered at once, not page by page."""
    return Question(name, lambda one, _: ask(one), path)


def by_itself(name: str, ask: Callable[[Connection], Any], *, changes: bool = False) -> Question:
    """What a service asks without being asked."""
    return Question(name, lambda one, _: ask(one), "", changes)


def _town(rows: str, **wanted: object) -> Callable[..., Row]:
    return lambda one, limit, after: directory.Town().rows(one, rows, limit, after, **wanted)


def _measures(actor: Actor, by: str) -> Callable[[Connection], Row]:
    """A year's, to the present month."""

    def ask(one: Connection) -> Row:
        last = month_of(now())
        first = f"{int(last[:4]) - 1}{last[4:]}"
        return supervision.show_measures(one, actor, "supervision.show_measures", first, last, by)

    return ask


def _watch(one: Connection) -> None:
    Watch(one.engine, PLUMBING, dispatch.unconfirmed, ready=lambda: False).step()


DIRECTORY = (
    first_page("/responsibility", "directory: who is responsible for what", _town(RESPONSIBILITY)),
    first_page("/people", "directory: the people of the district", directory.list_people, ADMINISTRATOR),
    first_page("/people", "directory: the people of a street", directory.list_people, SUPERVISOR),
    first_page(
        "/people",
        "directory: the people of a department",
        directory.list_people,
        ADMINISTRATOR,
        department=DEPARTMENT,
    ),
    first_page("/colleagues", "directory: the officers of a department", directory.list_colleagues, OFFICER),
    first_page("/people", "directory: who is suspended", directory.list_people, ADMINISTRATOR, state="suspended"),
    next_page("/people", "directory: more people", directory.list_people, ADMINISTRATOR),
    first_page("/areas", "directory: the areas", _town("areas")),
    first_page("/areas", "directory: the areas of a street", _town("areas", parent=STREET)),
    first_page("/areas", "directory: the areas of a level", _town("areas", level="community")),
    first_page("/departments", "directory: the departments", _town("departments")),
    first_page("/categories", "directory: the categories", _town("categories")),
)

DUPLICATES = "/cases/<uuid:case_id>/duplicates"
INTAKE = (
    first_page("/cases", "intake: a community's cases", intake.list_cases, CLERK),
    first_page("/cases", "intake: what a community must complete", intake.list_cases, CLERK, state="returned"),
    first_page("/cases", "intake: a street's cases", intake.list_cases, REVIEWER),
    first_page("/cases", "intake: what waits for a street's review", intake.list_cases, REVIEWER, state="under_review"),
    first_page("/cases", "intake: the district's cases", intake.list_cases, DISTRICT_SUPERVISOR),
    first_page(
        "/cases", "intake: all that waits for review", intake.list_cases, DISTRICT_SUPERVISOR, state="under_review"
    ),
    first_page("/cases", "intake: cases of a channel", intake.list_cases, DISTRICT_SUPERVISOR, channel=CHANNEL),
    first_page("/cases", "intake: cases of a category", intake.list_cases, DISTRICT_SUPERVISOR, category=CATEGORY),
    first_page("/cases", "intake: a street's cases of a category", intake.list_cases, SUPERVISOR, category=CATEGORY),
    first_page("/cases", "intake: cases of a kind", intake.list_cases, DISTRICT_SUPERVISOR, kind=KIND),
    first_page("/cases", "intake: a case by its number", intake.list_cases, DISTRICT_SUPERVISOR, number=NUMBER),
    first_page("/cases", "intake: cases of one area", intake.list_cases, DISTRICT_SUPERVISOR, area=CELL),
    next_page("/cases", "intake: more cases of a street", intake.list_cases, SUPERVISOR),
    whole(DUPLICATES, "intake: likely duplicates", lambda one: intake.list_duplicates(one, CLERK, CASE)),
    first_page("/unconfirmed", "intake: a street's late answers", intake.list_unconfirmed, SUPERVISOR),
    first_page("/unconfirmed", "intake: the district's late answers", intake.list_unconfirmed, DISTRICT_SUPERVISOR),
    first_page("/disclosures", "intake: who looked in a street", intake.list_disclosures, SUPERVISOR),
    first_page("/disclosures", "intake: who looked", intake.list_disclosures, DISTRICT_SUPERVISOR),
    first_page(
        "/disclosures", "intake: who looked at a case", intake.list_disclosures, DISTRICT_SUPERVISOR, case_id=CASE
    ),
    next_page("/disclosures", "intake: who looked earlier", intake.list_disclosures, DISTRICT_SUPERVISOR),
    by_itself("intake: answers that are late", lambda one: intake.unconfirmed(one, now())),
    by_itself("intake: which files a case names", lambda one: intake.named_files(one, DIGESTS)),
)

DISPATCH = (
    first_page("/cases", "dispatch: a community's cases", dispatch.list_cases, CLERK),
    first_page("/cases", "dispatch: a department's cases", dispatch.list_cases, OFFICER),
    first_page("/cases", "dispatch: a street's cases", dispatch.list_cases, SUPERVISOR),
    first_page("/cases", "dispatch: what waits for a dispatcher", dispatch.list_cases, DISPATCHER, state="awaiting"),
    first_page("/cases", "dispatch: the district's cases", dispatch.list_cases, DISTRICT_SUPERVISOR),
    first_page("/cases", "dispatch: suspended cases", dispatch.list_cases, DISTRICT_SUPERVISOR, state="suspended"),
    first_page("/cases", "dispatch: cases of a kind", dispatch.list_cases, DISTRICT_SUPERVISOR, kind=KIND),
    first_page("/cases", "dispatch: cases of a category", dispatch.list_cases, DISTRICT_SUPERVISOR, category=CATEGORY),
    next_page("/cases", "dispatch: more cases of a department", dispatch.list_cases, OFFICER),
    first_page("/assignments", "dispatch: a department's assignments", dispatch.list_assignments, OFFICER),
    first_page(
        "/assignments", "dispatch: what waits for a department", dispatch.list_assignments, OFFICER, state="to_sign"
    ),
    first_page("/assignments", "dispatch: a street's assignments", dispatch.list_assignments, SUPERVISOR),
    first_page("/assignments", "dispatch: the district's assignments", dispatch.list_assignments, DISTRICT_SUPERVISOR),
    first_page(
        "/assignments",
        "dispatch: the assignments of a case",
        dispatch.list_assignments,
        DISTRICT_SUPERVISOR,
        case_id=CASE,
    ),
    first_page(
        "/assignments",
        "dispatch: a street's assignments of a department",
        dispatch.list_assignments,
        SUPERVISOR,
        department=DEPARTMENT,
    ),
    first_page(
        "/assignments", "dispatch: all supports", dispatch.list_assignments, DISTRICT_SUPERVISOR, part="support"
    ),
    first_page(
        "/assignments", "dispatch: all disputes", dispatch.list_assignments, DISTRICT_SUPERVISOR, state="disputed"
    ),
    next_page("/assignments", "dispatch: more assignments of a department", dispatch.list_assignments, OFFICER),
    first_page("/undelivered", "dispatch: a street's undelivered summonses", dispatch.list_undelivered, DISPATCHER),
    first_page("/undelivered", "dispatch: undelivered summonses", dispatch.list_undelivered, DISTRICT_SUPERVISOR),
    by_itself("dispatch: summonses that nobody confirmed", lambda one: dispatch.unconfirmed(one, now())),
)

RECORDS, OF_RECORD, OF_EVIDENCE = (
    "/records",
    "/records/<uuid:record_id>/evidence",
    "/evidence/<uuid:evidence_id>/custody",
)
ENFORCEMENT = (
    first_page(RECORDS, "enforcement: a department's records", enforcement.list_records, OFFICER),
    first_page(
        RECORDS, "enforcement: a department's records to check", enforcement.list_records, OFFICER, state="opened"
    ),
    first_page(RECORDS, "enforcement: a department's open records", enforcement.list_records, OFFICER, open=True),
    first_page(
        RECORDS, "enforcement: a department's records that have ended", enforcement.list_records, OFFICER, open=False
    ),
    first_page(RECORDS, "enforcement: a street's records", enforcement.list_records, SUPERVISOR),
    first_page(RECORDS, "enforcement: the district's records", enforcement.list_records, DISTRICT_SUPERVISOR),
    first_page(
        RECORDS, "enforcement: all orders that run", enforcement.list_records, DISTRICT_SUPERVISOR, state="ordered"
    ),
    first_page(RECORDS, "enforcement: the records of a case", enforcement.list_records, SUPERVISOR, case_id=CASE),
    first_page(
        RECORDS,
        "enforcement: the records on an assignment",
        enforcement.list_records,
        OFFICER,
        assignment_id=ASSIGNMENT,
    ),
    next_page(RECORDS, "enforcement: more records of a department", enforcement.list_records, OFFICER),
    first_page(
        OF_RECORD, "enforcement: the evidence of a record", enforcement.list_evidence, DISTRICT_SUPERVISOR, RECORD
    ),
    first_page(
        OF_EVIDENCE, "enforcement: the custody of a piece", enforcement.list_custody, DISTRICT_SUPERVISOR, EVIDENCE
    ),
    by_itself("enforcement: which files are evidence", lambda one: enforcement.named_files(one, DIGESTS)),
)

CLOSURE = (
    first_page("/cases", "closure: a community's cases", closure.list_cases, CLERK),
    first_page("/cases", "closure: what a community must verify", closure.list_cases, CLERK, state="to_verify"),
    first_page("/cases", "closure: a department's cases", closure.list_cases, OFFICER),
    first_page("/cases", "closure: a street's cases", closure.list_cases, SUPERVISOR),
    first_page("/cases", "closure: whom a street must call back", closure.list_cases, CALLBACK, state="call_back"),
    first_page("/cases", "closure: the district's cases", closure.list_cases, DISTRICT_SUPERVISOR),
    first_page("/cases", "closure: what was archived", closure.list_cases, DISTRICT_SUPERVISOR, state="archived"),
    first_page("/cases", "closure: cases of one area", closure.list_cases, DISTRICT_SUPERVISOR, area=CELL),
    next_page("/cases", "closure: more cases of a street", closure.list_cases, SUPERVISOR),
    first_page("/outcomes", "closure: the public notices", closure.list_outcomes),
    first_page("/outcomes", "closure: the public notices of a community", closure.list_outcomes, area=COMMUNITY),
    next_page("/outcomes", "closure: earlier public notices", closure.list_outcomes),
    by_itself("closure: which files show a case", lambda one: closure.named_files(one, DIGESTS)),
)

HISTORY = "/cases/<uuid:case_id>/history"
SUPERVISION = (
    first_page("/cases", "supervision: a community's cases", supervision.list_cases, CLERK),
    first_page("/cases", "supervision: a department's cases", supervision.list_cases, OFFICER),
    first_page("/cases", "supervision: what a department has open", supervision.list_cases, OFFICER, open=True),
    first_page("/cases", "supervision: a street's cases", supervision.list_cases, SUPERVISOR),
    first_page("/cases", "supervision: what a street has open", supervision.list_cases, SUPERVISOR, open=True),
    first_page("/cases", "supervision: the district's cases", supervision.list_cases, DISTRICT_SUPERVISOR),
    first_page(
        "/cases", "supervision: cases in a state", supervision.list_cases, DISTRICT_SUPERVISOR, state="to_verify"
    ),
    first_page("/cases", "supervision: cases of a kind", supervision.list_cases, DISTRICT_SUPERVISOR, kind=KIND),
    first_page(
        "/cases", "supervision: cases of a category", supervision.list_cases, DISTRICT_SUPERVISOR, category=CATEGORY
    ),
    first_page("/cases", "supervision: cases of one area", supervision.list_cases, DISTRICT_SUPERVISOR, area=CELL),
    first_page(
        "/cases",
        "supervision: cases of one department",
        supervision.list_cases,
        DISTRICT_SUPERVISOR,
        department=DEPARTMENT,
    ),
    first_page("/cases", "supervision: cases overdue", supervision.list_cases, DISTRICT_SUPERVISOR, overdue=True),
    first_page("/cases", "supervision: cases in time", supervision.list_cases, DISTRICT_SUPERVISOR, overdue=False),
    first_page("/cases", "supervision: open cases", supervision.list_cases, DISTRICT_SUPERVISOR, open=True),
    first_page("/cases", "supervision: cases that have ended", supervision.list_cases, DISTRICT_SUPERVISOR, open=False),
    first_page("/cases", "supervision: cases by a word", supervision.list_cases, DISTRICT_SUPERVISOR, text=WORD),
    next_page("/cases", "supervision: more cases of a street", supervision.list_cases, SUPERVISOR),
    next_page("/cases", "supervision: more cases overdue", supervision.list_cases, DISTRICT_SUPERVISOR, overdue=True),
    first_page(HISTORY, "supervision: a case's history", supervision.show_history, DISTRICT_SUPERVISOR, CASE),
    whole(
        "/overview",
        "supervision: the page of a street",
        lambda one: supervision.show_overview(one, SUPERVISOR, now()),
    ),
    whole(
        "/overview",
        "supervision: the page of the district",
        lambda one: supervision.show_overview(one, DISTRICT_SUPERVISOR, now()),
    ),
    whole("/measures", "supervision: a year's measures of departments", _measures(SUPERVISOR, "department")),
    whole("/measures", "supervision: a year's measures of communities", _measures(SUPERVISOR, "community")),
    whole("/measures", "supervision: a year's measures of categories", _measures(SUPERVISOR, "category")),
    whole("/measures", "supervision: a department's own measures", _measures(OFFICER, "department")),
    whole(
        "/rankings",
        "supervision: the month's ranking",
        lambda one: supervision.show_ranking(one, DISTRICT_SUPERVISOR, month_of(now()), "departments"),
    ),
    first_page("/orders", "supervision: a department's orders", supervision.list_orders, OFFICER),
    first_page(
        "/orders", "supervision: what a department must answer", supervision.list_orders, OFFICER, state="to_answer"
    ),
    first_page("/orders", "supervision: a street's orders", supervision.list_orders, SUPERVISOR),
    first_page("/orders", "supervision: the district's orders", supervision.list_orders, DISTRICT_SUPERVISOR),
    first_page(
        "/orders", "supervision: all replies to look at", supervision.list_orders, DISTRICT_SUPERVISOR, state="answered"
    ),
    first_page("/orders", "supervision: all urgings", supervision.list_orders, DISTRICT_SUPERVISOR, kind="urging"),
    first_page("/orders", "supervision: the orders of a case", supervision.list_orders, SUPERVISOR, case_id=CASE),
    next_page("/orders", "supervision: more orders of the district", supervision.list_orders, DISTRICT_SUPERVISOR),
    first_page("/rulings", "supervision: what waits for a street's ruling", supervision.list_rulings, SUPERVISOR),
    first_page("/rulings", "supervision: what waits for a ruling", supervision.list_rulings, DISTRICT_SUPERVISOR),
    next_page("/rulings", "supervision: what waits next for a ruling", supervision.list_rulings, DISTRICT_SUPERVISOR),
    first_page("/refusals", "supervision: refusals of a department", supervision.list_refusals, OFFICER),
    first_page("/refusals", "supervision: refusals in a street", supervision.list_refusals, SUPERVISOR),
    first_page("/refusals", "supervision: refusals in the district", supervision.list_refusals, DISTRICT_SUPERVISOR),
    next_page("/refusals", "supervision: earlier refusals", supervision.list_refusals, DISTRICT_SUPERVISOR),
    by_itself("supervision: how many cases are in each state", supervision.states),
    by_itself("supervision: in how many cases a clock is late", lambda one: supervision.timers_due(one, now())),
    by_itself("supervision: cases with a clock past the last gazetted year", supervision.provisional_cases),
)

NOTICE = (
    first_page("/summonses", "notice: a department's inbox", notice.list_summons, OFFICER),
    first_page("/summonses", "notice: what a department has not read", notice.list_summons, OFFICER, state="unread"),
    first_page("/summonses", "notice: what a department has read", notice.list_summons, OFFICER, state="read"),
    next_page("/summonses", "notice: more of a department's inbox", notice.list_summons, OFFICER),
    first_page("/notifications", "notice: what a person was told", notice.list_notifications, OFFICER),
    first_page("/notifications", "notice: what a person has not read", notice.list_notifications, OFFICER, read=False),
    first_page("/notifications", "notice: what a person has read", notice.list_notifications, OFFICER, read=True),
    next_page("/notifications", "notice: what a person was told earlier", notice.list_notifications, OFFICER),
    by_itself(
        "notice: the next delivery to send",
        lambda one: Due(one.engine, notice_tables.delivery).claim(1, notice_tables.delivery.c.destination.not_in([])),
        changes=True,
    ),
    by_itself("notice: what a delivery brings, and where to", lambda one: notice.to_send(one, DELIVERY)),
    by_itself("notice: how many deliveries wait", notice.count_waiting),
    by_itself("notice: old deliveries", lambda one: removal.remove_deliveries(one, limit=500), changes=True),
    by_itself("notice: old notifications", lambda one: removal.remove_notifications(one, limit=500), changes=True),
)

# Every service has these tables: it is enough to ask one.
PLUMBING = dispatch_tables.plumbing
MESSAGES = (
    by_itself(
        "dispatch: the oldest unsent events",
        lambda one: outbox.claim(one, PLUMBING, 500, 2**40, [UUID(int=1)]),
        changes=True,
    ),
    by_itself("dispatch: events of cases long quiet", lambda one: outbox.remove_sent(one, PLUMBING, 500), changes=True),
    by_itself("dispatch: old answers", lambda one: outbox.remove_answers(one, PLUMBING, 500), changes=True),
    by_itself(
        "dispatch: the events of some cases, once more",
        lambda one: outbox.announce_again(one, PLUMBING, [str(CASE)]),
        changes=True,
    ),
    by_itself("dispatch: the newest unsent event", lambda one: outbox.newest(one, PLUMBING)),
    by_itself("dispatch: cases going out", lambda one: outbox.going_out(one, PLUMBING, [str(CASE)])),
    by_itself("dispatch: what the watch looks at", _watch, changes=True),
    by_itself("dispatch: what is parked", lambda one: list_parked(one, PLUMBING, state="parked")),
)

PARKED = tuple(
    first_page("/parked", f"{service}: what is parked, for an administrator", page_parked, plumbing)
    for service, plumbing in {
        "intake": intake_tables.plumbing,
        "dispatch": dispatch_tables.plumbing,
        "enforcement": enforcement_tables.plumbing,
        "closure": closure_tables.plumbing,
        "supervision": supervision_tables.plumbing,
        "notice": notice_tables.plumbing,
    }.items()
)

QUESTIONS = (
    *DIRECTORY, *INTAKE, *DISPATCH, *ENFORCEMENT, *CLOSURE, *SUPERVISION, *NOTICE, *MESSAGES, *PARKED,
)  # fmt: skip
