"""Signed short-lived tokens (JWT, Ed25519): the directory mints them, everybody else reads them by the public key."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import OKPKey

from shared.access.actor import Actor, Role
from shared.errors import Unauthenticated
from shared.runtime.clock import now, uuid7

ALGORITHM = "Ed25519"  # what RFC 9864 calls EdDSA with this curve
LIFETIME = timedelta(minutes=15)
PRIVATE, PUBLIC = "token-private.pem", "token-public.pem"
REMEMBERED = 4096  # verified tokens that a reader remembers: so many people at once

Clock = Callable[[], datetime]


def ensure_keys(directory: Path) -> None:
    """Make the key pair in this directory unless it is there already; only its owner may read the private key."""
    private = directory / PRIVATE
    directory.mkdir(parents=True, exist_ok=True)
    if not private.exists():
        key = OKPKey.generate_key("Ed25519")
        _write(private, key.as_pem(private=True), 0o600)
    key = OKPKey.import_key(private.read_bytes())
    _write(directory / PUBLIC, key.as_pem(private=False), 0o644)


def _write(path: Path, content: bytes, mode: int) -> None:
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        os.fsync(file.fileno())
    fresh.replace(path)


class Minter:
    """Signs tokens with the private key; only the directory has it."""

    def __init__(self, directory: Path, *, lifetime: timedelta = LIFETIME, clock: Clock = now) -> None:
        self._key = OKPKey.import_key((directory / PRIVATE).read_bytes())
        self._lifetime = lifetime
        self._clock = clock

    def mint(self, actor: Actor) -> tuple[str, datetime]:
        """A token that names this actor, and when it expires."""
        issued = self._clock()
        expires = issued + self._lifetime
        claims = {
            "sub": actor.id,
            "roles": sorted(actor.roles),
            "department": actor.department,
            "area": actor.area,
            "iat": int(issued.timestamp()),
            "exp": int(expires.timestamp()),
            "jti": str(uuid7()),
        }
        return jwt.encode({"alg": ALGORITHM}, claims, self._key, algorithms=[ALGORITHM]), expires


class Reader:
    """Verifies tokens by the public key, and remembers those it has verified until they expire."""

    def __init__(self, directory: Path, *, clock: Clock = now) -> None:
        self._key = OKPKey.import_key((directory / PUBLIC).read_bytes())
        self._clock = clock
        self._verified = lru_cache(REMEMBERED)(self._verify)

    def read(self, token: str) -> Actor:
        """Whom the token names; `Unauthenticated` if it is malformed, forged or expired."""
        actor, expires = self._verified(token)
        if self._clock().timestamp() >= expires:
            raise Unauthenticated("token-expired")
        return actor

    def expires(self, token: str) -> int:
        """When a token that was read ends, in seconds of the epoch."""
        return self._verified(token)[1]

    def _verify(self, token: str) -> tuple[Actor, int]:
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
        except BadSignatureError:
            raise Unauthenticated("token-forged") from None
        except (JoseError, ValueError):
            raise Unauthenticated("token-malformed") from None
        return _actor(claims)


def _actor(claims: dict[str, Any]) -> tuple[Actor, int]:
    try:
        roles = frozenset(Role(role) for role in claims["roles"]) - {Role.SYSTEM}
        actor = Actor(str(claims["sub"]), roles, str(claims["department"]), str(claims["area"]))
        return actor, int(claims["exp"])
    except (KeyError, TypeError, ValueError):
        raise Unauthenticated("token-malformed") from None
