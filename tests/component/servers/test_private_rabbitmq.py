"""The private RabbitMQ keeps what it confirmed."""

from pathlib import Path
from urllib.parse import urlsplit

import amqp
import pytest

from tests.support.eventually import eventually
from tools.servers.rabbitmq import PrivateRabbitMQ

QUEUE = "kept"


def connect(url: str) -> amqp.Connection:
    where = urlsplit(url)
    connection = amqp.Connection(
        f"{where.hostname}:{where.port}",
        where.username,
        where.password,
        virtual_host=where.path[1:] or "/",
        confirm_publish=True,
    )
    connection.connect()
    return connection


def publish(url: str, body: str) -> None:
    with connect(url) as connection:
        channel = connection.channel()
        channel.queue_declare(QUEUE, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        channel.basic_publish(amqp.Message(body, delivery_mode=2), routing_key=QUEUE, mandatory=True)


def taken(url: str) -> str | None:
    with connect(url) as connection:
        message = connection.channel().basic_get(QUEUE, no_ack=True)
        return message.body if message else None


def queue_is_on_disk(server: PrivateRabbitMQ) -> bool:
    """RabbitMQ 3.10 writes the name of a new quorum queue a second late, and forgets the queue if killed before."""
    names = server.directory.glob("data/*/quorum/*/names.dets")
    return any(QUEUE.encode() in file.read_bytes() for file in names)


def test_a_confirmed_message_outlives_a_killed_broker(tmp_path: Path) -> None:
    """beam gets SIGKILL; after the next start the message is in its quorum queue, at the same address."""
    with PrivateRabbitMQ(tmp_path / "rabbitmq") as server:
        url = server.url
        publish(url, "summons")
        eventually(lambda: queue_is_on_disk(server))

        server.kill()
        with pytest.raises(OSError, match="refused"):
            connect(url)

        server.start()
        assert eventually(lambda: taken(url)) == "summons"


def test_virtual_hosts_of_two_tests_do_not_meet(vhost: str, module_vhost: str) -> None:
    """A queue declared in one is unknown in the other."""
    publish(vhost, "mine")

    with connect(module_vhost) as connection, pytest.raises(amqp.NotFound):
        connection.channel().queue_declare(QUEUE, passive=True)
