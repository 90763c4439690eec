"""The quick form of the campaign, and the checker that can fail."""

from collections.abc import Callable, Sequence

import pytest

from tests.faults.campaign import broken, quick

SEED = 1
# Where a process must die for the guarantee to be missed, and of which services, one after the other.
MISSED: dict[str, tuple[str, Sequence[str]]] = {
    "no-inbox": ("before-publish", ("intake",) * 4),
    "announced-before-commit": ("before-commit", ("intake",) * 4),
    "acknowledged-before-commit": ("before-commit", ("closure",) * 4),
}


def test_nothing_is_lost_when_everything_is_killed_once(say: Callable[[str], None]) -> None:
    """Each service, the broker and the database in the middle of the work, and poison in every queue."""
    outcome = quick(SEED, say)
    say(str(outcome))
    assert outcome.good, str(outcome)


@pytest.mark.slow
@pytest.mark.parametrize("mutation", MISSED)
def test_the_checker_reports_what_a_broken_guarantee_does(mutation: str, say: Callable[[str], None]) -> None:
    """The loss, or what is there twice."""
    outcome = broken(mutation, *MISSED[mutation], say)
    say(str(outcome))
    assert not outcome.verdict.good
