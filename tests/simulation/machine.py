"""The machine that Hypothesis drives: complaints come in, and whatever may befall the system befalls it."""

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from shared.messaging.topology import queue_name
from tests.simulation.books import PLACES
from tests.simulation.process import SERVICES
from tests.simulation.town import QUEUES, REPLICAS, simulation
from tests.simulation.verdict import wrong

SEEDS = st.integers(0, 2**32 - 1)
STEPS = st.integers(1, 600)  # of the world, until something befalls it
FAR = 1_500  # steps that somebody is waited for
MOST = 4  # cases in one history
WHISTLES = queue_name("dispatch", "intake")
END = 600.0  # seconds of the world's time by which all must be over, once everything is there again


class Lost(AssertionError):
    """The system did not keep its promise."""


class Machine(RuleBasedStateMachine):
    """Each rule lets the world go on for some steps by a seed of its own, and then does one thing to it."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = False
        self._context = simulation()
        self.town = self._context.__enter__()

    @initialize(seed=SEEDS)
    def begin(self, seed: int) -> None:
        """The first complaint."""
        if seed == 0:  # the simplest example, which is the same for all
            reject()
        self._begun = True
        self.town.draw(seed)
        self.town.people.begin(seed % 2)

    @rule(seed=SEEDS, steps=STEPS)
    def go_on(self, seed: int, steps: int) -> None:
        """Nothing befalls."""
        self.town.draw(seed)
        self.town.world.go_on(steps)

    @rule(seed=SEEDS, failures=st.integers(0, 2))
    def complain(self, seed: int, failures: int) -> None:
        """Somebody complains."""
        self.town.draw(seed)
        if len(self.town.people.lives) < MOST:
            self.town.people.begin(failures)

    @rule(seed=SEEDS, steps=STEPS, process=st.integers(0, len(SERVICES) * REPLICAS - 1))
    def kill(self, seed: int, steps: int, process: int) -> None:
        """`kill -9`; it comes back later."""
        self.go_on(seed, steps)
        if self.town.processes[process].up:
            self.town.processes[process].kill()

    @rule(seed=SEEDS, service=st.sampled_from([*SERVICES]), place=st.sampled_from(PLACES))
    def kill_at(self, seed: int, service: str, place: str) -> None:
        """`kill -9` of whichever replica comes to this place first, if one does."""
        self.town.draw(seed)
        self.town.world.go_on(FAR, lambda: self.town.world.at(service, place) is not None)
        if process := self.town.world.at(service, place):
            process.kill()

    @rule(seed=SEEDS, steps=STEPS, process=st.integers(0, len(SERVICES) * REPLICAS - 1))
    def stop(self, seed: int, steps: int, process: int) -> None:
        """It is told to end."""
        self.go_on(seed, steps)
        if self.town.processes[process].up:
            self.town.processes[process].stop()

    @rule(seed=SEEDS, steps=STEPS)
    def come_back(self, seed: int, steps: int) -> None:
        """Whoever was killed or has ended starts again."""
        self.go_on(seed, steps)
        self.town.start()

    @rule(seed=SEEDS, steps=STEPS, wire=st.integers(0, 100))
    def cut(self, seed: int, steps: int, wire: int) -> None:
        """A connection to the broker breaks."""
        self.go_on(seed, steps)
        if wires := self.town.broker.wires:
            wires[wire % len(wires)].snap()

    @rule(seed=SEEDS, steps=STEPS)
    def fall(self, seed: int, steps: int) -> None:
        """The broker falls, or rises again."""
        self.go_on(seed, steps)
        if self.town.broker.down:
            self.town.broker.rise()
        else:
            self.town.broker.fall()

    @rule(seed=SEEDS, steps=STEPS, queue=st.sampled_from(QUEUES))
    def deliver_twice(self, seed: int, steps: int, queue: str) -> None:
        """A message is there twice."""
        self.go_on(seed, steps)
        if queue in self.town.broker.queues:
            self.town.broker.deliver_twice(queue)

    @rule(seed=SEEDS, steps=STEPS, queue=st.sampled_from(QUEUES))
    def reorder(self, seed: int, steps: int, queue: str) -> None:
        """Messages come in another order."""
        self.go_on(seed, steps)
        if queue in self.town.broker.queues:
            self.town.broker.reorder(queue)

    @rule(seed=SEEDS, steps=STEPS, service=st.sampled_from([*SERVICES]))
    def lose_database(self, seed: int, steps: int, service: str) -> None:
        """A database goes away, or comes back."""
        self.go_on(seed, steps)
        self.town.books[service].away = not self.town.books[service].away

    @rule(seed=SEEDS, steps=STEPS, service=st.sampled_from([*SERVICES]))
    def break_commits(self, seed: int, steps: int, service: str) -> None:
        """From now on some commits break, before or after they took effect; or no more."""
        self.go_on(seed, steps)
        self.town.books[service].breaking = not self.town.books[service].breaking

    @rule(seed=SEEDS, steps=STEPS, queue=st.sampled_from([one for one in QUEUES if one != WHISTLES]))
    def poison(self, seed: int, steps: int, queue: str) -> None:
        """Somebody sends what nobody can read; into a queue that is not deleted, or it would be gone with it."""
        self.go_on(seed, steps)
        if queue in self.town.broker.queues:
            self.town.poison(queue)

    @rule(seed=SEEDS, steps=STEPS)
    def delete_queue(self, seed: int, steps: int) -> None:
        """The queue by which dispatch hears of whistles is deleted with all that lies in it."""
        self.go_on(seed, steps)
        if WHISTLES in self.town.broker.queues:
            self.town.broker.delete(WHISTLES)

    @rule(seed=SEEDS, steps=STEPS)
    def unbind_queue(self, seed: int, steps: int) -> None:
        """The queue by which dispatch hears of whistles is bound no longer."""
        self.go_on(seed, steps)
        if WHISTLES in self.town.broker.queues:
            self.town.broker.unbind(WHISTLES)

    def teardown(self) -> None:
        """Everything comes back, all that is left to do is done, and then it must be as the model says."""
        try:
            if not self._begun:
                return
            self.town.heal()
            if not self.town.world.pass_time(END, lambda: not self.town.waiting):
                raise Lost(f"after {END:.0f} s {self.town.waiting}")
            if problems := list(wrong(self.town)):
                raise Lost("; ".join(problems))
        finally:
            self._context.__exit__(None, None, None)
