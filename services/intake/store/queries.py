"""What intake answers: cases to whom the policy shows them, their reporter to their own community only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Subquery,
    Table,
    and_,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy import case as sql_case

from services.intake.domain import duplicates
from services.intake.domain.case import Attachment, Case
from services.intake.domain.complaint import Complaint, Reporter
from services.intake.domain.duplicates import Candidate, Duplicate
from services.intake.domain.progress import ENDED as ENDED_STAGES
from services.intake.domain.progress import Progress
from services.intake.domain.transitions import ENDED, State
from services.intake.store import tables
from shared.access.actor import Actor
from shared.access.filters import visible, within
from shared.contracts.places import Place
from shared.errors import NotFound
from shared.messaging.watch import Unconfirmed, is_late
from shared.runtime import clock
from shared.store.pages import page
from shared.store.reads import aggregate, one, snapshot

MOST_UNCONFIRMED = 1_000  # cases that the watch looks at in one round
METRES_A_DEGREE = 111_320.0

Row = Mapping[str, Any]
T = TypeVar("T")

case, progress, disclosure, upload = tables.case, tables.progress, tables.disclosure, tables.upload


@dataclass(frozen=True, slots=True)
class WholeCase:
    """A case with what its reader may see of who reported it: all, or masked (`clear` False)."""

    case: Case
    progress: Progress | None
    clear: bool
    place: Place
    description: str
    reporter: Reporter | None

    @property
    def version(self) -> int:
        """The case's."""
        return self.case.version


def list_cases(
    connection: Connection, actor: Actor, limit: int, after: str, area: str | None = None, **equal: object
) -> Row:
    """A page of the cases that the actor may see, the last registered first; `equal` names columns and their values."""
    alike = [(case.c.state, str(equal.pop("state")))] if "state" in equal else []
    rows = select(case).where(_seen("intake.list_cases", actor))
    rows = rows.where(*(case.c[name] == value for name, value in equal.items()))
    if area:
        rows = rows.where(within(case.c.area, area))
    return _cases(page(connection, rows, (case.c.registered_at, case.c.id), limit, after, alike=alike))


def list_unconfirmed(connection: Connection, actor: Actor, limit: int, after: str) -> Row:
    """A page of the cases about which an answer is late (see `unconfirmed`), the last registered first."""
    late = select(_late(clock.now()).c.id)
    rows = select(case).where(case.c.id.in_(late), _seen("intake.list_unconfirmed", actor))
    return _cases(page(connection, rows, (case.c.registered_at, case.c.id), limit, after))


def show_case(connection: Connection, actor: Actor, case_id: UUID) -> WholeCase:
    """A case with its progress, and its reporter as far as the actor may know them."""
    clear = visible("intake.see_reporter", actor, area=case.c.area).label("clear")
    rows = select(case, clear).where(case.c.id == case_id, _seen("intake.show_case", actor))
    row = one(connection, rows, "case")
    found = aggregate(row, Case)
    words = _find(connection, tables.complaint, Complaint, case_id)
    told = _find(connection, tables.progress, Progress, case_id)
    if words is None:
        return WholeCase(found, told, row["clear"], found.public_place, found.summary, None)
    if row["clear"]:
        return WholeCase(found, told, True, found.place, words.description, words.reporter)
    return WholeCase(found, told, False, found.public_place, found.summary, words.masked_reporter)


def list_duplicates(connection: Connection, actor: Actor, case_id: UUID) -> list[Duplicate]:
    """The likeliest duplicates of a case: same category, nearby, recent, open, and about the same."""
    found = aggregate(
        one(connection, select(case).where(case.c.id == case_id, _seen("intake.list_duplicates", actor)), "case"), Case
    )
    metres, nearby = _distance(found)
    rows = (
        select(*(case.c[name] for name in ("id", "number", "state", "area", "summary", "registered_at")), metres)
        .outerjoin(progress, progress.c.id == case.c.id)
        .where(
            case.c.id != found.id,
            case.c.category == found.category,
            case.c.state.not_in(ENDED),
            or_(progress.c.stage.is_(None), progress.c.stage.not_in(ENDED_STAGES)),
            case.c.registered_at.between(
                found.registered_at - duplicates.RECENT, found.registered_at + duplicates.RECENT
            ),
            nearby,
            _seen("intake.list_duplicates", actor),
        )
        .order_by(case.c.registered_at.desc(), case.c.id.desc())
        .limit(duplicates.MOST_CANDIDATES)
    )
    candidates = [aggregate(row, Candidate) for row in connection.execute(rows).mappings()]
    return duplicates.likely(found.summary, candidates)


def follow_report(connection: Connection, digest: str) -> tuple[Case, Progress | None]:
    """The case of whoever has this tracking digest, or the one into which it was merged, and how far it has come."""
    found = aggregate(one(connection, select(case).where(case.c.tracking_digest == digest), "case"), Case)
    if found.into is not None and found.state in ENDED:
        found = aggregate(one(connection, select(case).where(case.c.id == found.into), "case"), Case)
    return found, _find(connection, tables.progress, Progress, found.id)


def find_attachment(connection: Connection, actor: Actor, case_id: UUID, sha256: str) -> tuple[Attachment, bool]:
    """An attachment that the actor may read, and whether with all that it tells of time, place and camera."""
    clear = visible("intake.see_reporter", actor, area=case.c.area).label("clear")
    seen = visible("intake.read_attachment", actor, area=case.c.area, taking_part=progress.c.departments)
    rows = select(case, clear).outerjoin(progress, progress.c.id == case.c.id).where(case.c.id == case_id, seen)
    row = one(connection, rows, "case")
    for attachment in aggregate(row, Case).attachments:
        if attachment.sha256 == sha256:
            return attachment, row["clear"]
    raise NotFound(kind="attachment")


def list_disclosures(connection: Connection, actor: Actor, limit: int, after: str, case_id: UUID | None = None) -> Row:
    """A page of who was shown a reporter's data, when and why, the latest first."""
    rows = select(disclosure).where(visible("intake.list_disclosures", actor, area=disclosure.c.area))
    if case_id:
        rows = rows.where(disclosure.c.case_id == case_id)
    return page(connection, rows, (disclosure.c.at, disclosure.c.id), limit, after)


def department_names(connection: Connection, codes: Collection[str]) -> list[Row]:
    """The names (`name`, `name_en`) of these departments, as the snapshot has them."""
    known = {row["code"]: row for row in snapshot(connection, tables.plumbing, "departments")}
    return [known[code] for code in codes if code in known]


def unconfirmed(connection: Connection, now: datetime) -> list[Unconfirmed]:
    """The whistles that nobody has confirmed to have, and the withdrawals that nobody has settled; the oldest first."""
    late = _late(now)
    found = connection.execute(select(late.c.id, late.c.since).order_by(late.c.since).limit(MOST_UNCONFIRMED))
    return [Unconfirmed(str(id), since) for id, since in found]


def named_files(connection: Connection, digests: Collection[str]) -> set[str]:
    """Which of these files a case names; what only was uploaded may go when it is old."""
    return set(connection.scalars(select(upload.c.id).where(upload.c.id.in_(digests), upload.c.named)))


def _seen(operation: str, actor: Actor) -> ColumnElement[bool]:
    return visible(operation, actor, area=case.c.area)


def _late(now: datetime) -> Subquery:
    """The ids of cases about which an answer is late, and since when it is awaited."""
    asked_at = case.c.withdrawal["at"].astext.cast(DateTime(timezone=True))
    whistles = select(progress.c.id, progress.c.whistled_at.label("since")).where(progress.c.confirmed_at.is_(None))
    withdrawals = select(case.c.id, asked_at.label("since")).where(case.c.state == State.WITHDRAWING)
    awaited = union_all(whistles, withdrawals).subquery()
    return select(awaited).where(is_late(awaited.c.since, now)).subquery()


def _distance(of: Case) -> tuple[ColumnElement[Any], ColumnElement[bool]]:
    """How far another case is from this one in metres (null about a home), and the condition that it is near."""
    same_area = or_(within(case.c.area, of.area), func.starts_with(of.area, case.c.area + "."))
    if of.longitude is None or of.latitude is None:
        return null().label("distance_metres"), same_area
    north = (case.c.latitude - of.latitude) * METRES_A_DEGREE
    east = (case.c.longitude - of.longitude) * METRES_A_DEGREE * func.cos(func.radians(of.latitude))
    metres = func.sqrt(north * north + east * east)
    shown = sql_case((or_(case.c.home, literal(of.home)), null()), else_=metres).label("distance_metres")
    return shown, or_(metres <= duplicates.RULE.nearby_metres, and_(metres.is_(None), same_area))


def _cases(found: Row) -> Row:
    return {**found, "items": [aggregate(row, Case) for row in found["items"]]}


def _find(connection: Connection, table: Table, kind: type[T], id: UUID) -> T | None:
    row = connection.execute(select(table).where(table.c.id == id)).mappings().one_or_none()
    return None if row is None else aggregate(row, kind)
