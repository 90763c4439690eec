"""Alembic's entry: the directory's tables in the directory's schema."""

from services.directory.store.tables import metadata
from shared.store.migrate import run_env

run_env(metadata)
