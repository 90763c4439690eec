"""The quick form of the campaign, and the checker that can fail."""

from collections.abc import Callable

from tests.faults.campaign import quick

SEED = 1


def test_nothing_is_lost_when_everything_is_killed_once(say: Callable[[str], None]) -> None:
    """Each service, the broker and the database in the middle of the work, and poison in every queue."""
    outcome = quick(SEED, say)
    say(str(outcome))
    assert outcome.good, str(outcome)
