"""Alembic's entry: supervision's tables in supervision's schema."""

from services.supervision.store.tables import metadata
from shared.store.migrate import run_env

run_env(metadata)
