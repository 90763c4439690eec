"""What every notice has in common: who gets it, and by which of their channels."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from msgspec import Struct

from services.notice.domain.delivery import Delivery
from services.notice.domain.facts import facts_of_summons
from services.notice.domain.notification import Notification
from services.notice.domain.preference import Preference
from services.notice.domain.summons import Summons
from services.notice.domain.templates import say
from services.notice.domain.town import Town, town_of
from shared.contracts.supervision import Audience
from shared.engine.work import Context, Given, Loaded, Need, Outcome, one
from shared.errors import Unavailable

SUMMONS = "summons.delivered"
OFFICER = "officer"


class Notice(Struct, frozen=True):
    """What is to be told to whom; `key` tells it from another notice of the same work."""

    key: str
    template: str
    case_id: UUID
    facts: Mapping[str, str]
    people: tuple[str, ...]


def choices_of(audiences: Iterable[Audience]) -> Given:
    """The choices of everybody whom these audiences name."""
    named = tuple(audiences)
    return Given(lambda loaded: [one(Preference, person) for person in town_of(loaded).people(named)])


def choices_of_officers(departments: Iterable[str]) -> Given:
    """The choices of everybody who gets these departments' summonses."""
    audiences = _officers(departments)

    def needs(loaded: Loaded) -> Iterator[Need]:
        town = _town_if_known(loaded)
        yield from (one(Preference, person) for person in (town.people(audiences) if town else ()))

    return Given(needs)


def tell(notices: Iterable[Notice], loaded: Loaded, context: Context) -> tuple[Notification | Delivery, ...]:
    """A notification for each person, and a delivery for each channel that the person chose for it."""
    new: list[Notification | Delivery] = []
    for notice in notices:
        texts = say(notice.template, notice.facts) if notice.people else {}
        for person in notice.people:
            told = Notification(
                id=context.new_id(f"{notice.key}:{person}"),
                person=person,
                template=notice.template,
                case_id=notice.case_id,
                number=notice.facts["number"],
                facts=notice.facts,
                texts=texts,
                delivered_at=context.now,
            )
            new.append(told)
            if choice := loaded.find(Preference, person):
                new += [Delivery.of(told, channel, context.now) for channel in choice.chosen_for(notice.template)]
    return tuple(new)


def with_officers_told(outcome: Outcome, summonses: Iterable[Summons], loaded: Loaded, context: Context) -> Outcome:
    """The outcome, and a notice of each of these summonses to the department's officers.

    The department's inbox does not wait for the list of its people: before that has come, nobody gets a notice.
    """
    town = _town_if_known(loaded)
    if town is None:
        return outcome
    notices = (
        Notice(
            str(summons.id),
            SUMMONS,
            summons.case_id,
            facts_of_summons(summons, town),
            town.people(_officers([summons.department])),
        )
        for summons in summonses
    )
    return outcome._replace(new=(*outcome.new, *tell(notices, loaded, context)))


def _officers(departments: Iterable[str]) -> tuple[Audience, ...]:
    return tuple(Audience(OFFICER, department) for department in departments)


def _town_if_known(loaded: Loaded) -> Town | None:
    try:
        return town_of(loaded)
    except Unavailable:
        return None
