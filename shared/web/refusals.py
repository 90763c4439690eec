"""What a door refuses before any command is made: the part of the tree of errors that only HTTP knows."""

from shared.errors import AppError, Unavailable


class Malformed(AppError):
    """The request itself cannot be read."""

    slug = "malformed"


class WrongMethod(AppError):
    """This address does not take this method; `allowed` are those that it takes."""

    slug = "wrong-method"


class WrongMediaType(AppError):
    """The body is of a kind that is not taken here."""

    slug = "wrong-media-type"


class BadGateway(AppError):
    """The service behind gave an answer that cannot be passed on."""

    slug = "bad-gateway"


class TooSlow(Unavailable):
    """The service behind did not answer in time."""

    slug = "too-slow"
