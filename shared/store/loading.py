"""Loads what a batch needs: one select for each kind, locked in a fixed order."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import Cursor

from shared.store.arrays import packed
from shared.store.database import execute
from shared.store.mapped import Mapped, array_type
from shared.store.needs import Need

By = tuple[str, type[Any] | None, str]  # field, through which kind, by which of its fields


class Loader:
    """Loads a service's aggregates; `aggregates` in the order in which their rows are locked."""

    def __init__(self, aggregates: Sequence[Mapped]) -> None:
        self._mapped = {mapped.kind: mapped for mapped in aggregates}

    def load(self, cursor: Cursor[Any], needs: Iterable[Need]) -> dict[type[Any], list[Any]]:
        """Every aggregate that is needed, by kind; each row locked until the transaction ends."""
        wanted: dict[type[Any], dict[By, set[Any]]] = {}
        for need in needs:
            by = (need.field, need.through, need.through_field)
            wanted.setdefault(need.kind, {}).setdefault(by, set()).add(need.value)
        unknown = wanted.keys() - self._mapped.keys()
        if unknown:
            raise TypeError(f"no table for {[kind.__name__ for kind in unknown]}")
        return {
            kind: self._select(cursor, mapped, wanted[kind]) for kind, mapped in self._mapped.items() if kind in wanted
        }

    def _select(self, cursor: Cursor[Any], mapped: Mapped, conditions: dict[By, set[Any]]) -> list[Any]:
        where = " OR ".join(self._condition(mapped, by) for by in conditions)
        execute(
            cursor,
            f"SELECT {mapped.selected} FROM {mapped.name} WHERE {where} ORDER BY id FOR UPDATE",
            [packed(self._type(mapped, by), sorted(values)) for by, values in conditions.items()],
        )
        return [mapped.load(row) for row in cursor.fetchall()]

    def _condition(self, mapped: Mapped, by: By) -> str:
        field, through, through_field = by
        values = f"%s::{self._type(mapped, by)}[]"
        if through is None:
            return f'"{field}" = ANY({values})'
        # An array of the sub-select keeps the index of `field` usable beside the other conditions.
        other = self._mapped[through].name
        return f'"{field}" = ANY(ARRAY(SELECT "{through_field}" FROM {other} WHERE id = ANY({values})))'

    def _type(self, mapped: Mapped, by: By) -> str:
        """The type of the values that are given: the field's own, or the other kind's id."""
        field, through, _ = by
        return array_type(self._mapped[through].table.columns["id"] if through else mapped.table.columns[field])
