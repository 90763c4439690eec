"""What a case's file and its clocks add to the sums (指标), by figure, month, department, area and category."""

from collections import Counter

from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.clock import Clock
from shared.engine.work import Key

COMMUNITY_DEPTH = 3  # district, street, community: the dots of an area's code (名录的层级)


def community_of(area: str) -> str:
    """The code of the community in which an area lies."""
    return ".".join(area.split(".")[:COMMUNITY_DEPTH])


def of_file(file: CaseFile) -> Counter[Key]:
    """What a case adds."""
    return Counter({(f"state.{file.state}", "", "", community_of(file.area), ""): 1})


def of_clock(clock: Clock) -> Counter[Key]:
    """What a clock adds."""
    area = community_of(clock.area)
    counts: Counter[Key] = Counter()
    if clock.open and clock.breached:
        counts[f"overdue.{clock.name}", "", clock.department, area, ""] = 1
    return counts
