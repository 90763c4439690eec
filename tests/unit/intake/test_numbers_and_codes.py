"""The number that people read, and the code that nobody can guess."""

import re
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from services.intake.domain.numbers import draw_numbers, free_number
from services.intake.domain.tracking import LENGTH, digest_of, new_code
from shared.errors import Unavailable
from tests.support.deciding import NOON, InMemory
from tests.unit.intake.samples import CODE, NUMBERS, a_case, another


def test_a_number_names_the_day_in_shanghai() -> None:
    """Half past four in the afternoon in London is the next day there."""
    assert all(re.fullmatch("吹20260302-[0-9A-HJKMNP-TV-Z]{6}", number) for number in draw_numbers(NOON))
    late = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    assert draw_numbers(late)[0].startswith("吹20260303-")


def test_numbers_are_drawn_anew_each_time() -> None:
    """Fifty numbers of one day are all different."""
    drawn = [number for _ in range(25) for number in draw_numbers(NOON)]
    assert len(set(drawn)) == len(drawn)


def test_a_number_that_a_case_has_already_is_passed_over() -> None:
    """Also one that an earlier command of the same batch has just taken."""
    first, second = NUMBERS
    assert free_number(NUMBERS, InMemory((), {})) == first
    assert free_number(NUMBERS, InMemory((a_case(number=first),), {})) == second


def test_two_cases_never_share_a_number() -> None:
    """If all drawn numbers are taken, the caller tries again."""
    first, second = NUMBERS
    taken = InMemory((a_case(number=first), replace(another(), number=second)), {})
    with pytest.raises(Unavailable):
        free_number(NUMBERS, taken)


def test_a_tracking_code_has_at_least_a_hundred_bits_and_no_letter_that_is_read_as_another() -> None:
    """Five bits a character."""
    codes = {new_code() for _ in range(100)}
    assert len(codes) == 100
    assert LENGTH * 5 >= 100
    assert all(re.fullmatch(f"[0-9A-HJKMNP-TV-Z]{{{LENGTH}}}", code) for code in codes)


def test_only_the_digest_of_a_code_is_kept() -> None:
    """SHA-256 in hex: the same for the same code, and no way back."""
    assert digest_of(CODE) == digest_of(CODE) != digest_of(CODE[::-1])
    assert re.fullmatch("[0-9a-f]{64}", digest_of(CODE))
