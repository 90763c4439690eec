"""Areas, places, departments and categories over real HTTP."""

import pytest

from tests.component.directory.conftest import Doors
from tests.support.tables import execute

CLERK, OFFICER = "clerk.honghu", "officer.zhujian"


def test_areas_are_listed_by_parent_and_by_level(doors: Doors) -> None:
    """From the top down."""
    [district] = doors.ask("GET", "/areas?level=district", OFFICER).body["items"]
    assert (district["code"], district["parent"]) == ("cj", None)
    communities = doors.ask("GET", "/areas?parent=cj.sanhe", OFFICER).body["items"]
    assert [one["name"] for one in communities] == ["弘湖社区", "金穗社区", "柳溪社区"]
    cells = doors.ask("GET", "/areas?level=cell&limit=30", OFFICER).body
    rest = doors.ask("GET", f"/areas?level=cell&limit=30&after={cells['next']}", OFFICER).body
    assert (len(cells["items"]), len(rest["items"]), rest["next"]) == (30, 10, None)


def test_an_area_is_shown_with_its_boundary_and_people(doors: Doors) -> None:
    """By name, with the login of whoever has one."""
    grid = doors.ask("GET", "/areas/cj.sanhe.honghu.g03", OFFICER).body
    assert grid["boundary"]["type"] == "Polygon"
    assert grid["responsible"] == [
        {"title": "网格长", "name": "谷雨生", "person_id": None},
        {"title": "网格员", "name": "林清荷", "person_id": "grid.honghu.g03"},
    ]
    assert doors.ask("GET", "/areas/cj.nowhere", OFFICER).slug == "not-found"


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 55), ("?level=grid", 10), ("?below=cj.sanhe.honghu&level=grid", 4), ("?below=cj.sanhe", 53)],
)
def test_the_boundaries_inside_an_area_come_at_once(doors: Doors, query: str, count: int) -> None:
    """Of one level, or of all; never the area itself."""
    found = doors.ask("GET", f"/areas.geojson{query}", OFFICER).body
    assert (found["type"], len(found["features"])) == ("FeatureCollection", count)
    one = found["features"][0]
    area = doors.ask("GET", f"/areas/{one['properties']['code']}", OFFICER).body
    assert one["geometry"] == area["boundary"]
    assert one["properties"] == {name: area[name] for name in ("code", "name", "level", "parent")}


def test_a_map_that_the_reader_has_is_not_sent_again(doors: Doors) -> None:
    """304 and no body while it is the same; another map is another."""
    first = doors.ask("GET", "/areas.geojson?level=grid", OFFICER)
    kept = {"If_None_Match": first.headers["ETag"]}
    again = doors.ask("GET", "/areas.geojson?level=grid", OFFICER, **kept)
    assert (again.status, again.body, again.headers["ETag"]) == (304, None, first.headers["ETag"])
    assert doors.ask("GET", "/areas.geojson?level=cell", OFFICER, **kept).status == 200
    assert doors.ask("GET", "/areas.geojson?level=grid", **kept).status == 401
    assert doors.ask("GET", "/areas.geojson?below=cj.nowhere", OFFICER).slug == "not-found"


def test_everybody_may_see_the_communities_by_name_and_outline_and_nothing_else(doors: Doors) -> None:
    """Nothing of who is responsible, of grids or of cells; kept by its reader while it is the same."""
    answer = doors.ask("GET", "/communities.geojson")
    assert [one["properties"] for one in answer.body["features"]] == [
        {"name": "弘湖社区"},
        {"name": "金穗社区"},
        {"name": "柳溪社区"},
    ]
    honghu = doors.ask("GET", "/areas/cj.sanhe.honghu", CLERK).body
    assert answer.body["features"][0]["geometry"] == honghu["boundary"]
    assert answer.headers["Cache-Control"] == "public, no-cache"
    kept = {"If_None_Match": answer.headers["ETag"]}
    assert doors.ask("GET", "/communities.geojson", **kept).status == 304


@pytest.mark.parametrize("path", ["/places?address=西湖春天3栋2单元", "/places?address=弘湖社区 西湖春天 3栋2单元门厅"])
def test_an_address_leads_to_somebody_responsible_at_every_level(doors: Doors, path: str) -> None:
    """区, 街道, 社区, 网格, 楼栋单元格."""
    place = doors.ask("GET", path, CLERK).body
    assert place["area"] == "cj.sanhe.honghu.g03.c10"
    assert [area["level"] for area in place["chain"]] == ["district", "street", "community", "grid", "cell"]
    assert [area["responsible"][0]["name"] for area in place["chain"]] == [
        "魏长河",
        "邱秋实",
        "许文竹",
        "谷雨生",
        "吕天成",
    ]


def test_a_point_leads_to_the_same_chain(doors: Doors) -> None:
    """A point in the middle of the cell."""
    boundary = doors.ask("GET", "/areas/cj.sanhe.honghu.g03.c10", CLERK).body["boundary"]["coordinates"][0]
    longitude, latitude = (sum(point[axis] for point in boundary[:-1]) / (len(boundary) - 1) for axis in (0, 1))
    place = doors.ask("GET", f"/places?longitude={longitude}&latitude={latitude}", CLERK).body
    assert place["area"] == "cj.sanhe.honghu.g03.c10"
    assert len(place["chain"]) == 5


@pytest.mark.parametrize("query", ["longitude=0&latitude=0", "address=月球"])
def test_a_place_outside_every_area_is_told_so(doors: Doors, query: str) -> None:
    """404, in plain words."""
    answer = doors.ask("GET", f"/places?{query}", CLERK, Accept_Language="zh")
    assert (answer.status, answer.slug, answer.body["title"]) == (404, "outside-every-area", "该地点不在任何网格内")


@pytest.mark.parametrize(
    "query", ["", "longitude=118", "longitude=118&latitude=32&address=x", "longitude=181&latitude=1", "address="]
)
def test_a_place_is_either_a_point_or_an_address(doors: Doors, query: str) -> None:
    """And within the globe."""
    assert doors.ask("GET", f"/places?{query}", CLERK).status == 422


def test_departments_are_for_staff_and_categories_for_everybody(doors: Doors) -> None:
    """A resident has to choose what to report."""
    departments = doors.ask("GET", "/departments", OFFICER).body["items"]
    assert len(departments) == 27
    assert departments[-1]["name"] == "区自然资源局"
    assert doors.ask("GET", "/departments").slug == "token-missing"
    categories = doors.ask("GET", "/categories").body["items"]
    assert len(categories) == 30
    leak = next(one for one in categories if one["code"] == "E06-01")
    assert (leak["name"], leak["kind"], leak["limit"]) == ("商户漏水至公共部位", "joint_enforcement", "7d")


def test_what_is_loaded_again_is_answered_at_once(doors: Doors, town_url: str) -> None:
    """The tables in memory follow the database."""
    doors.ask("GET", "/areas/cj", OFFICER)
    execute(
        town_url,
        "UPDATE directory.dataset SET version = version + 1, "
        "content = replace(content::text, '魏长河', '接任者')::jsonb WHERE id = 'responsible'",
    )
    assert doors.ask("GET", "/areas/cj", OFFICER).body["responsible"][0]["name"] == "接任者"
    execute(
        town_url,
        "UPDATE directory.dataset SET version = version + 1, "
        "content = replace(content::text, '接任者', '魏长河')::jsonb WHERE id = 'responsible'",
    )
    assert doors.ask("GET", "/areas/cj", OFFICER).body["responsible"][0]["name"] == "魏长河"


def test_every_answer_has_the_fields_that_the_description_promises(doors: Doors) -> None:
    """All of them, and none besides."""
    document = doors.ask("GET", "/openapi.json").body
    assert {path for path in document["paths"] if not path.startswith("/openapi")} == {
        *("/sessions", "/me", "/me/password", "/people", "/colleagues", "/people/{person_id}/suspension"),
        *(
            "/people/{person_id}/reinstatement",
            "/calendar",
            "/calendars",
            "/limits",
            "/responsibility",
            "/areas",
            "/areas/{code}",
            "/areas.geojson",
            "/communities.geojson",
            "/places",
            "/departments",
            "/categories",
        ),
    }
    for path, name in [("/departments", "DepartmentView"), ("/categories", "CategoryView"), ("/areas", "AreaView")]:
        [row, *_] = doors.ask("GET", f"{path}?limit=1", OFFICER).body["items"]
        assert set(row) == set(document["components"]["schemas"][name]["properties"])
