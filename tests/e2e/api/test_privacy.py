"""A played story in which everybody says too much: nobody outside the community's intake learns who complained."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.e2e.api.town import OFFICER, Town, soon
from tests.e2e.whole import Whole
from tools.client import Api, Json
from tools.migrate import SERVICES
from tools.story import Played, play
from tools.story.stage import PASSWORD

INTAKE = {"clerk.honghu", "grid.honghu.g03"}  # the intake roles of that community
OTHERS = (
    *("officer.zhujian", "officer.chengguan", "officer.shichang", "officer.gongan", "secretary.honghu"),
    *("reviewer.sanhe", "dispatcher.chunjiang", "supervisor.sanhe", "supervisor.chunjiang", "callback.sanhe"),
    "clerk.liuxi",
)

# The story's reporter is 何静兰, 100-0000-7788, 西湖春天3栋2单元501.
SECRETS = {
    "name": re.compile("何静兰|何(?:阿姨|女士|大妈)|老何"),
    "telephone": re.compile(r"[\s-]?".join("10000007788") + "|１００００００７７８８"),
    "home": re.compile(r"(?<![0-9a-z-])3\s*(?:栋|号楼|幢|-)\s*(?:2\s*(?:单元|-)\s*)?501(?![0-9a-z-])"),  # not in an id
}
SAID_TOO_MUCH = {
    "/api/intake/cases": {
        "description": "我是何静兰，住西湖春天3栋2单元501，饭店漏水到入户大厅，打100 0000 7788或１００００００７７８８",
        "tried": "何阿姨（3-2-501，10000007788）说老何去找过店主两次，店主不愿出钱",
    },
    "failed-verifications": {"reason": "何女士说立管仍在滴水，可打100-0000-7788，住3号楼2单元501室"},
    "/api/closure/verdicts": {"remark": "我是何静兰，不漏了，3栋501，100-0000-7788"},
    "outcomes": {"title": "何女士家漏水已修复", "text": "3栋2单元501何阿姨反映的漏水，三部门已修复，电话10000007788"},
}


@dataclass
class Talkative(Api):
    """The API, to which people say more than they should, and which remembers what it answered to whom."""

    answers: list[tuple[str, bytes]] = field(default_factory=list)
    logins: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Json = None, **options: Any) -> tuple[int, Json]:
        """See `Api`."""
        for end, words in SAID_TOO_MUCH.items():
            if method == "POST" and path.endswith(end):
                body = {**body, **words}
        status, answer = super().ask(method, path, body, **options)
        if path.endswith("/sessions"):
            self.logins[answer["token"]] = body["login"]
        login = self.logins.get(options.get("token", ""), "")
        self.answers.append((login, answer if isinstance(answer, bytes) else orjson.dumps(answer)))
        return status, answer


@dataclass(frozen=True)
class Overheard:
    """What was answered to whom by login ("" for the resident), and the case that it was about."""

    answers: list[tuple[str, bytes]]
    played: Played
    code: str


@pytest.fixture(scope="module")
def overheard(town: Town, running_system: Whole) -> Overheard:
    """The story, after which everybody reads everything that the API shows them of it."""
    api = Talkative(running_system.system.url)
    played = play(api, say=lambda _line: None)
    known = everything_of(town, played)
    for login in OTHERS:
        person = api.person(login, PASSWORD)
        person.get("/api/directory/me")
        for one in town.operations:
            if one.method == "GET" and {*one.variables} <= {*known}:
                api.ask("GET", one.path.format_map(known), token=person.token)
    running_system.settled()
    (code,) = (orjson.loads(said)["tracking_code"] for login, said in api.answers if b'"tracking_code"' in said)
    return Overheard(api.answers, played, code)


def everything_of(town: Town, played: Played) -> dict[str, str]:
    """What can be filled into addresses to read about the story's case."""
    street, id = town.person("supervisor.sanhe"), str(played.case_id)
    assignment = town.person(OFFICER).get(f"/api/dispatch/assignments?case_id={id}")["items"][0]["assignment"]
    (record,) = town.person(OFFICER).get(f"/api/enforcement/records?case_id={id}")["items"]
    (evidence,) = town.person(OFFICER).get(f"/api/enforcement/records/{record['id']}/evidence")["items"]
    return {
        "case_id": id,
        "sha256": street.get(f"/api/intake/cases/{id}")["case"]["attachments"][0]["sha256"],
        "assignment_id": assignment["id"],
        "record_id": record["id"],
        "evidence_id": evidence["id"],
        "photo_id": soon(lambda: street.get(f"/api/closure/cases/{id}"))["verifications"][0]["photos"][0],
    }


def told(said: bytes) -> Iterator[str]:
    """Which secrets are in it."""
    text = said.decode("utf-8", "replace")
    yield from (f"{name}: {found[0]}" for name, secret in SECRETS.items() if (found := secret.search(text)))


def test_the_community_reads_who_complained(overheard: Overheard) -> None:
    """In whatever words; so what the other tests look for would be found."""
    to_them = b"\n".join(said for login, said in overheard.answers if login in INTAKE)
    assert [one.partition(":")[0] for one in told(to_them)] == [*SECRETS]


def test_no_answer_to_anybody_else_tells_who_complained(overheard: Overheard) -> None:
    """Officers of the departments that take part and of others, the street, the district, other communities."""
    others = [(login, said) for login, said in overheard.answers if login not in INTAKE]
    assert {login for login, _ in others} >= {*OTHERS}
    assert [(login, secret, said) for login, said in others for secret in told(said)] == []


def test_no_event_tells_who_complained(overheard: Overheard, running_system: Whole) -> None:
    """Of any service."""
    sql = " UNION ALL ".join(f"SELECT type, data FROM {name}.outbox WHERE subject = :case" for name in SERVICES)
    events = running_system.rows(sql, case=str(overheard.played.case_id))
    assert {kind for kind, _ in events} >= {"case.whistled.v1", "verification.failed.v1", "case.closed.v1"}
    assert [(kind, secret) for kind, data in events for secret in told(bytes(data))] == []
    assert [kind for kind, data in events if overheard.code in bytes(data).decode()] == []


def test_no_log_line_tells_who_complained(overheard: Overheard, running_system: Whole) -> None:
    """Of any service, the database or the broker; the resident's tracking code is not in them either."""
    files = logs_of(running_system.system.directory)
    assert {path.stem for path in files} >= {*SERVICES, "gateway"}
    lines = [(path.name, line) for path in files for line in path.read_bytes().splitlines()]
    assert [(name, line) for name, line in lines if [*told(line)] or overheard.code.encode() in line] == []


def test_no_metric_tells_who_complained(overheard: Overheard, running_system: Whole) -> None:
    """Of any service."""
    for service in (*SERVICES, "gateway"):
        page = running_system.api.http.request("GET", f"{running_system.system.address(service)}/metrics").data
        assert b"whistle_http_requests" in page
        assert [*told(page)] == []


def logs_of(directory: Path) -> list[Path]:
    """Whatever was logged."""
    return [path for path in directory.rglob("*") if path.is_file() and path.parent.name == "log"]
