"""Evaluate the street that whistled (评价街道): by an officer of a department that reported in."""

from uuid import UUID

from msgspec import Struct

from services.closure.domain.case import Case
from services.closure.domain.evaluating import evaluate
from services.closure.domain.masking import masked
from services.closure.domain.values import DEPARTMENT, Evaluation
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, one
from shared.errors import Forbidden


class EvaluateStreet(Struct, frozen=True):
    """`score` is 1 (poor) to 5 (good), once for each department."""

    case_id: UUID
    actor: Actor
    score: int
    remark: str = ""
    version: int | None = None


def needs(command: EvaluateStreet) -> Needs:
    """The case alone."""
    yield one(Case, command.case_id)


def decide(command: EvaluateStreet, loaded: Loaded, context: Context) -> Outcome:
    """One department's score for the street; refused to a department that did not report in."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope())
    expect_version(case, command.version)
    department = command.actor.department
    if department not in {part.department for part in case.present}:
        raise Forbidden("did-not-report-in")
    remark = masked(command.remark)
    given = Evaluation(case.round, DEPARTMENT, department, command.score, remark, command.actor.id, context.now)
    return evaluate(case, (given,), context.now)
