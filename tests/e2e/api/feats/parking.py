"""What an administrator does at every service about messages that could not take effect there."""

from uuid import uuid4

import amqp

from shared.messaging.topology import FOLLOWS, queue_name
from shared.messaging.wire import Wire
from tests.e2e.api.people import Somebody
from tests.e2e.api.town import Town
from tests.support.eventually import eventually


def show_parked(town: Town, who: Somebody) -> None:
    """Looks at a message that nobody can read, gives it once more in vain, and gives it up."""
    for service, publishers in FOLLOWS.items():
        for publisher in publishers[:1]:
            body = f"no message {uuid4()}".encode()
            wire = Wire(town.amqp_url, "test")
            try:
                wire.channel.basic_publish_confirm(
                    amqp.Message(body, delivery_mode=2), "", queue_name(service, publisher), mandatory=True
                )
            finally:
                wire.close()
            who.post(f"{_found(who, service, repr(body))}/replay", {})
            who.post(f"{_found(who, service, repr(body))}/discard")


replay_parked = discard_parked = show_parked


def _found(who: Somebody, service: str, body: str) -> str:
    """Where the message with this body is, once it is parked."""

    def found() -> str | None:
        items = who.get(f"/api/{service}/parked?state=parked")["items"]
        paths = (f"/api/{service}/parked/{one['id']}" for one in items if one["sequence"] is None)
        return next((path for path in paths if who.get(path)["body"] == body), None)

    return eventually(found, 30.0, f"{service} has parked a message") or ""
