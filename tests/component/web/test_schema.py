"""Whatever is sent to the door, good or bad, it answers as its OpenAPI document says."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import positive_data_acceptance

from shared.web.openapi import describe
from tests.component.web.small import SmallService
from tests.support.serving import Serving

Case = schemathesis.Case[Any]
api = schemathesis.openapi.from_dict(describe(SmallService)).exclude(path_regex="/(broken|slow)")


@api.parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_document_describes(case: Case, small: Serving, officer: str) -> None:
    # That a good body is accepted is not asked: it is refused (422) where its Idempotency-Key was used for another.
    case.call_and_validate(
        base_url=small.url,
        headers={"Authorization": f"Bearer {officer}"},
        excluded_checks=[positive_data_acceptance],
    )
