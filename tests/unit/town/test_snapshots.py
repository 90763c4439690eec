"""What the rest of the system gets of a town: plain JSON, without personal data."""

import json

import pytest

from tests.unit.town.town_copy import EXAMPLE
from tools.town import Town, read_town, to_accounts, to_snapshots


@pytest.fixture(scope="module")
def example() -> Town:
    """The example town."""
    return read_town(EXAMPLE)


def test_snapshots_survive_json_unchanged(example: Town) -> None:
    """Every set is plain JSON: lists, objects, texts, numbers, flags, null."""
    snapshots = to_snapshots(example)
    assert set(snapshots) == {"areas", "departments", "categories", "kinds", "responsibility", "officers"}
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
