"""What supervision answers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from math import ceil
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import orjson
from msgspec import structs
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Select,
    Text,
    and_,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.supervision.domain.case_clocks import CaseClocks
from services.supervision.domain.case_file import CaseFile, Part
from services.supervision.domain.figures import NOW, month_of
from services.supervision.domain.measures import FIGURES, shares_of
from services.supervision.domain.order import Order
from services.supervision.domain.ranking import POINTS, Ranked, rank, weights_of
from services.supervision.domain.refusal import Refusal
from services.supervision.domain.words import pairs, plain
from services.supervision.store.tables import (
    DAY,
    ENDED,
    STREET,
    case_clocks,
    case_file,
    entry,
    order,
    plumbing,
    refusal,
    ruling,
    tally,
)
from shared.access.actor import Actor, Role
from shared.access.filters import department_of, visible, within
from shared.store.pages import EVERYTHING, beyond, first, page
from shared.store.reads import aggregate, one, snapshot

Row = dict[str, Any]
Condition = ColumnElement[bool]
Sums = dict[str, dict[str, int]]

CHANNEL = "whistle_live"  # on which the database tells every change of a case: migration 0011
OPEN_CLOCK = ("running", "paused")
OF_A_LIST = (
    "id", "number", "kind", "category", "area", "address", "summary", "ongoing", "state", "state_since", "first_at",
    "whistled_at", "round", "escalated", "supervised", "overdue_since", "parts", "version",
)  # fmt: skip
SECRETS = ("tracking_digest",)  # by which services recognise a resident
MOST_OVERDUE = 20  # cases on the supervisor's page
OPEN_ORDER = ("to_answer", "answered")
OF_A_RULING = (
    "case_id", "number", "kind", "category", "area", "matter", "assignment_id", "department", "since", "reason",
    "ordinal", "minutes", "review_by", "due_at",
)  # fmt: skip
# Who rules on what, by its ordinal (0 where it has none), and by which of dispatch's operations.
RULERS: Mapping[str, Iterable[tuple[str, int]]] = {
    Role.SUPERVISOR: (("dispute", 0), ("extension", 1)),
    Role.DISTRICT_SUPERVISOR: (("dispute", 0), ("extension", 2), ("suspension", 0)),
}
RULINGS: Mapping[tuple[str, int], tuple[str, ...]] = {
    ("dispute", 0): ("dispatch.uphold_assignment", "dispatch.reroute_assignment"),
    ("extension", 1): ("dispatch.grant_first_extension", "dispatch.refuse_extension"),
    ("extension", 2): ("dispatch.grant_second_extension", "dispatch.refuse_extension"),
    ("suspension", 0): ("dispatch.resume_case",),
}
SAMPLE = 500  # of the newest cases: how many of them have what is sought
COMMON = SAMPLE // 10  # so many of them, and a page is full before the sample is looked at twice
A_DAY = timedelta(days=1)
AMPLE = 1.5  # times as far as a page should reach
MOST_DAYS = 64  # PostgreSQL compares each case it finds by its words with each of the days
FARTHER = 8  # times as many days, where the page was not full
NEWEST = (case_file.c.first_at, case_file.c.id)
LONGEST_OVERDUE = (case_file.c.overdue_since, case_file.c.id)
BEGAN_ON: ColumnElement[Any] = literal_column(DAY.text, ARRAY(Date))
COMMUNITY = and_(tally.c.department == "", tally.c.category == "")
VIEWS: Mapping[str, tuple[ColumnElement[str], Condition]] = {
    "department": (tally.c.department, tally.c.department != ""),
    "community": (tally.c.area, COMMUNITY),
    "category": (tally.c.category, tally.c.category != ""),
}


# --- cases


def show_case(connection: Connection, actor: Actor, case_id: UUID) -> Row:
    """A case's file and its clocks, the earliest due first; each department with those of its own that are open."""
    seen = visible("supervision.show_case", actor, area=case_file.c.area, taking_part=case_file.c.departments)
    file = aggregate(one(connection, select(case_file).where(case_file.c.id == case_id, seen), "case"), CaseFile)
    row = connection.execute(select(case_clocks).where(case_clocks.c.id == case_id)).mappings().first()
    clocks = sorted(aggregate(row, CaseClocks).clocks, key=lambda one: (one.due_at, one.id)) if row else []
    found = _fields(file)
    return {**found, "parts": _parts(file.parts, [_fields(one) for one in clocks if one.open]), "clocks": clocks}


def look_at_case(connection: Connection, actor: Actor, case_id: UUID, now: datetime) -> None:
    """Let whoever listens know that this actor looks at a case that they may see; no row is written."""
    seen = visible("supervision.look_at_case", actor, area=case_file.c.area, taking_part=case_file.c.departments)
    case = ("case", case_file.c.id, "area", case_file.c.area, "departments", case_file.c.departments)
    told = func.json_build_object(*case, "who", actor.id, "at", now)
    one(connection, select(func.supervision.tell_live(told)).where(case_file.c.id == case_id, seen), "case")
    connection.commit()  # only then is it told


def states(connection: Connection) -> dict[str, int]:
    """How many cases are in each state, from the sums."""
    shown = tally.c.figure.startswith("state.") & (tally.c.month == "") & (tally.c.department == "")
    found = select(tally.c.figure, func.sum(tally.c.amount)).where(shown).group_by(tally.c.figure)
    return {str(figure).removeprefix("state."): int(amount) for figure, amount in connection.execute(found)}


def timers_due(connection: Connection, moment: datetime) -> int:
    """In how many cases a clock has something to tell by this time and has not told it."""
    return connection.scalar(select(func.count()).where(case_clocks.c.next_at <= moment)) or 0


def provisional_cases(connection: Connection) -> Sequence[UUID]:
    """The cases of which an open clock's due time lies past the last gazetted year."""
    return connection.scalars(select(case_clocks.c.id).where(case_clocks.c.provisional)).all()


def list_cases(connection: Connection, actor: Actor, limit: int, after: str, **wanted: Any) -> Row:
    """A page of cases, the newest first, those of `overdue` the longest first; each with the limits that are open.

    `wanted` are values of state, kind and category, an area, a department, whether it is open or overdue, and a text.
    """
    if wanted.get("overdue"):
        rows = _listed(_seen(actor, case_file.c.departments), *_wanted(wanted))
        return _with_limits(connection, page(connection, rows, LONGEST_OVERDUE, limit, after, rising=True))
    alike = [(case_file.c.state, wanted.pop("state"))] if "state" in wanted else []
    sought = _sought(actor, wanted)
    if sought is None:
        rows, stretches = _listed(_seen(actor, case_file.c.departments), *_wanted(wanted)), iter([EVERYTHING])
    else:
        others = [sought.seen, *_wanted(sought.besides)]
        rows = _listed(*others, sought.holds)
        stretches = _back_in_time(connection, sought, and_(*others), limit, after)
    return _with_limits(connection, page(connection, rows, NEWEST, limit, after, alike=alike, stretches=stretches))


def show_history(connection: Connection, actor: Actor, case_id: UUID, limit: int, after: str) -> Row:
    """A page of what all services announced about a case, in the order of time."""
    seen = visible("supervision.show_history", actor, area=case_file.c.area, taking_part=case_file.c.departments)
    one(connection, select(case_file.c.id).where(case_file.c.id == case_id, seen), "case")
    rows = select(entry.c.publisher, entry.c.type, entry.c.time, entry.c.data).where(entry.c.case_id == case_id)
    found = page(connection, rows, (entry.c.time, entry.c.number), limit, after, rising=True)
    return {**found, "items": [{**row, "data": _told(row["data"])} for row in found["items"]]}


def _listed(*conditions: Condition) -> Select[Any]:
    return select(*(case_file.c[name] for name in OF_A_LIST)).where(*conditions)


def _seen(actor: Actor, taking_part: ColumnElement[Any]) -> Condition:
    return visible("supervision.list_cases", actor, area=case_file.c.area, taking_part=taking_part)


class Sought(NamedTuple):
    """What few cases may have: how they are found by an index, how it is seen of a case that was met on the way, and
    what else is wanted.
    """

    found_by: Condition
    holds: Condition
    seen: Condition
    besides: Mapping[str, Any]


def _sought(actor: Actor, wanted: Mapping[str, Any]) -> Sought | None:
    """A text, or else a department; None where neither limits the list."""
    besides = {**wanted}
    if text := besides.pop("text", ""):
        # The pairs find it by the index; only then it is looked at whether they stand one after the other.
        found_by = case_file.c.words.contains([*pairs(text)])
        return Sought(found_by, _holds(text), _seen(actor, case_file.c.departments), besides)
    own = department_of(actor, "supervision.list_cases")
    if department := besides.pop("department", own):
        among = _among(department)
        seen = _seen(actor, among if department == own else case_file.c.departments)
        return Sought(case_file.c.departments.contains([department]), among, seen, besides)
    return None


def _back_in_time(
    connection: Connection, sought: Sought, others: Condition, limit: int, after: str
) -> Iterator[Condition]:
    """Stretches of time, the newest first, in which to look for it so that a page costs the same in any year.

    What many cases have fills a page from the newest ones. Of what few have PostgreSQL would look at every case that
    ever had it, so it is asked for by the days on which cases began: as many as the newest cases after
    the cursor let expect to fill the page, then more at a time. Only what they do not fill is looked for in all time.
    """
    holds = sought.holds
    newest = select(case_file.c.first_at, holds.label("holds"), and_(holds, others).label("fits"))
    newest = newest.where(beyond(NEWEST, after)).order_by(*(key.desc() for key in NEWEST)).limit(SAMPLE)
    sample = newest.subquery()
    begun, count = sample.c.first_at, func.count()
    sums = (count, count.filter(sample.c.holds), count.filter(sample.c.fits), func.min(begun), func.max(begun))
    size, holding, fitting, first, last = connection.execute(select(*sums)).one()
    if size < SAMPLE or holding >= COMMON:
        yield EVERYTHING
        return
    reach = (last - first) * (AMPLE * (limit + 1) / max(fitting, 1))
    days = min(MOST_DAYS, max(1, ceil(reach / A_DAY))) if holding else MOST_DAYS
    day = last.astimezone(UTC).date()
    while days:
        yield and_(sought.found_by, BEGAN_ON.overlap([day - timedelta(back) for back in range(days)]))
        day -= timedelta(days)
        days = min(MOST_DAYS, days * FARTHER) if days < MOST_DAYS else 0
    yield and_(sought.found_by, case_file.c.first_at < datetime.combine(day + timedelta(1), time(), UTC))


def _wanted(wanted: Mapping[str, Any]) -> Iterable[Condition]:
    """The conditions of a list; what is not named is not asked about."""
    for name, value in wanted.items():
        match name:
            case "area":
                yield within(case_file.c.area, value)
            case "department":
                yield case_file.c.departments.contains([value])
            case "overdue":
                yield case_file.c.overdue_since.is_not(None) if value else case_file.c.overdue_since.is_(None)
            case "open":
                yield case_file.c.state.not_in(_ended()) if value else case_file.c.state.in_(_ended())
            case "text":
                yield case_file.c.words.contains([*pairs(value)])
                yield _holds(value)
            case _:
                yield case_file.c[name] == value


def _holds(text: str) -> Condition:
    return func.strpos(case_file.c.sought, plain(text)) > 0


def _among(department: str) -> Condition:
    """Whether it takes part, as PostgreSQL has no index for it and takes it for one case in three."""
    return func.jsonb_exists(case_file.c.departments, department, type_=Boolean())


def _ended() -> list[ColumnElement[str]]:
    """The final states, written out so that PostgreSQL recognises its partial index."""
    return [literal_column(f"'{state}'") for state in ENDED]


def _with_limits(connection: Connection, found: Row) -> Row:
    """A page of cases with their open limits, which a second query brings for all of them."""
    ids = [row["id"] for row in found["items"]]
    known = select(case_clocks).where(case_clocks.c.id.in_(ids))
    limits = {
        row["id"]: sorted(
            (_fields(one) for one in aggregate(row, CaseClocks).clocks if one.open), key=itemgetter("due_at", "id")
        )
        for row in (connection.execute(known).mappings() if ids else ())
    }
    return {**found, "items": [_with_own(row, limits.get(row["id"], [])) for row in found["items"]]}


def _with_own(row: Row, limits: Sequence[Row]) -> Row:
    parts = _parts(msgspec.convert(row["parts"], tuple[Part, ...]), limits)
    return {**row, "parts": parts, "limits": [one for one in limits if one["assignment_id"] is None]}


def _parts(parts: Iterable[Part], limits: Sequence[Row]) -> list[Row]:
    """Each department's part with its own of these limits."""
    return [{**_fields(part), "limits": [one for one in limits if one["assignment_id"] == part.id]} for part in parts]


def _fields(of: Any) -> Row:
    return structs.asdict(of)


def _told(data: bytes) -> Row:
    """What an event says, without what only services need."""
    return {name: value for name, value in orjson.loads(data).items() if name not in SECRETS}


# --- figures


def show_overview(connection: Connection, actor: Actor, now: datetime) -> Row:
    """The supervisor's page: how many cases stand where, what is overdue, what waits, and this month so far.

    However many cases there are: the counts come from sums, the cases from the index of what is overdue.
    """
    month = month_of(now)
    seen = visible("supervision.show_overview", actor, area=tally.c.area)
    wanted = or_(tally.c.month == NOW, and_(tally.c.month == month, COMMUNITY))
    amount = func.sum(tally.c.amount).label("amount")
    columns = (tally.c.month, tally.c.figure, tally.c.department)
    sums = connection.execute(select(*columns, amount).where(seen, wanted).group_by(*columns)).all()
    present = [(*row.figure.partition("."), row) for row in sums if row.month == NOW and row.amount]
    rows = select(*(case_file.c[name] for name in OF_A_LIST)).where(
        visible("supervision.show_overview", actor, area=case_file.c.area), case_file.c.overdue_since.is_not(None)
    )
    longest = page(connection, rows, LONGEST_OVERDUE, MOST_OVERDUE, "", rising=True)
    return {
        "month": month,
        "states": [{"state": of, "cases": int(row.amount)} for kind, _, of, row in present if kind == "state"],
        "waiting": [{"matter": of, "count": int(row.amount)} for kind, _, of, row in present if kind == "waiting"],
        "overdue": [
            {"department": row.department, "clock": of, "count": int(row.amount)}
            for kind, _, of, row in present
            if kind == "overdue"
        ],
        "overdue_cases": sum(int(row.amount) for *_, row in present if row.figure == "case.overdue"),
        "longest_overdue": _with_limits(connection, longest),
        "measures": shares_of({row.figure: int(row.amount) for row in sums if row.month == month}),
    }


def show_measures(connection: Connection, actor: Actor, operation: str, first: str, last: str, by: str) -> Row:
    """Every measure from the first month to the last, for all together and by department, community or category."""
    seen = visible(operation, actor, area=tally.c.area, department=tally.c.department)
    months = tally.c.month.between(first, last)
    code, view = VIEWS[by]
    sums = _sums(connection, code, seen, months, view, tally.c.figure.in_(FIGURES))
    whole: dict[str, int] = defaultdict(int)
    for row in connection.execute(_summed((), seen, months, COMMUNITY, tally.c.figure.in_(FIGURES))):
        whole[row.figure] = int(row.amount)
    items = [{"code": code, "measures": shares_of(of)} for code, of in sorted(sums.items())]
    return {"first": first, "last": last, "by": by, "items": items, "whole": shares_of(whole)}


def show_ranking(connection: Connection, actor: Actor, month: str, table: str) -> Row:
    """One month's ranking of departments or communities, by the weights as they are known now."""
    seen = visible("supervision.show_ranking", actor, area=tally.c.area)
    code, view = VIEWS["department" if table == "departments" else "community"]
    weights = weights_of(snapshot(connection, plumbing, "weights"), table)
    figures = tally.c.figure.in_((*FIGURES, POINTS))
    ranked: tuple[Ranked, ...] = rank(_sums(connection, code, seen, tally.c.month == month, view, figures), weights)
    said = [{"measure": name, "weight": float(weight)} for name, weight in weights.items()]
    return {"month": month, "table": table, "weights": said, "items": ranked}


def _sums(connection: Connection, code: ColumnElement[str], *conditions: Condition) -> Sums:
    """The sums of figures by code; who has none that is not zero is left out."""
    sums: Sums = defaultdict(dict)
    for row in connection.execute(_summed((code.label("code"),), *conditions)):
        if row.amount:
            sums[row.code][row.figure] = int(row.amount)
    return sums


def _summed(columns: Sequence[ColumnElement[Any]], *conditions: Condition) -> Select[Any]:
    amount = func.sum(tally.c.amount).label("amount")
    return select(*columns, tally.c.figure, amount).where(*conditions).group_by(*columns, tally.c.figure)


# --- orders, refusals, what waits for a ruling


def list_orders(connection: Connection, actor: Actor, limit: int, after: str, **wanted: object) -> Row:
    """A page of urgings and orders: those first on which somebody has to act, of these the newest."""
    seen = visible("supervision.list_orders", actor, area=order.c.area, department=order.c.department)
    rows = select(order, case_file.c.number, case_file.c.category).join(case_file, case_file.c.id == order.c.case_id)
    rows = rows.where(seen, *(order.c[name] == value for name, value in wanted.items()))
    open_ones = order.c.state.in_(OPEN_ORDER)
    return _with_aggregates(page(connection, rows, (open_ones, order.c.issued_at, order.c.id), limit, after), Order)


def list_refusals(connection: Connection, actor: Actor, limit: int, after: str) -> Row:
    """A page of departments that did not come: those first of which nothing was found yet, of these the newest."""
    seen = visible("supervision.list_refusals", actor, area=refusal.c.area, department=refusal.c.department)
    rows = select(refusal, case_file.c.number, case_file.c.category)
    rows = rows.join(case_file, case_file.c.id == refusal.c.case_id).where(seen)
    open_ones = refusal.c.state != "found"
    keys = (open_ones, refusal.c.reported_at, refusal.c.id)
    return _with_aggregates(page(connection, rows, keys, limit, after), Refusal)


def list_rulings(connection: Connection, actor: Actor, limit: int, after: str) -> Row:
    """A page of what waits for this actor's ruling, the oldest due first, each with the operations that rule on it.

    What has no limit stands where it began to wait.
    """
    seen = visible("supervision.list_rulings", actor, area=ruling.c.area, street=literal_column(STREET.text, Text))
    matters = sorted({one for role in actor.roles for one in RULERS.get(role, ())})
    if not matters:
        return {"items": [], "next": None}
    # Each matter has an index in the list's order: a page of each holds the page of all.
    of_matter = (select(ruling).where(seen, ruling.c.matter == one, ruling.c.ordinal == nth) for one, nth in matters)
    pages = (first(rows, _place(ruling), limit, after, rising=True) for rows in of_matter)
    waits = union_all(*pages).subquery("waits")
    rows = select(*(waits.c[name] for name in OF_A_RULING))
    found = page(connection, rows, _place(waits), limit, after, rising=True)
    return {**found, "items": [_ruling(row) for row in found["items"]]}


def _with_aggregates(found: Row, kind: type[Any]) -> Row:
    """A page whose rows hold an aggregate's fields beside others: times within JSON are times again."""
    return {**found, "items": [{**row, **_fields(aggregate(row, kind))} for row in found["items"]]}


def _place(waits: FromClause) -> Sequence[ColumnElement[Any]]:
    """A ruling's place in the list."""
    return [waits.c[name] for name in ("stands_at", "case_id", "about_id")]


def _ruling(row: Row) -> Row:
    return {**row, "operations": RULINGS[row["matter"], row["ordinal"]]}
