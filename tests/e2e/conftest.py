"""The whole system once for all end-to-end tests: every service a process of its own, a real broker and database."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.e2e.whole import Whole
from tools import supervisor
from tools.story import play
from tools.system import System


@pytest.fixture(scope="session")
def running_system(tmp_path_factory: pytest.TempPathFactory, say: Callable[[str], None]) -> Iterator[Whole]:
    """It runs until the end of the tests; what is killed comes back as quickly the tenth time as the first."""
    said: list[str] = []

    def tell(line: str) -> None:
        said.append(line)
        say(line)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(supervisor, "LONGEST_PAUSE", supervisor.FIRST_PAUSE)
        with System(tmp_path_factory.mktemp("whole"), say=tell) as system:
            whole = Whole(system, said)
            yield whole
            whole.engine.dispose()


@pytest.fixture
def whole(running_system: Whole) -> Iterator[Whole]:
    """The running system in good health; afterwards nothing may be lost, unsent or parked."""
    running_system.recover()
    running_system.settled(5)  # or an earlier test has left it so
    yield running_system
    running_system.recover()
    running_system.settled()


@pytest.fixture(scope="session")
def undisturbed(running_system: Whole) -> Counter[str]:
    """What is announced about the story's case when nothing goes wrong."""
    running_system.recover()
    played = play(running_system.api, say=lambda _line: None, people=running_system.people)
    running_system.settled()
    return running_system.events(played.case_id)
