"""What people choose, and that nobody learns of it."""

from pathlib import Path

from tests.component.notice.conftest import Reader
from tests.support.one_service import OneService

HOOK = {"name": "值班", "kind": "webhook", "address": "https://hooks.example.org/very-secret-path"}


def test_a_choice_is_kept_and_its_key_told_once(notice: OneService, reader: Reader) -> None:
    """The key comes with the first answer; repeating the request with its Idempotency-Key gives that answer again."""
    before = notice.ask("GET", "/preferences", reader.actor)
    assert before.body == {"language": "zh", "channels": [], "chosen": {}, "version": 0}
    body = {"language": "en", "channels": [HOOK], "chosen": {"clock.overdue": ["值班"]}}
    first = notice.ask("PUT", "/preferences", reader.actor, body, Idempotency_Key="once")
    [secret] = first.body["secrets"]
    assert secret["secret"].startswith("whsec_")
    assert notice.ask("PUT", "/preferences", reader.actor, body, Idempotency_Key="once").raw == first.raw
    kept = notice.ask("GET", "/preferences", reader.actor)
    assert kept.body == {**body, "version": 1}
    again = notice.ask("PUT", "/preferences", reader.actor, body, If_Match='"1"')
    assert (again.body["secrets"], again.body["version"]) == ([], 2)
    assert notice.ask("PUT", "/preferences", reader.actor, body, If_Match='"1"').status == 409


def test_nobody_sees_anothers_choice(notice: OneService, readers: list[Reader], place: Path) -> None:
    """There is no address under which to ask for it, and the log says nothing of it."""
    first, second, *_ = readers
    key = first.hook(HOOK["address"])
    seen = notice.ask("GET", "/preferences", second.actor)
    assert seen.body["channels"] == []
    assert notice.ask("GET", "/preferences").status == 401
    logged = "".join(path.read_text("utf-8") for path in place.glob("*.log"))
    assert logged
    assert key not in logged
    assert "very-secret-path" not in logged


def test_what_is_wrong_is_told_by_its_field(notice: OneService, reader: Reader) -> None:
    """In the reader's language."""
    body = {
        "channels": [{**HOOK, "address": "ftp://x/"}, {"name": "a b", "kind": "fax", "address": ""}],
        "chosen": {"clock.stolen": ["值班"]},
    }
    answer = notice.ask("PUT", "/preferences", reader.actor, body)
    assert answer.status == 422
    assert {one["field"] for one in answer.body["errors"]} >= {
        "channels.1.name",
        "channels.1.kind",
        "channels.1.address",
    }
    wrong = {"channels": [{**HOOK, "address": "ftp://x/"}], "chosen": {"clock.warned": ["b"]}}
    answer = notice.ask("PUT", "/preferences", reader.actor, wrong, Accept_Language="zh")
    assert {(one["field"], one["message"]) for one in answer.body["errors"]} == {
        ("channels.0.address", "不是该类渠道的地址。"),
        ("chosen.clock.warned", "没有这个名称的渠道。"),
    }
