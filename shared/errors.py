"""The errors a caller can do something about: a small tree, mapped to HTTP in one place (`shared/web/problem.py`).

Every refusal has a `slug`, the stable name under which its texts (Chinese and English) lie in `shared/web/texts.yaml`;
`facts` fill the texts' placeholders and `fields` name each offending field with what is wrong with it.
"""

from collections.abc import Mapping, Sequence

FieldErrors = Mapping[str, Sequence[str]]


class AppError(Exception):
    """The request cannot be carried out."""

    slug = "refused"

    def __init__(self, slug: str | None = None, /, *, fields: FieldErrors | None = None, **facts: object) -> None:
        self.slug = slug or type(self).slug
        self.fields: FieldErrors = fields or {}
        self.facts = facts
        super().__init__(f"{self.slug} {facts or ''}".strip())


class Invalid(AppError):
    """Something in the request is wrong or missing."""

    slug = "invalid"


class Unauthenticated(AppError):
    """Nobody, or nobody any more, is known to be asking."""

    slug = "unauthenticated"


class Forbidden(AppError):
    """Whoever asks may not do this."""

    slug = "forbidden"


class NotFound(AppError):
    """There is no such thing, or none that the asker may see."""

    slug = "not-found"


class Conflict(AppError):
    """The present state does not allow this."""

    slug = "conflict"


class IllegalTransition(Conflict):
    """This action is not possible in the present state."""

    slug = "illegal-transition"


class StaleVersion(Conflict):
    """Somebody changed it since it was read."""

    slug = "stale-version"


class KeyReused(AppError):
    """The idempotency key was used for another request before."""

    slug = "idempotency-key-reused"


class TooLarge(AppError):
    """The body or file is over the limit."""

    slug = "too-large"


class Unavailable(AppError):
    """The service cannot take this now; try again later."""

    slug = "unavailable"
