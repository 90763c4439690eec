"""What registering and completing have in common: what somebody reports becomes facts, complaint and attachments."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from msgspec import Struct

from services.intake.domain import masking
from services.intake.domain.case import Attachment, Case, Channel, Facts, columns_of
from services.intake.domain.complaint import Complaint, Reporter
from services.intake.domain.numbers import Numbers, free_number
from services.intake.domain.town import REFERENCES, town_of
from services.intake.domain.tracking import digest_of
from services.intake.domain.transitions import State
from services.intake.domain.upload import Upload, newly_named, uploaded
from shared.contracts.intake import CaseRegisteredV1
from shared.contracts.places import Place
from shared.engine.work import Context, Loaded, Needs, Outcome, one
from shared.places import plain


class Report(Struct, frozen=True):
    """What somebody reports. `kind` "" is the category's own; `home`: the place is the reporter's home.

    `ongoing`: the violation is in progress (违法行为正在发生); `attachments` are digests of files that were uploaded
    before; `tried` is what the community has done.
    """

    category: str
    place: Place
    description: str
    kind: str = ""
    home: bool = False
    ongoing: bool = False
    reporter: Reporter = Reporter()
    tried: str = ""
    attachments: tuple[str, ...] = ()


class Registered(Struct, frozen=True):
    """A registered case with its tracking code, which is told this once."""

    case: Case
    tracking_code: str

    @property
    def version(self) -> int:
        """The case's version."""
        return self.case.version


def needs_of(attachments: Sequence[str]) -> Needs:
    """The town, and the files that are named."""
    yield from REFERENCES
    for digest in attachments:
        yield one(Upload, digest)


def facts_of(report: Report, complaint: Complaint, attachments: Iterable[Attachment], loaded: Loaded) -> Facts:
    """The report without the complainant; refused where the town knows no such place, or nobody to handle it."""
    town = town_of(loaded)
    area = town.locate(report.place)
    address = masking.mask_person(report.place.address, complaint.name, complaint.phone, "")
    lives_there = bool(complaint.address) and plain(complaint.address) == plain(report.place.address)
    return Facts(
        matter=town.matter(report.category, report.kind, area),
        place=Place(area, report.place.longitude, report.place.latitude, address),
        home=report.home or lives_there,
        ongoing=report.ongoing,
        summary=complaint.summary,
        tried=complaint.mask(report.tried),
        attachments=tuple(attachments),
    )


def complaint_of(case_id: UUID, report: Report) -> Complaint:
    """Who reported it and their own words."""
    reporter = report.reporter
    return Complaint(case_id, reporter.name, reporter.phone, reporter.address, report.description)


class Registration(Struct, frozen=True):
    """How a report came in: by whom, through which channel, and the numbers and the code that the door drew for it."""

    channel: Channel
    author: str
    numbers: Numbers
    tracking_code: str


def register(report: Report, registration: Registration, loaded: Loaded, context: Context) -> Outcome:
    """A new case in draft (草稿), its complaint, and its event; the result is `Registered`."""
    case_id = context.new_id("case")
    complaint = complaint_of(case_id, report)
    uploads = uploaded(loaded, report.attachments, registration.author, context.now)
    case = Case(
        id=case_id,
        number=free_number(registration.numbers, loaded),
        state=State.DRAFT,
        channel=registration.channel,
        author=registration.author,
        tracking_digest=digest_of(registration.tracking_code),
        registered_at=context.now,
        **columns_of(facts_of(report, complaint, [upload.attachment for upload in uploads], loaded)),
    )
    event = CaseRegisteredV1(
        case_id=case.id,
        number=case.number,
        channel=case.channel,
        category=case.category,
        kind=case.kind,
        place=case.public_place,
        author=case.author,
        registered_at=case.registered_at,
    )
    return Outcome(
        new=(case, complaint),
        changed=newly_named(uploads),
        events=(event,),
        result=Registered(case, registration.tracking_code),
    )
