"""Every process is restarted, one after the other, while people work: an operator's ordinary day."""

from collections.abc import Callable
from random import Random

import pytest

from tests.faults.campaign import field, judge
from tests.faults.load import Load
from tests.faults.nemesis import Nemesis

RESTARTS, PATIENT = 3, 2


@pytest.mark.slow
def test_whoever_asks_once_more_does_not_notice_a_rolling_restart(say: Callable[[str], None]) -> None:
    """Nobody had to be asked more than twice, and no event had its effect twice."""
    with field(say, large=True) as town:
        with Load(town, people=16, rate=2.5) as load:
            nemesis = Nemesis(town, load, Random(0), say)
            restart = nemesis.faults()["restart everything"]
            for _ in range(RESTARTS):
                assert nemesis.strike("restart everything", restart).counts
            load.stop()
        outcome = judge(town, load, nemesis, 0)
        say(str(outcome))
    assert outcome.good, str(outcome)
    assert outcome.kinds[0].asked <= PATIENT, str(outcome)
