"""The identity map of one batch: what was loaded, and what the commands so far made of it."""

from collections.abc import Iterable
from typing import Any

from shared.engine.work import Outcome
from shared.errors import NotFound, Unavailable
from shared.store.changes import Changes


class IdentityMap:
    """Implements `Loaded`: a later command sees what an earlier one did."""

    def __init__(self, loaded: dict[type[Any], list[Any]], references: dict[str, Any]) -> None:
        self._present: dict[type[Any], dict[Any, Any]] = {
            kind: {one.id: one for one in rows} for kind, rows in loaded.items()
        }
        self._loaded = {(kind, one.id): one for kind, rows in loaded.items() for one in rows}
        self._indexes: dict[tuple[type[Any], str], dict[Any, set[Any]]] = {}
        self._references = references
        self._touched: dict[tuple[type[Any], Any], None] = {}

    def find(self, kind: type[Any], id: Any) -> Any:
        """See `Loaded.find`."""
        return self._present.get(kind, {}).get(id)

    def one(self, kind: type[Any], id: Any) -> Any:
        """See `Loaded.one`."""
        found = self.find(kind, id)
        if found is None:
            raise NotFound(kind=kind.__name__.lower(), id=str(id))
        return found

    def many(self, kind: type[Any], field: str, value: Any) -> tuple[Any, ...]:
        """See `Loaded.many`."""
        present = self._present.get(kind, {})
        return tuple(present[id] for id in sorted(self._index(kind, field).get(value, ())))

    def reference(self, name: str) -> Any:
        """See `Loaded.reference`."""
        if name not in self._references:
            raise Unavailable("reference-missing", name=name)
        return self._references[name]

    def apply(self, outcome: Outcome) -> None:
        """Take over what a command decided; `ValueError` where it adds what is there or changes what is not."""
        for one in outcome.new:
            if self.find(type(one), one.id) is not None:
                raise ValueError(f"{type(one).__name__} {one.id} is new, but there already")
        for one in outcome.changed:
            if self.find(type(one), one.id) is None:
                raise ValueError(f"{type(one).__name__} {one.id} changed, but was not loaded")
        for one in (*outcome.new, *outcome.changed):
            self._put(one)

    def changes(self) -> Changes:
        """What is to be written: each touched aggregate once, as new or as changed since it was loaded."""
        changes = Changes()
        for kind, id in self._touched:
            one = self._present[kind][id]
            before = self._loaded.get((kind, id))
            if before is None:
                changes.new.setdefault(kind, []).append(one)
            else:
                changes.changed.setdefault(kind, []).append((one, before))
        for pairs in changes.changed.values():
            pairs.sort(key=lambda pair: pair[0].id)
        return changes

    def _put(self, one: Any) -> None:
        kind = type(one)
        present = self._present.setdefault(kind, {})
        before = present.get(one.id)
        present[one.id] = one
        self._touched[kind, one.id] = None
        for (indexed, field), index in self._indexes.items():
            if indexed is kind:
                if before is not None:
                    index.get(getattr(before, field), set()).discard(one.id)
                index.setdefault(getattr(one, field), set()).add(one.id)

    def _index(self, kind: type[Any], field: str) -> dict[Any, set[Any]]:
        if (kind, field) not in self._indexes:
            self._indexes[kind, field] = _indexed(self._present.get(kind, {}).values(), field)
        return self._indexes[kind, field]


def _indexed(aggregates: Iterable[Any], field: str) -> dict[Any, set[Any]]:
    index: dict[Any, set[Any]] = {}
    for one in aggregates:
        index.setdefault(getattr(one, field), set()).add(one.id)
    return index
