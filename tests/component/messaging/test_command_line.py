"""`whistle parked` as an operator uses it."""

from uuid import uuid4

import pytest
from typer.testing import CliRunner, Result

from tests.component.messaging.bench import CASE, Books, put, submitted
from tests.component.messaging.desk import Desk, at_work
from tests.support.eventually import eventually
from tools.parked import app
from tools.whistle import app as whistle

POISON = submitted(1, kind="poison")
ID = str(POISON.id)


class Operator:
    """Types commands."""

    def __init__(self, url: str, books: Books) -> None:
        database = books.engine.url.render_as_string(hide_password=False)
        self._environment = {"AMQP_URL": url, "DATABASE_URL": database, "COLUMNS": "250"}

    def types(self, *arguments: str) -> Result:
        """The end of `whistle parked …`."""
        return CliRunner().invoke(app, arguments, env=self._environment)

    def announces(self, *arguments: str) -> Result:
        """The end of `whistle announce …`."""
        return CliRunner().invoke(whistle, ["announce", *arguments], env=self._environment)


@pytest.fixture
def operator(vhost: str, books: Books) -> Operator:
    """With the role of the service, as `whistle migrate` makes it."""
    books.do("DO $$ BEGIN CREATE ROLE whistle_dispatch NOLOGIN; EXCEPTION WHEN duplicate_object THEN END $$")
    books.do("GRANT USAGE ON SCHEMA dispatch TO whistle_dispatch")
    books.do("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA dispatch TO whistle_dispatch")
    return Operator(vhost, books)


def poisoned(url: str, books: Books, desk: Desk) -> None:
    """A stream stuck behind its first message."""
    with at_work(url, books, desk):
        put(url, POISON, submitted(2, kind="second"))
        eventually(lambda: len(books.all("SELECT 1 FROM dispatch.parked")) == 2)


def test_what_is_parked_is_listed_and_shown_with_reason_and_body(vhost: str, books: Books, operator: Operator) -> None:
    """The list has one line a message, the detail the traceback and the event."""
    poisoned(vhost, books, Desk(broken={"poison"}))
    listed = operator.types("list", "dispatch", "--state", "parked")
    assert listed.exit_code == 0, listed.output
    assert ID in listed.stdout
    assert "command-failed" in listed.stdout
    assert "waiting" not in listed.stdout
    shown = operator.types("show", "dispatch", ID)
    assert "cannot stand poison" in shown.stdout
    assert f'"subject": "{CASE}"' in shown.stdout


def test_everything_parked_can_be_replayed_after_a_repair(vhost: str, books: Books, operator: Operator) -> None:
    """The stream goes on."""
    desk = Desk(broken={"poison"})
    poisoned(vhost, books, desk)
    desk.broken.clear()
    assert operator.types("replay", "dispatch", "--all").stdout == f"replayed {ID}\n"
    with at_work(vhost, books, desk):
        eventually(lambda: desk.kinds == ["poison", "second"])
    assert "nothing is parked" in operator.types("list", "dispatch").stdout


def test_a_message_is_discarded_only_after_a_question(vhost: str, books: Books, operator: Operator) -> None:
    """Or with --yes."""
    desk = Desk(broken={"poison"})
    poisoned(vhost, books, desk)
    assert operator.types("discard", "dispatch", ID).exit_code == 1
    assert operator.types("discard", "dispatch", ID, "--yes").stdout == f"discarded {ID}\n"
    with at_work(vhost, books, desk):
        eventually(lambda: desk.kinds == ["second"])


def test_a_service_announces_again_what_somebody_lost(books: Books, operator: Operator) -> None:
    """One case, or everything; what it never sent goes out anyway."""
    books.announce(submitted(1), submitted(2), submitted(1, uuid4()), sent=True)
    assert operator.announces("dispatch", str(CASE)).stdout == "dispatch announces 2 event(s) again\n"
    assert books.unsent() == 2
    assert operator.announces("dispatch").stdout == "dispatch announces 3 event(s) again\n"
    assert books.unsent() == 3
    assert operator.announces("gateway").exit_code == 2
    assert "cannot announce" in operator.announces("closure").stderr


def test_mistakes_end_with_one_line_that_says_what(vhost: str, books: Books, operator: Operator) -> None:
    """No traceback, and not 0."""
    missing = operator.types("show", "dispatch", ID)
    assert (missing.exit_code, missing.stderr) == (1, f"no such message here: {ID}\n")
    nowhere = operator.types("list", "gateway")
    assert nowhere.exit_code == 2
    assert "one of" in nowhere.stderr
    assert operator.types("replay", "dispatch").exit_code == 2
    without_schema = operator.types("list", "closure")
    assert without_schema.exit_code == 1
    assert without_schema.stderr.startswith("the database cannot do this: ")
