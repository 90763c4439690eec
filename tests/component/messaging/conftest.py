"""The books that every messaging test may keep."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.component.messaging.bench import Books


@pytest.fixture
def books(database: str) -> Iterator[Books]:
    """One service's tables, empty."""
    engine = sa.create_engine(database)
    yield Books(engine)
    engine.dispose()
