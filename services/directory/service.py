"""The directory's routes."""

from collections.abc import Callable
from functools import cached_property
from threading import BoundedSemaphore
from typing import Any, ParamSpec, TypeVar

from services.directory import schemas
from services.directory.commands.change_password import ChangePassword
from services.directory.commands.import_calendar import ImportCalendar
from services.directory.commands.import_responsibility import ImportResponsibility
from services.directory.commands.record_login import RecordLogin
from services.directory.commands.reinstate_account import ReinstateAccount
from services.directory.commands.suspend_account import SuspendAccount
from services.directory.domain.calendar import DayRange
from services.directory.domain.dataset import RESPONSIBILITY
from services.directory.domain.password import NOBODYS, hash_password, matches
from services.directory.store import queries
from services.directory.town.problems import TownErrors
from services.directory.town.responsibility import REFERS_TO, read_responsibility
from services.directory.wiring import WIRING
from shared.access.actor import Actor, Role
from shared.access.token import Minter
from shared.errors import Invalid, NotFound, Unauthenticated
from shared.service import Room
from shared.web.endpoint import command, query, upload
from shared.web.reply import Reply, keepable
from shared.web.request import Request
from shared.web.schemas import PageQuery
from shared.web.sheet import CSV, XLSX
from shared.web.upload import off_hub

P = ParamSpec("P")
T = TypeVar("T")

TABLE_LIMIT = 5 * 1024 * 1024  # bytes of an imported file
HASHES_AT_ONCE = 4  # each takes 19 MiB and a core; the others wait


class DirectoryService:
    """Areas down to the cell, departments, people and accounts 名录"""

    name = "directory"
    room = Room(WIRING)

    def __init__(self) -> None:
        self._town = queries.Town()
        self._hashing = BoundedSemaphore(HASHES_AT_ONCE)

    @cached_property
    def _minter(self) -> Minter:
        return Minter(self.room.settings.keys)

    # A password never comes by a command of the engine, which would keep a digest of the request for replay.

    @query("POST", "/sessions", body=schemas.SessionBody, answer=schemas.SessionView, operation="directory.log_in")
    def log_in(self, request: Request) -> dict[str, Any]:
        """Log in 登录

        Gives a token for 15 minutes. Five wrong passwords in a row lock the account for 15 minutes.
        """
        login = request.body["login"]
        with self.room.read() as connection:
            known = queries.password_hash(connection, login)
        correct = self._slowly(matches, known or NOBODYS, request.body["password"])
        person = self.room.carry_out(RecordLogin(login, correct), request.trace)
        if not correct:
            raise Unauthenticated("wrong-credentials")
        roles = frozenset(Role(role) for role in person.roles)
        token, expires_at = self._minter.mint(Actor(person.id, roles, person.department, person.area))
        return {"token": token, "expires_at": expires_at, "person": person}

    @query("GET", "/me", answer=schemas.PersonView, operation="directory.show_myself")
    def show_myself(self, request: Request) -> queries.Row:
        """Show my own account 我的账号"""
        with self.room.read() as connection:
            return queries.show_person(connection, request.actor.id)

    @query("POST", "/me/password", body=schemas.PasswordBody, operation="directory.change_password")
    def change_password(self, request: Request) -> None:
        """Change my password 修改密码

        A wrong present password counts as a failed login.
        """
        with self.room.read() as connection:
            known = queries.password_hash(connection, request.actor.id)
        if not self._slowly(matches, known or NOBODYS, request.body["old_password"]):
            self.room.carry_out(RecordLogin(request.actor.id, correct=False), request.trace)
            raise Invalid(fields={"old_password": ["Is not the present password."]})
        password_hash = self._slowly(hash_password, request.body["new_password"])
        self.room.carry_out(ChangePassword(request.actor, password_hash), request.trace)

    @query(
        "GET",
        "/people",
        query=schemas.PeopleQuery,
        answer=schemas.PeoplePageView,
        operation="directory.list_people",
    )
    def list_people(self, request: Request) -> dict[str, Any]:
        """List the people of my area 人员列表"""
        with self.room.read() as connection:
            return queries.list_people(connection, request.actor, **request.query)

    @query(
        "GET",
        "/colleagues",
        query=PageQuery,
        answer=schemas.ColleaguePageView,
        operation="directory.list_colleagues",
    )
    def list_colleagues(self, request: Request) -> dict[str, Any]:
        """List the officers of my department 同事

        By name and login, and whether they hold a certificate; only who can log in.
        """
        with self.room.read() as connection:
            return queries.list_colleagues(connection, request.actor, **request.query)

    @command("POST", "/people/<person_id>/suspension", body=schemas.AccountReasonBody, answer=schemas.PersonView)
    def suspend_account(self, request: Request) -> SuspendAccount:
        """Suspend an account 停用账号

        No more logins; a token that is out ends within 15 minutes by itself.
        """
        return SuspendAccount(request.path["person_id"], request.actor, request.body["reason"], request.version)

    @command("POST", "/people/<person_id>/reinstatement", body=schemas.AccountReasonBody, answer=schemas.PersonView)
    def reinstate_account(self, request: Request) -> ReinstateAccount:
        """Reinstate a suspended account 恢复账号"""
        return ReinstateAccount(request.path["person_id"], request.actor, request.body["reason"], request.version)

    @command("POST", "/calendars", body=schemas.CalendarBody, answer=schemas.CalendarView)
    def import_calendar(self, request: Request) -> ImportCalendar:
        """Import the holidays and make-up workdays of whole years 装入放假调休

        The years that are named are replaced, the others stay. Refused as a whole, every wrong row named.
        """
        return ImportCalendar(tuple(DayRange(**row) for row in request.body["rows"]), request.actor)

    @query(
        "GET", "/calendar", query=schemas.CalendarQuery, answer=schemas.YearView, operation="directory.show_calendar"
    )
    def show_calendar(self, request: Request) -> dict[str, Any]:
        """Show the gazetted days of a year, or of all 放假调休"""
        with self.room.read() as connection:
            return self._town.calendar(connection, request.query["year"])

    @query("GET", "/limits", answer=schemas.LimitsView, operation="directory.list_limits")
    def list_limits(self, _request: Request) -> dict[str, Any]:
        """List the kinds of whistles with their limits, and the policies that set others 吹哨类别与时限规定"""
        with self.room.read() as connection:
            sets, _ = self._town.known(connection, ("kinds", "policies"))
        return sets

    @query(
        "GET",
        "/responsibility",
        query=schemas.ResponsibilityQuery,
        answer=schemas.ResponsibilityPageView,
        operation="directory.list_responsibility",
    )
    def list_responsibility(self, request: Request) -> dict[str, Any]:
        """List who is responsible for what and where 权责清单"""
        with self.room.read() as connection:
            return self._town.rows(connection, RESPONSIBILITY, **request.query)

    @upload(
        "POST",
        "/responsibility",
        kinds=(CSV, XLSX, "application/octet-stream"),
        limit=TABLE_LIMIT,
        query=schemas.ImportQuery,
        answer=schemas.ResponsibilityImportedView,
        status=200,
    )
    def import_responsibility(self, request: Request) -> ImportResponsibility:
        """Import the responsibility table in place of the present one 装入权责清单

        The whole table as CSV or XLSX, in the columns of a town's `responsibility.csv`. Refused as a whole, every wrong
        row named as `rows.<line>.<column>`; with `dry_run` nothing is changed, only told.
        """
        assert request.stream
        data = request.stream.read()
        with self.room.read() as connection:
            known, versions = self._town.known(connection, REFERS_TO)
        try:
            rows = off_hub(read_responsibility, data, known)
        except TownErrors as errors:
            raise Invalid("responsibility-wrong", fields=errors.by_place(request.language)) from None
        return ImportResponsibility(rows, versions, request.query["dry_run"], request.actor)

    @query("GET", "/areas", query=schemas.AreasQuery, answer=schemas.AreaPageView, operation="directory.list_areas")
    def list_areas(self, request: Request) -> dict[str, Any]:
        """List areas and who answers for them 区域列表"""
        with self.room.read() as connection:
            return self._town.rows(connection, "areas", **request.query)

    @query(
        "GET",
        "/areas.geojson",
        query=schemas.BoundariesQuery,
        answer=schemas.BoundariesView,
        operation="directory.list_boundaries",
        kept=True,
    )
    def list_boundaries(self, request: Request) -> Reply:
        """Show a map's areas with their boundaries at once 区域边界图层

        GeoJSON (RFC 7946), WGS-84. Answers 304 to If-None-Match while it is the same.
        """
        with self.room.read() as connection:
            places = self._town.places(connection)
        return keepable(off_hub(queries.boundaries, places, **request.query), public=False)

    @query(
        "GET",
        "/communities.geojson",
        answer=schemas.OutlinesView,
        operation="directory.list_communities",
        kept=True,
    )
    def list_communities(self, _request: Request) -> Reply:
        """Show the communities on a map, to everybody 社区边界图层

        Their names and outlines, and nothing else. GeoJSON (RFC 7946), WGS-84.
        """
        with self.room.read() as connection:
            places = self._town.places(connection)
        return keepable(off_hub(queries.communities, places), public=True)

    @query("GET", "/areas/<code>", answer=schemas.AreaDetailView, operation="directory.show_area")
    def show_area(self, request: Request) -> queries.Row:
        """Show an area with its boundary 区域详情"""
        with self.room.read() as connection:
            found = self._town.places(connection).by_code.get(request.path["code"])
        if found is None:
            raise NotFound(kind="area")
        return found

    @query("GET", "/places", query=schemas.PlaceQuery, answer=schemas.PlaceView, operation="directory.resolve_place")
    def resolve_place(self, request: Request) -> dict[str, Any]:
        """Tell where a point or an address lies, and who answers for it at every level 地点到责任人

        The chain goes from the district 区 down to the cell 楼栋单元格.
        """
        asked = request.query
        with self.room.read() as connection:
            places = self._town.places(connection)
        code = (
            places.named(asked["address"]) if "address" in asked else places.at(asked["longitude"], asked["latitude"])
        )
        if code is None:
            raise NotFound("outside-every-area")
        return {"area": code, "chain": places.chain(code)}

    @query(
        "GET",
        "/departments",
        query=PageQuery,
        answer=schemas.DepartmentPageView,
        operation="directory.list_departments",
    )
    def list_departments(self, request: Request) -> dict[str, Any]:
        """List departments 单位列表"""
        with self.room.read() as connection:
            return self._town.rows(connection, "departments", **request.query)

    @query(
        "GET",
        "/categories",
        query=PageQuery,
        answer=schemas.CategoryPageView,
        operation="directory.list_categories",
    )
    def list_categories(self, request: Request) -> dict[str, Any]:
        """List the matters that can be reported 事项列表"""
        with self.room.read() as connection:
            return self._town.rows(connection, "categories", **request.query)

    def _slowly(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Compute a hash while the service goes on answering."""
        with self._hashing:
            return off_hub(function, *args, **kwargs)
