"""Needs that only reference data can name."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from shared.runtime.clock import uuid7
from tests.component.engine.conftest import Bench, endings, request
from tests.component.engine.ledger import Add, AddToListed

KEEP = "INSERT INTO ledger.reference (name, version, content) VALUES ('list', 1, to_jsonb(CAST(:ids AS text[])))"


def list_accounts(bench: Bench, ids: Sequence[UUID]) -> None:
    """The snapshot has arrived."""
    with bench.database.write() as connection:
        connection.execute(text(KEEP), {"ids": [str(id) for id in ids]})


def test_what_a_snapshot_names_is_loaded_and_changed(bench: Bench) -> None:
    first, second, other = bench.account("a"), bench.account("b"), bench.account("c")
    list_accounts(bench, [first, second])
    results = bench.engine().run([request(Add(other, 1)), request(AddToListed(5)), request(AddToListed(2))])
    assert endings(results) == ["done"] * 3
    assert bench.rows("SELECT total FROM ledger.account ORDER BY owner") == [(7,), (7,), (1,)]


def test_before_the_snapshot_has_come_only_that_command_is_refused(bench: Bench) -> None:
    account = bench.account()
    results = bench.engine().run([request(AddToListed(5)), request(Add(account, 1))])
    assert endings(results) == ["refused", "done"]
    assert results[0].body == b"reference-missing"


def test_what_the_snapshot_names_and_is_not_there_is_only_that_commands_refusal(bench: Bench) -> None:
    account = bench.account()
    list_accounts(bench, [uuid7()])
    results = bench.engine().run([request(AddToListed(5)), request(Add(account, 1))])
    assert [result.body for result in results] == [b"not-found", b"2"]
