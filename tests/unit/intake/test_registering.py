"""Registering a case: by the community, or by residents themselves."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.intake.commands import register_case, report_problem, upload_attachment
from services.intake.commands._report import Report
from services.intake.domain.case import Attachment, Case, Channel
from services.intake.domain.complaint import Complaint, Reporter
from services.intake.domain.tracking import digest_of
from services.intake.domain.transitions import State
from services.intake.domain.upload import Upload
from shared.access.actor import RESIDENT, Actor
from shared.contracts.places import Place
from shared.engine.work import Outcome
from shared.errors import Forbidden, Invalid, Unauthenticated
from tests.support.deciding import NOON
from tests.unit.intake.samples import (
    BOTH,
    CELL,
    CLERK,
    CLIP,
    CODE,
    EVERYBODY_ELSE,
    IN_CELL,
    NUMBERS,
    PHOTO,
    REPORTER,
    REVIEWER,
    only,
    settle,
    told,
    uploads,
)

LEAK = Report(
    category="E06-01",
    place=IN_CELL,
    description="我是张建国，二楼饭店厕所漏水到门厅，回电138-0013-8000",
    reporter=REPORTER,
    tried="张先生陪同社区两次上门，店主拒绝维修",
    attachments=(PHOTO,),
)


def register(report: Report = LEAK, actor: Actor = CLERK, *found: Any) -> Outcome:
    """What registering decides; the photo was uploaded before."""
    command = register_case.RegisterCase(report, Channel.WALK_IN, NUMBERS, CODE, actor)
    return settle(register_case, command, *(found or uploads(PHOTO)))


def test_a_registered_case_is_a_draft_with_number_place_and_matter() -> None:
    """Everything that the community needs to go on."""
    case = only(register(), Case)
    assert (case.state, case.number, case.channel) == (State.DRAFT, NUMBERS[0], Channel.WALK_IN)
    assert (case.category, case.kind, case.area) == ("E06-01", "joint_enforcement", CELL)
    assert (case.longitude, case.latitude, case.address) == (0.5, 0.5, "西湖春天1栋门厅")
    assert (case.author, case.registered_at) == (CLERK.id, NOON)
    assert case.attachments == (Attachment(PHOTO, 1000, "image/jpeg"),)


def test_the_complainant_lies_in_the_complaint_and_nowhere_else() -> None:
    """The case's own texts are masked from the first day."""
    outcome = register()
    case, complaint = only(outcome, Case), only(outcome, Complaint)
    assert complaint == Complaint(case.id, REPORTER.name, REPORTER.phone, REPORTER.address, LEAK.description)
    assert case.summary == "我是***，二楼饭店厕所漏水到门厅，回电***"
    assert case.tried == "***陪同社区两次上门，店主拒绝维修"


def test_a_violation_is_in_progress_only_if_somebody_says_so() -> None:
    """The clerk, or a resident in their own report."""
    assert not only(register(), Case).ongoing
    assert only(register(replace(LEAK, ongoing=True)), Case).ongoing
    resident = report_problem.ReportProblem(replace(LEAK, ongoing=True), NUMBERS, CODE, RESIDENT)
    assert only(settle(report_problem, resident, *uploads(PHOTO)), Case).ongoing


def test_the_event_names_nobody_but_the_clerk() -> None:
    """Registered: number, matter, place."""
    (event,) = register().events
    assert event.type == "case.registered.v1"
    assert (event.number, event.channel, event.author) == (NUMBERS[0], "walk_in", CLERK.id)
    assert event.place == Place(CELL, 0.5, 0.5, "西湖春天1栋门厅")
    assert not any(said in str(event) for said in (REPORTER.name, "13800138000", REPORTER.phone))


def test_a_place_that_is_the_complainants_home_goes_out_as_its_area_only() -> None:
    """Whether the clerk says so, or it is the address that the reporter gave as their own."""
    said = register(replace(LEAK, home=True))
    found = register(replace(LEAK, place=Place("", address="西湖春天 2栋301")))
    assert said.events[0].place == Place(CELL)
    assert found.events[0].place == Place("cj.sanhe.honghu.g03.c10")
    assert only(found, Case).address == "西湖春天 2栋301"


def test_a_name_in_the_address_is_masked() -> None:
    """People describe places by who lives there."""
    place = Place("", 0.5, 0.5, "张建国家楼下")
    assert register(replace(LEAK, place=place)).events[0].place.address == "***家楼下"


def test_the_tracking_code_is_told_once_and_kept_as_a_digest() -> None:
    """The answer has it, the case does not."""
    outcome = register()
    assert outcome.result.tracking_code == CODE
    assert outcome.result.version == outcome.result.case.version == 1
    assert only(outcome, Case).tracking_digest == digest_of(CODE)
    assert CODE not in str(only(outcome, Case))


def test_a_named_file_is_kept_from_then_on() -> None:
    """So that the sweep of orphans passes it over."""
    assert only(register(), Upload).named
    already = uploads(PHOTO, named=True, uploaded_at=NOON - timedelta(days=90))
    assert not [one for one in register(LEAK, CLERK, *already).changed if isinstance(one, Upload)]


def test_a_file_that_was_never_uploaded_is_named_in_the_refusal() -> None:
    """By its place in the list."""
    with pytest.raises(Invalid) as refused:
        register(replace(LEAK, attachments=(PHOTO, CLIP)))
    assert refused.value.fields == {"attachments.1": ["Upload this file first."]}


def test_a_file_that_no_case_named_in_a_day_must_be_uploaded_again() -> None:
    """It may have been swept away."""
    with pytest.raises(Invalid):
        register(LEAK, CLERK, *uploads(PHOTO, uploaded_at=NOON - timedelta(hours=24)))


def test_nobody_gets_hold_of_a_file_by_naming_what_they_did_not_send() -> None:
    """Knowing a digest is not having the file."""
    with pytest.raises(Invalid):
        register(LEAK, CLERK, *uploads(PHOTO, senders=("somebody else",), named=True))


def test_one_content_is_one_upload_however_often_and_by_whomever_it_is_sent() -> None:
    """It counts as fresh again, and for both of them."""
    command = upload_attachment.UploadAttachment(PHOTO, 1000, "image/jpeg", RESIDENT)
    first = settle(upload_attachment, command)
    assert first.new == (Upload(PHOTO, 1000, "image/jpeg", NOON, ("resident",)),)
    old = uploads(PHOTO, uploaded_at=NOON - timedelta(days=2), senders=(CLERK.id,))
    again = settle(upload_attachment, command, *old)
    assert (again.new, again.result.uploaded_at, again.result.senders) == ((), NOON, (CLERK.id, "resident"))
    assert settle(upload_attachment, command, again.result).result.senders == (CLERK.id, "resident")


@pytest.mark.parametrize("actor", EVERYBODY_ELSE, ids=lambda actor: actor.id)
def test_only_a_clerk_registers_and_only_in_their_own_area(actor: Actor) -> None:
    """Officers, call-back clerks, and clerks and reviewers of elsewhere are refused."""
    with pytest.raises(Forbidden):
        register(replace(LEAK, attachments=()), actor)


def test_the_streets_clerk_registers_anywhere_in_the_street() -> None:
    """The area of the street contains those of its communities."""
    assert only(register(LEAK, BOTH), Case).author == BOTH.id
    with pytest.raises(Forbidden):
        register(replace(LEAK, attachments=()), REVIEWER)


def test_a_resident_reports_without_an_account() -> None:
    """The community's clerks find it among their drafts; its author is nobody's account."""
    command = report_problem.ReportProblem(replace(LEAK, tried=""), NUMBERS, CODE, RESIDENT)
    outcome = settle(report_problem, command, *uploads(PHOTO))
    case = only(outcome, Case)
    assert (case.state, case.channel, case.author) == (State.DRAFT, Channel.ONLINE, "resident")
    assert told(outcome) == ["case.registered.v1"]
    assert outcome.result.tracking_code == CODE


def test_a_resident_may_stay_anonymous() -> None:
    """A report needs no name."""
    command = report_problem.ReportProblem(replace(LEAK, reporter=Reporter()), NUMBERS, CODE, RESIDENT)
    assert only(settle(report_problem, command, *uploads(PHOTO)), Complaint).name == ""


def test_a_resident_cannot_register_as_a_clerk() -> None:
    """They are asked to log in."""
    with pytest.raises(Unauthenticated):
        register(LEAK, RESIDENT)
