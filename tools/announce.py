"""`whistle announce`: lets a service announce again what it has announced before."""

import typer
from sqlalchemy import MetaData
from sqlalchemy.exc import DBAPIError

from shared.contracts.registry import PUBLISHERS
from shared.messaging.outbox import announce_again
from shared.runtime.settings import SettingsError, load_settings
from shared.store.database import Database
from shared.store.plumbing import plumbing


def announce(service: str, subjects: list[str] | None = None) -> None:
    """Announce these subjects again (everything without any); whoever had the events passes over them."""
    if service not in PUBLISHERS:
        raise typer.BadParameter(f"one of {', '.join(PUBLISHERS)}")
    try:
        database = Database(load_settings(service).database_url, service)
        try:
            with database.write() as connection:
                count = announce_again(connection, plumbing(MetaData(schema=service)), subjects or None)
        finally:
            database.close()
    except (SettingsError, DBAPIError) as error:
        typer.secho(f"{service} cannot announce: {getattr(error, 'orig', error)}", fg="red", err=True)
        raise typer.Exit(1) from error
    print(f"{service} announces {count} event(s) again")
