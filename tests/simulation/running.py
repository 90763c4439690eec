"""Runs histories by their seeds."""

from hashlib import sha256
from typing import NamedTuple
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.internal.conjecture.providers import HypothesisProvider
from hypothesis.stateful import get_state_machine_test

from tests.simulation.machine import Machine
from tests.simulation.town import Simulation

# The first example that Hypothesis tries is always its simplest, which the machine rejects; the next is the seed's.
ONE_HISTORY = settings(
    max_examples=1,
    stateful_step_count=25,
    phases=[Phase.generate],
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    print_blob=False,
)


class History(NamedTuple):
    """What a seed led to: `failure` with the steps that led there as notes, or None; `steps` of the world, and a digest
    of everything that was announced, by which two runs can be compared.
    """

    seed: int
    failure: Exception | None
    steps: int
    digest: str

    def __str__(self) -> str:
        if self.failure is None:
            return f"seed {self.seed}: {self.steps} steps, {self.digest}"
        notes = getattr(self.failure, "__notes__", ())
        return "\n".join([f"seed {self.seed}: {type(self.failure).__name__}: {self.failure}", *notes])


def run(number: int) -> History:
    """The history of this seed."""
    ended: list[Simulation] = []

    class Watched(Machine):
        def teardown(self) -> None:
            ended.append(self.town)
            super().teardown()

    failure = None
    try:
        # Hypothesis also draws numbers that it reads in the loaded modules; with others, a seed were another history.
        with patch.object(HypothesisProvider, "_maybe_draw_constant", lambda *_, **__: None):
            seed(number)(get_state_machine_test(Watched, settings=ONE_HISTORY))()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this seed's failure
        failure = error
    last = ended[-1]
    told = repr([(name, one.time, one.data) for name, own in last.books.items() for one in own.outbox])
    return History(number, failure, last.world.steps, sha256(told.encode()).hexdigest()[:16])
