"""A reporter (报事人) of a case, who is called back. A merged case has several."""

from datetime import datetime
from typing import Self
from uuid import UUID

from msgspec import Struct

from services.closure.domain.rules import RULES
from shared.engine.work import changed
from shared.errors import Conflict


class Answer(Struct, frozen=True):
    """The reporter's own answer: solved or not, and how satisfied (1 to 5), where they say so."""

    resolved: bool
    satisfaction: int | None = None


class Contact(Struct, frozen=True):
    """One attempt to reach a reporter in one round of one case; `answer` is None when they were not reached.

    `by` is the call-back clerk; the reporter themselves when `by_resident`.
    """

    case_id: UUID
    round: int
    attempt: int
    answer: Answer | None
    remark: str
    by: str
    by_resident: bool
    at: datetime


class Reporter(Struct, frozen=True):
    """Known by the SHA-256 digest of their tracking code, or by their case where the hotline keeps them.

    `own_case` is the case that they reported; `case_id` the one into which it was merged, or the same.
    """

    id: str
    case_id: UUID
    own_case: UUID
    contacts: tuple[Contact, ...] = ()
    appealed_at: datetime | None = None
    version: int = 1

    def contacts_in(self, round: int) -> tuple[Contact, ...]:
        """The attempts of this round of the case that they belong to now."""
        return tuple(one for one in self.contacts if (one.case_id, one.round) == (self.case_id, round))

    def answer_in(self, round: int) -> Answer | None:
        """Their answer of this round, if they gave one."""
        return next((one.answer for one in self.contacts_in(round) if one.answer), None)

    def may_be_given_up(self, round: int) -> bool:
        """Whether enough contacts failed in this round (未联系上)."""
        return len(self.contacts_in(round)) >= RULES.failed_contacts

    def contacted(
        self, round: int, answer: Answer | None, remark: str, by: str, by_resident: bool, now: datetime
    ) -> Self:
        """One attempt more; `Conflict` once they have answered in this round."""
        if self.answer_in(round):
            raise Conflict("answered-before")
        attempt = len(self.contacts_in(round)) + 1
        contact = Contact(self.case_id, round, attempt, answer, remark, by, by_resident, now)
        return changed(self, contacts=(*self.contacts, contact))

    def joined(self, case_id: UUID) -> Self:
        """They belong to this case from now on, because theirs was merged into it."""
        return changed(self, case_id=case_id)

    def may_appeal_until(self, closed_at: datetime | None) -> datetime | None:
        """When the right to appeal against this closing ends; None for who has none (any more)."""
        return closed_at + RULES.appeal_within if closed_at and not self.appealed_at else None

    def appealed(self, closed_at: datetime, now: datetime) -> Self:
        """They appeal (申诉): once, and only for some days after closing; otherwise `Conflict`."""
        until = self.may_appeal_until(closed_at)
        if until is None:
            raise Conflict("appealed-before")
        if now > until:
            raise Conflict("appeal-too-late", days=RULES.appeal_days)
        return changed(self, appealed_at=now)


def reporter_id(tracking_digest: str, case_id: UUID) -> str:
    """By what a reporter is known."""
    return tracking_digest or str(case_id)
