"""What the rest of the system gets of a town: plain JSON, without personal data."""

import json
from dataclasses import replace

import pytest

from services.directory.domain.dataset import ANNOUNCED
from services.directory.town import Town, read_town, to_accounts, to_snapshots
from tests.unit.town.town_copy import EXAMPLE


@pytest.fixture(scope="module")
def example() -> Town:
    """The example town."""
    return read_town(EXAMPLE)


def test_snapshots_survive_json_unchanged(example: Town) -> None:
    """Every set is plain JSON: lists, objects, texts, numbers, flags, null."""
    snapshots = to_snapshots(example)
    assert set(snapshots) == {*ANNOUNCED}
    assert json.loads(json.dumps(snapshots)) == snapshots


def test_an_area_names_its_parent_boundary_addresses_and_who_answers_for_it(example: Town) -> None:
    """A grid's head has no account; its worker has."""
    areas = {area["code"]: area for area in to_snapshots(example)["areas"]}
    grid, cell = areas["cj.sanhe.honghu.g03"], areas["cj.sanhe.honghu.g03.c10"]
    assert (grid["level"], grid["parent"], grid["boundary"]["type"]) == ("grid", "cj.sanhe.honghu", "Polygon")
    assert grid["responsible"] == [
        {"name": "谷雨生", "title": "网格长"},
        {"name": "林清荷", "title": "网格员", "person_id": "grid.honghu.g03"},
    ]
    assert cell["addresses"] == ["西湖春天3栋", "西湖春天3栋1单元", "西湖春天3栋2单元"]
    assert areas["cj"]["parent"] is None


def test_boundaries_keep_their_exact_coordinates(example: Town) -> None:
    """What the file says is what is announced."""
    features = json.loads((EXAMPLE / "areas.geojson").read_text("utf-8"))["features"]
    announced = {area["code"]: area["boundary"] for area in to_snapshots(example)["areas"]}
    assert announced == {feature["properties"]["code"]: feature["geometry"] for feature in features}


def test_officers_are_announced_without_names_telephones_or_passwords(example: Town) -> None:
    """An id, a department and a certificate number, nothing else, and officers only."""
    officers = to_snapshots(example)["officers"]
    assert {"id": "officer.zhujian", "department": "zhujian", "certificate": "CJ-ZF-0001"} in officers
    assert all(set(officer) == {"id", "department", "certificate"} for officer in officers)
    assert "clerk.honghu" not in {officer["id"] for officer in officers}


def test_no_snapshot_holds_a_telephone_number_or_password(example: Town) -> None:
    """Personal data stays with the accounts."""
    announced = json.dumps(to_snapshots(example), ensure_ascii=False)
    for person in example.people:
        assert person.phone not in announced
        assert person.password not in announced


def test_the_calendar_is_announced_day_by_day_after_the_years_that_are_gazetted(example: Town) -> None:
    """A holiday and a make-up day, each with its name."""
    calendar = to_snapshots(example)["calendar"]
    assert [row["year"] for row in calendar if "year" in row] == [*range(2004, 2027)]
    assert {"date": "2026-10-07", "working": False, "name": "国庆节"} in calendar
    assert {"date": "2026-10-10", "working": True, "name": "国庆节"} in calendar
    assert len({row["date"] for row in calendar if "date" in row}) == len(calendar) - 23


def test_hours_policies_and_weights_are_announced_as_rows(example: Town) -> None:
    """Everybody else is the unit without a name; dates are texts."""
    snapshots = to_snapshots(example)
    assert snapshots["hours"][0] == {"unit": "", "periods": [["09:00", "12:00"], ["13:30", "17:30"]]}
    assert snapshots["policies"][0] == {
        "kind": "daily",
        "category": None,
        "area": "cj.sanhe.liuxi.g07.c28",
        "clock": "sign",
        "limit": "3s",
        "calendar": "N",
        "valid_from": "2026-01-01",
        "valid_to": None,
    }
    assert {"table": "communities", "measure": "resolved", "weight": 40} in snapshots["weights"]


def test_staff_are_announced_by_id_with_their_roles_only(example: Town) -> None:
    """Everybody, without a name; an officer without an area works where the department does."""
    staff = to_snapshots(replace(example, people=(replace(example.people[-2], area=None), *example.people)))["staff"]
    assert staff[0] == {
        "id": "officer.wuye",
        "roles": ["officer", "department_head"],
        "department": "wuye",
        "area": "cj.sanhe",
    }
    assert len(staff) == 41
    assert all(set(one) == {"id", "roles", "department", "area"} for one in staff)


def test_accounts_hold_everything_the_directory_needs(example: Town) -> None:
    """Name, roles, department, area, certificate, telephone and the initial password."""
    accounts = {account["id"]: account for account in to_accounts(example)}
    assert len(accounts) == 40
    assert accounts["clerk.sanhe"]["roles"] == ["intake_clerk", "reviewer"]
    assert accounts["officer.zhujian"] == {
        "id": "officer.zhujian",
        "name": "高建川",
        "roles": ["officer"],
        "department": "zhujian",
        "area": "cj",
        "certificate": "CJ-ZF-0001",
        "phone": "100-0000-0015",
        "password": "chunjiang-demo",
    }
