"""Publish the outcome of a closed case (公示): masked, and no closer than the community."""

from uuid import UUID

from msgspec import Struct

from services.closure.domain.case import Case
from services.closure.domain.masking import masked
from services.closure.domain.outcome import PublicOutcome
from services.closure.domain.town import public_area
from shared.contracts.closure import OutcomePublishedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, Reference, expect_version, many, one
from shared.errors import Conflict


class PublishOutcome(Struct, frozen=True):
    """What everybody may read; names, numbers and flats are taken out of both texts."""

    case_id: UUID
    actor: Actor
    title: str
    text: str
    version: int | None = None


def needs(command: PublishOutcome) -> Needs:
    """The case, what was published about it, and the areas, to say no more than the community's name."""
    yield one(Case, command.case_id)
    yield many(PublicOutcome, "case_id", command.case_id)
    yield Reference("areas")


def decide(command: PublishOutcome, loaded: Loaded, context: Context) -> Outcome:
    """One public notice for each round that was closed."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope())
    expect_version(case, command.version)
    published = case.published()
    if any(one.round == case.round for one in loaded.many(PublicOutcome, "case_id", case.id)):
        raise Conflict("published-before")
    area, area_name = public_area(loaded.reference("areas"), case.area)
    outcome = PublicOutcome(
        id=context.new_id("outcome"),
        case_id=case.id,
        round=case.round,
        title=masked(command.title),
        text=masked(command.text),
        category=case.category,
        area=area,
        area_name=area_name,
        published_by=command.actor.id,
        published_at=context.now,
    )
    event = OutcomePublishedV1(case.id, outcome.id, outcome.title, context.now)
    return Outcome(new=(outcome,), changed=(published,), events=(event,), result=outcome)
