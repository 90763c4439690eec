"""Two hundred histories in which everything befalls the system, and each ends as the plain model says."""

import os
import subprocess
import sys

import pytest

from tests.simulation.mutations import MUTATIONS
from tests.simulation.running import run

SEEDS, PORTION = 200, 20


@pytest.mark.parametrize("first", range(0, SEEDS, PORTION))
def test_nothing_is_lost_or_done_twice(first: int) -> None:
    """Whoever was told that it is done finds it done, once, in every service; and everything comes to its end."""
    failed = [str(history) for history in map(run, range(first, first + PORTION)) if history.failure]
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_guarantee_that_is_switched_off_is_missed(mutation: str) -> None:
    """Within the same two hundred seeds."""
    with MUTATIONS[mutation]():
        assert any(run(seed).failure for seed in range(SEEDS))


def test_a_seed_is_a_history_step_by_step() -> None:
    """Also in another process, in which Python hashes otherwise."""
    again = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.simulation"],
        env={**os.environ, "SEED": "7", "PYTHONHASHSEED": "42"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert again.stdout.splitlines()[0] == str(run(7))
