"""Load a town (装入名录): reference data gets a new version where it changed, people get accounts."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from services.directory.domain.calendar import replace_years
from services.directory.domain.dataset import ANNOUNCED, CALENDAR, RESPONSIBLE, Dataset, Rows, names_of, without_names
from services.directory.domain.person import Entry, Person
from services.directory.domain.transitions import AccountState
from shared.contracts.directory import ReferencePublishedV1
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome, many, one
from shared.errors import Invalid


class LoadTown(Struct, frozen=True):
    """A whole town that passed every check: its reference data by name, and everybody with an account.

    Somebody who has an account keeps its password. Who is missing from `people` is left alone, and so is a year that is
    missing from the calendar: an administrator has imported it.
    """

    datasets: Mapping[str, Rows]
    people: tuple[Entry, ...]
    actor: Actor = SYSTEM


class TownLoaded(Struct, frozen=True):
    """What changed: sets with their new versions, people by their logins; `missing` have an account but no row."""

    datasets: Mapping[str, int]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    missing: tuple[str, ...]


def needs(command: LoadTown) -> Needs:
    yield from (one(Dataset, name) for name in (*command.datasets, RESPONSIBLE))
    yield from (many(Person, "state", state) for state in AccountState)


def decide(command: LoadTown, loaded: Loaded, context: Context) -> Outcome:
    context.allow(command)
    known = {person.id for state in AccountState for person in loaded.many(Person, "state", state)}
    datasets, people = [*_datasets(command, loaded)], [*_people(command, loaded)]
    written: tuple[Dataset | Person, ...] = (*datasets, *people)
    announced = (one for one in datasets if one.id in ANNOUNCED)
    return Outcome(
        new=[one for one in written if one.version == 1],
        changed=[one for one in written if one.version > 1],
        events=[ReferencePublishedV1(one.id, one.version, [*one.content]) for one in announced],
        result=TownLoaded(
            datasets={one.id: one.version for one in datasets},
            added=tuple(one.id for one in people if one.version == 1),
            changed=tuple(one.id for one in people if one.version > 1),
            missing=tuple(sorted(known - {entry.id for entry in command.people})),
        ),
    )


def _datasets(command: LoadTown, loaded: Loaded) -> Iterator[Dataset]:
    """The sets that are new or changed."""
    areas = command.datasets["areas"]
    contents = {**command.datasets, "areas": without_names(areas), RESPONSIBLE: names_of(areas)}
    for name, content in contents.items():
        before = loaded.find(Dataset, name)
        if before and name == CALENDAR:
            content = replace_years(before.content, content)
        after = before.replace(content) if before else Dataset(name, content)
        if after is not before:
            yield after


def _people(command: LoadTown, loaded: Loaded) -> Iterator[Person]:
    """The people who are new or changed."""
    for entry in command.people:
        before = loaded.find(Person, entry.id)
        if before is None and not entry.password_hash:
            raise Invalid("first-password-missing", person=entry.id)
        after = before.update(entry) if before else Person.entered(entry)
        if after is not before:
            yield after
