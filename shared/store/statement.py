"""One statement for a whole batch: data-modifying CTEs over `unnest` arrays, composed from what the batch holds.

Every part returns a row for each row it wrote, so that a wrong count shows a collision with somebody else.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Table

from shared.store.arrays import Packed, packed
from shared.store.changes import Announced, Changes, Key, Parking, RowKey
from shared.store.mapped import Mapped, quoted

# The parameters' types, in the order of the columns that each part writes.
STREAM = ("text", "bigint")
OUTBOX = ("uuid", "text", "text", "bigint", "timestamptz", "text", "text", "text", "bytea")
INBOX = ("text", "bytea", "integer", "bytea")
CURSOR = ("text", "text", "bigint", "integer")
PARKED = ("uuid", "text", "text", "text", "text", "bigint", "text", "text", "bytea")
FAILED = ("uuid", "text", "text", "text")
REFERENCE = ("text", "integer", "text")
SETS = 6  # of columns, for each kind of aggregate
Known = dict[tuple[str, ...], str]  # the part that writes these fields


class Statement:
    """The composed statement: its parts' SQL, their parameters, and how many rows each must write."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.parameters: list[Packed] = []
        self.expected: list[int] = []

    def add(self, sql: str, types: Sequence[str], columns: Sequence[Sequence[Any]], rows: int | None) -> None:
        """Add a part with its parameters, a column of values for each type, that must write `rows` rows (None: any)."""
        self.parts.append(sql)
        self.parameters.extend(packed(kind, column) for kind, column in zip(types, columns, strict=True))
        self.expected.append(-1 if rows is None else rows)

    def sql(self, *, numbered: bool) -> str:
        """The whole statement: it selects each part's count, and every subject's last number if events were added."""
        ctes = ", ".join(f"p{index} AS ({part})" for index, part in enumerate(self.parts))
        counts = ", ".join(f"(SELECT count(*) FROM p{index})" for index in range(len(self.parts)))
        last = ', (SELECT array_agg(last ORDER BY subject COLLATE "C") FROM p0)' if numbered else ""
        return f"WITH {ctes} SELECT {counts}{last}"


def unnest(*types: str) -> str:
    """`unnest(%s::uuid[], …)`: the parameters' rows."""
    return f"unnest({', '.join(f'%s::{kind}[]' for kind in types)})"


class Writer:
    """Composes a service's batches."""

    def __init__(
        self,
        schema: str,
        aggregates: Sequence[Mapped],
        tally: Table | None = None,
        listing: Mapped | None = None,
    ) -> None:
        self._tally = tally
        self._listing = listing
        self._schema = f'"{schema}"'
        self._mapped = {mapped.kind: mapped for mapped in aggregates}
        self._inserts: dict[type[Any], Known] = {mapped.kind: {} for mapped in aggregates}
        self._updates: dict[type[Any], Known] = {mapped.kind: {} for mapped in aggregates}

    def compose(self, changes: Changes) -> Statement:
        """The statement that writes these changes, events first."""
        statement = Statement()
        if changes.events:
            self._announce(statement, changes.events)
        for kind, mapped in self._mapped.items():
            if rows := changes.new.get(kind):
                self._add(statement, mapped, rows)
            if pairs := changes.changed.get(kind):
                self._change(statement, mapped, pairs)
        if counts := {key: amount for key, amount in changes.counts.items() if amount}:
            self._count(statement, counts)
        if changes.listed:
            self._list(statement, changes.listed)
        self._plumb(statement, changes)
        return statement

    def _add(self, statement: Statement, mapped: Mapped, rows: Sequence[Any]) -> None:
        """Write the columns that hold something."""
        known = self._inserts[mapped.kind]
        fields = _told_apart(known, mapped, mapped.given(rows))
        sql = known.get(fields) or known.setdefault(fields, _insert(mapped, fields))
        statement.add(sql, [mapped.types[name] for name in fields], mapped.columns_of(rows, fields), len(rows))

    def _change(self, statement: Statement, mapped: Mapped, pairs: Sequence[tuple[Any, Any]]) -> None:
        """Write the columns that differ."""
        known = self._updates[mapped.kind]
        fields = ("id", *(name for name in mapped.differing(pairs) if name != "id"))
        fields = _told_apart(known, mapped, fields)
        sql = known.get(fields) or known.setdefault(fields, _update(mapped, fields))
        values = mapped.columns_of([one for one, _ in pairs], fields)
        values.append([before.version for _, before in pairs])
        statement.add(sql, [*(mapped.types[name] for name in fields), "integer"], values, len(pairs))

    def _announce(self, statement: Statement, events: Sequence[Announced]) -> None:
        counts: dict[str, int] = {}
        for one in events:
            counts[one.subject] = counts.get(one.subject, 0) + 1
        subjects = sorted(counts)
        statement.add(
            f"INSERT INTO {self._schema}.stream AS s (subject, last) SELECT * FROM {unnest(*STREAM)} "
            "ON CONFLICT (subject) DO UPDATE SET last = s.last + EXCLUDED.last RETURNING subject, last",
            STREAM,
            [subjects, [counts[subject] for subject in subjects]],
            len(subjects),
        )
        names = "id, type, subject, behind, time, correlation, causation, traceparent, data"
        statement.add(
            f"INSERT INTO {self._schema}.outbox "
            "(id, type, subject, sequence, time, correlation, causation, traceparent, data) "
            "SELECT id, type, subject, last - behind, time, correlation, causation, traceparent, data "
            f"FROM {unnest(*OUTBOX)} WITH ORDINALITY AS u({names}, ord) "
            "JOIN p0 USING (subject) ORDER BY ord RETURNING id, position",
            OUTBOX,
            [
                [one.id for one in events],
                [one.type for one in events],
                [one.subject for one in events],
                behind(events, counts),
                [one.time for one in events],
                [one.trace.correlation for one in events],
                [one.trace.causation for one in events],
                [one.trace.traceparent for one in events],
                [one.data for one in events],
            ],
            len(events),
        )
        unsent = f"INSERT INTO {self._schema}.unsent (id, position) SELECT id, position FROM p1 RETURNING 1"
        statement.add(unsent, (), (), len(events))

    def _plumb(self, statement: Statement, changes: Changes) -> None:
        if claims := changes.claims:
            statement.add(
                f"INSERT INTO {self._schema}.inbox (key, fingerprint, status, body) "
                f"SELECT * FROM {unnest(*INBOX)} RETURNING 1",
                INBOX,
                list(zip(*claims, strict=True)),
                len(claims),
            )
        if begun := changes.begun:
            statement.add(
                f"INSERT INTO {self._schema}.cursor (publisher, subject, sequence, waiting) "
                f"SELECT * FROM {unnest(*CURSOR)} RETURNING 1",
                CURSOR,
                _cursor_columns(begun),
                len(begun),
            )
        if moved := changes.moved:
            statement.add(
                f"UPDATE {self._schema}.cursor AS t SET sequence = u.sequence, waiting = u.waiting "
                f"FROM {unnest(*CURSOR)} AS u(publisher, subject, sequence, waiting) "
                "WHERE t.publisher = u.publisher AND t.subject = u.subject RETURNING 1",
                CURSOR,
                _cursor_columns(moved),
                len(moved),
            )
        self._put_by(statement, changes)
        for snapshot in changes.snapshots.values():
            self._keep(statement, snapshot.name, snapshot.version, msgspec.json.encode(snapshot.content).decode())
        if changes.sent:
            statement.add(
                f"DELETE FROM {self._schema}.unsent WHERE id = ANY(%s::uuid[]) RETURNING 1",
                ["uuid"],
                [changes.sent],
                None,
            )

    def _put_by(self, statement: Statement, changes: Changes) -> None:
        """The parking table: who leaves it, who comes, and who lies there for another reason than before."""
        if changes.released:
            statement.add(
                f"DELETE FROM {self._schema}.parked WHERE id = ANY(%s::uuid[]) RETURNING 1",
                ["uuid"],
                [changes.released],
                len(changes.released),
            )
        if changes.parked:
            self._park(statement, changes.parked)
        if failed := changes.failed:
            statement.add(
                f"UPDATE {self._schema}.parked AS t SET state = u.state, reason = u.reason, detail = u.detail "
                f"FROM {unnest(*FAILED)} AS u(id, state, reason, detail) WHERE t.id = u.id RETURNING 1",
                FAILED,
                list(zip(*((one.id, one.state, one.reason, one.detail) for one in failed), strict=True)),
                None,  # which may have come twice
            )

    def _count(self, statement: Statement, counts: Mapping[Key, int]) -> None:
        """Add to the sums, in one order for everybody, so that two replicas wait for each other at most once."""
        if self._tally is None:
            raise TypeError(f"{self._schema} has no table of sums")
        *keys, amount = (f'"{column.name}"' for column in self._tally.columns)
        ordered = sorted(counts)
        types = [*["text"] * len(keys), "bigint"]
        statement.add(
            f"INSERT INTO {quoted(self._tally)} AS t ({', '.join(keys)}, {amount}) SELECT * FROM {unnest(*types)} "
            f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {amount} = t.{amount} + EXCLUDED.{amount} RETURNING 1",
            types,
            [*zip(*ordered, strict=True), [counts[key] for key in ordered]],
            len(ordered),
        )

    def _list(self, statement: Statement, listed: Mapping[RowKey, Any]) -> None:
        """Write the list's rows as they are now, and take away those that are gone or never came."""
        if self._listing is None:
            raise TypeError(f"{self._schema} has no list")
        mapped = self._listing
        keys = tuple(column.name for column in mapped.table.primary_key)
        if rows := [one for one in listed.values() if one is not None]:
            types = [mapped.types[name] for name in mapped.fields]
            statement.add(_upsert(mapped, keys), types, mapped.columns_of(rows, mapped.fields), len(rows))
        if gone := [key for key, one in listed.items() if one is None]:
            types = [mapped.types[name] for name in keys]
            statement.add(_delete(mapped, keys), types, [*zip(*gone, strict=True)], None)

    def _park(self, statement: Statement, parked: Sequence[Parking]) -> None:
        statement.add(
            f"INSERT INTO {self._schema}.parked "
            "(id, state, queue, publisher, subject, sequence, reason, detail, body) "
            f"SELECT * FROM {unnest(*PARKED)} "
            "ON CONFLICT DO NOTHING RETURNING 1",
            PARKED,
            [
                [one.id for one in parked],
                [one.state for one in parked],
                [one.message.queue for one in parked],
                [one.message.publisher for one in parked],
                [one.message.subject for one in parked],
                [one.message.sequence or None for one in parked],
                [one.reason for one in parked],
                [one.detail for one in parked],
                [one.message.body for one in parked],
            ],
            None,
        )

    def _keep(self, statement: Statement, name: str, version: int, content: str) -> None:
        statement.add(
            f"INSERT INTO {self._schema}.reference (name, version, content) "
            "SELECT u.name, u.version, u.content::jsonb "
            f"FROM {unnest(*REFERENCE)} AS u(name, version, content) ON CONFLICT (name) "
            "DO UPDATE SET version = EXCLUDED.version, content = EXCLUDED.content, received_at = now() RETURNING 1",
            REFERENCE,
            [[name], [version], [content]],
            1,
        )


def behind(events: Sequence[Announced], counts: dict[str, int]) -> list[int]:
    """How far each event's number stands before the last one of its subject."""
    left = dict(counts)
    distances = []
    for one in events:
        left[one.subject] -= 1
        distances.append(left[one.subject])
    return distances


def _cursor_columns(cursors: dict[tuple[str, str], Any]) -> list[list[Any]]:
    streams = sorted(cursors)
    return [
        [publisher for publisher, _ in streams],
        [subject for _, subject in streams],
        [cursors[stream].sequence for stream in streams],
        [cursors[stream].waiting for stream in streams],
    ]


def _told_apart(known: Known, mapped: Mapped, fields: tuple[str, ...]) -> tuple[str, ...]:
    """These fields, or the fewest known ones that hold them: every set is another statement, and few are worth that."""
    if fields in known or len(known) < SETS:
        return fields
    enough = (one for one in known if {*fields} <= {*one})
    return min(enough, key=len, default=tuple(mapped.fields))


def _insert(mapped: Mapped, fields: Sequence[str]) -> str:
    names = ", ".join(f'"{name}"' for name in fields)
    values = ", ".join(_value(mapped, name) for name in fields)
    rows = f"{unnest(*(mapped.types[name] for name in fields))} AS u({names})"
    return f"INSERT INTO {mapped.name} ({names}) SELECT {values} FROM {rows} RETURNING 1"


def _update(mapped: Mapped, fields: Sequence[str]) -> str:
    names = ", ".join(f'"{name}"' for name in fields)
    assigned = ", ".join(f'"{name}" = {_value(mapped, name)}' for name in fields if name != "id")
    types = [*(mapped.types[name] for name in fields), "integer"]
    return (
        f"UPDATE {mapped.name} AS t SET {assigned} FROM {unnest(*types)} AS u({names}, loaded_version) "
        "WHERE t.id = u.id AND t.version = u.loaded_version RETURNING 1"
    )


def _upsert(mapped: Mapped, keys: Sequence[str]) -> str:
    names = ", ".join(f'"{name}"' for name in mapped.fields)
    values = ", ".join(_value(mapped, name) for name in mapped.fields)
    known = ", ".join(f'"{name}"' for name in keys)
    assigned = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in mapped.fields if name not in keys)
    return (
        f"INSERT INTO {mapped.name} ({names}) "
        f"SELECT {values} FROM {unnest(*(mapped.types[name] for name in mapped.fields))} AS u({names}) "
        f"ON CONFLICT ({known}) DO UPDATE SET {assigned} RETURNING 1"
    )


def _delete(mapped: Mapped, keys: Sequence[str]) -> str:
    same = " AND ".join(f't."{name}" = u."{name}"' for name in keys)
    names = ", ".join(f'"{name}"' for name in keys)
    rows = f"{unnest(*(mapped.types[name] for name in keys))} AS u({names})"
    return f"DELETE FROM {mapped.name} AS t USING {rows} WHERE {same} RETURNING 1"


def _value(mapped: Mapped, name: str) -> str:
    return f'u."{name}"::{mapped.json[name]}' if name in mapped.json else f'u."{name}"'
