"""Messages through the engine: order within a stream, once in effect, poison parked, on a real PostgreSQL."""

import pytest

from shared.engine.works import Message, Work
from shared.runtime.clock import uuid7
from shared.store.errors import Away
from tests.component.engine.conftest import Bench, endings, message


def test_a_message_delivered_twice_takes_effect_once(bench: Bench) -> None:
    id = bench.account()
    engine = bench.engine()
    assert endings(engine.run([message(id, 1, 5), message(id, 1, 5)])) == ["done", "duplicate"]
    assert endings(engine.run([message(id, 1, 5)])) == ["duplicate"]
    assert bench.rows("SELECT total FROM ledger.account") == [(5,)]


def test_messages_out_of_order_take_effect_in_order(bench: Bench) -> None:
    id = bench.account()
    engine = bench.engine()
    assert endings(engine.run([message(id, 3, 30), message(id, 2, 20)])) == ["waiting", "waiting"]
    assert bench.rows("SELECT sequence, state FROM ledger.parked ORDER BY sequence") == [(2, "waiting"), (3, "waiting")]
    assert endings(engine.run([message(id, 1, 10)])) == ["done"]
    assert bench.rows("SELECT amounts FROM ledger.account") == [([10, 20, 30],)]
    assert bench.rows("SELECT * FROM ledger.parked") == []
    assert bench.rows("SELECT sequence, waiting FROM ledger.cursor") == [(3, 0)]


def test_one_case_waits_and_the_others_go_on(bench: Bench) -> None:
    late, ready = bench.account("late"), bench.account("ready")
    assert endings(bench.engine().run([message(late, 2, 1), message(ready, 1, 1)])) == ["waiting", "done"]


def test_poison_is_parked_with_its_reason_and_its_case_waits_behind_it(bench: Bench) -> None:
    id, other = bench.account("poisoned"), bench.account("healthy")
    works = [message(id, 1, 1), message(id, 2, -1), message(id, 3, 3), message(other, 1, 1)]
    assert endings(bench.engine().run(works)) == ["done", "parked", "waiting", "done"]
    parked = bench.rows("SELECT sequence, state, reason, detail FROM ledger.parked ORDER BY sequence")
    assert [(row[0], row[1], row[2]) for row in parked] == [
        (2, "parked", "command-failed"),
        (3, "waiting", "waiting"),
    ]
    assert "ZeroDivisionError" in parked[0][3]


def test_poison_delivered_again_after_a_repair_releases_what_waited(bench: Bench) -> None:
    id = bench.account()
    engine = bench.engine()
    engine.run([message(id, 1, -1), message(id, 2, 2)])
    assert endings(engine.run([message(id, 1, 1)])) == ["done"]
    assert bench.rows("SELECT amounts FROM ledger.account") == [([1, 2],)]
    assert bench.rows("SELECT * FROM ledger.parked") == []


def test_a_message_that_waited_and_then_fails_in_its_own_turn_is_parked_with_its_own_reason(bench: Bench) -> None:
    id = bench.account()
    engine = bench.engine()
    assert endings(engine.run([message(id, 2, -1), message(id, 3, 3)])) == ["waiting", "waiting"]
    assert endings(engine.run([message(id, 1, 1)])) == ["done"]
    parked = bench.rows("SELECT sequence, state, reason FROM ledger.parked ORDER BY sequence")
    assert parked == [(2, "parked", "command-failed"), (3, "waiting", "waiting")]
    assert bench.rows("SELECT sequence, waiting FROM ledger.cursor") == [(1, 2)]
    assert endings(engine.run([message(id, 2, 2)])) == ["done"]
    assert bench.rows("SELECT amounts FROM ledger.account") == [([1, 2, 3],)]
    assert bench.rows("SELECT * FROM ledger.parked") == []


def test_a_message_that_is_refused_is_parked_not_lost(bench: Bench) -> None:
    id = bench.account()
    assert endings(bench.engine().run([message(id, 1, 0)])) == ["parked"]
    assert bench.rows("SELECT reason FROM ledger.parked") == [("refused: nothing",)]


def test_a_message_whose_row_the_database_refuses_is_parked_alone(bench: Bench) -> None:
    ids = [bench.account(f"owner {number}") for number in range(5)]
    works = [message(id, 1, 5000 if id == ids[2] else 5) for id in ids]
    assert endings(bench.engine().run(works)) == ["done", "done", "parked", "done", "done"]
    assert "not_too_much" in bench.rows("SELECT reason FROM ledger.parked")[0][0]


def test_bytes_that_cannot_be_read_are_parked_and_the_rest_takes_effect(bench: Bench) -> None:
    id = bench.account()
    unreadable = Work(uuid7(), None, flaw="no-envelope", message=Message("", "", 0, b"\xff\x00", "ledger.follows.p"))
    assert endings(bench.engine().run([unreadable, message(id, 1, 1)])) == ["parked", "done"]
    assert bench.rows("SELECT reason, body, sequence FROM ledger.parked") == [("no-envelope", b"\xff\x00", None)]


def test_an_event_that_is_not_needed_only_moves_the_cursor(bench: Bench) -> None:
    id = bench.account()
    passed = Work(uuid7(), None, message=Message("publisher", str(id), 1, b"", "q"))
    assert endings(bench.engine().run([passed, message(id, 2, 2)])) == ["done", "done"]
    assert bench.rows("SELECT amounts FROM ledger.account") == [([2],)]


def test_an_error_that_hits_everything_parks_nothing(bench: Bench) -> None:
    ids = [bench.account(f"owner {number}") for number in range(12)]
    with pytest.raises(Away):
        bench.engine().run([message(id, 1, -1) for id in ids])
    assert bench.rows("SELECT * FROM ledger.parked") == []
    assert bench.rows("SELECT * FROM ledger.cursor") == []


def test_a_missing_table_is_the_systems_fault_and_parks_nothing(bench: Bench) -> None:
    id = bench.account()
    with bench.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE ledger.outbox RENAME TO elsewhere")
    with pytest.raises(Away):
        bench.engine().run([message(id, 1, 1)])
    assert bench.rows("SELECT * FROM ledger.parked") == []


def test_what_was_sent_is_marked_with_the_next_batch_that_is_written(bench: Bench) -> None:
    id = bench.account()
    bench.engine().run([message(id, 1, 1)])
    confirmed = [[event.id for event in bench.announced]]
    engine = bench.engine(sent=lambda: confirmed.pop() if confirmed else [])
    with bench.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE ledger.stream RENAME TO elsewhere")
    with pytest.raises(Away):
        engine.run([message(id, 2, 1)])
    with bench.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE ledger.elsewhere RENAME TO stream")
    engine.run([message(id, 2, 1)])
    unsent = {id for (id,) in bench.rows("SELECT id FROM ledger.unsent")}
    assert [event.id in unsent for event in bench.announced] == [False, True]
