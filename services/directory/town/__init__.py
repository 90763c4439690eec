"""A town as a directory of tables (CSV, GeoJSON, YAML): read, checked as a whole, and written as reference data.

`deploy/example-town/README.md` describes every file and column.
"""

from services.directory.town.model import Town
from services.directory.town.problems import Problem, TownErrors
from services.directory.town.read import read_calendar, read_town
from services.directory.town.snapshots import to_accounts, to_snapshots

__all__ = ["Problem", "Town", "TownErrors", "read_calendar", "read_town", "to_accounts", "to_snapshots"]
