"""Alembic's entry: dispatch's tables in dispatch's schema."""

from services.dispatch.store.tables import metadata
from shared.store.migrate import run_env

run_env(metadata)
