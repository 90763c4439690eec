"""`whistle announce`: lets a service announce again what it has announced before."""

from typing import Annotated

import typer
from sqlalchemy import MetaData
from sqlalchemy.exc import DBAPIError

from shared.contracts.registry import PUBLISHERS
from shared.messaging.outbox import announce_again
from shared.runtime.settings import SettingsError, load_settings
from shared.store.database import Database
from shared.store.plumbing import plumbing


def announce(
    service: Annotated[str, typer.Argument(help="The service that announced it.")],
    subjects: Annotated[
        list[str] | None, typer.Argument(help="Cases, or reference:<name>; without any, everything it still has.")
    ] = None,
) -> None:
    """Announce again, for a subscriber that lost or never had it 再次发布; the others pass over what they had."""
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
