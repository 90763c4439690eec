"""Which event becomes which command: `@follow(CaseWhistledV1)` on a method of the service's class."""

import inspect
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR, Entrypoint

from shared.messaging.topology import FOLLOWS

Method = TypeVar("Method", bound=Callable[..., Any])
Followers = Mapping[type[Any], Callable[[Any, datetime], Any]]


class Follow(Entrypoint):
    """Nameko's side of `follow`: names the event. The service's one subscription receives for all of them."""

    def __init__(self, event: type[Any], **options: Any) -> None:
        self.event = event
        super().__init__(**options)


def follow(event: type[Any]) -> Callable[[Method], Method]:
    """Let the method `(self, event, at) -> command | None` say what an event causes; `at` is when it was announced.

    The method only translates: it is called on an instance without dependencies. None means that it causes nothing.
    """
    mark: Callable[[Method], Method] = Follow.decorator(event)
    return mark


def followers_of(service: type[Any]) -> Followers:
    """What the service's `@follow` methods make of each event. `TypeError` where the topology has no queue for one."""
    instance = service()
    found: dict[type[Any], Callable[[Any, datetime], Any]] = {}
    for name, method in inspect.getmembers(service, inspect.isfunction):
        for entrypoint in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ()):
            if not isinstance(entrypoint, Follow):
                continue
            event: Any = entrypoint.event
            if event.publisher not in FOLLOWS[service.name]:
                raise TypeError(f"{service.name} follows {event.type}, but not {event.publisher} in the topology")
            if event in found:
                raise TypeError(f"{service.name} follows {event.type} twice")
            found[event] = getattr(instance, name)
    return found
