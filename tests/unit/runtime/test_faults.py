"""Faults that tests switch on: where a process dies, and by how much its clock is ahead."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shared.runtime import clock, faults
from tests.support.eventually import eventually


@pytest.fixture
def armed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The directory that says where this process, of intake, is to fail."""
    usual = clock.offset()
    monkeypatch.setattr(faults, "LOOK_EVERY", 0.01)
    faults.arm("intake", tmp_path)
    yield tmp_path
    faults.disarm()
    clock.shift(usual)


@pytest.fixture
def died(monkeypatch: pytest.MonkeyPatch) -> list[signal.Signals]:
    """How this process would have died."""
    signals: list[signal.Signals] = []
    monkeypatch.setattr(os, "kill", lambda _pid, how: signals.append(how))
    return signals


def test_the_first_to_come_to_the_place_dies_there(armed: Path, died: list[signal.Signals]) -> None:
    """Who comes later, or to another place, lives; so does another service."""
    (armed / "dispatch.before-commit").touch()
    (armed / "intake.before-commit").touch()
    faults.reach(faults.BEFORE_PUBLISH)
    assert died == []
    faults.reach(faults.BEFORE_COMMIT)
    faults.reach(faults.BEFORE_COMMIT)
    assert died == [signal.SIGKILL]
    assert [one.name for one in armed.iterdir()] == ["dispatch.before-commit"]


def test_nobody_dies_where_nothing_was_switched_on(died: list[signal.Signals]) -> None:
    """As in every real system."""
    for place in faults.PLACES:
        faults.reach(place)
    assert died == []


def test_the_clock_jumps_and_comes_back(armed: Path) -> None:
    """By as many seconds as the file says; one that is half written says nothing."""
    usual = clock.offset()
    (armed / "intake.clock").write_text("259200")
    eventually(lambda: clock.offset() == usual + timedelta(days=3), 5, "it is three days ahead", 0.01)
    (armed / "intake.clock").write_text("")
    (armed / "intake.clock").write_text("0")
    eventually(lambda: clock.offset() == usual, 5, "it is right again", 0.01)
