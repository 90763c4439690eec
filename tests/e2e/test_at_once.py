"""Many at once: the same request fifty times, and fifty officers who contradict each other."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar
from uuid import UUID, uuid4

import orjson

from tests.e2e.whole import REPORT, Whole
from tests.support.eventually import eventually
from tools.client import Json
from tools.story.asking import CLERK

T = TypeVar("T")
MANY = 50


def at_once(asks: Sequence[Callable[[], T]]) -> list[T]:
    """Everybody asks at the same moment."""
    ready = Barrier(len(asks))

    def ask(one: Callable[[], T]) -> T:
        ready.wait(30)
        return one()

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(ask, asks))


def test_fifty_identical_requests_with_one_key_make_one_case(whole: Whole) -> None:
    """All fifty are answered alike; the key with another body is refused."""
    token, key = whole.token(CLERK), str(uuid4())
    cases = whole.count('SELECT count(*) FROM intake."case"')

    def register(body: Json = REPORT) -> tuple[int, Json]:
        return whole.api.ask("POST", "/api/intake/cases", body, token=token, key=key)

    answers = Counter((status, orjson.dumps(body)) for status, body in at_once([register] * MANY))
    assert list(answers.values()) == [MANY]
    assert {status for status, _ in answers} == {201}
    assert whole.count('SELECT count(*) FROM intake."case"') == cases + 1
    status, problem = register({**REPORT, "description": "另一件事"})
    assert (status, problem["type"]) == (422, "/problems/idempotency-key-reused")


def test_of_fifty_contradicting_officers_one_wins(whole: Whole) -> None:
    """Half sign, half dispute: 49 get 409, and the assignment stands as the winner left it."""
    case = whole.whistle()
    assignment = eventually(lambda: lead_of(whole, case), 30, "the lead is summoned")
    path = f"/api/dispatch/assignments/{assignment['id']}"
    signing, disputing = whole.token("officer.zhujian"), whole.token("officer2.zhujian")
    basis = {"legal_basis": "物业管理条例第五十五条，应由物业负责"}

    def sign() -> tuple[str, int]:
        return "signed", whole.api.ask("POST", f"{path}/signature", token=signing, key=str(uuid4()))[0]

    def dispute() -> tuple[str, int]:
        return "disputed", whole.api.ask("POST", f"{path}/dispute", basis, token=disputing, key=str(uuid4()))[0]

    answers = at_once([sign, dispute] * (MANY // 2))
    assert Counter(status for _, status in answers) == {200: 1, 409: MANY - 1}
    winner = next(state for state, status in answers if status == 200)
    found = whole.person("officer.zhujian").get(path)["assignment"]
    assert found["state"] == winner
    assert (found["signature"] is not None, found["dispute"] is not None) == (winner == "signed", winner == "disputed")
    events = whole.events(UUID(case["id"]))
    assert events["dispatch assignment.signed.v1"] + events["dispatch assignment.disputed.v1"] == 1


def lead_of(whole: Whole, case: Json) -> Json:
    """The lead's assignment, once it is there."""
    found = whole.person("supervisor.sanhe").get(f"/api/dispatch/assignments?case_id={case['id']}&part=lead")
    return next((one["assignment"] for one in found["items"]), None)
