"""Which class a service is."""

from importlib import import_module
from typing import Any


def service_class(name: str) -> Any:
    """The nameko class of a service: the one that its `service.py` defines."""
    module = import_module(f"services.{name}.service")
    return next(
        one
        for one in vars(module).values()
        if isinstance(one, type) and one.__module__ == module.__name__ and hasattr(one, "name")
    )
