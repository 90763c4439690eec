"""What supervision lists, finds and counts, on real tables in which many cases have had their lives."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from services.supervision.domain.figures import community_of, month_of
from services.supervision.domain.words import plain
from services.supervision.store import queries
from services.supervision.store.tables import ENDED
from shared.access.actor import Actor, Role
from shared.errors import Invalid, NotFound
from tests.component.supervision.played import Played
from tests.support.lives import BEGIN, DEPARTMENTS, in_turn, live
from tests.support.tables import rows
from tools.servers.postgres import PrivatePostgres

DISTRICT = Actor("d", frozenset({Role.DISTRICT_SUPERVISOR}), "zhihui", "cj")
STREET = Actor("s", frozenset({Role.SUPERVISOR}), "jiedao", "cj.sanhe")
CLERK = Actor("c", frozenset({Role.INTAKE_CLERK}), "shequ", "cj.sanhe.honghu")
OFFICER = Actor("o", frozenset({Role.OFFICER}), "zhujian", "cj")
MONTHS = ("2026-09", "2026-10", "2026-11", "2026-12")


@pytest.fixture(scope="module")
def played(postgres: PrivatePostgres) -> Iterator[Played]:
    """Many lives, of which a third is still going on."""
    random = Random(5)
    heard = list(in_turn([live(number, random) for number in range(45)]))
    with Played(postgres.create_database("supervision_lists")) as played:
        played.hear(heard[: len(heard) * 2 // 3])
        yield played
    postgres.drop_database("supervision_lists")


def listed(played: Played, actor: Actor = DISTRICT, limit: int = 7, **wanted: Any) -> list[dict[str, Any]]:
    """The whole list, page by page."""
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = played.ask(queries.list_cases, actor, limit, after, **wanted)
        found += page["items"]
        if page["next"] is None:
            return found
        assert len(page["items"]) == limit
        after = page["next"]


def ids(found: list[dict[str, Any]]) -> list[Any]:
    return [one["id"] for one in found]


def test_pages_make_up_the_whole_list_and_nothing_twice(played: Played) -> None:
    """The newest first; also with pages of one."""
    whole = listed(played, limit=200)
    assert ids(listed(played, limit=7)) == ids(listed(played, limit=1)) == ids(whole)
    assert sorted(ids(whole)) == played.cases()
    assert [one["first_at"] for one in whole] == sorted((one["first_at"] for one in whole), reverse=True)


def test_a_page_stays_the_same_when_its_cases_go_on(played: Played) -> None:
    """The order is that of the beginning, which no event changes."""
    before = ids(listed(played))
    played.fire(played.now)
    sql = "UPDATE supervision.case_file SET last_at = now()"
    with played.database.write() as connection:
        connection.exec_driver_sql(sql)
    assert ids(listed(played)) == before


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ({"state": "to_verify"}, lambda one: one["state"] == "to_verify"),
        ({"kind": "urgent"}, lambda one: one["kind"] == "urgent"),
        ({"category": "E02"}, lambda one: one["category"] == "E02"),
        ({"area": "cj.sanhe"}, lambda one: one["area"].startswith("cj.sanhe.")),
        ({"area": "cj.sanhe.honghu.g0"}, lambda one: one["id"] is None),
        ({"overdue": True}, lambda one: one["overdue_since"] is not None),
        ({"overdue": False}, lambda one: one["overdue_since"] is None),
        ({"open": True}, lambda one: one["state"] not in ENDED),
        ({"open": False}, lambda one: one["state"] in ENDED),
        ({"text": "漏水"}, lambda one: "漏水" in one["summary"]),
        ({"text": "ｓｈ"}, lambda one: one["id"] is None),
        ({"text": "ＣＪ-0000"}, lambda one: one["number"].startswith("CJ-0000")),
        ({"text": "水到大堂", "open": True}, lambda one: "漏水" in one["summary"] and one["state"] not in ENDED),
    ],
)
def test_a_list_holds_what_was_asked_for_and_nothing_else(played: Played, wanted: dict[str, Any], fits: Any) -> None:
    """Each filter, compared with looking at every case."""
    everything = listed(played)
    assert set(ids(listed(played, **wanted))) == {one["id"] for one in everything if fits(one)}


def test_a_department_is_looked_for_among_those_that_still_take_part(played: Played) -> None:
    """Whoever was re-routed or let off does not."""
    for department in DEPARTMENTS:
        taking_part = {
            one["id"]
            for one in listed(played)
            if any(part["department"] == department and not part["ended"] for part in one["parts"])
        }
        assert set(ids(listed(played, department=department))) == taking_part != set()


def test_the_pairs_alone_do_not_make_a_word(played: Played) -> None:
    """生间 and 间生 are both in 卫生间生; the text itself is not in what holds only its pairs."""
    (one,) = listed(played, limit=1)[:1]
    sql = "UPDATE supervision.case_file SET words = words || '[\"大漏\"]' WHERE id = '{}'"
    with played.database.write() as connection:
        connection.exec_driver_sql(sql.format(one["id"]))
    assert "大漏水" not in plain(one["summary"])
    assert one["id"] not in ids(listed(played, text="大漏水"))


def test_what_is_overdue_longest_comes_first(played: Played) -> None:
    """Page by page."""
    since = [one["overdue_since"] for one in listed(played, limit=2, overdue=True)]
    assert since == sorted(since)
    assert len(since) > 4


def test_a_cursor_of_another_kind_is_refused(played: Played) -> None:
    """Whatever somebody made up."""
    for cursor in ("x", "WzEsMl0", "W10"):
        with pytest.raises(Invalid):
            played.ask(queries.list_cases, DISTRICT, 10, cursor)


def test_each_department_has_its_open_limits_beside_it(played: Played) -> None:
    """Exactly those of the table, the earliest first."""
    expected = Counter((case, one.assignment_id, one.due_at) for case, one in played.clocks() if one.open)
    shown: Counter[Any] = Counter()
    for case in listed(played):
        for id, limits in [(None, case["limits"]), *((part["id"], part["limits"]) for part in case["parts"])]:
            assert [one["due_at"] for one in limits] == sorted(one["due_at"] for one in limits)
            shown.update((case["id"], id, one["due_at"]) for one in limits)
    # The limit of an order to rectify or of a ruling belongs to a department that may have gone.
    assert shown == expected


def test_a_case_shows_its_departments_with_their_limits(played: Played) -> None:
    """And every clock it ever had."""
    case = next(one for one in listed(played, open=True) if any(part["limits"] for part in one["parts"]))
    shown = played.ask(queries.show_case, DISTRICT, case["id"])
    assert len(shown["clocks"]) == sum(id == case["id"] for id, _ in played.clocks())
    of_list = [[one["due_at"] for one in part["limits"]] for part in case["parts"]]
    assert [[one["due_at"] for one in part["limits"]] for part in shown["parts"]] == of_list


def test_the_history_tells_everything_in_the_order_of_time(played: Played) -> None:
    """Of all publishers, page by page, without what only services need."""
    sql = "SELECT case_id FROM supervision.entry GROUP BY case_id ORDER BY count(*) DESC LIMIT 1"
    case = rows(played.url, sql)[0][0]
    found: list[Any] = []
    after = ""
    while True:
        page = played.ask(queries.show_history, DISTRICT, case, 5, after)
        found += page["items"]
        after = page["next"]
        if after is None:
            break
    count = rows(played.url, "SELECT count(*) FROM supervision.entry WHERE case_id = :id", id=case)[0][0]
    assert len(found) == count > 10
    assert [one["time"] for one in found] == sorted(one["time"] for one in found)
    assert {"intake", "dispatch", "supervision"} <= {one["publisher"] for one in found}
    assert not any("tracking_digest" in one["data"] for one in found)
    assert all(one["data"]["case_id"] == str(case) for one in found)


def test_everybody_sees_only_what_the_policy_shows_them(played: Played) -> None:
    """The street its own, the clerk the community's, the department what it takes part in."""
    whole = {one["id"]: one for one in listed(played)}
    assert {whole[id]["area"].split(".")[1] for id in ids(listed(played, STREET))} == {"sanhe"}
    assert {community_of(whole[id]["area"]) for id in ids(listed(played, CLERK))} == {"cj.sanhe.honghu"}
    assert ids(listed(played, OFFICER)) == ids(listed(played, department="zhujian"))
    hidden = next(id for id in whole if id not in ids(listed(played, OFFICER)))
    for question in (queries.show_history, queries.show_case):
        with pytest.raises(NotFound):
            played.ask(question, OFFICER, hidden, *((10, "") if question is queries.show_history else ()))


def test_the_overview_says_what_looking_at_every_case_says(played: Played) -> None:
    """By state, by department and limit, what waits, and the longest overdue."""
    for actor in (DISTRICT, STREET):
        page = played.ask(queries.show_overview, actor, played.now)
        cases = listed(played, actor)
        assert {one["state"]: one["cases"] for one in page["states"]} == Counter(one["state"] for one in cases)
        late = listed(played, actor, overdue=True)
        assert page["overdue_cases"] == len(late) > 0
        assert ids(page["longest_overdue"]["items"]) == ids(late)[: queries.MOST_OVERDUE]
        seen = [one["id"] for one in cases]
        breached = [one for case, one in played.clocks() if case in seen and one.open and one.breached]
        expected = Counter((one.department, one.name) for one in breached)
        assert {(one["department"], one["clock"]): one["count"] for one in page["overdue"]} == expected
        waiting = "SELECT w->>'matter', count(*) FROM supervision.case_file, jsonb_array_elements(waiting) w "
        asked = dict(tuple(row) for row in rows(played.url, f"{waiting} WHERE id = ANY(:ids) GROUP BY 1", ids=seen))
        assert {one["matter"]: one["count"] for one in page["waiting"]} == asked


def test_measures_of_several_months_are_the_sums_of_each(played: Played) -> None:
    """By whatever they are grouped; and no share is greater than all."""
    for by in ("department", "community", "category"):
        whole = told(played, MONTHS[0], MONTHS[-1], by)
        months = [told(played, month, month, by) for month in MONTHS]
        assert whole == sum(months, Counter())
        assert whole
    page = played.ask(queries.show_measures, DISTRICT, "supervision.show_measures", MONTHS[0], MONTHS[-1], "community")
    shares = [share for one in page["items"] for share in one["measures"]]
    assert all(0 <= share.numerator <= share.denominator for share in shares)
    assert {share.name for share in page["whole"] if share.denominator} == {share.name for share in page["whole"]}


def told(played: Played, first: str, last: str, by: str) -> Counter[Any]:
    """Numerators and denominators by code and measure."""
    page = played.ask(queries.show_measures, DISTRICT, "supervision.show_measures", first, last, by)
    counts: Counter[Any] = Counter()
    for one in page["items"]:
        for share in one["measures"]:
            counts[one["code"], share.name, "numerator"] += share.numerator
            counts[one["code"], share.name, "denominator"] += share.denominator
    return +counts


def test_communities_and_categories_add_up_to_the_whole(played: Played) -> None:
    """Nothing is counted twice for a case in which several departments take part."""
    for by in ("community", "category"):
        page = played.ask(queries.show_measures, DISTRICT, "supervision.show_measures", MONTHS[0], MONTHS[-1], by)
        for index, share in enumerate(page["whole"]):
            of_units = [one["measures"][index] for one in page["items"]]
            assert sum(one.numerator for one in of_units) == share.numerator
            assert sum(one.denominator for one in of_units) == share.denominator


def test_a_department_sees_only_its_own_measures(played: Played) -> None:
    """Officers are no supervisors."""
    page = played.ask(queries.show_measures, OFFICER, "supervision.show_measures", MONTHS[0], MONTHS[-1], "department")
    assert [one["code"] for one in page["items"]] == ["zhujian"]


def test_the_ranking_weighs_as_the_weights_say(played: Played) -> None:
    """40 per cent signing in time, 60 no rework; recomputed by hand from what is shown."""
    month = month_of(BEGIN.replace(month=10, day=15))
    page = played.ask(queries.show_ranking, DISTRICT, month, "departments")
    ranked = [one for one in page["items"] if one.rank is not None]
    assert len(ranked) > 2
    for one in ranked:
        signed, rework = one.shares
        by_hand = 40 * signed.numerator / signed.denominator + 60 * (1 - rework.numerator / rework.denominator)
        assert one.total == pytest.approx(by_hand, abs=0.006)
    assert [one.total for one in ranked] == sorted((one.total for one in ranked), reverse=True)
    assert [one.rank for one in ranked] == [1 + sum(x.total > one.total for x in ranked) for one in ranked]


def test_communities_are_ranked_by_their_own_weights(played: Played) -> None:
    """Refusals' points stand beside the departments' totals and never beside a community's."""
    page = played.ask(queries.show_ranking, DISTRICT, "2026-10", "communities")
    assert {one.code for one in page["items"]} <= {"cj.sanhe.honghu", "cj.sanhe.liuxi", "cj.dongmen.nanyuan"}
    assert [share.name for share in page["items"][0].shares] == ["resolved"]


def test_the_points_of_refusals_are_shown_beside(played: Played) -> None:
    """From the sums, whoever adds them."""
    with played.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO supervision.tally VALUES ('refusal.points', '2026-10', 'zhujian', 'cj.sanhe', '', 5)"
        )
    page = played.ask(queries.show_ranking, DISTRICT, "2026-10", "departments")
    assert {one.code: one.refusal_points for one in page["items"]}["zhujian"] == 5
    assert sum(one.refusal_points for one in page["items"]) == 5
