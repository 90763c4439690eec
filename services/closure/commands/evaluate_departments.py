"""Evaluate the departments that reported in (评价部门): a score for each, by the street or the community."""

from collections import Counter
from uuid import UUID

from msgspec import Struct

from services.closure.domain.case import Case
from services.closure.domain.evaluating import evaluate
from services.closure.domain.masking import masked
from services.closure.domain.values import STREET, Evaluation
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, one
from shared.errors import Conflict, Invalid


class Score(Struct, frozen=True):
    """What one department is given: 1 (poor) to 5 (good)."""

    department: str
    score: int
    remark: str = ""


class EvaluateDepartments(Struct, frozen=True):
    """`scores` holds exactly one for each department that reported in."""

    case_id: UUID
    actor: Actor
    scores: tuple[Score, ...]
    version: int | None = None


def needs(command: EvaluateDepartments) -> Needs:
    """The case alone."""
    yield one(Case, command.case_id)


def decide(command: EvaluateDepartments, loaded: Loaded, context: Context) -> Outcome:
    """The street's side of the evaluation; refused where a department is missing, twice or not one of them."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope())
    expect_version(case, command.version)
    present = {part.department for part in case.present}
    if not present:
        raise Conflict("nobody-reported-in")
    if Counter(score.department for score in command.scores) != Counter(present):
        raise Invalid("one-score-each", fields={"scores": ("Needs one score for each department.",)})
    given = tuple(
        Evaluation(case.round, STREET, one.department, one.score, masked(one.remark), command.actor.id, context.now)
        for one in command.scores
    )
    return evaluate(case, given, context.now)
