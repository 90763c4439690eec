"""What metrics are told of clocks that end or run out."""

from collections.abc import Iterable, Iterator

from services.supervision.domain.clock import Clock
from services.supervision.domain.transitions import ClockState
from shared.engine.work import Observation

TIMES = {"sign": "time_to_sign", "report_in": "time_to_report_in", "close": "time_to_close"}


def observed(clocks: Iterable[tuple[Clock | None, Clock]]) -> tuple[Observation, ...]:
    """What changed clocks tell: each as it was (None: it is new) and as it is."""
    return tuple(one for before, after in clocks for one in _of(before, after))


def _of(before: Clock | None, after: Clock) -> Iterator[Observation]:
    labels = (after.department, after.name)
    if after.breached and not (before and before.breached):
        yield Observation("breaches", labels)
    if before and before.breached and not after.breached:
        yield Observation("breaches_withdrawn", labels)
    if after.state is ClockState.STOPPED and not (before and before.state is ClockState.STOPPED):
        yield Observation("clock_stops", (after.name, "in_time" if after.in_time else "late"))
        if after.name in TIMES and after.stopped_at:
            took = (after.stopped_at - after.started_at).total_seconds()
            yield Observation(TIMES[after.name], (after.kind,), max(0.0, took))
