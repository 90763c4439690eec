"""What a process counts, for Prometheus: base units, `whistle_` names, no label whose values are without bound."""

from collections.abc import Iterable
from itertools import product

from prometheus_client import Counter, Gauge, Histogram

SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500)
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
LAG_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200)
MINUTE, HOUR, DAY = 60, 3_600, 86_400
LIMITS = (  # from five minutes to thirty days, with the limits of the kinds among them
    *(minutes * MINUTE for minutes in (5, 15, 30)),
    *(hours * HOUR for hours in (1, 2, 4, 8, 12)),
    *(days * DAY for days in (1, 2, 3, 5, 7, 10, 15, 20, 30)),
)

# HTTP
requests = Counter("whistle_http_requests", "Requests answered, by operation and status.", ["operation", "status"])
request_seconds = Histogram("whistle_http_request_seconds", "From route to answer.", ["operation"], buckets=SECONDS)
in_flight = Gauge("whistle_http_requests_in_flight", "Requests begun and not yet answered.")

# The engine
works = Counter(
    "whistle_works", "Works by how they ended: done, refused, replayed, duplicate, waiting, parked.", ["ending"]
)
batch_works = Histogram("whistle_batch_works", "Works in one batch.", buckets=SIZES)
batch_seconds = Histogram("whistle_batch_seconds", "One batch from gathering to answers.", buckets=SECONDS)
waiting_requests = Gauge("whistle_waiting_requests", "Requests that wait for their batch.")
waiting_messages = Gauge("whistle_waiting_messages", "Messages received that wait for their batch.")
conflicts = Counter("whistle_conflicts", "Batches tried again after a conflict with another process.")
splits = Counter("whistle_batch_splits", "Batches split because of an error of the database.")
breaker_open = Gauge("whistle_breaker_open", "1 while everything fails and the engine waits.")

# The outbox and what it announces
announced = Counter("whistle_announced", "Events by what became of them: confirmed, refused, unroutable.", ["outcome"])
announce_seconds = Histogram("whistle_announce_seconds", "From commit to the broker's confirmation.", buckets=SECONDS)
unsent = Gauge("whistle_outbox_unsent_events", "Events that no broker has confirmed yet.")
outbox_oldest = Gauge("whistle_outbox_oldest_seconds", "How long the oldest event that no broker confirmed is decided.")
outbox_unroutable = Gauge("whistle_outbox_unroutable_events", "Unsent events that no queue took when they were tried.")
swept = Counter("whistle_outbox_swept_events", "Events that the sweep found after a crash or a lost confirmation.")
broker_up = Gauge("whistle_broker_up", "1 while the connection to the broker stands.")

# What waits for somebody
parked = Gauge("whistle_parked_messages", "Messages that wait for an operator, by queue.", ["queue"])
unconfirmed = Gauge("whistle_unconfirmed", "Announcements whose arrival nobody has confirmed in time.")
in_vain = Gauge(
    "whistle_announced_in_vain", "Subjects announced again and again that nobody confirms: somebody must look."
)
again = Counter("whistle_announced_again", "Subjects announced again because nobody confirmed them.")

# Timers
timers_failed = Counter("whistle_timers_failed", "Timers whose command failed or was refused; they are tried again.")
timer_lag = Histogram("whistle_timer_lag_seconds", "From when a timer was due until it fired.", buckets=LAG_SECONDS)
timers_due = Gauge("whistle_timers_due", "Timers that are due and have not fired.")

# Cases and their clocks (supervision). A breach counts when its limit passes, not when somebody stirs at last: so that
# silence counts too, and so that the share in time is in_time / (in_time + breaches - withdrawn).
cases = Gauge("whistle_cases", "Cases by their state.", ["state"])
time_to_sign = Histogram("whistle_time_to_sign_seconds", "From dispatch to signature.", ["kind"], buckets=LIMITS)
time_to_report_in = Histogram(
    "whistle_time_to_report_in_seconds", "From dispatch to reporting in.", ["kind"], buckets=LIMITS
)
time_to_close = Histogram("whistle_time_to_close_seconds", "From dispatch to closing.", ["kind"], buckets=LIMITS)
clock_stops = Counter(
    "whistle_clock_stops", "Clocks that stopped, by what had happened by then: in_time, late.", ["clock", "outcome"]
)
breaches = Counter("whistle_breaches", "Limits that passed, by whose and which.", ["department", "clock"])
breaches_withdrawn = Counter(
    "whistle_breaches_withdrawn", "Breaches that were none: it was in time and was heard late.", ["department", "clock"]
)

# Notices
notice_attempts = Counter(
    "whistle_notice_attempts", "Tries to deliver a notice: delivered, failed, given_up.", ["channel", "outcome"]
)
notices_waiting = Gauge("whistle_notices_waiting", "Notices not delivered yet, by channel.", ["channel"])


def expect(metric: Counter | Gauge | Histogram, *labels: Iterable[str]) -> None:
    """Let every combination of these labels' values exist at 0 from now on.

    Prometheus sees no increase in a series that begins with 1: unexpected, the first breach would go unnoticed.
    """
    for values in product(*labels):
        metric.labels(*values)


expect(announced, ("confirmed", "refused", "unroutable"))


def observe(told: Iterable[tuple[str, tuple[str, ...], float]]) -> None:
    """Tell metrics of this module, by their names here, what commands observed: metric, labels, value."""
    for name, labels, value in told:
        metric = globals()[name].labels(*labels) if labels else globals()[name]
        if isinstance(metric, Histogram):
            metric.observe(value)
        else:
            metric.inc(value)
