"""A copy of the example town that a test may break."""

import shutil
from pathlib import Path

import pytest

from tests.unit.town.town_copy import EXAMPLE, TownCopy


@pytest.fixture
def town(tmp_path: Path) -> TownCopy:
    """A copy of the example town."""
    return TownCopy(Path(shutil.copytree(EXAMPLE, tmp_path / "town")))
