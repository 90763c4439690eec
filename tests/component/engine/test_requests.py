"""Requests through the engine, on a real PostgreSQL."""

import threading

from sqlalchemy import text

from shared.engine.works import Result
from shared.runtime.clock import uuid7
from tests.component.engine.conftest import Bench, endings, request
from tests.component.engine.ledger import Add, Open


def test_a_batch_writes_every_command_and_a_later_one_sees_what_an_earlier_one_did(bench: Bench) -> None:
    id = uuid7()
    results = bench.engine().run([request(Open(id, "x")), request(Add(id, 5)), request(Add(id, 7))])
    assert [result.body for result in results] == [b"1", b"2", b"3"]
    assert bench.rows("SELECT total, amounts, version FROM ledger.account") == [(12, [5, 7], 3)]


def test_a_refusal_is_only_that_commands_result(bench: Bench) -> None:
    id = bench.account()
    results = bench.engine().run([request(Add(id, 5)), request(Add(id, 0)), request(Add(uuid7(), 1))])
    assert endings(results) == ["done", "refused", "refused"]
    assert [result.body for result in results[1:]] == [b"nothing", b"not-found"]
    assert bench.rows("SELECT total FROM ledger.account") == [(5,)]


def test_an_exception_in_a_command_fails_that_request_alone_and_leaves_no_claim(bench: Bench) -> None:
    id = bench.account()
    results = bench.engine().run([request(Add(id, -1), key="k"), request(Add(id, 5))])
    assert endings(results) == ["failed", "done"]
    assert bench.rows("SELECT key FROM ledger.inbox") == []


def test_a_row_that_the_database_refuses_is_found_and_the_rest_takes_effect(bench: Bench) -> None:
    id = bench.account()
    works = [request(Add(id, amount)) for amount in (1, 2, 5000, 3)]
    results = bench.engine().run(works)
    assert endings(results) == ["done", "done", "failed", "done"]
    assert bench.rows("SELECT total FROM ledger.account") == [(6,)]


def test_a_replay_gets_the_first_answer_refusals_included(bench: Bench) -> None:
    id = uuid7()
    engine = bench.engine()
    first = engine.run([request(Open(id, "x"), key="a", fingerprint=b"1"), request(Add(id, 0), key="b")])
    again = engine.run([request(Open(id, "x"), key="a", fingerprint=b"1"), request(Add(id, 0), key="b")])
    assert endings(again) == ["replayed", "replayed"]
    assert [(result.status, result.body) for result in again] == [(result.status, result.body) for result in first]
    assert bench.rows("SELECT count(*) FROM ledger.account") == [(1,)]


def test_a_key_used_for_another_request_is_refused(bench: Bench) -> None:
    id = uuid7()
    works = [request(Open(id, "x"), key="a", fingerprint=b"1"), request(Open(id, "y"), key="a", fingerprint=b"2")]
    assert [result.body for result in bench.engine().run(works)] == [b"1", b"idempotency-key-reused"]


def test_events_are_numbered_within_their_subject_without_gaps(bench: Bench) -> None:
    one, other = bench.account("one"), bench.account("other")
    bench.engine().run([request(Add(one, 1)), request(Add(other, 1)), request(Add(one, 0)), request(Add(one, 2))])
    assert [(event.subject, event.sequence) for event in bench.announced] == [
        (str(one), 2),
        (str(other), 2),
        (str(one), 3),
    ]
    stored = bench.rows("SELECT id, sequence FROM ledger.outbox WHERE sequence > 1 ORDER BY position")
    assert stored == [(event.id, event.sequence) for event in bench.announced]


def test_two_replicas_on_the_same_rows_lose_nothing_and_do_nothing_twice(bench: Bench) -> None:
    ids = [bench.account(f"owner {number}") for number in range(20)]
    results: list[Result] = []

    def work() -> None:
        engine = bench.replica()
        for _ in range(10):
            results.extend(engine.run([request(Add(id, 1)) for id in ids]))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = sum(result.ending == "done" for result in results)
    assert set(endings(results)) <= {"done", "busy"}
    assert bench.rows("SELECT sum(total) FROM ledger.account") == [(done,)]
    assert bench.rows("SELECT sum(last) FROM ledger.stream") == [(done + len(ids),)]


def test_fifty_equal_requests_in_two_replicas_take_effect_once(bench: Bench) -> None:
    id = bench.account()
    results: list[Result] = []

    def work() -> None:
        engine = bench.replica()
        for _ in range(25):
            results.extend(engine.run([request(Add(id, 1), key="same")]))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(result.status, result.body) for result in results} == {(200, b"2")}
    assert bench.rows("SELECT total FROM ledger.account") == [(1,)]


def test_plans_that_were_made_while_the_tables_were_empty_do_not_scan_them_once_they_are_full(bench: Bench) -> None:
    engine = bench.engine()
    with bench.database.reads.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE ledger.account, ledger.inbox"))  # now PostgreSQL knows: they are empty
    for number in range(8):  # often enough that the plans are kept
        engine.run([request(Add(uuid7(), 1), key=f"early {number}")])
    ids = [uuid7() for _ in range(3_000)]
    with bench.database.write() as connection:
        rows = [{"id": id, "owner": str(id)} for id in ids]
        connection.execute(text("INSERT INTO ledger.account VALUES (:id, :owner, 0, '[]', 1)"), rows)
    for amount, id in enumerate(ids[:8], 1):
        assert endings(engine.run([request(Add(id, amount), key=f"add {amount}")])) == ["done"]
    assert scanned(bench) == 0


def scanned(bench: Bench) -> int:
    """How many rows of the ledger's tables were read by scans so far."""
    bench.database.close()  # a connection tells what it did when it ends
    [(rows,)] = bench.rows("SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE schemaname = 'ledger'")
    return int(rows)
