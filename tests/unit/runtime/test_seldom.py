"""Told at once, then at most once in a while, and nothing is left out of the count."""

from shared.runtime.seldom import Seldom


def test_the_first_time_is_told_at_once_and_the_rest_together_after_the_pause() -> None:
    """Also when nothing more has happened meanwhile; and then there is nothing to tell."""
    seconds = 0.0
    seldom = Seldom(5.0, lambda: seconds)
    assert seldom.due() == 0
    seldom.count(2)
    assert seldom.due() == 2
    seldom.count()
    seldom.count(3)
    seconds = 4.9
    assert seldom.due() == 0
    seconds = 5.0
    assert seldom.due() == 4
    assert seldom.due() == 0
    seconds = 100.0
    assert seldom.due() == 0
    seldom.count()
    assert seldom.due() == 1
