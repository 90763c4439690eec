"""Brings a service's schema up to date, and gives the service's role rights in it and nowhere else.

Run once before a release starts (`whistle migrate`), never by a service itself: with several replicas one would migrate
under the feet of the others.
"""

from importlib.resources import files
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, NullPool, create_engine, text

from shared.store.database import driver_url, role_of

ONE_AT_A_TIME = 7_402_118  # the advisory lock that keeps two migrations from running together


def migrate(service: str, url: str, revision: str = "head") -> None:
    """Bring a service's schema to this revision, up or, for "base" (no tables) and "-1", down."""
    engine = create_engine(driver_url(url), poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
            connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{service}"'))
            config = _config(service, connection)
            if revision in ("base", "-1"):
                command.downgrade(config, revision)
            else:
                command.upgrade(config, revision)
            _grant(connection, service)
    finally:
        engine.dispose()


def run_env(metadata: MetaData) -> None:
    """What a service's `migrations/env.py` calls: run the versions on the connection that `migrate` opened."""
    connection: Connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table_schema=metadata.schema,
        include_schemas=True,
        include_name=lambda name, kind, _: kind != "schema" or name == metadata.schema,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _config(service: str, connection: Connection) -> Config:
    location = Path(str(files(f"services.{service}"))) / "migrations"
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(location).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _grant(connection: Connection, service: str) -> None:
    role = role_of(service)
    statements = (
        f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$",
        f"GRANT {role} TO CURRENT_USER",
        f'GRANT USAGE ON SCHEMA "{service}" TO {role}',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{service}" TO {role}',
    )
    for statement in statements:
        connection.execute(text(statement))
