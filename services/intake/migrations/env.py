"""Alembic's entry: intake's tables in intake's schema."""

from services.intake.store.tables import metadata
from shared.store.migrate import run_env

run_env(metadata)
