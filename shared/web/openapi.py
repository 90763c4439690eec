"""OpenAPI 3.1 of a service, made from what its routes declare: every parameter, body, answer, role and problem."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from shared.access.actor import Role
from shared.access.policy import POLICY
from shared.web.problem import MEDIA_TYPE
from shared.web.reply import JSON, LINES
from shared.web.route import Method, Route, routes_of

Document = dict[str, Any]

VARIABLE = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
CONVERTERS: dict[str, Document] = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 0},
    "string": {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
}
PROBLEM: Document = {
    "type": "object",
    "description": "RFC 9457; in Chinese or English by Accept-Language.",
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "pattern": "^/problems/[a-z0-9-]+$"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "Each field that is wrong, by its dotted path, and what is wrong with it.",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "additionalProperties": False,
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
    "example": {
        "type": "/problems/illegal-transition",
        "title": "当前状态不允许此操作",
        "status": 409,
        "detail": "处于“已签收”状态时不能“签收”。",
    },
}
HEADERS: dict[str, Document] = {
    "Language": {
        "name": "Accept-Language",
        "description": "zh (default) or en 语言",
        "schema": {"type": "string", "examples": ["zh", "en"]},
    },
    "Key": {
        "name": "Idempotency-Key",
        "description": "The same key and body again get the first answer again 幂等键",
        "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
    },
    "Version": {
        "name": "If-Match",
        "description": "The version that the caller last read; another one is refused with 409 版本",
        "schema": {"type": "string", "pattern": r'^(\*|"?[0-9]{1,9}"?)$'},
    },
    "Kept": {
        "name": "If-None-Match",
        "description": "The ETag of the answer that the caller has; 304 while it is the same 已有的版本",
        "schema": {"type": "string"},
    },
}
PROBLEMS = (400, 401, 403, 404, 409, 413, 415, 422, 500, 502, 503, 504)
ETAG = {"description": "The version 版本", "schema": {"type": "string", "pattern": '^"[0-9]+"$'}}
CONTENT_ETAG = {"description": "Names this content 内容标识", "schema": {"type": "string"}}
BINARY = {"type": "string", "format": "binary"}
REQUEST_ID = {"description": "Names this request in logs and traces 请求编号", "schema": {"type": "string"}}


def describe(service: type[Any]) -> Document:
    """The OpenAPI document of a service class; its paths are without the gateway's prefix."""
    spec = APISpec(
        title=f"Whistle 吹哨 {service.name}",
        version="1",
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=lambda schema: _class_of(schema).__name__)],
        info={"description": inspect.getdoc(service) or ""},
        servers=[{"url": "/"}],
    )
    _share(spec)
    for method, route in routes_of(service):
        operation = _operation(service.name, method, route)
        spec.path(VARIABLE.sub(r"{\g<name>}", route.path), operations={route.method.lower(): operation})
    document: Document = spec.to_dict()
    _settle_answers(document)
    return document


def _share(spec: APISpec) -> None:
    """What every operation refers to."""
    spec.components.schema("Problem", PROBLEM)
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    for name, header in HEADERS.items():
        spec.components.parameter(name, "header", header)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in PROBLEMS:
        problem = {"description": LINES[status], "content": content, "headers": {"X-Request-Id": REQUEST_ID}}
        spec.components.response(f"Problem{status}", problem)


def _class_of(schema: Any) -> type[Schema]:
    return schema if isinstance(schema, type) else type(schema)


def _operation(service: str, method: Method, route: Route) -> Document:
    summary, _, description = (inspect.getdoc(method) or "").partition("\n")
    roles = POLICY[route.operation].roles
    token: list[Document] = [{"token": []}]
    operation = {
        "operationId": method.__name__,
        "tags": [service],
        "summary": summary,
        "description": description.strip() or summary,
        "x-operation": route.operation,
        "x-roles": sorted(role for role in roles if role is not Role.SYSTEM),  # which comes by no door
        "security": [{}, *token] if Role.RESIDENT in roles else token,
        "parameters": [*_parameters(route)],
        "responses": {str(status): answer for status, answer in _responses(route)},
    }
    body = _body(route)
    return {**operation, "requestBody": body} if body else operation


def _parameters(route: Route) -> Iterator[Document | str]:
    for found in VARIABLE.finditer(route.path):
        schema = CONVERTERS[found["converter"] or "string"]
        yield {"name": found["name"], "in": "path", "required": True, "schema": schema}
    if route.query:
        yield {"in": "query", "schema": route.query}
    yield "Language"
    if route.kind == "command":
        yield from ("Key", "Version")
    if route.kept:
        yield "Kept"


def _body(route: Route) -> Document | None:
    if route.raw:
        return {"required": True, "content": {kind: {"schema": BINARY} for kind in route.kinds}}
    return {"required": True, "content": {JSON: {"schema": route.body}}} if route.body else None


def _responses(route: Route) -> Iterator[tuple[int, Document | str]]:
    yield route.status, _success(route)
    if route.kept:
        yield 304, {"description": LINES[304], "headers": {"X-Request-Id": REQUEST_ID, "ETag": CONTENT_ETAG}}
    for status in _refusals(route):
        yield status, f"Problem{status}"


def _success(route: Route) -> Document:
    headers = {"X-Request-Id": REQUEST_ID}
    if route.answer_schema is not None and "version" in route.answer_schema.fields:
        headers["ETag"] = ETAG
    if route.kept:
        headers["ETag"] = CONTENT_ETAG
    content: Document = {kind: {"schema": BINARY} for kind in route.produces}
    if route.answer:
        content = {JSON: {"schema": route.answer}}
    found = {"description": LINES[route.status], "headers": headers}
    return {**found, "content": content} if content else found


def _refusals(route: Route) -> Iterator[int]:
    yield from (400, 401, 403, 404)
    if route.kind == "command":
        yield 409
    if route.kind == "command" or route.query or route.body:
        yield 422
    if route.body or route.raw:
        yield from (413, 415)
    yield from (500, 502, 503, 504)


def _settle_answers(document: Document) -> None:
    """An answer holds all of its schema's fields and no other; only what is also sent keeps its own rules."""
    schemas = document["components"]["schemas"]
    sent, answered = set[str](), set[str]()
    for path in document["paths"].values():
        for operation in path.values():
            _reach(operation.get("requestBody"), schemas, sent)
            _reach(operation["responses"], schemas, answered)
    for name in answered - sent - {"Problem"}:
        schemas[name].setdefault("additionalProperties", False)
        schemas[name]["required"] = sorted(schemas[name].get("properties", {}))


def _reach(node: Any, schemas: Document, into: set[str]) -> None:
    """Every schema that is named below this node."""
    if isinstance(node, list):
        for below in node:
            _reach(below, schemas, into)
    elif isinstance(node, dict):
        name = str(node.get("$ref", "")).removeprefix("#/components/schemas/")
        if name in schemas and name not in into:
            into.add(name)
            _reach(schemas.get(name), schemas, into)
        for below in node.values():
            _reach(below, schemas, into)
