"""The time, and ids that sort by it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid5

import pytest

from shared.runtime import clock


@pytest.fixture(autouse=True)
def unshifted() -> Iterator[None]:
    yield
    clock.shift(timedelta())


def test_now_is_in_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)


def test_a_shifted_clock_runs_ahead() -> None:
    clock.shift(timedelta(days=15))
    assert timedelta(days=14) < clock.now() - datetime.now(UTC) < timedelta(days=16)


def test_ids_are_of_version_7_and_never_the_same() -> None:
    ids = [clock.uuid7() for _ in range(1000)]
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
    assert len(set(ids)) == 1000


def test_an_id_tells_when_it_was_made() -> None:
    made = datetime.fromtimestamp((clock.uuid7().int >> 80) / 1000, UTC)
    assert abs(made - datetime.now(UTC)) < timedelta(seconds=1)


def test_ids_sort_by_the_time_they_were_made() -> None:
    ids = []
    for _ in range(50):
        ids.append(clock.uuid7())
        before = clock.uuid7().int >> 64
        while clock.uuid7().int >> 64 == before:
            pass  # wait for the next quarter of a microsecond, the finest that an id tells
    assert ids == sorted(ids)


def test_a_derived_id_is_the_standards() -> None:
    namespace = clock.uuid7()
    for name in ("", "summons:城管", "x" * 200):
        assert clock.derived(namespace, name) == uuid5(namespace, name)
