"""The broker or the database is away for a while: what can go on goes on, and nothing is lost."""

from uuid import uuid4

from tests.e2e.hotline import call, hand_over, summoned
from tests.e2e.whole import DEPARTMENTS, REPORT, Whole
from tests.support.eventually import eventually
from tools.story.asking import CLERK
from tools.system import SERVICES

BEHIND = [name for name in SERVICES if name != "gateway"]


def test_without_the_broker_whistles_are_accepted_and_arrive_when_it_returns(whole: Whole) -> None:
    """Intake is alive and ready and says what is missing; a service that starts meanwhile waits for the broker."""
    whole.broker.kill()
    case = whole.whistle()
    eventually(lambda: not whole.health("intake", "/readyz")[1]["parts"]["broker"]["ok"], what="intake says so")
    status, said = whole.health("intake", "/readyz")
    assert (status, said["status"]) == (200, "degraded")
    assert said["parts"]["broker"]["detail"]
    assert whole.health("intake", "/livez")[0] == 200
    eventually(lambda: whole.metric("intake", "whistle_outbox_unsent_events") >= 3, what="its metrics count what waits")
    whole.kill("dispatch")
    whole.serves("dispatch")
    assert not whole.health("dispatch", "/readyz")[1]["parts"]["broker"]["ok"]
    assert whole.inboxes(case) == dict.fromkeys(DEPARTMENTS, 0)
    whole.broker.start()
    eventually(lambda: whole.inboxes(case) == dict.fromkeys(DEPARTMENTS, 1), 60, "the summonses arrive")


def test_without_the_database_requests_are_asked_to_come_later_and_messages_wait(whole: Whole) -> None:
    """Every service answers 503 and lives; when the database is back, everything goes on without a restart."""
    processes, token = whole.pids(), whole.token(CLERK)
    calls = [uuid4() for _ in range(50)]
    whole.postgres.kill()
    hand_over(whole, [call(one) for one in calls])
    for path in ("intake/cases", "dispatch/cases", "closure/cases", "directory/me"):
        assert whole.api.ask("GET", f"/api/{path}", token=token)[0] == 503, path
    assert whole.api.ask("POST", "/api/intake/cases", REPORT, token=token, key=str(uuid4()))[0] == 503
    for name in BEHIND:
        assert whole.health(name, "/livez")[0] == 200
        assert whole.health(name, "/readyz")[0] == 503
    whole.postgres.start()
    assert whole.person(CLERK).post("/api/intake/cases", REPORT)["state"] == "draft"
    eventually(lambda: summoned(whole, calls) == len(calls), 60, "three departments are summoned to each call", 0.2)
    assert whole.pids() == processes
