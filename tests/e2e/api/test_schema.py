"""Whatever is sent to any operation, good or bad, the answer is one that /api/openapi.json describes, and no 5xx."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zlib import crc32

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from shared.access.actor import Role
from tests.e2e.api.people import RASH
from tests.e2e.api.town import Town

Case = schemathesis.Case[Any]
Known = Mapping[str, list[str]]
Hook = Callable[[schemathesis.HookContext, Case], Case]

NOT_ASKED = (
    "ignored_auth",  # test_who_may.py knocks at every door without a token
    "positive_data_acceptance",  # a body of the right form may name what does not exist, or come at the wrong time
    "use_after_free",
    "ensure_resource_availability",
)


@pytest.fixture(scope="module")
def known(town: Town) -> Known:
    """What exists, by its name in addresses: cases and what belongs to them in several states."""
    summonses = [town.dispatched(), town.signed(), town.in_progress(alone=True), town.to_verify()]
    records = [town.record(), town.ordered()]
    cases = [town.draft(), town.self_handled(), town.closed(), *(one.case for one in summonses)]
    several = {
        "case_id": [*(one["id"] for one in cases), town.under_review().rpartition("/")[2]],
        "assignment_id": [one.id for one in summonses],
        "record_id": [one.rpartition("/")[2] for one in records],
        "evidence_id": [town.evidence(record)["id"] for record in records],
        "person_id": [*RASH.values()],
    }
    return {name: [value] for name, value in town.example.items()} | several


def test_every_answer_is_one_that_the_document_describes(town: Town, known: Known) -> None:
    """By somebody of a role that may ask, half of the time about something that exists."""
    heard = ask_everything(town, known, max_examples=2, headers=False)
    assert heard.wrong == []
    assert {200, 201, 404, 409, 422} <= {*heard.statuses}


@pytest.mark.slow
def test_at_length_every_answer_is_one_that_the_document_describes(town: Town, known: Known) -> None:
    """The same with many more examples, and with keys, versions and languages of every kind."""
    assert ask_everything(town, known, max_examples=50, headers=True).wrong == []


@dataclass
class Heard:
    """How often each status was answered, and what was wrong."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, event: object) -> None:
        """Keep what an event of schemathesis tells."""
        match event:
            case events.ScenarioFinished(recorder=recorder):
                answers = (one.response for one in recorder.interactions.values())
                self.statuses.update(answer.status_code for answer in answers if answer)
                found = (one.failure_info for checks in recorder.checks.values() for one in checks)
                self.wrong += [f"{recorder.label}: {one.failure}\n{one.code_sample}" for one in found if one]
            case events.NonFatalError() | events.FatalError():
                self.wrong.append(str(event))


def ask_everything(town: Town, known: Known, *, max_examples: int, headers: bool) -> Heard:
    """All that schemathesis makes up from the document: its examples, every bound of every schema, and at random.

    Without `headers` no key, version or language is made up, so that every command is carried out as it comes.
    """
    _, document = town.api.ask("GET", "/api/openapi.json")
    document["paths"] = {path: one for path, one in document["paths"].items() if "x-endless" not in one.get("get", {})}
    if not headers:
        for operation in (one for path in document["paths"].values() for one in path.values()):
            operation["parameters"] = [one for one in operation["parameters"] if "$ref" not in one]
    schema = schemathesis.openapi.from_dict(document, config=configured(town.api.url, max_examples))
    schema.hook(asking(town, known))
    heard = Heard()
    for event in from_schema(schema).execute():
        heard.note(event)
    return heard


def configured(url: str, max_examples: int) -> SchemathesisConfig:
    """Always the same examples; so many at random for each operation."""
    return SchemathesisConfig.from_dict(
        {
            "seed": 20260302,
            "base-url": url,
            "workers": 1,  # with several, Python 3.11 may break off: "AST constructor recursion depth mismatch"
            "continue-on-failure": True,
            "generation": {
                "max-examples": max_examples,
                "deterministic": True,
                "database": "none",
                "with-security-parameters": False,
            },
            "phases": {"stateful": {"enabled": False}, "coverage": {"unexpected-methods": []}},
            "checks": {name: {"enabled": False} for name in NOT_ASKED},
        }
    )


def asking(town: Town, known: Known) -> Hook:
    """Fills in somebody who may ask, and half of the time something that exists; always the same for one case."""
    tokens = {role: town.person(login).token for role, login in RASH.items()}

    def map_case(context: schemathesis.HookContext, case: Case) -> Case:
        pick = crc32(repr((case.path_parameters, case.query, case.body)).encode())
        for name, said in case.path_parameters.items():
            if name == "person_id" or (name in known and pick % 2 and is_id(said)):
                case.path_parameters[name] = known[name][pick // 2 % len(known[name])]
        if isinstance(case.body, dict) and "login" in case.body:
            case.body["login"] = RASH[Role.INTAKE_CLERK]  # wrong passwords lock an account
        roles = case.operation.definition.raw["x-roles"]
        token = tokens.get(Role(roles[pick // 64 % len(roles)]))
        if token:
            case.headers["Authorization"] = f"Bearer {token}"
        return case

    return map_case


def is_id(said: object) -> bool:
    """Whether it names something by its id, as it should."""
    try:
        return bool(UUID(str(said)))
    except ValueError:
        return False
