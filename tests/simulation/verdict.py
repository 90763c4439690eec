"""How a simulated history is held against the plain model, once everything has come to its end."""

from collections import Counter
from collections.abc import Iterator

from services.closure.domain.case import Case as Closing
from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case as Dispatched
from services.intake.domain.case import Case
from services.intake.domain.progress import Progress
from services.notice.domain.summons import Summons
from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.entry import Entry
from shared.messaging.topology import FOLLOWS
from tests.simulation.books import Books
from tests.simulation.people import Life
from tests.simulation.town import Simulation
from tests.support.plain_model import DEPARTMENTS, LEAD, announced_by


def wrong(simulation: Simulation) -> Iterator[str]:
    """Whatever is not as the model says, once everything has come to its end."""
    for life in simulation.people.lives:
        for problem in _wrong_with(life, simulation.books):
            yield f"case {life.number}: {problem}"
    for service, books in simulation.books.items():
        for problem in _wrong_in(service, simulation.books):
            yield f"{service}: {problem}"
        parked = Counter(one.parking.reason.partition(":")[0] for one in books.parked.values())
        if parked != +Counter(undecodable=simulation.poisons[service]):
            yield f"{service}: {dict(parked)} parked, of {simulation.poisons[service]} that nobody can read"
        registered = len(books.all(Case))
        if service == "intake" and registered != len(simulation.people.lives):
            yield f"{registered} cases of {len(simulation.people.lives)} complaints"


def _wrong_with(life: Life, books: dict[str, Books]) -> Iterator[str]:
    found: Counter[str] = Counter()
    for service, own in books.items():
        for event in own.announced(str(life.case)):
            found[f"{service} {event.type.removesuffix('.v1')}"] += 1
    expected = announced_by(life.told)
    if found != expected:
        yield f"announced {dict(found - expected)} too often, {dict(expected - found)} not"
    told = Counter((who, one.type, one.data) for who in books for one in books[who].announced(str(life.case)))
    heard = Counter(
        (one.publisher, one.type, one.data) for one in books["supervision"].all(Entry) if one.case_id == life.case
    )
    if heard != told:
        yield f"supervision's journal has {names(heard - told)} too often, {names(told - heard)} not"
    summoned = [one for one in books["dispatch"].all(Assignment) if one.case_id == life.case]
    if sorted(one.department for one in summoned) != sorted(DEPARTMENTS):
        yield f"summoned {sorted(one.department for one in summoned)}"
    inboxes = [one for one in books["notice"].all(Summons) if one.case_id == life.case]
    if sorted(one.id for one in inboxes) != sorted(one.id for one in summoned):
        yield f"in the inboxes of {sorted(one.department for one in inboxes)}"
    yield from _wrong_ends(life, books, summoned)


def names(of: Counter[tuple[str, str, bytes]]) -> list[str]:
    """Who announced what."""
    return sorted(f"{who} {type}" for who, type, _ in of.elements())


def _wrong_ends(life: Life, books: dict[str, Books], summoned: list[Assignment]) -> Iterator[str]:
    """Where each service thinks that the case stands."""
    stands = {
        "intake": (Case, "state", "whistled"),
        "intake's progress": (Progress, "stage", "closed"),
        "dispatch": (Dispatched, "state", "closed"),
        "closure": (Closing, "state", "closed"),
        "supervision": (CaseFile, "state", "closed"),
    }
    for who, (kind, field, expected) in stands.items():
        row = books[who.partition("'")[0]].rows.get(kind, {}).get(life.case)
        stand = getattr(row, field, "nowhere")
        if stand != expected:
            yield f"{who} has it {stand}"
    for one in summoned:
        if one.state != "accepted":
            yield f"{one.department} is {one.state}"
    rounds = {one.round for one in books["notice"].all(Summons) if one.case_id == life.case and one.department == LEAD}
    if rounds != {1 + life.failures}:
        yield f"the lead was called in the rounds {rounds}, not {1 + life.failures}"


def _wrong_in(service: str, books: dict[str, Books]) -> Iterator[str]:
    """Numbers without gaps, and everybody who follows is as far as what was announced."""
    own = books[service]
    numbers: dict[str, list[int]] = {}
    for event in own.outbox:
        numbers.setdefault(event.subject, []).append(event.sequence)
    for subject, found in numbers.items():
        if found != list(range(1, len(found) + 1)):
            yield f"numbers {found} about {subject}"
        for follower in (one for one in books if service in FOLLOWS[one]):
            position = books[follower].cursors.get((service, subject))
            reached = position.sequence if position else 0
            if reached != len(found):
                yield f"{follower} has heard {reached} of {len(found)} about {subject}"
