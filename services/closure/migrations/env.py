"""Alembic's entry: closure's tables in closure's schema."""

from services.closure.store.tables import metadata
from shared.store.migrate import run_env

run_env(metadata)
