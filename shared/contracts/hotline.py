"""What a hotline (12345 热线) or another platform hands over by message: the system's door for cases registered
elsewhere.
"""

from uuid import UUID

from msgspec import Struct

from shared.contracts.places import Place
from shared.contracts.registry import event


@event("call.handed_over.v1")
class CallHandedOverV1(Struct, frozen=True):
    """A call that the hotline reviewed and hands over as a whistle (工单转办).

    `call_id` is the hotline's own and becomes the case's id; who called stays with the hotline, which calls them back.
    `ongoing`: the violation is in progress (违法行为正在发生).
    """

    call_id: UUID
    reference: str
    category: str
    kind: str
    place: Place
    summary: str
    ongoing: bool = False
