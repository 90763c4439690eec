"""Import the responsibility table (装入权责清单) in place of the present one, or tell what that would change."""

from collections.abc import Mapping

from msgspec import Struct

from services.directory.domain.dataset import RESPONSIBILITY, Dataset, Row, Rows
from shared.contracts.directory import ReferencePublishedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, one
from shared.errors import StaleVersion

Key = tuple[str, str]


class ImportResponsibility(Struct, frozen=True):
    """The whole table, checked against these versions of the sets that it refers to; a `dry_run` changes nothing."""

    rows: Rows
    checked_by: Mapping[str, int]
    dry_run: bool
    actor: Actor


class ChangedRow(Struct, frozen=True):
    """Who was and who is responsible for a category in an area."""

    before: Row
    after: Row


class ResponsibilityImported(Struct, frozen=True):
    """What changed, or would: the table's version after it, and each row that is another."""

    version: int
    dry_run: bool
    added: Rows
    changed: tuple[ChangedRow, ...]
    removed: Rows


def needs(command: ImportResponsibility) -> Needs:
    yield from (one(Dataset, name) for name in sorted({*command.checked_by, RESPONSIBILITY}))


def decide(command: ImportResponsibility, loaded: Loaded, context: Context) -> Outcome:
    """Refused where a set that it was checked against has changed meanwhile."""
    context.allow(command)
    for name, version in command.checked_by.items():
        present = loaded.one(Dataset, name).version
        if present != version:
            raise StaleVersion(expected=version, present=present)
    before = loaded.one(Dataset, RESPONSIBILITY)
    after = before.replace(command.rows)
    result = _result(before, after, command.dry_run)
    if after is before or command.dry_run:
        return Outcome(result=result)
    announced = ReferencePublishedV1(after.id, after.version, [*after.content])
    return Outcome(changed=(after,), events=(announced,), result=result)


def _result(before: Dataset, after: Dataset, dry_run: bool) -> ResponsibilityImported:
    old, new = _by_key(before.content), _by_key(after.content)
    return ResponsibilityImported(
        version=after.version,
        dry_run=dry_run,
        added=tuple(row for key, row in new.items() if key not in old),
        changed=tuple(ChangedRow(old[key], row) for key, row in new.items() if key in old and old[key] != row),
        removed=tuple(row for key, row in old.items() if key not in new),
    )


def _by_key(rows: Rows) -> dict[Key, Row]:
    return {(row["category"], row["area"]): row for row in rows}
