"""`whistle load DIR`: read and check a whole town, then load it into the directory."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Never

import typer
from rich.console import Console
from rich.progress import track
from sqlalchemy.exc import SQLAlchemyError

from services.directory.commands.load_town import LoadTown, TownLoaded
from services.directory.domain.password import hash_password
from services.directory.domain.person import Entry
from services.directory.store.queries import logins
from services.directory.wiring import WIRING
from shared.engine.works import Message, Work
from shared.runtime.clock import uuid7
from shared.runtime.settings import SettingsError, load_settings
from shared.service import build_engine
from shared.store.database import Database
from shared.store.errors import Away
from tools.town import Town, TownErrors, read_town, to_accounts, to_snapshots


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
        settings = load_settings("directory", stateful=False)
    except TownErrors as errors:
        _fail(str(errors))
    except SettingsError as error:
        _fail(f"whistle: {error}")
    if not settings.database_url:
        _fail("whistle: DATABASE_URL is not set.")
    database = Database(settings.database_url, WIRING.name, readers=1)
    try:
        told = load_town(database, town)
    except (Away, SQLAlchemyError) as error:
        reason = str(error).splitlines()[0]
        _fail(f"whistle: the directory's tables cannot be reached; was `whistle migrate` run? {reason}")
    finally:
        database.close()
    for line in _told(told):
        print(line)


def load_town(database: Database, town: Town) -> TownLoaded:
    """Load a checked town through the directory's engine, and tell what changed; its events wait in the outbox."""
    with database.read() as connection:
        known = logins(connection)
    command = LoadTown(
        datasets={name: tuple(rows) for name, rows in to_snapshots(town).items()},
        people=tuple(_entries(town, known)),
    )
    [result] = build_engine(WIRING, database, _read_nothing).run([Work(uuid7(), command)])
    if result.error is not None:
        raise result.error
    if not isinstance(result.value, TownLoaded):
        raise RuntimeError("the town was not loaded") from result.value
    return result.value


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


def _read_nothing(message: Message) -> Work:
    raise LookupError(f"the directory follows nobody, not {message.publisher} either")


def _fail(said: str) -> Never:
    print(said, file=sys.stderr)
    raise typer.Exit(1)
