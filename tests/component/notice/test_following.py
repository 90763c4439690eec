"""What notice says of itself when it cannot follow dispatch."""

from pathlib import Path
from typing import Any

from tests.support.eventually import eventually
from tests.support.one_service import OneService, one_service
from tools.servers.rabbitmq import PrivateRabbitMQ

ANY, ALL_BUT_ITS_DEAD_LETTERS = ".*", r"^(?!notice\.dead-letters$)"


def test_a_service_without_the_right_to_read_its_queues_says_so(
    broker: PrivateRabbitMQ, database: str, vhost: str, tmp_path: Path
) -> None:
    """It announces and takes requests all the same, and follows again as soon as it may."""

    def may_read(what: str) -> None:
        broker.control("set_permissions", "--vhost", vhost.rpartition("/")[2], "whistle", ANY, ANY, what)

    may_read(ALL_BUT_ITS_DEAD_LETTERS)
    with one_service("notice", database, vhost, tmp_path) as notice:
        for name in ("staff", "departments", "categories"):
            notice.execute("INSERT INTO notice.reference (name, version, content) VALUES (:name, 1, '[]')", name=name)
        eventually(lambda: "ACCESS_REFUSED" in said_of_the_broker(notice)["detail"], what="it says that it may not")
        assert notice.ask("GET", "/readyz").status == 200
        assert said_of_the_broker(notice)["ok"] is False
        may_read(ANY)
        eventually(lambda: said_of_the_broker(notice)["ok"], what="it follows again")


def said_of_the_broker(service: OneService) -> dict[str, Any]:
    """What the service says of its broker under /readyz."""
    said: dict[str, Any] = service.ask("GET", "/readyz").body["parts"]["broker"]
    return said
