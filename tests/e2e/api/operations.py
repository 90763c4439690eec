"""The operations that the gateway describes in /api/openapi.json."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools.client import Api, Json

VARIABLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Operation:
    """One address with its method; `name` is what the policy calls it, `kind` the media type of its body, if any."""

    method: str
    path: str
    name: str
    roles: frozenset[str]
    kind: str

    @property
    def variables(self) -> list[str]:
        """What must be filled in to get an address."""
        return VARIABLE.findall(self.path)

    def is_at(self, method: str, path: str) -> bool:
        """Whether a request went to this operation."""
        return method == self.method and bool(re.fullmatch(VARIABLE.sub("[^/]+", self.path), path))


def operations_of(api: Api) -> list[Operation]:
    """All of them."""
    status, document = api.ask("GET", "/api/openapi.json")
    assert status == 200, document
    return list(_operations(document))


def _operations(document: Json) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            kinds = [*said.get("requestBody", {}).get("content", {})]
            roles = frozenset(said["x-roles"])
            yield Operation(method.upper(), path, said["x-operation"], roles, kinds[0] if kinds else "")
