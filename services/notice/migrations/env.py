"""Alembic's entry: notice's tables in notice's schema."""

from services.notice.store.tables import metadata
from shared.store.migrate import run_env

run_env(metadata)
