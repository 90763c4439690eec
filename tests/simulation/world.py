"""A world of fibers, one running at a time, in simulated time: who goes on next is drawn, so a seed is a history.

Threads of the real parts become fibers: what waits in them (an event, a sleep, a wire) hands over to the world, which
resumes whoever it draws among those who can go on. Each step takes a moment; when nobody can go on, time passes until
somebody can. A fiber of a process that is killed never goes on.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Protocol

from greenlet import getcurrent, greenlet

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # Monday, 12:00 in Shanghai
NEVER = float("inf")
A_STEP = 0.0005  # seconds

Ready = Callable[[], bool]


class Killed(BaseException):
    """What a fiber of a killed process meets, where it waits."""


class Mover(Protocol):
    """What moves by itself, such as the frames between a process and the broker: each call of `moves` is one step."""

    def moves(self) -> list[Callable[[], None]]:
        """The steps that could come next."""
        ...


def nobody() -> bool:
    """Ready for nothing but the time."""
    return False


class Fiber:
    """One thread of a process. It can go on when `ready` says so, or at `due` (seconds); `place` is where it stands."""

    def __init__(self, world: "World", name: str, run: Callable[[], Any], home: Any) -> None:
        self.name = name
        self.home = home
        self.ready: Ready = lambda: True
        self.due = NEVER
        self.place = ""
        self.ended = False
        self.failure: Exception | None = None
        self._world = world
        self._run = run
        self._greenlet = greenlet(self._all, world.main)

    def go_on(self) -> None:
        """Until it waits again, or ends."""
        self._greenlet.switch()

    def kill(self) -> None:
        """It ends where it stands."""
        self.ended = True
        if self._greenlet:
            self._greenlet.throw(Killed)

    def wait(self) -> None:
        """Until it has ended; as nameko's threads have it."""
        self._world.pause(lambda: self.ended)

    def _all(self) -> None:
        try:
            self._run()
        except Killed:
            pass
        except Exception as failure:  # noqa: BLE001 - told by the world, with its fiber's name
            self.failure = failure
        finally:
            self.ended = True


class World:
    """Time, fibers and chance."""

    def __init__(self) -> None:
        self.main = getcurrent()
        self.random = Random(0)
        self.seconds = 0.0
        self.steps = 0
        self.fibers: list[Fiber] = []
        self.movers: list[Mover] = []
        self.current: Fiber | None = None
        self.killing = False

    # --- what fibers call

    def spawn(self, name: str, run: Callable[[], Any], home: Any = None) -> Fiber:
        """A new fiber, of a process or of nobody."""
        fiber = Fiber(self, name, run, home)
        self.fibers.append(fiber)
        return fiber

    def pause(self, ready: Ready = nobody, seconds: float = NEVER) -> bool:
        """Wait until `ready`, or so many seconds; whether it is ready."""
        fiber = self.current
        if fiber is None or fiber.ended:  # the world itself waits for nobody, nor does who is being killed
            return ready()
        fiber.ready, fiber.due = ready, self.seconds + seconds
        self.main.switch()
        return ready()

    def step(self, place: str) -> None:
        """Let others go on, if that is what is drawn; a process may be killed at this place."""
        if self.current is not None:
            self.current.place = place
        self.pause(lambda: True)
        if self.current is not None:
            self.current.place = ""

    def at(self, home_name: str, place: str) -> Any:
        """A process whose name begins so and that stands at this place; None if there is none."""
        homes = (one.home for one in self.fibers if one.place == place and one.home is not None)
        return next((home for home in homes if home.name.startswith(home_name)), None)

    # --- what drives the world

    def go_on(self, steps: int, until: Ready = nobody) -> bool:
        """So many steps, or until this holds; whether it does."""
        for _ in range(steps):
            if until():
                return True
            self._step()
        return until()

    def pass_time(self, seconds: float, until: Ready = nobody) -> bool:
        """As many steps as come in this time, or until this holds; whether it does."""
        end = self.seconds + seconds
        while self.seconds < end:
            if until():
                return True
            self._step()
        return until()

    def kill(self, home: Any) -> None:
        """All fibers of a process end where they stand."""
        gone = [fiber for fiber in self.fibers if fiber.home is home]
        self.fibers = [fiber for fiber in self.fibers if fiber.home is not home]
        self.killing = True
        for fiber in gone:
            fiber.kill()
        self.killing = False

    def _step(self) -> None:
        self.steps += 1
        self.seconds += A_STEP
        able: list[Any] = [fiber for fiber in self.fibers if fiber.due <= self.seconds or fiber.ready()]
        able += [move for mover in self.movers for move in mover.moves()]
        if not able:
            due = min((fiber.due for fiber in self.fibers), default=NEVER)
            self.seconds = due if due < NEVER else self.seconds + 1.0  # everybody may have been killed
            return
        chosen = self.random.choice(able)
        if isinstance(chosen, Fiber):
            self._resume(chosen)
        else:
            chosen()

    def _resume(self, fiber: Fiber) -> None:
        self.current = fiber
        try:
            fiber.go_on()
        finally:
            self.current = None
        if fiber.ended:
            self.fibers.remove(fiber)
        if fiber.failure is not None:
            raise RuntimeError(f"{fiber.name} failed at step {self.steps}") from fiber.failure


class Clock:
    """Stands for the modules `time` and `datetime` where real parts ask for the time."""

    def __init__(self, world: World) -> None:
        self._world = world

    def monotonic(self) -> float:
        """Seconds."""
        return self._world.seconds

    perf_counter = monotonic

    def time(self) -> float:
        """Seconds since 1970."""
        return self.now(UTC).timestamp()

    def time_ns(self) -> int:
        """Nanoseconds since 1970."""
        return int(self.time() * 1_000_000_000)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self._world.pause(seconds=seconds)

    def now(self, _zone: Any = UTC) -> datetime:
        """The present time."""
        return NOON + timedelta(seconds=self._world.seconds)


class Event:
    """Stands for `threading.Event`."""

    world: World  # the one that runs now

    def __init__(self) -> None:
        self._set = False

    def set(self) -> None:
        """Wake whoever waits."""
        self._set = True

    def clear(self) -> None:
        """From now on, wait again."""
        self._set = False

    def is_set(self) -> bool:
        """Whether it is."""
        return self._set

    def wait(self, timeout: float | None = None) -> bool:
        """Until it is set, or so many seconds; whether it is."""
        if self._set:
            return True
        return self.world.pause(self.is_set, NEVER if timeout is None else timeout)


def sample(world: World, some: Iterable[Any]) -> Any:
    """One of these; None of none."""
    known = list(some)
    return world.random.choice(known) if known else None
