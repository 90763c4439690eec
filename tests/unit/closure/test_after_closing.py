"""After closing: appeal, mutual evaluation, archive, public notice."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.closure.commands import evaluate_departments, evaluate_street, publish_outcome, record_appeal
from services.closure.commands.evaluate_departments import EvaluateDepartments, Score
from services.closure.domain.outcome import PublicOutcome
from services.closure.domain.transitions import State
from shared.access.actor import Actor
from shared.contracts.closure import CaseArchivedV1, CaseEvaluatedV1, CaseUnresolvedV1, OutcomePublishedV1
from shared.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion, Unauthenticated
from tests.support.deciding import NOON
from tests.unit.closure.desk import (
    ABSENT,
    CALLER,
    CASE,
    CLERK,
    LEAD,
    OFFICER,
    RESIDENT,
    STREET,
    SUPPORT,
    SUPPORTER,
    YES,
    Desk,
    desk_with,
)


@pytest.fixture
def desk() -> Desk:
    """A closed case."""
    return desk_with(State.CLOSED)


class TestAppeal:
    """A reporter may appeal once, within fifteen days of closing."""

    def test_it_reopens_the_leads_part(self, desk: Desk) -> None:
        """The case is no longer closed, and the announcement says that it had been."""
        desk.appeal()
        assert desk.announced(CaseUnresolvedV1) == [CaseUnresolvedV1(CASE, (LEAD,), "又漏水了", True, NOON)]
        assert desk.case.closed_at is None
        assert len(desk.case.closings) == 1

    def test_it_is_in_time_on_the_fifteenth_day_also_from_the_archive(self, desk: Desk) -> None:
        """Archiving on the seventh day takes nothing away from the resident."""
        desk.wait(days=7)
        desk.archive()
        desk.wait(days=8)
        desk.appeal()
        assert desk.case.state is State.REWORK
        assert desk.case.archived_at is None

    def test_it_is_too_late_afterwards(self, desk: Desk) -> None:
        """The limit is told."""
        desk.wait(days=16)
        with pytest.raises(Conflict) as refusal:
            desk.appeal()
        assert (refusal.value.slug, refusal.value.facts) == ("appeal-too-late", {"days": 15})

    def test_it_is_possible_once(self, desk: Desk) -> None:
        """Not again after the rework was closed."""
        desk.appeal()
        desk.receive()
        desk.pass_it()
        desk.call(YES)
        with pytest.raises(Conflict) as refusal:
            desk.appeal()
        assert refusal.value.slug == "appealed-before"

    def test_the_clerk_may_write_it_down_and_name_the_part(self, desk: Desk) -> None:
        """For a reporter who telephones."""
        desk.do(record_appeal, record_appeal.RecordAppeal(CASE, CALLER, "又漏水了", CASE, (SUPPORT,)))
        assert desk.announced(CaseUnresolvedV1)[0].failed == (SUPPORT,)
        assert desk.reporter().appealed_at == NOON

    @pytest.mark.parametrize(
        "actor", [CLERK, STREET, OFFICER, replace(CALLER, area="cj.other")], ids=lambda one: one.id
    )
    def test_nobody_else_may(self, desk: Desk, actor: Actor) -> None:
        """Neither a department nor the street appeals for the resident."""
        with pytest.raises(Forbidden):
            desk.do(record_appeal, record_appeal.RecordAppeal(CASE, actor, "又漏水了"))

    def test_a_resident_without_the_code_may_not_by_the_cases_id(self, desk: Desk) -> None:
        """The case's id is no secret; the tracking code is."""
        with pytest.raises(Unauthenticated):
            desk.do(record_appeal, record_appeal.RecordAppeal(CASE, RESIDENT, "又漏水了"))

    def test_who_read_an_older_version_is_told_so(self, desk: Desk) -> None:
        """As everywhere."""
        with pytest.raises(StaleVersion):
            desk.do(record_appeal, record_appeal.RecordAppeal(CASE, CALLER, "又漏水了", version=99))

    def test_an_unknown_code_finds_nothing(self, desk: Desk) -> None:
        """Guessing teaches nothing."""
        with pytest.raises(NotFound):
            desk.appeal(replace(RESIDENT, id="00" * 32))


class TestEvaluation:
    """Both sides are evaluated (接诉即办条例 33)."""

    def test_the_street_scores_each_department_that_reported_in(self, desk: Desk) -> None:
        """One announcement for each."""
        desk.score_departments()
        scores = [(one.side, one.department, one.score) for one in desk.announced(CaseEvaluatedV1)]
        assert scores == [("street", "zhujian", 5), ("street", "chengguan", 3)]
        assert desk.case.state is State.CLOSED

    def test_the_community_may_as_well(self, desk: Desk) -> None:
        """Whoever whistled."""
        scores = (Score("zhujian", 5), Score("chengguan", 5))
        desk.do(evaluate_departments, EvaluateDepartments(CASE, CLERK, scores))
        assert {one.by for one in desk.case.evaluations} == {CLERK.id}

    @pytest.mark.parametrize(
        "departments",
        [(), ("zhujian",), ("zhujian", "zhujian"), ("zhujian", "chengguan", "shichang")],
        ids=["nobody", "one missing", "one twice", "one who was excused"],
    )
    def test_every_department_gets_exactly_one_score(self, desk: Desk, departments: tuple[str, ...]) -> None:
        """Nobody is left out, nobody counted twice."""
        scores = tuple(Score(one, 3) for one in departments)
        with pytest.raises(Invalid) as refusal:
            desk.do(evaluate_departments, EvaluateDepartments(CASE, STREET, scores))
        assert (refusal.value.slug, list(refusal.value.fields)) == ("one-score-each", ["scores"])

    def test_each_side_evaluates_once(self, desk: Desk) -> None:
        """The first score stands."""
        desk.score_departments()
        with pytest.raises(Conflict):
            desk.score_departments()
        desk.score_street(OFFICER)
        with pytest.raises(Conflict):
            desk.score_street(OFFICER)

    @pytest.mark.parametrize("actor", [CALLER, OFFICER, replace(CLERK, area="cj.sanhe.liuxi")], ids=lambda one: one.id)
    def test_others_may_not_score_the_departments(self, desk: Desk, actor: Actor) -> None:
        """Least of all the departments themselves."""
        with pytest.raises(Forbidden):
            desk.do(evaluate_departments, EvaluateDepartments(CASE, actor, (Score("zhujian", 5),)))

    @pytest.mark.parametrize("actor", [ABSENT, STREET, replace(OFFICER, department="ziran")], ids=lambda one: one.id)
    def test_only_a_department_that_reported_in_scores_the_street(self, desk: Desk, actor: Actor) -> None:
        """Who was excused, or not summoned, has seen nothing."""
        with pytest.raises(Forbidden):
            desk.score_street(actor)

    def test_a_case_of_the_communitys_own_has_nobody_to_score(self) -> None:
        """No department took part."""
        desk = Desk()
        desk.receive_handled()
        desk.call(YES)
        with pytest.raises(Conflict) as refusal:
            desk.score_departments()
        assert refusal.value.slug == "nobody-reported-in"

    def test_after_an_appeal_both_sides_are_evaluated_anew(self, desk: Desk) -> None:
        """Scores of an earlier round stay on record and do not count for this one."""
        desk.score_departments()
        desk.appeal()
        desk.receive()
        desk.pass_it()
        desk.call(YES)
        desk.score_departments()
        assert len(desk.case.evaluations) == 4
        assert desk.case.state is State.CLOSED

    def test_who_read_an_older_version_is_told_so(self, desk: Desk) -> None:
        """On both sides."""
        with pytest.raises(StaleVersion):
            desk.do(evaluate_departments, EvaluateDepartments(CASE, STREET, (), version=99))
        with pytest.raises(StaleVersion):
            desk.do(evaluate_street, evaluate_street.EvaluateStreet(CASE, OFFICER, 4, version=99))


class TestArchive:
    """Both evaluations in, or seven days."""

    def test_the_last_evaluation_archives_at_once(self, desk: Desk) -> None:
        """Evaluated and archived are announced together."""
        desk.score_departments()
        desk.score_street(OFFICER)
        assert desk.stands_at(State.CLOSED)
        desk.score_street(SUPPORTER)
        assert desk.stands_at(State.ARCHIVED)
        assert desk.events[-1] == CaseArchivedV1(CASE, NOON)

    def test_the_departments_may_be_first(self, desk: Desk) -> None:
        """The order of the two sides does not matter."""
        desk.score_street(OFFICER)
        desk.score_street(SUPPORTER)
        desk.score_departments()
        assert desk.case.state is State.ARCHIVED

    def test_supervisions_clock_archives_what_nobody_evaluated(self, desk: Desk) -> None:
        """Although nobody evaluated."""
        desk.wait(days=7)
        desk.archive()
        assert desk.announced(CaseArchivedV1) == [CaseArchivedV1(CASE, desk.now)]
        assert desk.case.archived_at == desk.now

    def test_the_clock_of_an_earlier_closing_archives_nothing(self, desk: Desk) -> None:
        """It was closed once more since, and has its days from then."""
        assert desk.case.closed_at is not None
        desk.archive(desk.case.closed_at - timedelta(days=1))
        assert desk.stands_at(State.CLOSED)

    def test_the_clock_changes_nothing_once_it_is_archived_or_open_again(self, desk: Desk) -> None:
        """Both sides had evaluated; or the reporter appealed."""
        closed_at = desk.case.closed_at
        desk.archive()
        desk.archive(closed_at)
        assert len(desk.announced(CaseArchivedV1)) == 1
        desk.appeal()
        desk.archive(closed_at)
        assert desk.stands_at(State.REWORK)


class TestPublicNotice:
    """公示: masked, no closer than the community."""

    def publish(self, desk: Desk, text: str = "更换了管道", actor: Actor = STREET) -> PublicOutcome:
        """Publish it, and give back the notice."""
        desk.do(publish_outcome, publish_outcome.PublishOutcome(CASE, actor, "漏水已修复", text))
        return next(row for row in desk.rows.values() if isinstance(row, PublicOutcome))

    def test_it_names_the_community_and_no_resident(self, desk: Desk) -> None:
        """Names, numbers and flats are taken out."""
        notice = self.publish(desk, "李先生（3号楼2单元501室，13812345678）家门厅漏水，已更换管道")
        assert notice.text == "某先生（某户，***）家门厅漏水，已更换管道"
        assert (notice.area, notice.area_name) == ("cj.sanhe.honghu", "弘湖社区")
        assert desk.announced(OutcomePublishedV1) == [OutcomePublishedV1(CASE, notice.id, "漏水已修复", NOON)]

    def test_it_is_published_once_a_round(self, desk: Desk) -> None:
        """After an appeal the new outcome may be published as well."""
        self.publish(desk)
        with pytest.raises(Conflict) as refusal:
            self.publish(desk)
        assert refusal.value.slug == "published-before"
        desk.appeal()
        desk.receive()
        desk.pass_it()
        desk.call(YES)
        self.publish(desk)
        assert len(desk.announced(OutcomePublishedV1)) == 2

    def test_the_call_back_clerk_may_publish_and_the_grid_may_not(self, desk: Desk) -> None:
        """The policy decides."""
        with pytest.raises(Forbidden):
            self.publish(desk, actor=CLERK)
        assert self.publish(desk, actor=CALLER).published_by == CALLER.id

    def test_who_read_an_older_version_is_told_so(self, desk: Desk) -> None:
        """As everywhere."""
        with pytest.raises(StaleVersion):
            desk.do(publish_outcome, publish_outcome.PublishOutcome(CASE, STREET, "好", "好", version=99))


def test_nobody_touches_a_case_that_does_not_exist(desk: Desk) -> None:
    """An unknown id is not found, whoever asks."""
    with pytest.raises(NotFound):
        desk.do(evaluate_street, evaluate_street.EvaluateStreet(UUID(int=404), OFFICER, 4))
