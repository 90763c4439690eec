"""`make simulate`: so many seeds, each a history of its own; a failing one is printed with its steps, and replays.

SEEDS says how many, SEED only this one, MUTATION which guarantee is broken on purpose (`mutations.py`).
"""

import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from functools import partial

from tests.simulation.mutations import MUTATIONS
from tests.simulation.running import run

SEEDS = int(os.environ.get("SEEDS", "200"))
PORTION = 20
PROCESSES = 2


def main() -> int:
    """Run them, print what failed, and a line at the end; 1 if something failed."""
    if only := os.environ.get("SEED"):
        [history] = histories([int(only)], os.environ.get("MUTATION", ""))
        print(history[1], f"simulate: 1 seeds, {int(history[0])} failures", sep="\n")
        return int(history[0])
    portions = [range(SEEDS)[first : first + PORTION] for first in range(0, SEEDS, PORTION)]
    began, done, failures = time.monotonic(), 0, 0
    with ProcessPoolExecutor(PROCESSES) as pool:
        for portion in pool.map(partial(histories, mutation=os.environ.get("MUTATION", "")), portions):
            failed = [told for has_failed, told in portion if has_failed]
            done, failures = done + len(portion), failures + len(failed)
            print("".join(f"\n{told}\n" for told in failed), end="")
            print(
                f"\r{done} of {SEEDS} seeds, {failures} failures, {time.monotonic() - began:.0f} s", end="", flush=True
            )
    print(f"\nsimulate: {SEEDS} seeds, {failures} failures")
    return 1 if failures else 0


def histories(seeds: Sequence[int], mutation: str) -> list[tuple[bool, str]]:
    """Whether each of these failed, and what there is to tell."""
    with MUTATIONS[mutation]() if mutation else nullcontext():
        return [(history.failure is not None, str(history)) for history in map(run, seeds)]


if __name__ == "__main__":
    sys.exit(main())
