"""`whistle load DIR`: read and check a whole town, then load it into the directory."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from services.directory.commands.load_town import LoadTown, TownLoaded
from services.directory.domain.password import hash_password
from services.directory.domain.person import Entry
from services.directory.store.queries import logins
from services.directory.town import Town, TownErrors, read_town, to_accounts, to_snapshots
from shared.store.database import Database
from tools.in_directory import carry_out, directory_database, fail


def load(
    directory: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="The town's tables, as deploy/example-town has them.")
    ],
) -> None:
    """Check a town and load it 装入名录. While one row is wrong, every problem is told and nothing is changed.

    The running directory announces what changed. People who have an account keep their password.
    """
    try:
        town = read_town(directory)
    except TownErrors as errors:
        fail(str(errors))
    with directory_database() as database:
        loaded = load_town(database, town)
    for line in _told(loaded):
        print(line)


def load_town(database: Database, town: Town) -> TownLoaded:
    """Load a checked town through the directory's engine, and tell what changed; its events wait in the outbox."""
    with database.read() as connection:
        known = logins(connection)
    command = LoadTown(
        datasets={name: tuple(rows) for name, rows in to_snapshots(town).items()},
        people=tuple(_entries(town, known)),
    )
    return carry_out(database, command, TownLoaded)


def _entries(town: Town, known: set[str]) -> Iterator[Entry]:
    """Everybody in the town; whoever is new comes with the hash of their first password."""
    areas = {department.code: department.area for department in town.departments}
    passwords = {person.id: person.password for person in town.people if person.id not in known}
    with ThreadPoolExecutor() as pool:
        hashing = pool.map(hash_password, passwords.values())
        shown = track(hashing, "口令加密 Hashing passwords", len(passwords), console=Console(stderr=True))
        hashes = dict(zip(passwords, shown, strict=True)) if passwords else {}
    for account in to_accounts(town):
        yield Entry(
            id=account["id"],
            name=account["name"],
            roles=tuple(account["roles"]),
            department=account["department"] or "",
            # An officer without an area of their own works where the department does.
            area=account["area"] or areas[account["department"]],
            certificate=account["certificate"] or "",
            phone=account["phone"],
            password_hash=hashes.get(account["id"], ""),
        )


def _told(loaded: TownLoaded) -> Iterator[str]:
    if not (loaded.datasets or loaded.added or loaded.changed):
        yield "没有变化 Nothing changed."
    for name, version in loaded.datasets.items():
        yield f"{name}: 第 {version} 版 version {version}"
    for zh, en, people in (("新增", "added", loaded.added), ("更改", "changed", loaded.changed)):
        if people:
            yield f"people: {zh} {len(people)} 人 {len(people)} {en}"
    if loaded.missing:
        yield f"people: 不在表中、保持原样 not in people.csv, left alone: {', '.join(loaded.missing)}"
