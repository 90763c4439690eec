"""A process starts with good settings, or says which variable is wrong."""

from datetime import timedelta
from pathlib import Path

import pytest

from shared.runtime.settings import SettingsError, load_settings, with_driver

GOOD = {"AMQP_URL": "amqp://guest:guest@127.0.0.1:5672/", "DATABASE_URL": "postgresql://whistle@127.0.0.1/whistle"}
OURS = ("AMQP_URL", "DATABASE_URL", "DATABASE_URL_INTAKE")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Only what a test sets is set."""
    for name in (*OURS, *(f"WHISTLE_{end}" for end in ("PORT", "HOST", "SERVICES", "KEYS", "FILES", "LOG_LEVEL"))):
        monkeypatch.delenv(name, raising=False)
    for name in ("WHISTLE_CLOCK_OFFSET_SECONDS", "WHISTLE_NOTICE_MAIL", "WHISTLE_NOTICE_PRIVATE"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def set_all(environment: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        environment.setenv(name, value)


def test_everything_but_broker_and_database_has_a_default(environment: pytest.MonkeyPatch) -> None:
    set_all(environment, **GOOD)
    settings = load_settings("intake")
    assert (settings.host, settings.port, settings.log_level) == ("127.0.0.1", 8000, "info")
    assert (settings.keys, settings.clock_offset) == (Path("var/keys"), timedelta())


def test_a_service_without_broker_and_database_is_told_both_names() -> None:
    with pytest.raises(SettingsError, match=r"AMQP_URL.*DATABASE_URL"):
        load_settings("intake")


def test_the_gateway_needs_neither() -> None:
    assert load_settings("gateway", stateful=False).amqp_url == ""


def test_a_service_can_be_given_a_database_of_its_own(environment: pytest.MonkeyPatch) -> None:
    set_all(environment, **GOOD, DATABASE_URL_INTAKE="postgresql://elsewhere/intake")
    assert load_settings("intake").database_url == "postgresql+psycopg://elsewhere/intake"
    assert load_settings("dispatch").database_url == "postgresql+psycopg://whistle@127.0.0.1/whistle"


def test_a_cluster_is_named_by_all_its_nodes(environment: pytest.MonkeyPatch) -> None:
    """As many addresses as it has, each with its own password and port."""
    nodes = "amqp://guest:guest@127.0.0.1:5672/;amqp://guest:guest@127.0.0.1:5673/"
    set_all(environment, **{**GOOD, "AMQP_URL": nodes})
    assert load_settings("intake").amqp_url == nodes


def test_a_database_of_its_own_is_enough(environment: pytest.MonkeyPatch) -> None:
    set_all(environment, AMQP_URL=GOOD["AMQP_URL"], DATABASE_URL_INTAKE="postgresql://elsewhere/intake")
    assert load_settings("intake").database_url == "postgresql+psycopg://elsewhere/intake"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AMQP_URL", "http://127.0.0.1"),
        ("AMQP_URL", ""),
        ("AMQP_URL", "amqp://127.0.0.1:5672/;http://127.0.0.1"),
        ("DATABASE_URL", "mysql://127.0.0.1/x"),
        ("DATABASE_URL_INTAKE", "sqlite:///x"),
        ("WHISTLE_PORT", "eight thousand"),
        ("WHISTLE_PORT", "70000"),
        ("WHISTLE_SERVICES", "intake=somewhere"),
        ("WHISTLE_SERVICES", "intake"),
        ("WHISTLE_LOG_LEVEL", "loud"),
        ("WHISTLE_CLOCK_OFFSET_SECONDS", "tomorrow"),
    ],
)
def test_a_wrong_variable_is_named(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    set_all(environment, **GOOD)
    environment.setenv(name, value)
    with pytest.raises(SettingsError, match=f"(^|; ){name}: "):
        load_settings("intake")


def test_every_wrong_variable_is_named_at_once(environment: pytest.MonkeyPatch) -> None:
    set_all(environment, **GOOD, WHISTLE_PORT="x", WHISTLE_LOG_LEVEL="loud")
    with pytest.raises(SettingsError, match=r"WHISTLE_LOG_LEVEL: .*; WHISTLE_PORT: "):
        load_settings("intake")


def test_the_gateway_learns_where_the_services_are(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("WHISTLE_SERVICES", "intake=http://127.0.0.1:8101,dispatch=http://127.0.0.1:8102")
    settings = load_settings("gateway", stateful=False)
    assert settings.services == {"intake": "http://127.0.0.1:8101", "dispatch": "http://127.0.0.1:8102"}


def test_a_clock_can_be_shifted_for_tests(environment: pytest.MonkeyPatch) -> None:
    set_all(environment, **GOOD, WHISTLE_CLOCK_OFFSET_SECONDS="3600")
    assert load_settings("intake").clock_offset == timedelta(hours=1)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_database_url_always_names_psycopg_3(scheme: str) -> None:
    assert with_driver(f"{scheme}://host/name?x=1") == "postgresql+psycopg://host/name?x=1"


def test_people_reach_nothing_inside_unless_the_operator_says_so(environment: pytest.MonkeyPatch) -> None:
    set_all(environment, **GOOD, WHISTLE_NOTICE_MAIL="")
    settings = load_settings("notice")
    assert (settings.notice_private, settings.notice_mail) == (False, "")
    set_all(environment, WHISTLE_NOTICE_PRIVATE="1", WHISTLE_NOTICE_MAIL="mailtos://u:secret@mail.example.org:587")
    settings = load_settings("notice")
    assert settings.notice_private
    assert settings.notice_mail.endswith("@mail.example.org:587")
    assert "secret" not in repr(settings)


def test_a_mail_server_is_written_as_apprise_has_it(environment: pytest.MonkeyPatch) -> None:
    set_all(environment, **GOOD, WHISTLE_NOTICE_MAIL="smtp://mail.example.org")
    with pytest.raises(SettingsError, match="WHISTLE_NOTICE_MAIL"):
        load_settings("notice")
