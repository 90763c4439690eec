"""What the command line does in the directory: one command through its engine, on its own tables."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Never, TypeVar

import typer
from sqlalchemy.exc import SQLAlchemyError

from services.directory.wiring import WIRING
from shared.engine.works import Message, Work
from shared.runtime.clock import uuid7
from shared.runtime.settings import SettingsError, load_settings
from shared.service import build_engine
from shared.store.database import Database
from shared.store.errors import Away

T = TypeVar("T")


@contextmanager
def directory_database() -> Iterator[Database]:
    """The directory's tables, where DATABASE_URL says; what keeps them away is told without a traceback."""
    try:
        settings = load_settings("directory", stateful=False)
    except SettingsError as error:
        fail(f"whistle: {error}")
    if not settings.database_url:
        fail("whistle: DATABASE_URL is not set.")
    database = Database(settings.database_url, WIRING.name, readers=1)
    try:
        yield database
    except (Away, SQLAlchemyError) as error:
        reason = str(error).splitlines()[0]
        fail(f"whistle: the directory's tables cannot be reached; was `whistle migrate` run? {reason}")
    finally:
        database.close()


def carry_out(database: Database, command: Any, answer: type[T]) -> T:
    """Let the directory's engine carry out a command; its events wait in the outbox for the running service."""
    [result] = build_engine(WIRING, database, _read_nothing).run([Work(uuid7(), command)])
    if result.error is not None:
        raise result.error
    if not isinstance(result.value, answer):
        raise RuntimeError(f"{type(command).__name__} was not carried out") from result.value
    return result.value


def fail(said: str) -> Never:
    """Tell what is wrong, and end."""
    print(said, file=sys.stderr)
    raise typer.Exit(1)


def _read_nothing(message: Message) -> Work:
    raise LookupError(f"the directory follows nobody, not {message.publisher} either")
