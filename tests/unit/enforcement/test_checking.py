"""On-site checks, orders and re-checks say who was there, when and where, and what was found."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.enforcement.domain.transitions import RecordState
from services.enforcement.domain.values import Check, Order, Recheck, Visit
from shared.contracts.enforcement import RecordCheckedV1, RectificationCheckedV1, RectificationOrderedV1
from shared.errors import Invalid
from tests.support.deciding import NOON
from tests.unit.enforcement.team import ASSIGNMENT, CASE, SITE, TEAM, TODAY, Desk, with_record

EARLIER = NOON - timedelta(minutes=40)


class TestCheck:
    """The on-site check (现场检查)."""

    def test_it_is_kept_as_it_was_recorded(self) -> None:
        """When and where it was, who was there, what they found, who wrote it down and when."""
        desk = with_record()
        desk.check(at=EARLIER)
        visit = Visit(EARLIER, SITE, ("chen", "lin"))
        assert desk.record.checks == (Check(visit, "二楼卫生间漏水", True, "chen", NOON),)

    @pytest.mark.parametrize("violation", [True, False])
    def test_it_is_announced_without_its_text(self, violation: bool) -> None:
        """Findings may name people."""
        desk = with_record()
        desk.check(violation=violation)
        announced = RecordCheckedV1(CASE, desk.record.id, ASSIGNMENT, TEAM, violation, "chen", NOON)
        assert desk.announced(RecordCheckedV1) == [announced]

    def test_certificates_must_have_been_shown(self) -> None:
        """Article 55: otherwise the party may refuse the check."""
        with pytest.raises(Invalid) as refusal:
            with_record().check(certificates_shown=False)
        assert refusal.value.slug == "certificates-not-shown"
        assert "certificates_shown" in refusal.value.fields


@pytest.mark.parametrize(("state", "visit"), [(RecordState.OPENED, Desk.check), (RecordState.ORDERED, Desk.recheck)])
class TestVisits:
    """What holds for a check holds for a re-check."""

    def test_two_officers_must_be_there(self, state: RecordState, visit: Any) -> None:
        """Article 42."""
        with pytest.raises(Invalid) as refusal:
            visit(with_record(state), present=("chen",))
        assert refusal.value.slug == "too-few-officers"
        assert "present" in refusal.value.fields

    def test_only_officers_of_the_record_count(self, state: RecordState, visit: Any) -> None:
        """A colleague who came along does not."""
        with pytest.raises(Invalid) as refusal:
            visit(with_record(state), present=("chen", "wu"))
        assert "present" in refusal.value.fields

    def test_it_cannot_have_been_in_the_future(self, state: RecordState, visit: Any) -> None:
        """A phone's clock may be a little ahead, no more."""
        visit(with_record(state), at=NOON + timedelta(minutes=4))
        with pytest.raises(Invalid) as refusal:
            visit(with_record(state), at=NOON + timedelta(minutes=6))
        assert "at" in refusal.value.fields


class TestOrder:
    """The order to rectify (责令改正)."""

    def test_it_is_kept_and_announced(self) -> None:
        """To whom, what, until when; the announcement names no party."""
        desk = with_record(RecordState.VIOLATION_FOUND)
        until = TODAY + timedelta(days=3)
        desk.order(until)
        assert desk.record.orders == (Order("某餐饮店", "修复渗漏管道", until, "chen", NOON),)
        announced = RectificationOrderedV1(CASE, desk.record.id, ASSIGNMENT, TEAM, until, "chen", NOON)
        assert desk.announced(RectificationOrderedV1) == [announced]

    def test_it_may_be_for_the_same_day(self) -> None:
        """What can be moved at once must be moved today."""
        desk = with_record(RecordState.VIOLATION_FOUND)
        assert desk.order(TODAY).orders[-1].until == TODAY

    def test_it_cannot_be_for_a_day_that_is_over(self) -> None:
        """The field is named."""
        with pytest.raises(Invalid) as refusal:
            with_record(RecordState.VIOLATION_FOUND).order(TODAY - timedelta(days=1))
        assert "until" in refusal.value.fields

    def test_the_day_is_china_s(self) -> None:
        """At 17:00 UTC it is tomorrow already in Shanghai."""
        desk = with_record(RecordState.VIOLATION_FOUND)
        desk.wait(hours=13)
        with pytest.raises(Invalid):
            desk.order(TODAY)
        assert desk.order(date(2026, 3, 3)).state is RecordState.ORDERED


class TestRecheck:
    """The re-check (复查)."""

    @pytest.mark.parametrize("rectified", [True, False])
    def test_it_is_kept_with_its_order_and_announced(self, rectified: bool) -> None:
        """The order knows how it ended."""
        desk = with_record(RecordState.ORDERED)
        desk.recheck(rectified=rectified, at=EARLIER)
        visit = Visit(EARLIER, SITE, ("chen", "lin"))
        assert desk.record.orders[-1].recheck == Recheck(visit, "已修复", rectified, "chen", NOON)
        announced = RectificationCheckedV1(CASE, desk.record.id, ASSIGNMENT, TEAM, rectified, "chen", EARLIER)
        assert desk.announced(RectificationCheckedV1) == [announced]

    def test_a_second_order_leaves_the_first_re_check_alone(self) -> None:
        """History stays."""
        desk = with_record(RecordState.NOT_RECTIFIED)
        first = desk.record.orders[0]
        desk.order()
        desk.recheck()
        assert desk.record.orders[0] == first
