"""`whistle parked`: messages that could not take effect, by service: list, show, replay, discard.

Reaches a service's parking table and its queues by the same settings as the service itself (AMQP_URL, DATABASE_URL).
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Column, Table
from sqlalchemy import Engine, MetaData
from sqlalchemy.exc import DBAPIError

from shared.messaging import parking
from shared.messaging.declare import Mismatch
from shared.messaging.parking import NotParked, OutOfTurn, Post
from shared.messaging.topology import FOLLOWS
from shared.messaging.wire import LOST
from shared.runtime.settings import Settings, SettingsError, load_settings
from shared.store.database import Database
from shared.store.plumbing import Plumbing, plumbing

SUBSCRIBERS = tuple(service for service, publishers in FOLLOWS.items() if publishers)

app = typer.Typer(help="Messages that could not take effect 搁置的消息.", no_args_is_help=True, add_completion=False)
console = Console(width=None if sys.stdout.isatty() else 200)  # in a file or a pipe nothing is cut


def _known(service: str) -> str:
    if service not in SUBSCRIBERS:
        raise typer.BadParameter(f"one of {', '.join(SUBSCRIBERS)}")
    return service


Service = Annotated[str, typer.Argument(callback=_known, help="The service that could not carry it out.")]
Ids = Annotated[list[UUID] | None, typer.Argument(help="Messages, as `list` shows them.")]


@app.command("list")
def list_(
    service: Annotated[str, typer.Argument(help="Only this service's.")] = "",
    state: Annotated[str, typer.Option(help="Only `parked` or only `waiting`.")] = "",
) -> None:
    """What lies in the parking tables, the oldest first 列出."""
    table = Table("service", Column("id", min_width=36), "state", "from", "subject", "no.", "reason", "since")
    for name in (_known(service),) if service else SUBSCRIBERS:
        with _place(name) as (engine, tables, _), engine.connect() as connection:
            for one in parking.list_parked(connection, tables, state=state):
                number = "" if one.sequence is None else str(one.sequence)
                since = f"{one.since:%Y-%m-%d %H:%M:%S}"
                table.add_row(name, str(one.id), one.state, one.publisher, one.subject, number, one.reason, since)
    console.print(table if table.row_count else "nothing is parked")


@app.command()
def show(service: Service, id: UUID) -> None:
    """One message with its reason and body 查看."""
    with _place(service) as (engine, tables, _), engine.connect() as connection:
        message = parking.show(connection, tables, id)
    for name, value in message._asdict().items():
        if name != "body":
            console.print(f"{name}: {value}", markup=False, highlight=False, soft_wrap=True)
    console.print(message.text, markup=False, soft_wrap=True)


@app.command()
def replay(
    service: Service,
    ids: Ids = None,
    every: Annotated[bool, typer.Option("--all", help="Every parked message of the service.")] = False,
    without_predecessors: Annotated[
        bool, typer.Option(help="Do not wait for earlier messages that never came.")
    ] = False,
) -> None:
    """Give messages to the service once more, unchanged 重放."""
    with _place(service) as (engine, tables, settings), Post(settings.amqp_url) as post:
        for id in _chosen(engine, tables, ids or [], every):
            parking.replay(engine, tables, post.put, id, without_predecessors=without_predecessors)
            console.print(f"replayed {id}")


@app.command()
def discard(
    service: Service,
    ids: Annotated[list[UUID], typer.Argument(help="Messages, as `list` shows them.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Give messages up; their streams go on without them 丢弃."""
    if not yes:
        typer.confirm(f"{len(ids)} message(s) will never take effect in {service}. Go on?", abort=True)
    with _place(service) as (engine, tables, settings), Post(settings.amqp_url) as post:
        for id in ids:
            parking.discard(engine, tables, post.put, id)
            console.print(f"discarded {id}")


def _chosen(engine: Engine, tables: Plumbing, ids: Sequence[UUID], every: bool) -> Sequence[UUID]:
    if bool(ids) == every:
        raise typer.BadParameter("name messages, or --all")
    if not every:
        return ids
    with engine.connect() as connection:
        return [one.id for one in parking.list_parked(connection, tables, state="parked", limit=10_000)]


@contextmanager
def _place(service: str) -> Iterator[tuple[Engine, Plumbing, Settings]]:
    """A service's tables; whatever goes wrong ends the program with one line that says what."""
    try:
        settings = load_settings(service)
        database = Database(settings.database_url, service)
        try:
            yield database.reads, plumbing(MetaData(schema=service)), settings
        finally:
            database.close()
    except (SettingsError, NotParked, OutOfTurn, Mismatch, DBAPIError, *LOST) as error:
        typer.secho(_explained(error), fg="red", err=True)
        raise typer.Exit(1) from error


def _explained(error: Exception) -> str:
    match error:
        case SettingsError():
            return str(error)
        case NotParked():
            return f"no such message here: {error}"
        case OutOfTurn():
            return f"not its turn: {error}"
        case Mismatch():
            return f"the broker's queues are of another version: {error}"
        case DBAPIError():
            return f"the database cannot do this: {error.orig}"
        case _:
            return f"the broker cannot do this: {error}"
