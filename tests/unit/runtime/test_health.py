"""Health: what a supervisor is told, and when it is told to act."""

from datetime import UTC, datetime, timedelta

from shared.runtime.health import Health, Weight

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


class Watch:
    time = NOON

    def __call__(self) -> datetime:
        return self.time


def test_a_process_whose_parts_work_is_alive_and_ready() -> None:
    health = Health()
    health.good("engine", Weight.VITAL)
    health.good("database")
    assert health.livez()[0] == 200
    assert health.readyz() == (200, health.readyz()[1])
    assert health.readyz()[1]["status"] == "ok"


def test_a_service_that_can_absorb_stays_ready_while_the_broker_is_away_and_says_so() -> None:
    health = Health(clock=Watch())
    health.good("database")
    health.bad("broker", "connection refused", Weight.ABSORBED)
    status, told = health.readyz()
    assert (status, told["status"]) == (200, "degraded")
    assert told["parts"]["broker"] == {
        "ok": False,
        "weight": "absorbed",
        "since": "2026-03-02T04:00:00+00:00",
        "detail": "connection refused",
    }


def test_without_a_needed_part_it_lives_on_but_takes_no_work() -> None:
    health = Health()
    health.bad("database", "away")
    assert health.livez()[0] == 200
    assert health.readyz()[0] == 503


def test_without_a_vital_part_it_wants_to_be_started_again() -> None:
    health = Health()
    health.bad("engine", "its loop has ended", Weight.VITAL)
    assert health.livez()[0] == 503
    assert health.readyz()[0] == 503


def test_a_part_says_since_when_it_is_so() -> None:
    watch = Watch()
    health = Health(clock=watch)
    health.bad("broker", "refused", Weight.ABSORBED)
    watch.time = NOON + timedelta(minutes=5)
    health.bad("broker", "timed out", Weight.ABSORBED)
    part = health.readyz()[1]["parts"]["broker"]
    assert (part["since"], part["detail"]) == (NOON.isoformat(), "timed out")
    health.good("broker", Weight.ABSORBED)
    part = health.readyz()[1]["parts"]["broker"]
    assert (part["ok"], part["since"], part["detail"]) == (True, watch.time.isoformat(), "")
