"""Working days and hours, policies of limits, and the weights of the rankings."""

from services.directory.domain.calendar import DayRange, faults
from services.directory.town.model import EVERYBODY, LADDER, MEASURES, Policy
from services.directory.town.problems import Problems, Source
from services.directory.town.tables import Table
from services.directory.town.town_tables import TownTables
from shared.calendar import Span, parse_limit

WEIGHTS = "weights.csv"


def check_calendar(calendar: Table[DayRange], problems: Problems) -> None:
    """No day is gazetted twice, only weekends are made working days, and no year lacks a holiday."""
    known_wrong = any(problems.concern(source.file) for source, _ in calendar)
    for fault in faults(calendar.records):
        if known_wrong and fault.text == "holiday-missing":
            continue  # it may stand in a row that is wrong and has its own problem
        source = calendar.rows[fault.position][0]
        other = "" if fault.other is None else calendar.rows[fault.other][0].line
        problems.add(source, fault.text, **fault.facts, other=other)


def check_hours(tables: TownTables, problems: Problems) -> None:
    """Hours are of departments, and of everybody else."""
    for source, hours in tables.hours:
        if hours.unit != EVERYBODY and tables.departments.lacks(hours.unit):
            problems.add(source, "unknown-department", column="unit", value=hours.unit)
    if tables.hours.lacks(EVERYBODY):
        problems.add(Source("hours.csv", 0), "everybody-without-hours")


def check_policies(tables: TownTables, problems: Problems) -> None:
    """Every policy names what exists, and of two for the same no day has both."""
    known: dict[tuple[str | None, ...], list[tuple[Source, Policy]]] = {}
    for source, policy in tables.policies:
        if tables.kinds.lacks(policy.kind):
            problems.add(source, "unknown-kind", value=policy.kind)
        if tables.categories.lacks(policy.category):
            problems.add(source, "unknown-category", value=policy.category)
        if tables.areas.lacks(policy.area):
            problems.add(source, "unknown-area", value=policy.area)
        if policy.clock not in LADDER and parse_limit(policy.limit) == Span():
            problems.add(source, "limit-of-nothing", clock=policy.clock)
        if policy.valid_to and policy.valid_to < policy.valid_from:
            problems.add(source, "validity-backwards")
            continue
        same = known.setdefault((policy.kind, policy.category, policy.area, policy.clock), [])
        _check_validity(source, policy, same, problems)
        same.append((source, policy))


def _check_validity(source: Source, policy: Policy, same: list[tuple[Source, Policy]], problems: Problems) -> None:
    for earlier, other in same:
        # Two that begin on one day are told of as the same row twice.
        if policy.overlaps(other) and policy.valid_from != other.valid_from:
            problems.add(source, "overlapping-validity", other=earlier.line)


def check_weights(tables: TownTables, problems: Problems) -> None:
    """Each ranking knows its measures, and their weights add up to the whole."""
    for source, weight in tables.weights:
        if weight.measure not in MEASURES[weight.table]:
            problems.add(source, "unknown-measure", table=weight.table, value=weight.measure)
    if problems.concern(WEIGHTS):
        return
    for table in MEASURES:
        rows = [(source, weight.weight) for source, weight in tables.weights if weight.table == table]
        found = sum(weight for _, weight in rows)
        if found != 100:
            problems.add(rows[0][0] if rows else Source(WEIGHTS, 0), "weights-not-whole", table=table, found=found)
