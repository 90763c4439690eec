"""`whistle asyncapi`: the AsyncAPI 3 document of every message, made from the contracts and the topology."""

import inspect
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from shared.contracts.registry import PUBLISHERS, all_events
from shared.messaging.envelope import BATCH_CONTENT_TYPE, CONTENT_TYPE, SOURCE, Envelope
from shared.messaging.topology import BATCH, EXCHANGE, FOLLOWS, queue_name

SCHEMAS = "#/components/schemas/{name}"
BINDINGS = "0.3.0"

DESCRIPTION = """\
Every message is a CloudEvent (1.0, structured JSON). `sequence` numbers a publisher's events about one `subject` from 1
without gaps; a subscriber carries them out in that order, each once, whatever order they come in. Whoever publishes
from outside (the hotline) numbers its own subjects, sets `mandatory` and waits for the broker's confirmation. Fields
that a reader does not know are passed over.

Under load a message may be a batch (CloudEvents' JSON batch format): an array of such events of one publisher, in their
order, under the routing key `<publisher>.batch`. So whoever joins binds a queue by `<publisher>.#`.
"""


def asyncapi(output: Path | None = None) -> None:
    """Write the document to this file, or to the screen."""
    text = json.dumps(document(), ensure_ascii=False, indent=2)
    if output is None:
        print(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")


def document() -> dict[str, Any]:
    """The whole system's messages: who announces what, and by which queue who receives it."""
    events = all_events()
    _, found = msgspec.json.schema_components([*events.values(), Envelope], ref_template=SCHEMAS)
    schemas = json.loads(msgspec.json.encode(found))  # an empty tuple as a default is an empty list
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "社区吹哨、部门报到 Whistle",
            "version": version("whistle"),
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {**_routing_keys(events), **_queues(events)},
        "operations": {**_announcing(events), **_following()},
        "components": {
            "messages": {name: _message(name, cls) for name, cls in events.items()} | {BATCH: _batch()},
            "schemas": schemas,
        },
    }


def _message(name: str, event: Any) -> dict[str, Any]:
    return {
        "name": name,
        "title": event.__name__,
        "description": inspect.getdoc(event),
        "contentType": CONTENT_TYPE,
        "correlationId": {"location": "$message.payload#/correlationid"},
        "payload": {
            "allOf": [
                {"$ref": SCHEMAS.format(name="Envelope")},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": name},
                        "source": {"const": SOURCE + event.publisher},
                        "data": {"$ref": SCHEMAS.format(name=event.__name__)},
                    },
                },
            ]
        },
    }


def _batch() -> dict[str, Any]:
    return {
        "name": BATCH,
        "title": "Several events of one publisher",
        "contentType": BATCH_CONTENT_TYPE,
        "payload": {"type": "array", "minItems": 2, "items": {"$ref": SCHEMAS.format(name="Envelope")}},
    }


def _routing_keys(events: dict[str, type[Any]]) -> dict[str, Any]:
    exchange = {"name": EXCHANGE, "type": "topic", "durable": True, "autoDelete": False}
    return {
        f"{publisher}.{name}": {
            "address": f"{publisher}.{name}",
            "messages": {name: {"$ref": f"#/components/messages/{name}"}},
            "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": BINDINGS}},
        }
        for publisher, name in _announced(events)
    }


def _queues(events: dict[str, type[Any]]) -> dict[str, Any]:
    return {
        queue: {
            "address": queue,
            "description": f"Everything that {publisher} announces, for {subscriber}; a quorum queue.",
            "messages": {
                name: {"$ref": f"#/components/messages/{name}"} for one, name in _announced(events) if one == publisher
            },
            "bindings": {
                "amqp": {
                    "is": "queue",
                    "queue": {"name": queue, "durable": True, "exclusive": False, "autoDelete": False},
                    "bindingVersion": BINDINGS,
                }
            },
        }
        for subscriber, publisher, queue in _subscriptions()
    }


def _announcing(events: dict[str, type[Any]]) -> dict[str, Any]:
    return {
        f"{publisher}.announces.{name}": {
            "action": "send",
            "summary": f"{publisher} announces {name}",
            "channel": {"$ref": f"#/channels/{publisher}.{name}"},
            "bindings": {"amqp": {"deliveryMode": 2, "bindingVersion": BINDINGS}},
        }
        for publisher, name in _announced(events)
    }


def _following() -> dict[str, Any]:
    return {
        queue: {
            "action": "receive",
            "summary": f"{subscriber} follows {publisher}",
            "channel": {"$ref": f"#/channels/{queue}"},
            "bindings": {"amqp": {"ack": True, "bindingVersion": BINDINGS}},
        }
        for subscriber, publisher, queue in _subscriptions()
    }


def _announced(events: dict[str, type[Any]]) -> list[tuple[str, str]]:
    """Every publisher's messages: each of its events, and the batch."""
    return [
        (publisher, name)
        for publisher in PUBLISHERS
        for name in (*(name for name, event in events.items() if event.publisher == publisher), BATCH)
    ]


def _subscriptions() -> list[tuple[str, str, str]]:
    return [(one, other, queue_name(one, other)) for one, publishers in FOLLOWS.items() for other in publishers]
