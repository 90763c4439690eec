"""What the three say to each other; each message's id is its row in its receiver's inbox.

Ids stay the hexadecimal digits that they are in a message: nobody here needs more of them.
"""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from shared.runtime.clock import uuid7


class HandedOver(msgspec.Struct, frozen=True, tag="handed_over"):
    """The hotline hands over a call."""

    id: str
    case_id: str
    reference: str
    category: str
    area: str
    address: str
    summary: str


class Whistled(msgspec.Struct, frozen=True, tag="whistled"):
    """Intake: a case calls for its departments."""

    id: str
    case_id: str
    number: str
    category: str
    area: str
    address: str
    summary: str
    whistled_at: str


class Summons(msgspec.Struct, frozen=True, array_like=True):
    """One department's part in a case."""

    assignment_id: str
    department: str
    part: str


class Dispatched(msgspec.Struct, frozen=True, tag="dispatched"):
    """Dispatch: who is summoned."""

    id: str
    case_id: str
    number: str
    category: str
    area: str
    address: str
    summary: str
    dispatched_at: str
    summons: list[Summons]


class Delivered(msgspec.Struct, frozen=True, tag="delivered"):
    """Notice: a case's summonses lie in their inboxes."""

    id: str
    case_id: str
    delivered_at: str


Message = HandedOver | Whistled | Dispatched | Delivered
Kind = TypeVar("Kind", bound=Message)

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Message).decode


def new_ids(count: int) -> list[str]:
    """So many new ids in their order: one UUIDv7, of which the last 32 bits are counted on."""
    first = uuid7().int & ~0xFFFF_FFFF
    return [f"{first + number:032x}" for number in range(count)]


def only(kind: type[Kind], batch: Sequence[Message]) -> list[Kind]:
    """Those of this kind, in their order."""
    return [message for message in batch if isinstance(message, kind)]
