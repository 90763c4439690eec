"""Reference data as a service keeps it: the newest snapshot of each set, renewed by the directory's events."""

import time
from typing import Any

from msgspec import Struct

from shared.store.store import Transaction

LOOK_AGAIN_SECONDS = 1.0


class KeepReference(Struct, frozen=True):
    """Keep this version of a set of reference data, unless a newer one is kept already. The engine carries it out
    itself.
    """

    name: str
    version: int
    content: Any


class References:
    """The snapshots in memory; the same content object for as long as its version is the newest."""

    def __init__(self) -> None:
        self._versions: dict[str, int] = {}
        self._contents: dict[str, Any] = {}
        self._looked_at = float("-inf")

    def current(self, transaction: Transaction) -> dict[str, Any]:
        """The content of every snapshot by name; another replica's renewals are seen within a second."""
        if time.monotonic() - self._looked_at > LOOK_AGAIN_SECONDS:
            self._renew(transaction)
        return self._contents

    def forget(self) -> None:
        """Look again at the next call: a snapshot was just renewed here."""
        self._looked_at = float("-inf")

    def version(self, name: str) -> int:
        """The version in memory; 0 for none."""
        return self._versions.get(name, 0)

    def _renew(self, transaction: Transaction) -> None:
        changed = [name for name, version in transaction.versions().items() if version != self._versions.get(name)]
        if changed:
            for name, version, content in transaction.snapshots(changed):
                self._contents = {**self._contents, name: content}
                self._versions[name] = version
        self._looked_at = time.monotonic()
