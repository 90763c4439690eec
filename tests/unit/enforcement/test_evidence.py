"""Evidence keeps what was received, says what it may be used for, and knows everybody who had it in hands."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.enforcement.commands import read_evidence
from services.enforcement.commands.read_evidence import ReadEvidence, Reading
from services.enforcement.domain.evidence import Evidence, Upload
from services.enforcement.domain.values import Source, Use
from shared.access.actor import Actor
from shared.contracts.enforcement import EvidenceAddedV1
from shared.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from tests.support.deciding import NOON
from tests.unit.enforcement.team import CASE, CHEN, CLERK, LIN, SITE, STRANGER, STREET, TEAM, WU, Desk, with_record


@pytest.fixture
def desk() -> Desk:
    """An open record."""
    return with_record()


def read(desk: Desk, evidence: Evidence, actor: Actor) -> Reading:
    """Read a piece of evidence."""
    result: Reading = desk.do(read_evidence, ReadEvidence(evidence.id, actor))
    return result


class TestAdding:
    """An uploaded file becomes evidence."""

    def test_an_upload_keeps_what_the_door_found(self, desk: Desk) -> None:
        """Digest, size and kind, and who sent it when."""
        upload = desk.upload()
        facts = ("ab" * 32, 1234, "image/jpeg", "photo", "现场.jpg", "chen", NOON)
        assert upload == Upload(upload.id, *facts)

    def test_only_officers_upload(self, desk: Desk) -> None:
        """Residents and clerks send their photos to intake."""
        for actor in (CLERK, STREET):
            with pytest.raises(Forbidden):
                desk.upload(actor)

    def test_evidence_is_what_was_received(self, desk: Desk) -> None:
        """The facts of the upload, with what the officer says about it."""
        upload = desk.upload()
        desk.wait(minutes=5)
        evidence = desk.add(upload, taken_at=NOON - timedelta(hours=1))
        assert (evidence.sha256, evidence.size, evidence.content_type) == ("ab" * 32, 1234, "image/jpeg")
        assert (evidence.received_by, evidence.received_at) == ("chen", NOON)
        assert (evidence.added_by, evidence.added_at) == ("chen", NOON + timedelta(minutes=5))
        assert (evidence.taken_at, evidence.spot) == (NOON - timedelta(hours=1), SITE)
        assert (evidence.case_id, evidence.department) == (CASE, TEAM)

    def test_it_is_announced_by_its_digest(self, desk: Desk) -> None:
        """Neither name nor description goes out."""
        evidence = desk.add()
        announced = EvidenceAddedV1(
            CASE, desk.record.id, evidence.id, TEAM, "image/jpeg", 1234, "ab" * 32, "chen", NOON
        )
        assert desk.announced(EvidenceAddedV1) == [announced]

    def test_its_custody_begins_with_receiving_and_adding(self, desk: Desk) -> None:
        """Each with its own time."""
        upload = desk.upload()
        desk.wait(minutes=5)
        desk.add(upload)
        assert desk.custody == [("received", "chen", NOON), ("added", "chen", NOON + timedelta(minutes=5))]

    @pytest.mark.parametrize(
        ("source", "use"),
        [
            (Source.OFFICER, Use.EVIDENCE),
            (Source.PARTY, Use.EVIDENCE),
            (Source.RESIDENT, Use.LEAD),
            (Source.CAMERA, Use.LEAD),
        ],
    )
    def test_what_residents_and_cameras_took_is_a_lead(self, desk: Desk, source: Source, use: Use) -> None:
        """Article 41."""
        assert desk.add(source=source).use is use

    def test_nobody_adds_what_another_sent(self, desk: Desk) -> None:
        """Whoever knows an upload's id or a digest does not thereby get the file."""
        with pytest.raises(NotFound):
            desk.add(desk.upload(LIN), actor=CHEN)

    def test_what_was_never_sent_is_unknown(self, desk: Desk) -> None:
        """404."""
        with pytest.raises(NotFound):
            desk.add(replace(desk.upload(), id=UUID(int=77)))

    def test_an_upload_waits_for_a_day(self, desk: Desk) -> None:
        """After that its file may have been swept away."""
        early, late = desk.upload(), desk.upload()
        desk.wait(days=1)
        desk.add(early)
        desk.wait(seconds=1)
        with pytest.raises(Conflict) as refusal:
            desk.add(late)
        assert refusal.value.slug == "upload-expired"

    def test_it_cannot_have_been_taken_in_the_future(self, desk: Desk) -> None:
        """The field is named."""
        with pytest.raises(Invalid) as refusal:
            desk.add(taken_at=NOON + timedelta(hours=1))
        assert "taken_at" in refusal.value.fields


class TestReview:
    """What it may be used for is reviewed by another officer of the department."""

    def test_a_lead_becomes_evidence(self, desk: Desk) -> None:
        """With the reason, which its custody keeps as well."""
        lead = desk.add(source=Source.CAMERA)
        desk.wait(hours=1)
        reviewed = desk.review(lead)
        assert (reviewed.use, reviewed.use_reason, reviewed.version) == (Use.EVIDENCE, "法制和技术审核通过", 2)
        assert desk.custody[-1] == ("reviewed", "lin", NOON + timedelta(hours=1))

    def test_evidence_may_turn_out_to_be_a_lead_only(self, desk: Desk) -> None:
        """A review goes both ways."""
        assert desk.review(desk.add(), Use.LEAD).use is Use.LEAD

    def test_whoever_added_it_does_not_review_it(self, desk: Desk) -> None:
        """Nobody reviews their own."""
        with pytest.raises(Forbidden):
            desk.review(desk.add(source=Source.CAMERA), actor=CHEN)

    def test_whoever_stepped_back_does_not_review_it(self, desk: Desk) -> None:
        """A recusal (43) is from the whole record; its other officers go on."""
        lead = desk.add(source=Source.CAMERA)
        desk.recuse("lin", "wu")
        with pytest.raises(Forbidden) as refusal:
            desk.review(lead, actor=LIN)
        assert refusal.value.slug == "stepped-back"
        assert desk.review(lead, actor=WU).use is Use.EVIDENCE

    def test_other_departments_do_not_review_it(self, desk: Desk) -> None:
        """Nor does the street."""
        lead = desk.add(source=Source.CAMERA)
        for actor in (STRANGER, STREET):
            with pytest.raises(Forbidden):
                desk.review(lead, actor=actor)

    def test_a_review_must_change_something(self, desk: Desk) -> None:
        """What is evidence already is not reviewed into evidence."""
        with pytest.raises(Conflict) as refusal:
            desk.review(desk.add(), Use.EVIDENCE)
        assert refusal.value.slug == "use-unchanged"

    def test_a_stale_review_is_refused(self, desk: Desk) -> None:
        """Somebody reviewed it meanwhile."""
        lead = desk.add(source=Source.CAMERA)
        desk.review(lead)
        with pytest.raises(StaleVersion):
            desk.review(lead, Use.LEAD, version=1)

    def test_unknown_evidence_is_not_found(self, desk: Desk) -> None:
        """404."""
        with pytest.raises(NotFound):
            desk.review(replace(desk.add(), id=UUID(int=77)))


class TestReading:
    """Every reading is an entry in the chain of custody."""

    def test_the_department_reads_the_original(self, desk: Desk) -> None:
        """Also officers who are not on the record."""
        evidence = desk.add()
        desk.wait(hours=1)
        assert read(desk, evidence, WU) == Reading(evidence, original=True)
        assert desk.custody[-1] == ("read_original", "wu", NOON + timedelta(hours=1))

    def test_a_supervisor_reads_the_rendition(self, desk: Desk) -> None:
        """Where and with what it was taken is not theirs to know."""
        evidence = desk.add()
        assert not read(desk, evidence, STREET).original
        assert desk.custody[-1][:2] == ("read_rendition", "street")

    def test_of_a_document_there_is_only_the_original(self, desk: Desk) -> None:
        """What it says of people is its content."""
        upload = desk.upload(kind="document", content_type="application/pdf")
        assert read(desk, desk.add(upload), STREET).original

    def test_others_do_not_read_it(self, desk: Desk) -> None:
        """Other departments and clerks; nothing is entered."""
        evidence = desk.add()
        before = desk.custody
        for actor in (STRANGER, CLERK):
            with pytest.raises(Forbidden):
                read(desk, evidence, actor)
        assert desk.custody == before

    def test_each_reading_is_an_entry_of_its_own(self, desk: Desk) -> None:
        """Twice read, twice entered."""
        evidence = desk.add()
        read(desk, evidence, LIN)
        read(desk, evidence, LIN)
        assert [entry[0] for entry in desk.custody].count("read_original") == 2
