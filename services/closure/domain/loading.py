"""What most commands need: a case with all its reporters, found by its id or by a resident's tracking code."""

from uuid import UUID

from services.closure.domain.case import Case
from services.closure.domain.reporter import Reporter
from shared.engine.work import Loaded, Needs, many, one, through
from shared.errors import NotFound


def case_with_reporters(case_id: UUID) -> Needs:
    """The case and everybody who must be called back."""
    yield one(Case, case_id)
    yield many(Reporter, "case_id", case_id)


def case_of_reporter(digest: str) -> Needs:
    """The same for whoever has this tracking digest."""
    yield through(Reporter, digest, "case_id", Case)
    yield through(Reporter, digest, "case_id", Reporter, "case_id")


def reporters_of(loaded: Loaded, case_id: UUID) -> tuple[Reporter, ...]:
    """Everybody who must be called back about this case."""
    return loaded.many(Reporter, "case_id", case_id)


def reporter_by_case(loaded: Loaded, case_id: UUID, own_case: UUID | None) -> Reporter:
    """The reporter who reported `own_case` (the case's first reporter for None); `NotFound` if there is none."""
    wanted = own_case or case_id
    found = next((one for one in reporters_of(loaded, case_id) if one.own_case == wanted), None)
    if found is None:
        raise NotFound(kind="reporter", id=str(wanted))
    return found
