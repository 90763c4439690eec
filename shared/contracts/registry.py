"""Which event types exist, by name and by publisher, and how they are written and read."""

import importlib
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

PUBLISHERS = ("hotline", "directory", "intake", "dispatch", "enforcement", "closure", "notice", "supervision")

_by_type: dict[str, type[Any]] = {}


def event(name: str) -> Callable[[type[T]], type[T]]:
    """Register a frozen struct as the event of this name, such as `case.whistled.v1`."""

    def register(cls: type[T]) -> type[T]:
        if name in _by_type:
            raise ValueError(f"two events are called {name}")
        cls.type = name  # type: ignore[attr-defined]  # the one attribute every event gets
        cls.publisher = cls.__module__.rpartition(".")[2]  # type: ignore[attr-defined]  # its module's name
        _by_type[name] = cls
        return cls

    return register


def all_events() -> dict[str, type[Any]]:
    """Every event by its type name."""
    for publisher in PUBLISHERS:
        importlib.import_module(f"shared.contracts.{publisher}")
    return dict(_by_type)


def encode(event: Any) -> bytes:
    """An event as JSON."""
    return msgspec.json.encode(event)


def decode(name: str, data: bytes | msgspec.Raw) -> Any:
    """The event of this type in these bytes; `LookupError` for an unknown type, `msgspec.MsgspecError` for bad data.

    Fields that this version does not know are passed over, so that a newer publisher can add some.
    """
    found = _by_type.get(name) or all_events().get(name)
    if found is None:
        raise LookupError(name)
    return msgspec.json.decode(data, type=found)
