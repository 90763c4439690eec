"""Which module decides which command: every module of a service's `commands` package is one command.

A module whose name begins with an underscore holds what several commands share.
"""

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import Any, get_type_hints

from msgspec import Struct

from shared.engine.work import Context, Loaded, Needs, Outcome


class Handler(Struct, frozen=True):
    """A command's two functions."""

    needs: Callable[[Any], Needs]
    decide: Callable[[Any, Loaded, Context], Outcome]


Handlers = dict[type[Any], Handler]


def handlers_in(package: ModuleType) -> Handlers:
    """Every command of a package by its class; `TypeError` for a module that is not a command."""
    found: Handlers = {}
    for info in pkgutil.iter_modules(package.__path__):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        found[_command_of(module)] = Handler(module.needs, module.decide)
    return found


def _command_of(module: ModuleType) -> type[Any]:
    for name in ("needs", "decide"):
        if not callable(getattr(module, name, None)):
            raise TypeError(f"{module.__name__} has no {name}(): it is no command")
    command: type[Any] = get_type_hints(module.decide)["command"]
    if not issubclass(command, Struct) or command.__module__ != module.__name__:
        raise TypeError(f"{module.__name__}.decide must take the command that the module defines")
    return command
