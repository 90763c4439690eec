"""The operations that the gateway describes in /api/openapi.json."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jsonschema import Draft202012Validator, FormatChecker

from tools.client import Api, Json

VARIABLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Operation:
    """One address with its method; `name` is what the policy calls it, `kind` the media type of its body, if any.

    `answers` holds for each good status what the JSON must be like; None where the answer is a file or nothing.
    """

    method: str
    path: str
    name: str
    roles: frozenset[str]
    kind: str
    answers: Mapping[int, Draft202012Validator | None]

    @property
    def variables(self) -> list[str]:
        """What must be filled in to get an address."""
        return VARIABLE.findall(self.path)

    def is_at(self, method: str, path: str) -> bool:
        """Whether a request went to this operation."""
        return method == self.method and bool(re.fullmatch(VARIABLE.sub("[^/]+", self.path), path))

    def flaws(self, status: int, answer: Json) -> list[str]:
        """What is wrong about an answer below 400, as the document has it."""
        if status not in self.answers:
            return [f"{status} is not described"]
        expected = self.answers[status]
        if expected is None:
            return [] if answer is None or isinstance(answer, bytes) else ["answers JSON instead of a file or nothing"]
        return [f"{error.json_path}: {error.message}" for error in expected.iter_errors(answer)]


def operations_of(api: Api) -> list[Operation]:
    """All of them."""
    status, document = api.ask("GET", "/api/openapi.json")
    assert status == 200, document
    return list(_operations(document))


def _operations(document: Json) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            if "x-endless" in said:  # such an answer is never whole: tests/e2e/test_live.py
                continue
            yield Operation(
                method.upper(),
                path,
                said["x-operation"],
                frozenset(said["x-roles"]),
                next(iter(said.get("requestBody", {}).get("content", {})), ""),
                {int(status): _validator(one, document) for status, one in said["responses"].items() if status < "4"},
            )


def _validator(response: Json, document: Json) -> Draft202012Validator | None:
    said = response.get("content", {}).get("application/json")
    if said is None:
        return None
    whole = {**said["schema"], "components": document["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())
