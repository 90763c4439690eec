"""Who was shown a reporter's data, when and why: the record that makes looking accountable (个人信息保护法 54)."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class Disclosure(Struct, frozen=True):
    """One look at a reporter's data; never changed."""

    id: UUID
    case_id: UUID
    area: str
    person: str
    reason: str
    at: datetime
    version: int = 1
