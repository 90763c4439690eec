"""Alembic's entry: enforcement's tables in enforcement's schema."""

from services.enforcement.store.tables import metadata
from shared.store.migrate import run_env

run_env(metadata)
