"""What a process is told by its environment; docs/operations.md explains each variable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from environs import Env, EnvValidationError, ValidationError, validate

LEVELS = ("debug", "info", "warning", "error")


class SettingsError(Exception):
    """A variable of the environment is missing or wrong; the message names each of them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One process's settings.

    `database_url` names its driver; `services` is the gateway's map of service names to addresses; `keys` is the
    directory of the token keys, `files` the directory or URL of attachments and evidence; `clock_offset` shifts the
    clock, `faults` is a directory that says where to fail (tests only). `amqp_url` may name several nodes of one
    cluster, with `;` between their addresses. `notice_mail` is the mail server's address as Apprise writes it;
    `notice_private` lets people's channels lead back to this machine.
    """

    service: str
    amqp_url: str = ""
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    services: Mapping[str, str] = field(default_factory=dict)
    keys: Path = Path("var/keys")
    files: str = "var/files"
    log_level: str = "info"
    clock_offset: timedelta = timedelta()
    faults: Path | None = None
    notice_mail: str = field(default="", repr=False)
    notice_private: bool = False


def load_settings(service: str, *, stateful: bool = True) -> Settings:
    """The settings of this service's process; `SettingsError` names every wrong variable at once.

    A `stateful` service needs a broker and a database. `DATABASE_URL_<SERVICE>` goes before `DATABASE_URL`.
    """
    env = Env(eager=False)
    own_database = f"DATABASE_URL_{service.upper()}"
    amqp_url = _url(env, "AMQP_URL", ("amqp", "amqps"), required=stateful)
    own = _url(env, own_database, POSTGRESQL, required=False)
    shared = _url(env, "DATABASE_URL", POSTGRESQL, required=stateful and not own)
    settings = Settings(
        service=service,
        amqp_url=amqp_url or "",
        database_url=with_driver(own or shared or ""),
        host=env.str("WHISTLE_HOST", "127.0.0.1"),
        port=env.int("WHISTLE_PORT", 8000, validate=validate.Range(1, 65535)),
        services=dict(one.split("=", 1) for one in _addresses(env)),
        keys=env.path("WHISTLE_KEYS", Path("var/keys")),
        files=env.str("WHISTLE_FILES", "var/files"),
        log_level=env.str("WHISTLE_LOG_LEVEL", "info", validate=validate.OneOf(LEVELS)),
        clock_offset=env.timedelta("WHISTLE_CLOCK_OFFSET_SECONDS", timedelta()),
        faults=env.path("WHISTLE_FAULTS", None),
        notice_mail=_url(env, "WHISTLE_NOTICE_MAIL", ("mailto", "mailtos"), required=False) or "",
        notice_private=env.bool("WHISTLE_NOTICE_PRIVATE", False),
    )
    try:
        env.seal()
    except EnvValidationError as error:
        wrong: Mapping[str, list[str]] = dict(error.error_messages)  # type: ignore[arg-type]  # Env always gives a mapping
        raise SettingsError("; ".join(f"{name}: {' '.join(wrong[name])}" for name in sorted(wrong))) from None
    return settings


POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


def with_driver(url: str) -> str:
    """A PostgreSQL URL that names psycopg 3, whatever way it was written."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if separator and scheme in POSTGRESQL else url


def _url(env: Env, name: str, schemes: tuple[str, ...], *, required: bool) -> str | None:
    def check(value: str) -> None:
        if value and any(urlsplit(one).scheme not in schemes for one in value.split(";")):
            raise ValidationError(f"must begin with {' or '.join(scheme + '://' for scheme in schemes)}.")

    return env.str(name, validate=[validate.Length(min=1), check]) if required else env.str(name, "", validate=check)


def _addresses(env: Env) -> list[str]:
    def check(services: list[str]) -> None:
        for said in services:
            service, _, address = said.partition("=")
            parts = urlsplit(address)
            if not service or parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValidationError(f"{said or 'an empty one'} must be such as intake=http://127.0.0.1:8101.")

    return env.list("WHISTLE_SERVICES", [], validate=check) or []
