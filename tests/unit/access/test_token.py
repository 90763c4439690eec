"""Tokens name who asks, and nobody but the directory can make one."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from shared.access.actor import Actor, Role
from shared.access.token import ALGORITHM, Minter, Reader, ensure_keys
from shared.errors import Unauthenticated

OFFICER = Actor("p-07", frozenset({Role.OFFICER, Role.SUPERVISOR}), "chengguan", "cj.sanhe")
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


class Watch:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    ensure_keys(tmp_path)
    return tmp_path


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def reader(keys: Path, watch: Watch) -> Reader:
    return Reader(keys, clock=watch)


@pytest.fixture
def token(keys: Path, watch: Watch) -> str:
    return Minter(keys, clock=watch).mint(OFFICER)[0]


def refused(reader: Reader, token: str) -> str:
    with pytest.raises(Unauthenticated) as refusal:
        reader.read(token)
    return refusal.value.slug


def test_a_token_names_the_actor_it_was_minted_for(reader: Reader, token: str) -> None:
    assert reader.read(token) == OFFICER


def test_a_token_lasts_a_quarter_of_an_hour_and_is_refused_after_it(reader: Reader, token: str, watch: Watch) -> None:
    watch.time = NOON + timedelta(minutes=14, seconds=59)
    assert reader.read(token) == OFFICER
    watch.time = NOON + timedelta(minutes=15)
    assert refused(reader, token) == "token-expired"


def test_the_minter_says_when_the_token_expires(keys: Path, watch: Watch) -> None:
    _, expires = Minter(keys, clock=watch).mint(OFFICER)
    assert expires == NOON + timedelta(minutes=15)


def test_a_token_of_another_key_is_refused_as_forged(reader: Reader, tmp_path: Path, watch: Watch) -> None:
    ensure_keys(tmp_path / "elsewhere")
    forged, _ = Minter(tmp_path / "elsewhere", clock=watch).mint(OFFICER)
    assert refused(reader, forged) == "token-forged"


def test_a_token_whose_claims_were_changed_is_refused_as_forged(reader: Reader, token: str) -> None:
    header, _, signature = token.split(".")
    other = jwt.encode({"alg": ALGORITHM}, {"sub": "boss"}, OKPKey.generate_key("Ed25519"), algorithms=[ALGORITHM])
    assert refused(reader, f"{header}.{other.split('.')[1]}.{signature}") == "token-forged"


@pytest.mark.parametrize("said", ["", "x", "a.b.c", "..", "é.é.é", "x" * 5000])
def test_what_is_no_token_at_all_is_refused_as_malformed(reader: Reader, said: str) -> None:
    assert refused(reader, said) == "token-malformed"


def test_a_token_without_a_signature_is_refused(reader: Reader, token: str) -> None:
    _, claims, _ = token.split(".")
    assert refused(reader, f"eyJhbGciOiJub25lIn0.{claims}.") == "token-malformed"


def test_the_public_key_cannot_be_used_as_a_shared_secret(reader: Reader, keys: Path) -> None:
    secret = OctKey.import_key((keys / "token-public.pem").read_bytes().hex())
    forged = jwt.encode({"alg": "HS256"}, {"sub": "boss", "roles": ["administrator"]}, secret)
    assert refused(reader, forged) == "token-malformed"


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"sub": "p", "roles": ["king"], "department": "", "area": "", "exp": 1},
        {"sub": "p", "roles": "officer", "department": "", "area": "", "exp": 1},
        {"sub": "p", "roles": ["officer"], "department": "", "area": "", "exp": "soon"},
    ],
)
def test_a_signed_token_with_other_claims_is_refused(reader: Reader, keys: Path, claims: dict[str, object]) -> None:
    key = OKPKey.import_key((keys / "token-private.pem").read_bytes())
    signed = jwt.encode({"alg": ALGORITHM}, claims, key, algorithms=[ALGORITHM])
    assert refused(reader, signed) == "token-malformed"


def test_nobody_becomes_the_system_by_a_token(keys: Path, watch: Watch, reader: Reader) -> None:
    token, _ = Minter(keys, clock=watch).mint(Actor("p", frozenset({Role.SYSTEM, Role.OFFICER})))
    assert reader.read(token).roles == {Role.OFFICER}


def test_only_its_owner_may_read_the_private_key(keys: Path) -> None:
    assert stat.S_IMODE((keys / "token-private.pem").stat().st_mode) == 0o600


def test_making_the_keys_again_keeps_them(keys: Path, token: str, watch: Watch) -> None:
    ensure_keys(keys)
    assert Reader(keys, clock=watch).read(token) == OFFICER


def test_a_reader_needs_only_the_public_key(keys: Path, token: str, watch: Watch) -> None:
    (keys / "token-private.pem").unlink()
    assert Reader(keys, clock=watch).read(token) == OFFICER
