"""The pinned contracts: each event's schema, and samples of it as they were when they were first announced.

`python -m tests.contract.renew` adds what is new; it refuses a change that an older reader or writer would not survive.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from shared.contracts.registry import all_events
from tests.contract.examples import example

HERE = Path(__file__).parent
SCHEMAS, SAMPLES = HERE / "schemas", HERE / "samples"

Json = dict[str, Any]


class Broken(Exception):
    """A published event was changed so that somebody could not read it any more: make a new version beside it."""


def schema_of(event: type[Any]) -> Json:
    """An event's JSON schema without its explanations."""
    schema: Json = json.loads(msgspec.json.encode(_bare(msgspec.json.schema(event))))
    return schema


def pinned_schema(name: str) -> Json | None:
    """The schema as it is pinned."""
    path = SCHEMAS / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def samples(name: str) -> list[Json]:
    """Payloads of this type, the oldest first."""
    path = SAMPLES / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else []


def breaks(before: Json, now: Json) -> Iterator[str]:
    """What in the new schema an older reader or writer would not survive."""
    for name, old in before["$defs"].items():
        new = now["$defs"].get(name, {"properties": {}})
        for field, kind in old["properties"].items():
            if new["properties"].get(field) != kind:
                yield f"{name}.{field} is gone, or is of another kind"
        if set(old.get("required", ())) - set(new.get("required", ())):
            yield f"{name} may lack fields that older readers need"
        if set(new.get("required", ())) - set(old.get("required", ())):
            yield f"{name} needs fields that older messages lack: give them defaults"


def renew() -> list[str]:
    """Pin what is new and say what was; `Broken` before anything is written if a published event would break."""
    changed = {name: event for name, event in all_events().items() if schema_of(event) != pinned_schema(name)}
    for name, event in changed.items():
        if (before := pinned_schema(name)) and (reasons := list(breaks(before, schema_of(event)))):
            raise Broken(f"{name}: {'; '.join(reasons)}")
    for name, event in changed.items():
        _write(SCHEMAS / f"{name}.json", schema_of(event))
        _write(SAMPLES / f"{name}.json", [*samples(name), msgspec.to_builtins(example(event))])
    return sorted(changed)


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _bare(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_bare(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {field: _bare(kind) for field, kind in value.items()} if key == "properties" else _bare(value)
        for key, value in schema.items()
        if key not in ("title", "description")
    }
