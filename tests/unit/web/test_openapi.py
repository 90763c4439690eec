"""The OpenAPI document says all that a client must know, and services' documents go together into one."""

from typing import Any

import pytest
from openapi_spec_validator import validate

from shared.web.merge import merge
from shared.web.openapi import describe
from tests.component.web.small import SmallService

Document = dict[str, Any]
SIGN = "/assignments/{assignment_id}/signature"


@pytest.fixture(scope="module")
def document() -> Document:
    return describe(SmallService)


@pytest.fixture(scope="module")
def merged(document: Document) -> Document:
    return merge({"one": document, "two": document}, "Both", "")


def names(operation: Document) -> set[str]:
    return {one.get("name") or one["$ref"].rpartition("/")[2] for one in operation["parameters"]}


def test_the_document_is_valid_openapi_3_1(document: Document) -> None:
    validate(document)
    assert document["openapi"] == "3.1.0"


def test_an_operation_tells_what_it_is_for_and_who_may_use_it(document: Document) -> None:
    sign = document["paths"][SIGN]["post"]
    assert sign["summary"] == "Sign for an assignment 签收"
    assert sign["description"] == "The department says that it has seen it."
    assert (sign["x-operation"], sign["x-roles"]) == ("dispatch.sign_assignment", ["officer"])
    assert sign["security"] == [{"token": []}]


def test_what_a_resident_may_do_needs_no_token(document: Document) -> None:
    assert {} in document["paths"]["/reports"]["post"]["security"]


def test_a_command_takes_key_version_and_language_and_a_query_only_the_language(document: Document) -> None:
    assert names(document["paths"][SIGN]["post"]) == {"assignment_id", "Language", "Key", "Version"}
    assert names(document["paths"]["/assignments"]["get"]) == {"limit", "state", "text", "Language"}


@pytest.mark.parametrize(
    ("path", "method", "statuses"),
    [
        (SIGN, "post", {200, 400, 401, 403, 404, 409, 413, 415, 422, 500, 502, 503, 504}),
        ("/reports", "post", {201, 400, 401, 403, 404, 409, 413, 415, 422, 500, 502, 503, 504}),
        ("/assignments/{assignment_id}", "delete", {204, 400, 401, 403, 404, 409, 422, 500, 502, 503, 504}),
        ("/assignments", "get", {200, 400, 401, 403, 404, 422, 500, 502, 503, 504}),
        ("/files/one", "get", {200, 400, 401, 403, 404, 500, 502, 503, 504}),
    ],
)
def test_every_status_that_an_operation_can_answer_is_named(
    document: Document, path: str, method: str, statuses: set[int]
) -> None:
    assert {int(status) for status in document["paths"][path][method]["responses"]} == statuses


def test_an_answer_with_a_version_has_an_etag(document: Document) -> None:
    assert "ETag" in document["paths"][SIGN]["post"]["responses"]["200"]["headers"]
    assert "ETag" not in document["paths"]["/assignments"]["get"]["responses"]["200"]["headers"]


def test_an_answer_holds_all_of_its_fields_and_no_other(document: Document) -> None:
    view = document["components"]["schemas"]["AssignmentView"]
    assert view["required"] == ["actor", "id", "note", "version"]
    assert view["additionalProperties"] is False


def test_a_body_keeps_its_bounds_and_takes_no_unknown_field(document: Document) -> None:
    body = document["components"]["schemas"]["SignBody"]
    assert body["properties"]["note"] == {"type": "string", "minLength": 1, "maxLength": 20}
    assert (body["required"], body["additionalProperties"]) == (["note"], False)


def test_files_come_and_go_under_their_media_types(document: Document) -> None:
    assert set(document["paths"]["/files"]["post"]["requestBody"]["content"]) == {"image/*"}
    assert set(document["paths"]["/files/one"]["get"]["responses"]["200"]["content"]) == {"text/plain"}


def test_two_services_become_one_valid_document(merged: Document) -> None:
    validate(merged)
    assert set(merged["paths"]) >= {f"/api/one{SIGN}", f"/api/two{SIGN}"}


def test_in_one_document_every_operation_and_schema_has_a_name_of_its_own(merged: Document) -> None:
    ids = [operation["operationId"] for path in merged["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))
    assert {"OneSignBody", "TwoSignBody", "Problem"} <= set(merged["components"]["schemas"])
    assert "OneProblem" not in merged["components"]["schemas"]


def test_references_follow_their_schemas_into_one_document(merged: Document) -> None:
    body = merged["paths"][f"/api/two{SIGN}"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/TwoSignBody"}
    place = merged["components"]["schemas"]["TwoSignBody"]["properties"]["place"]
    assert place == {"$ref": "#/components/schemas/TwoPlaceBody"}
