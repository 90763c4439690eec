"""Complete a case (补正): correct what was registered, until it is submitted."""

from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from services.intake.commands._report import Report, facts_of, needs_of
from services.intake.domain.case import Case
from services.intake.domain.complaint import Complaint, Reporter
from services.intake.domain.upload import newly_named, uploaded
from shared.contracts.places import Place
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, changed, expect_version, one


class Corrections(Struct, frozen=True):
    """What is corrected; None leaves it as it is. `attachments` is the whole new list."""

    category: str | None = None
    kind: str | None = None
    place: Place | None = None
    home: bool | None = None
    ongoing: bool | None = None
    description: str | None = None
    reporter: Reporter | None = None
    tried: str | None = None
    attachments: tuple[str, ...] | None = None


class CompleteCase(Struct, frozen=True):
    """`version` is what the caller last read."""

    case_id: UUID
    corrections: Corrections
    actor: Actor
    version: int | None = None


def needs(command: CompleteCase) -> Needs:
    """The case with its complaint, the town and the files that are named."""
    yield one(Case, command.case_id)
    yield one(Complaint, command.case_id)
    yield from needs_of(command.corrections.attachments or ())


def decide(command: CompleteCase, loaded: Loaded, context: Context) -> Outcome:
    """The case with other facts, its complaint with other words."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope)
    expect_version(case, command.version)
    before = loaded.one(Complaint, case.id)
    report = corrected(case, before, command.corrections)
    complaint = changed(before, **columns_of(report))
    if command.corrections.attachments is None:
        uploads, attachments = [], case.attachments
    else:
        had = {attachment.sha256 for attachment in case.attachments}
        uploads = uploaded(loaded, report.attachments, command.actor.id, context.now, had)
        attachments = tuple(upload.attachment for upload in uploads)
    completed = case.complete(facts_of(report, complaint, attachments, loaded))
    context.allow(command, completed.scope)
    return Outcome(changed=(completed, complaint, *newly_named(uploads)), result=completed)


def corrected(case: Case, complaint: Complaint, corrections: Corrections) -> Report:
    """The whole report as it is now; a new category brings its own kind unless one is named."""
    place = case.place if case.longitude is None else replace(case.place, area="")
    registered = Report(
        category=case.category,
        kind="" if corrections.category else case.kind,
        place=place,
        home=case.home,
        ongoing=case.ongoing,
        description=complaint.description,
        reporter=complaint.reporter,
        tried=case.tried,
    )
    said = {name: getattr(corrections, name) for name in Corrections.__struct_fields__}
    return replace(registered, **{name: value for name, value in said.items() if value is not None})


def columns_of(report: Report) -> dict[str, str]:
    """The complainant and their words as a complaint's fields."""
    reporter = report.reporter
    return {
        "name": reporter.name,
        "phone": reporter.phone,
        "address": reporter.address,
        "description": report.description,
    }
