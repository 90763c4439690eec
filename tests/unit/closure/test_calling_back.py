"""The call-back (回访): the reporters' own answers close the case or send it back; who can't be reached is given up."""

from uuid import UUID

import pytest
from msgspec.structs import replace

from services.closure.commands import absorb_case, close_unreached, give_verdict, record_callback
from services.closure.domain.reporter import Answer
from services.closure.domain.transitions import State
from shared.access.actor import Actor, Role
from shared.contracts.closure import CallbackRecordedV1, CaseClosedV1, CaseUnresolvedV1
from shared.contracts.intake import CaseAbsorbedV1
from shared.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from tests.support.deciding import NOON
from tests.unit.closure.desk import (
    CALLER,
    CASE,
    CLERK,
    LEAD,
    NO,
    OTHER_CASE,
    OTHER_DIGEST,
    OTHER_RESIDENT,
    RESIDENT,
    STREET,
    SUPPORT,
    YES,
    Desk,
    desk_with,
)


@pytest.fixture
def desk() -> Desk:
    """A case to be called back, with one reporter."""
    return desk_with(State.CALL_BACK)


@pytest.fixture
def merged(desk: Desk) -> Desk:
    """The same with a second reporter, whose case was merged into it."""
    desk.do(absorb_case, absorb_case.AbsorbCase(CaseAbsorbedV1(CASE, OTHER_CASE, OTHER_DIGEST, NOON)))
    return desk


def verdict(desk: Desk, answer: Answer, actor: Actor = RESIDENT, remark: str = "") -> None:
    """The resident answers by tracking code."""
    desk.do(give_verdict, give_verdict.GiveVerdict(actor, answer, remark))


def refused(desk: Desk, answer: Answer | None, actor: Actor) -> None:
    """This actor may not record a call-back."""
    with pytest.raises(Forbidden):
        desk.do(record_callback, record_callback.RecordCallback(CASE, actor, answer))


def test_a_yes_closes_the_case(desk: Desk) -> None:
    """The answer is recorded with its satisfaction, then the case is closed by it."""
    desk.call(YES)
    assert desk.events[-2:] == [
        CallbackRecordedV1(CASE, CASE, 1, True, True, 5, False, NOON),
        CaseClosedV1(CASE, True, False, 5, CALLER.id, NOON),
    ]
    assert desk.case.closed_at == NOON


def test_a_no_reopens_the_leads_part_unless_others_are_named(desk: Desk) -> None:
    """The reporter's words are the reason; the lead answers for the whole."""
    command = record_callback.RecordCallback(CASE, CALLER, NO, remark="卫生间还在漏")
    desk.do(record_callback, command)
    assert desk.announced(CaseUnresolvedV1) == [CaseUnresolvedV1(CASE, (LEAD,), "卫生间还在漏", False, NOON)]


def test_a_no_may_name_the_parts_that_failed(desk: Desk) -> None:
    """The clerk writes down what the reporter objects to."""
    desk.do(record_callback, record_callback.RecordCallback(CASE, CALLER, NO, failed=(SUPPORT,)))
    assert desk.announced(CaseUnresolvedV1)[0].failed == (SUPPORT,)


def test_a_no_cannot_name_a_stranger(desk: Desk) -> None:
    """An assignment of another case is refused."""
    with pytest.raises(Invalid):
        desk.do(record_callback, record_callback.RecordCallback(CASE, CALLER, NO, failed=(UUID(int=99),)))


def test_a_no_to_the_communitys_own_solution_names_nobody() -> None:
    """There is no department to reopen: the community has to take it up again."""
    desk = Desk()
    desk.receive_handled()
    desk.call(NO)
    assert desk.case.state is State.REWORK
    assert desk.announced(CaseUnresolvedV1)[0].failed == ()


def test_an_answer_without_satisfaction_counts(desk: Desk) -> None:
    """Nobody makes up a score that the reporter did not give."""
    desk.call(Answer(True))
    assert desk.announced(CaseClosedV1)[0].satisfaction is None


def test_only_the_areas_call_back_clerk_calls(desk: Desk) -> None:
    """Not the grid, not the street's supervisor, not another street's clerk."""
    for actor in (CLERK, STREET, replace(CALLER, area="cj.other")):
        refused(desk, YES, actor)


def test_who_read_an_older_version_is_told_so(desk: Desk) -> None:
    """Two clerks do not call at once without noticing."""
    with pytest.raises(StaleVersion):
        desk.do(record_callback, record_callback.RecordCallback(CASE, CALLER, YES, version=7))
    with pytest.raises(StaleVersion):
        desk.do(close_unreached, close_unreached.CloseUnreached(CASE, STREET, version=7))


def test_a_reporter_of_another_case_is_not_found(desk: Desk) -> None:
    """Only who reported this case is called back about it."""
    with pytest.raises(NotFound):
        desk.call(YES, UUID(int=77))


class TestUnreached:
    """Three contacts must fail before the street may close."""

    def test_failed_contacts_are_counted_and_decide_nothing(self, desk: Desk) -> None:
        """Each attempt is announced with its number."""
        desk.call(None)
        desk.call(None)
        attempts = [(one.attempt, one.reached, one.resolved) for one in desk.announced(CallbackRecordedV1)]
        assert attempts == [(1, False, None), (2, False, None)]
        assert desk.case.state is State.CALL_BACK

    def test_the_street_may_not_give_up_after_two(self, desk: Desk) -> None:
        """A third contact is owed."""
        desk.call(None)
        desk.call(None)
        with pytest.raises(Conflict) as refusal:
            desk.give_up()
        assert refusal.value.slug == "contacts-owed"

    def test_after_three_the_case_is_closed_and_marked(self, desk: Desk) -> None:
        """未联系上: neither solved nor unsolved, so that it stays out of the rates."""
        for _ in range(3):
            desk.call(None)
        desk.give_up()
        assert desk.announced(CaseClosedV1) == [CaseClosedV1(CASE, False, True, None, STREET.id, NOON)]

    @pytest.mark.parametrize("actor", [CALLER, CLERK], ids=lambda actor: actor.id)
    def test_only_the_street_gives_up(self, desk: Desk, actor: Actor) -> None:
        """Not whoever was to call."""
        for _ in range(3):
            desk.call(None)
        with pytest.raises(Forbidden):
            desk.do(close_unreached, close_unreached.CloseUnreached(CASE, actor))

    def test_a_reporter_may_still_answer_after_three_failed_contacts(self, desk: Desk) -> None:
        """Nothing is closed behind their back by counting."""
        for _ in range(3):
            desk.call(None)
        verdict(desk, YES)
        assert desk.announced(CaseClosedV1)[0].unreached is False

    def test_contacts_of_an_earlier_round_do_not_count(self, desk: Desk) -> None:
        """After rework everybody is called anew."""
        for _ in range(3):
            desk.call(None)
        verdict(desk, NO)
        desk.receive()
        desk.pass_it()
        with pytest.raises(Conflict):
            desk.give_up()
        desk.call(None)
        assert desk.announced(CallbackRecordedV1)[-1].attempt == 1


class TestVerdict:
    """The resident's own word, by tracking code."""

    def test_it_closes_the_case_as_a_call_would(self, desk: Desk) -> None:
        """It is recorded as the resident's own, and names nobody."""
        verdict(desk, YES)
        assert desk.events[-2:] == [
            CallbackRecordedV1(CASE, CASE, 1, True, True, 5, True, NOON),
            CaseClosedV1(CASE, True, False, 5, "resident", NOON),
        ]

    def test_it_sends_the_case_back(self, desk: Desk) -> None:
        """The resident's words go out without their name."""
        verdict(desk, NO, remark="我叫张三，还在漏")
        assert desk.announced(CaseUnresolvedV1) == [CaseUnresolvedV1(CASE, (LEAD,), "我叫某某，还在漏", False, NOON)]

    def test_an_unknown_code_finds_nothing(self, desk: Desk) -> None:
        """Guessing teaches nothing."""
        with pytest.raises(NotFound):
            verdict(desk, YES, replace(RESIDENT, id="00" * 32))

    def test_an_account_is_no_tracking_code(self, desk: Desk) -> None:
        """A clerk who learnt the digest may not answer for the resident."""
        with pytest.raises(Forbidden):
            verdict(desk, YES, Actor(RESIDENT.id, frozenset({Role.CALLBACK_CLERK}), area="cj.sanhe"))


class TestMerged:
    """A merged case calls back every reporter."""

    def test_one_yes_is_not_enough(self, merged: Desk) -> None:
        """The case waits for the other reporter."""
        merged.call(YES)
        assert merged.case.state is State.CALL_BACK
        assert merged.announced(CaseClosedV1) == []

    def test_all_yes_close_it_with_the_lowest_satisfaction(self, merged: Desk) -> None:
        """The less satisfied reporter is heard."""
        merged.call(YES)
        merged.call(Answer(True, 3), OTHER_CASE)
        assert merged.announced(CaseClosedV1) == [CaseClosedV1(CASE, True, False, 3, CALLER.id, NOON)]

    def test_one_no_sends_it_back(self, merged: Desk) -> None:
        """Whoever says it."""
        merged.call(YES)
        verdict(merged, NO, OTHER_RESIDENT)
        assert merged.case.state is State.REWORK
        assert merged.announced(CallbackRecordedV1)[-1].reporter_case == OTHER_CASE

    def test_nobody_answers_twice_in_one_round(self, merged: Desk) -> None:
        """The first answer stands."""
        merged.call(YES)
        with pytest.raises(Conflict) as refusal:
            verdict(merged, YES)
        assert refusal.value.slug == "answered-before"

    def test_who_could_not_be_reached_does_not_undo_the_others_answer(self, merged: Desk) -> None:
        """The case has a valid call-back, so it is not marked as unreached."""
        merged.call(Answer(True, 4))
        for _ in range(3):
            merged.call(None, OTHER_CASE)
        merged.give_up()
        assert merged.announced(CaseClosedV1) == [CaseClosedV1(CASE, True, False, 4, STREET.id, NOON)]

    def test_each_reporter_is_owed_three_contacts(self, merged: Desk) -> None:
        """Three calls to one are none to the other."""
        for _ in range(3):
            merged.call(None)
        with pytest.raises(Conflict) as refusal:
            merged.give_up()
        assert refusal.value.facts == {"reporters": 1}
