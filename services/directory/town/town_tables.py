"""All of a town's tables together, as the checks across files need them."""

from dataclasses import dataclass

from services.directory.domain.calendar import DayRange
from services.directory.town.model import (
    Area,
    Category,
    Department,
    Kind,
    Person,
    Policy,
    Responsibility,
    Responsible,
    UnitHours,
    Weight,
)
from services.directory.town.tables import Table


@dataclass(frozen=True, slots=True)
class TownTables:
    """A town's tables by the names that `Town` uses; their rows fit the columns but may not fit each other yet."""

    areas: Table[Area]
    departments: Table[Department]
    categories: Table[Category]
    kinds: Table[Kind]
    responsibility: Table[Responsibility]
    people: Table[Person]
    responsible: Table[Responsible]
    calendar: Table[DayRange]
    hours: Table[UnitHours]
    policies: Table[Policy]
    weights: Table[Weight]
