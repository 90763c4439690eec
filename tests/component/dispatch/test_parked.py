"""An administrator settles over HTTP what could not take effect: by the functions of `whistle parked`."""

from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.closure import VerificationFailedV1
from shared.runtime.clock import now
from tests.component.dispatch.conftest import Office
from tests.component.dispatch.test_messages import handed_over
from tests.support.eventually import eventually

ADMINISTRATOR = "admin.chunjiang"


def parked(office: Office, **wanted: object) -> list[Any]:
    """What an administrator finds with these values."""
    items = office.get("/parked", ADMINISTRATOR)["items"]
    return [one for one in items if wanted.items() <= one.items()]


def unreadable(office: Office) -> Any:
    """A message that nobody can read, once it is parked."""
    before = {one["id"] for one in parked(office)}
    office.service.put(f"no message {uuid4()}".encode(), "intake")
    return eventually(lambda: next((one for one in parked(office) if one["id"] not in before), None))


def test_what_nobody_can_read_is_shown_with_its_reason_and_bytes(office: Office) -> None:
    """As text."""
    found = unreadable(office)
    assert (found["state"], found["sequence"]) == ("parked", None)
    assert found["reason"].startswith("undecodable")
    assert "body" not in found
    shown = office.get(f"/parked/{found['id']}", ADMINISTRATOR)
    assert shown["body"].startswith("b'no message")
    office.do(f"/parked/{found['id']}/discard", ADMINISTRATOR)
    assert office.ask("GET", f"/parked/{found['id']}", ADMINISTRATOR).slug == "not-found"


def test_a_message_that_fails_again_is_parked_again(office: Office) -> None:
    """Unchanged: it has not been mended."""
    found = unreadable(office)
    assert office.do(f"/parked/{found['id']}/replay", ADMINISTRATOR, {})["id"] == found["id"]
    again = eventually(lambda: parked(office, sequence=None)) or []
    office.do(f"/parked/{again[0]['id']}/discard", ADMINISTRATOR)


def test_a_stream_is_settled_in_its_order(office: Office) -> None:
    """409 names the first message; once that is given up, the next has its turn."""
    story = handed_over(office)
    office.tell(*(VerificationFailedV1(story.case, (), "不合格", "clerk.honghu", now()) for _ in range(2)))

    def lying() -> list[Any]:
        return sorted(parked(office, subject=str(story.case)), key=lambda one: one["sequence"])

    first, second = eventually(lambda: found if len(found := lying()) == 2 else None) or []
    assert (first["reason"], second["reason"]) == ("refused: nothing-to-reopen", "waiting")
    answer = office.ask("POST", f"/parked/{second['id']}/discard", ADMINISTRATOR)
    assert (answer.status, answer.slug, first["id"] in answer.body["detail"]) == (409, "out-of-turn", True)
    office.do(f"/parked/{first['id']}/discard", ADMINISTRATOR)
    office.do(f"/parked/{second['id']}/discard", ADMINISTRATOR)
    assert lying() == []


@pytest.mark.parametrize(("by", "status"), [("supervisor.chunjiang", 403), ("dispatcher.chunjiang", 403), ("", 401)])
def test_only_administrators_settle_what_is_parked(office: Office, by: str, status: int) -> None:
    """At each of the four addresses."""
    one = f"/parked/{uuid4()}"
    asked: list[tuple[str, str, Any]] = [("GET", "/parked", None), ("GET", one, None)]
    asked += [("POST", f"{one}/replay", {}), ("POST", f"{one}/discard", None)]
    assert {office.ask(method, path, by, body).status for method, path, body in asked} == {status}
