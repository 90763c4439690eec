"""`whistle migrate`: brings every service's schema up to date, one after the other."""

import os
from collections.abc import Callable

from shared.messaging.topology import FOLLOWS
from shared.store.migrate import migrate as migrate_service

SERVICES = tuple(service for service in FOLLOWS if service != "gateway")


def migrate(service: str = "", revision: str = "head", url: str = "", say: Callable[[str], None] = print) -> None:
    """Migrate one service, or all; `DATABASE_URL_<SERVICE>` goes before `DATABASE_URL`, `url` before both."""
    for name in [service] if service else SERVICES:
        migrate_service(
            name, url or os.environ.get(f"DATABASE_URL_{name.upper()}") or os.environ["DATABASE_URL"], revision
        )
        say(f"{name}: schema at {revision}")
