"""What a database error means for a batch: try again, look for the culprit, or stop until the database is back."""

import psycopg
from psycopg import errors

from shared.errors import AppError, Conflict


class Collision(Exception):
    """Another replica was there first: the same works may be tried again at once."""


class Culprit(Exception):
    """One of the batch's rows is not acceptable; `refusal` is what to tell its caller, if it is a known constraint."""

    def __init__(self, reason: str, refusal: AppError | None = None) -> None:
        self.refusal = refusal
        super().__init__(reason)


class Away(Exception):
    """The database cannot be reached, or nothing works there (a missing migration, no rights, a full disk)."""


COLLISIONS = (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable)
CLAIMED_TWICE = ("inbox_pkey", "cursor_pkey", "parked_stream", "outbox_subject_sequence")


def meaning(error: psycopg.Error) -> Collision | Culprit | Away:
    """Turn a driver's error into what the engine can act on."""
    reason = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    if isinstance(error, COLLISIONS):
        return Collision(reason)
    if isinstance(error, psycopg.errors.UniqueViolation):
        constraint = error.diag.constraint_name or ""
        if constraint in CLAIMED_TWICE:
            return Collision(reason)
        return Culprit(reason, Conflict("already-exists", constraint=constraint))
    if isinstance(error, (psycopg.IntegrityError, psycopg.DataError)):
        return Culprit(reason)
    return Away(reason)
