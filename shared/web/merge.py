"""One OpenAPI document for several services behind one origin."""

from collections.abc import Mapping
from typing import Any

from shared.web.openapi import Document

SCHEMAS = "#/components/schemas/"
COMMON = "Problem"  # the one schema that all services share


def merge(documents: Mapping[str, Document], title: str, description: str) -> Document:
    """The services' documents as one: paths below `/api/<service>`, ids and schemas named after their service."""
    merged: Document = {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1", "description": description},
        "servers": [{"url": "/"}],
        "tags": [],
        "paths": {},
        "components": {"schemas": {}, "parameters": {}, "responses": {}, "securitySchemes": {}},
    }
    for service, document in sorted(documents.items()):
        _add(merged, service, _renamed(document, service))
    return merged


def _add(merged: Document, service: str, document: Document) -> None:
    merged["tags"].append({"name": service, "description": document["info"].get("description", "")})
    for path, operations in document["paths"].items():
        merged["paths"][f"/api/{service}{path}"] = {
            method: {**operation, "operationId": f"{service}_{operation['operationId']}"}
            for method, operation in operations.items()
        }
    for kind, components in merged["components"].items():
        for name, component in document["components"].get(kind, {}).items():
            own = kind == "schemas" and name != COMMON
            components[_name(service, name) if own else name] = component


def _name(service: str, schema: str) -> str:
    return f"{service.capitalize()}{schema}"


def _renamed(node: Any, service: str) -> Any:
    """The same document, its references to schemas under their new names."""
    if isinstance(node, dict):
        return {
            key: _reference(below, service) if key == "$ref" else _renamed(below, service)
            for key, below in node.items()
        }
    if isinstance(node, list):
        return [_renamed(below, service) for below in node]
    return node


def _reference(reference: str, service: str) -> str:
    name = reference.removeprefix(SCHEMAS)
    if name in (reference, COMMON):
        return reference
    return SCHEMAS + _name(service, name)
