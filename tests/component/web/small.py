"""A small service with every kind of route, run as its own process: `python -m tests.component.web.small`.

Its room remembers answers by key as the engine does, and decides by what the command says.
"""

if __name__ == "__main__":
    from shared.runtime.green import make_green

    make_green()

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Never
from uuid import UUID

from marshmallow import Schema, fields, validate
from msgspec import Struct
from nameko.extensions import DependencyProvider
from nameko.runners import ServiceRunner

from shared.engine.works import Result, Work
from shared.errors import AppError, IllegalTransition, KeyReused, NotFound, StaleVersion, Unavailable
from shared.runtime import log
from shared.runtime.green import when_told_to_stop
from shared.runtime.health import Health, Weight
from shared.runtime.settings import Settings, load_settings
from shared.web.endpoint import command, query, upload
from shared.web.reply import Reply
from shared.web.request import Request
from shared.web.schemas import Strict
from tests.support.eventually import eventually


class PlaceBody(Strict):
    longitude = fields.Float(required=True, validate=validate.Range(-180, 180))


class SignBody(Strict):
    note = fields.String(required=True, validate=validate.Length(1, 20))
    place = fields.Nested(PlaceBody)
    photos = fields.List(fields.UUID(), validate=validate.Length(max=3))
    refuse = fields.String()


class AssignmentView(Schema):
    """An assignment as its department sees it."""

    id = fields.UUID()
    note = fields.String()
    version = fields.Integer()
    actor = fields.String()


class ListQuery(Strict):
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    state = fields.List(fields.String(validate=validate.OneOf(["to_sign", "signed"])))
    text = fields.String()


class ListView(Schema):
    limit = fields.Integer()
    state = fields.List(fields.String())
    text = fields.String(allow_none=True)


class SlowQuery(Strict):
    until = fields.String(required=True)


class FileView(Schema):
    size = fields.Integer()
    kind = fields.String()


class Sign(Struct, frozen=True):
    """What the small room can decide about."""

    id: UUID
    note: str
    actor: str
    version: int | None
    refuse: str = ""


class Signed(Struct, frozen=True):
    id: UUID
    note: str
    actor: str
    version: int


class Received(Struct, frozen=True):
    size: int
    kind: str


REFUSALS: dict[str, AppError] = {
    "illegal": IllegalTransition(state="signed", action="sign"),
    "stale": StaleVersion(expected=1, present=2),
    "missing": NotFound(kind="assignment"),
    "busy": Unavailable(),
}


class SmallRoom(DependencyProvider):  # type: ignore[misc]  # nameko has no types
    """Answers at once what the command says, and remembers it by its key."""

    def __init__(self) -> None:
        self.settings: Settings = load_settings("small", stateful=False)
        self.answers: dict[str, tuple[bytes, int, bytes]] = {}
        self._health = Health()
        self._health.good("engine", Weight.VITAL)
        self._health.bad("broker", "connection refused", Weight.ABSORBED)

    def get_dependency(self, _worker_ctx: Any) -> "SmallRoom":
        return self

    def health(self) -> Health:
        return self._health

    def submit(self, work: Work) -> Result:
        assert work.answer
        assert work.refuse
        if work.key in self.answers:
            fingerprint, status, body = self.answers[work.key]
            if fingerprint != work.fingerprint:
                return self._refused(work, KeyReused())
            return Result("replayed", status, body)
        if refusal := REFUSALS.get(getattr(work.command, "refuse", "")):
            return self._refused(work, refusal)
        made = work.command
        value = Signed(made.id, made.note, made.actor, (made.version or 0) + 1) if isinstance(made, Sign) else made
        status, body = work.answer(value)
        if work.key:
            self.answers[work.key] = work.fingerprint, status, body
        return Result("done", status, body, value)

    def _refused(self, work: Work, error: AppError) -> Result:
        assert work.refuse
        return Result("refused", *work.refuse(error), error=error)


class SmallService:
    name = "small"
    room = SmallRoom()

    @command(
        "POST",
        "/assignments/<uuid:assignment_id>/signature",
        body=SignBody,
        answer=AssignmentView,
        operation="dispatch.sign_assignment",
    )
    def sign(self, request: Request) -> Sign:
        """Sign for an assignment 签收

        The department says that it has seen it.
        """
        said = request.body
        return Sign(
            request.path["assignment_id"], said["note"], request.actor.id, request.version, said.get("refuse", "")
        )

    @command("POST", "/reports", body=SignBody, answer=AssignmentView, status=201, operation="intake.report_problem")
    def report(self, request: Request) -> Sign:
        """Report a problem 反映问题"""
        return Sign(request.id, request.body["note"], request.actor.id, None)

    @command("DELETE", "/assignments/<uuid:assignment_id>", operation="dispatch.sign_assignment")
    def remove(self, request: Request) -> Sign:
        """Take an assignment away 撤销"""
        return Sign(request.path["assignment_id"], "", request.actor.id, None)

    @query("GET", "/assignments", query=ListQuery, answer=ListView, operation="dispatch.list_assignments")
    def list_assignments(self, request: Request) -> dict[str, Any]:
        """List assignments 任务列表"""
        return {"state": [], "text": None, **request.query}

    @query("GET", "/assignments/<uuid:assignment_id>", answer=AssignmentView, operation="dispatch.show_assignment")
    def show(self, request: Request) -> Signed:
        """Show an assignment 查看任务"""
        if request.path["assignment_id"].int == 0:
            raise NotFound(kind="assignment")
        return Signed(request.path["assignment_id"], "看过", request.actor.id, 7)

    @query("GET", "/files/one", produces=("text/plain",), operation="closure.list_outcomes")
    def read_file(self, _request: Request) -> Reply:
        """Read a file 读取文件"""
        return Reply(200, iter([b"one, ", b"two"]), "text/plain")

    @query("GET", "/files/large", produces=("application/octet-stream",), operation="closure.list_outcomes")
    def read_large_file(self, _request: Request) -> Reply:
        """Read a large file 读取大文件"""
        pieces = [bytes([number]) * 300_000 for number in range(10)]
        headers = (("Content-Length", "3000000"), ("X-Digest", hashlib.sha256(b"".join(pieces)).hexdigest()))
        return Reply(200, pieces, "application/octet-stream", headers)

    @upload("POST", "/files", kinds=("image/*",), limit=100_000, answer=FileView, operation="intake.upload_attachment")
    def receive_file(self, request: Request) -> Received:
        """Send a file 上传文件"""
        assert request.stream
        return Received(len(request.stream.read()), request.stream.content_type)

    @query("GET", "/broken", answer=ListView, operation="closure.list_outcomes")
    def broken(self, _request: Request) -> Never:
        """Break 故障"""
        raise RuntimeError("the secret inside: 13912345678")

    @query("GET", "/broken/stream", produces=("text/plain",), operation="closure.list_outcomes")
    def broken_stream(self, _request: Request) -> Reply:
        """Break off 中断"""

        def pieces() -> Iterator[bytes]:
            yield b"one, "
            raise RuntimeError("broke off")

        return Reply(200, pieces(), "text/plain")

    @query("GET", "/slow", query=SlowQuery, answer=ListView, operation="closure.list_outcomes")
    def slow(self, request: Request) -> dict[str, Any]:
        """Answer only when the file `until` is there 缓慢"""
        log.get().info("slow request begun")
        eventually(Path(request.query["until"]).exists)
        return {"limit": 1, "state": [], "text": None}


def main() -> None:
    settings = load_settings("small", stateful=False)
    log.configure("small", settings.log_level)
    runner = ServiceRunner({"WEB_SERVER_ADDRESS": f"{settings.host}:{settings.port}"})
    runner.add_service(SmallService)
    runner.start()
    when_told_to_stop(runner.stop)
    runner.wait()


if __name__ == "__main__":
    main()
