"""What metrics are told of clocks that end or run out."""

from collections.abc import Iterable, Iterator, Sequence

from services.supervision.domain.clock import Clock
from services.supervision.domain.transitions import ClockState
from shared.engine.work import Observation

TIMES = {"sign": "time_to_sign", "report_in": "time_to_report_in", "close": "time_to_close"}


def observed(before: Iterable[Clock], after: Iterable[Clock], kind: str) -> Sequence[Observation]:
    """What a case's clocks tell, as they were and as they are; `kind` is the case's."""
    were = {one.id: one for one in before}
    moved = [(were.get(one.id), one) for one in after if were.get(one.id) is not one]
    return [said for was, one in moved if was or not one.untold for said in _of(was, one, kind)]


def _of(before: Clock | None, after: Clock, kind: str) -> Iterator[Observation]:
    labels = (after.department, after.name)
    if after.breached and not (before and before.breached):
        yield Observation("breaches", labels)
    if before and before.breached and not after.breached:
        yield Observation("breaches_withdrawn", labels)
    if after.state is ClockState.STOPPED and not (before and before.state is ClockState.STOPPED):
        yield Observation("clock_stops", (after.name, "in_time" if after.in_time else "late"))
        if after.name in TIMES and after.stopped_at:
            took = (after.stopped_at - after.started_at).total_seconds()
            yield Observation(TIMES[after.name], (kind,), max(0.0, took))
