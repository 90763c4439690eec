"""How a process is: named parts, what each means for the whole, and the answers to a supervisor's two questions."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.runtime.clock import now


class Weight(StrEnum):
    """What it means for the process when a part fails."""

    VITAL = "vital"  # restart it: not alive
    NEEDED = "needed"  # send nobody: not ready
    ABSORBED = "absorbed"  # it can take work all the same: ready, and it says so


@dataclass(frozen=True, slots=True)
class Part:
    """One part, since when it has been so, and why; `detail` is for operators and holds nothing personal."""

    weight: Weight
    ok: bool
    since: datetime
    detail: str = ""


Rendered = tuple[int, dict[str, Any]]


@dataclass(slots=True)
class Health:
    """A process's health; whoever knows about a part reports it."""

    clock: Callable[[], datetime] = now
    parts: dict[str, Part] = field(default_factory=dict)

    def good(self, name: str, weight: Weight = Weight.NEEDED, detail: str = "") -> None:
        """This part works."""
        self._report(name, weight, True, detail)

    def bad(self, name: str, detail: str, weight: Weight = Weight.NEEDED) -> None:
        """This part does not work, because of `detail`."""
        self._report(name, weight, False, detail)

    def livez(self) -> Rendered:
        """200 unless a vital part has failed: then a supervisor should restart the process."""
        return self._render({Weight.VITAL})

    def readyz(self) -> Rendered:
        """200 while the process can take work, also when it must keep its results back (`degraded`); else 503."""
        return self._render({Weight.VITAL, Weight.NEEDED})

    def _report(self, name: str, weight: Weight, ok: bool, detail: str) -> None:
        before = self.parts.get(name)
        if before is None or before.ok != ok:
            self.parts[name] = Part(weight, ok, self.clock(), detail)
        elif before.detail != detail:
            self.parts[name] = replace(before, detail=detail)

    def _render(self, counting: set[Weight]) -> Rendered:
        failed = {part.weight for part in self.parts.values() if not part.ok}
        refused = bool(failed & counting)
        status = "unavailable" if refused else "degraded" if failed else "ok"
        parts = {
            name: {"ok": part.ok, "weight": part.weight, "since": part.since.isoformat(), "detail": part.detail}
            for name, part in sorted(self.parts.items())
        }
        return (503 if refused else 200), {"status": status, "parts": parts}
