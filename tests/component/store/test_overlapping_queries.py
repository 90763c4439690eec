"""Queries of one service's process overlap: none of them makes the others wait for it."""

import subprocess
import sys

ONE_AFTER_THE_OTHER = 50 * 0.2  # seconds


def test_fifty_queries_that_sleep_take_hardly_longer_than_one(database: str) -> None:
    command = [sys.executable, "-m", "tests.component.store.green_queries", database]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert float(done.stdout) < ONE_AFTER_THE_OTHER / 3
