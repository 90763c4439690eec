"""Accept a call that a hotline hands over (工单转办): registered and whistled at once, for it was reviewed there."""

from msgspec import Struct

from services.intake.commands._handover import whistled
from services.intake.domain.case import Case, Channel, Review, Ruling
from services.intake.domain.masking import mask_numbers
from services.intake.domain.numbers import Numbers, free_number, numbers_needed
from services.intake.domain.progress import Progress, Stage
from services.intake.domain.town import REFERENCES, town_of
from services.intake.domain.transitions import Action, State, next_state
from shared.contracts.hotline import CallHandedOverV1
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome

HOTLINE = "hotline"


class AcceptCall(Struct, frozen=True):
    """The door draws `numbers`. The call's id becomes the case's; who called stays with the hotline."""

    call: CallHandedOverV1
    numbers: Numbers
    actor: Actor = SYSTEM


def needs(command: AcceptCall) -> Needs:
    """The town and the numbers."""
    yield from REFERENCES
    yield from numbers_needed(command.numbers)


def decide(command: AcceptCall, loaded: Loaded, context: Context) -> Outcome:
    """A whistled case. Its whistle is its only event: nothing happened between registering and whistling."""
    context.allow(command)
    call, place = command.call, command.call.place
    town = town_of(loaded)
    area = town.locate(place)
    matter = town.matter(call.category, call.kind, area)
    case = Case(
        id=call.call_id,
        number=free_number(command.numbers, loaded),
        state=next_state(State.UNDER_REVIEW, Action.BLOW),
        channel=Channel.HOTLINE,
        category=matter.category,
        kind=matter.kind,
        area=area,
        longitude=place.longitude,
        latitude=place.latitude,
        address=place.address,
        home=False,
        ongoing=call.ongoing,
        summary=mask_numbers(call.summary),
        tried="",
        attachments=(),
        author=HOTLINE,
        tracking_digest="",
        registered_at=context.now,
        review=Review(Ruling.BLOWN, HOTLINE, context.now),
        emergency=matter.emergency,
        whistled_at=context.now,
        reference=call.reference,
    )
    progress = Progress(case.id, Stage.SUMMONING, context.now, context.now)
    return Outcome(new=(case, progress), events=(whistled(case, HOTLINE),), result=case)
