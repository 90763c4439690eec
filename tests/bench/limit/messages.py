"""What the three say to each other; each message's id is its row in its receiver's inbox."""

from typing import Any
from uuid import UUID

import msgspec


class HandedOver(msgspec.Struct, frozen=True, tag="handed_over"):
    """The hotline hands over a call."""

    id: UUID
    case_id: UUID
    reference: str
    category: str
    area: str
    address: str
    summary: str


class Whistled(msgspec.Struct, frozen=True, tag="whistled"):
    """Intake: a case calls for its departments."""

    id: UUID
    case_id: UUID
    number: str
    category: str
    area: str
    address: str
    summary: str
    whistled_at: str


class Summons(msgspec.Struct, frozen=True, array_like=True):
    """One department's part in a case."""

    assignment_id: UUID
    department: str
    part: str


class Dispatched(msgspec.Struct, frozen=True, tag="dispatched"):
    """Dispatch: who is summoned."""

    id: UUID
    case_id: UUID
    number: str
    category: str
    area: str
    address: str
    summary: str
    dispatched_at: str
    summons: list[Summons]


class Delivered(msgspec.Struct, frozen=True, tag="delivered"):
    """Notice: a case's summonses lie in their inboxes."""

    id: UUID
    case_id: UUID
    delivered_at: str


Message = HandedOver | Whistled | Dispatched | Delivered

encode = msgspec.json.Encoder(uuid_format="hex").encode
decode = msgspec.json.Decoder(Message).decode


def only(kind: type[Any], batch: list[Message]) -> list[Any]:
    """Those of this kind, in their order."""
    return [message for message in batch if type(message) is kind]
