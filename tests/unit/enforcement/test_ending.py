"""A record ends rectified, with nothing found, or transferred; and officers may step back before."""

import pytest

from services.enforcement.domain.announcing import concluded
from services.enforcement.domain.transitions import RecordState
from services.enforcement.domain.values import Conclusion, Officer, Recusal
from shared.contracts.enforcement import RecordConcludedV1
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from tests.support.deciding import NOON
from tests.unit.enforcement.team import ASSIGNMENT, CASE, LIN, TEAM, WU, on_site, with_record


class TestEnding:
    """Its outcome follows from its state."""

    @pytest.mark.parametrize(
        ("state", "outcome"), [(RecordState.RECTIFIED, "rectified"), (RecordState.NOTHING_FOUND, "nothing_found")]
    )
    def test_concluding_says_what_came_of_it(self, state: RecordState, outcome: str) -> None:
        """Nobody chooses the outcome."""
        desk = with_record(state)
        desk.conclude()
        assert desk.record.conclusion == Conclusion(outcome, "复查合格", "", "chen", NOON)
        announced = RecordConcludedV1(CASE, desk.record.id, ASSIGNMENT, TEAM, outcome, "", NOON)
        assert desk.announced(RecordConcludedV1) == [announced]

    def test_transferring_names_the_department_that_takes_over(self) -> None:
        """移送."""
        desk = with_record()
        desk.transfer("shichang")
        assert desk.record.conclusion == Conclusion("transferred", "不在本队事项清单内", "shichang", "chen", NOON)
        announced = RecordConcludedV1(CASE, desk.record.id, ASSIGNMENT, TEAM, "transferred", "shichang", NOON)
        assert desk.announced(RecordConcludedV1) == [announced]

    @pytest.mark.parametrize("to", [TEAM, "nobody"])
    def test_it_goes_to_another_department_that_exists(self, to: str) -> None:
        """The field is named."""
        with pytest.raises(Invalid) as refusal:
            with_record().transfer(to)
        assert "to" in refusal.value.fields

    def test_an_open_record_has_no_end_to_announce(self) -> None:
        """A mistake in the code, not of a caller."""
        with pytest.raises(ValueError, match="not ended"):
            concluded(with_record().record)


class TestRecusal:
    """An officer steps back (回避, article 43)."""

    def test_another_takes_over(self) -> None:
        """The record keeps who stepped back and why; the certificates are the new officer's."""
        desk = with_record()
        desk.recuse("lin", "wu")
        assert desk.record.officers == (Officer("chen", "ZF-001"), Officer("wu", "ZF-003"))
        assert desk.record.recusals == (Recusal("lin", "与当事人有亲属关系", "chen", NOON),)

    def test_whoever_stepped_back_acts_no_more(self) -> None:
        """And the replacement does."""
        desk = with_record()
        desk.recuse("lin", "wu")
        with pytest.raises(Forbidden):
            desk.check(actor=LIN)
        desk.check(actor=WU, present=("chen", "wu"))

    def test_two_must_remain(self) -> None:
        """Without a replacement there would be one."""
        with pytest.raises(Invalid) as refusal:
            with_record().recuse("lin", None)
        assert refusal.value.slug == "too-few-officers"
        assert "replacement" in refusal.value.fields

    def test_of_three_one_may_go_without_a_replacement(self) -> None:
        """Two are left."""
        desk = on_site()
        desk.open("chen", "lin", "wu")
        assert desk.recuse("wu", None).officer_ids == ("chen", "lin")

    @pytest.mark.parametrize("replacement", ["chen", "lin"])
    def test_nobody_replaces_themselves_or_is_there_twice(self, replacement: str) -> None:
        """Neither the one who goes, nor one who stays."""
        with pytest.raises(Conflict) as refusal:
            with_record().recuse("lin", replacement)
        assert refusal.value.slug == "cannot-replace"

    def test_whoever_stepped_back_does_not_come_back(self) -> None:
        """The reason still holds."""
        desk = with_record()
        desk.recuse("lin", "wu")
        with pytest.raises(Conflict):
            desk.recuse("wu", "lin")

    def test_the_replacement_must_be_certified(self) -> None:
        """As at the opening."""
        with pytest.raises(Invalid) as refusal:
            with_record().recuse("lin", "desk")
        assert refusal.value.slug == "officers-not-qualified"

    def test_only_an_officer_of_the_record_can_step_back(self) -> None:
        """404."""
        with pytest.raises(NotFound):
            with_record().recuse("wu", None)
