"""A case after it was handled: verified, called back, closed, evaluated, archived."""

from datetime import datetime
from typing import Self
from uuid import UUID

from msgspec import Struct

from services.closure.domain.transitions import Action, State, next_state
from services.closure.domain.values import DEPARTMENT, STREET, Closing, Evaluation, Part, Verification, lead_of
from shared.contracts.dispatch import CaseFedBackV1
from shared.contracts.intake import CaseSelfHandledV1
from shared.contracts.places import Place
from shared.engine.work import Scope, changed
from shared.errors import Conflict, Invalid


class Case(Struct, frozen=True):
    """One case from hand-over to archive; each rework begins another `round`.

    `handlers` are the ids of the people who worked on it, `departments` the codes of all that were summoned. `measures`
    is what the community did, where it handled the case itself. `handed_at` starts the verification's (or call-back's)
    clock; `closed_at` is None unless the case is closed now. `into` is the case that it was merged into.
    """

    id: UUID
    number: str
    kind: str
    category: str
    place: Place
    area: str
    summary: str
    state: State
    round: int
    handed_at: datetime
    parts: tuple[Part, ...] = ()
    departments: tuple[str, ...] = ()
    handlers: tuple[str, ...] = ()
    measures: str = ""
    verifications: tuple[Verification, ...] = ()
    closings: tuple[Closing, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    closed_at: datetime | None = None
    archived_at: datetime | None = None
    withdrawn_at: datetime | None = None
    into: UUID | None = None
    version: int = 1

    @classmethod
    def received(cls, event: CaseFedBackV1, present: frozenset[UUID]) -> Self:
        """Handed over for verification (待核查); `present` are the assignments that fed back."""
        return cls(
            id=event.case_id,
            number=event.number,
            kind=event.kind,
            category=event.category,
            place=event.place,
            area=event.place.area,
            summary=event.summary,
            state=next_state(None, Action.RECEIVE),
            round=event.round,
            handed_at=event.fed_back_at,
            parts=tuple(Part.of(one, present) for one in event.summons),
            departments=tuple(one.department for one in event.summons),
            handlers=event.handlers,
        )

    @classmethod
    def received_handled(cls, event: CaseSelfHandledV1) -> Self:
        """Solved by the community itself (小事不出社区): only the call-back is left."""
        return cls(
            id=event.case_id,
            number=event.number,
            kind=event.kind,
            category=event.category,
            place=event.place,
            area=event.place.area,
            summary=event.summary,
            state=next_state(None, Action.RECEIVE_HANDLED),
            round=1,
            handed_at=event.handled_at,
            handlers=(event.handled_by,),
            measures=event.measures,
        )

    @property
    def present(self) -> tuple[Part, ...]:
        """The parts of the departments that reported in and fed back."""
        return tuple(part for part in self.parts if part.present)

    def scope(self, author: str = "") -> Scope:
        """What the policy asks about; `author` is the reporter whose own case this is, where one acts."""
        return Scope(
            area=self.area, author=author, handlers=frozenset(self.handlers), taking_part=frozenset(self.departments)
        )

    def received_again(self, event: CaseFedBackV1, present: frozenset[UUID]) -> Self:
        """The departments that had failed have fed back again: another round."""
        return changed(
            self,
            state=next_state(self.state, Action.RECEIVE),
            round=max(event.round, self.round + 1),
            handed_at=event.fed_back_at,
            parts=tuple(Part.of(one, present) for one in event.summons),
            departments=tuple(one.department for one in event.summons),
            handlers=tuple(dict.fromkeys((*self.handlers, *event.handlers))),
            summary=event.summary,
            category=event.category,
            kind=event.kind,
        )

    def received_handled_again(self, event: CaseSelfHandledV1) -> Self:
        """The community has taken up again what it had solved itself."""
        return changed(
            self,
            state=next_state(self.state, Action.RECEIVE_HANDLED),
            round=self.round + 1,
            handed_at=event.handled_at,
            handlers=tuple(dict.fromkeys((*self.handlers, event.handled_by))),
            measures=event.measures,
        )

    def verified(self, verification: Verification) -> Self:
        """Verified on site: to be called back, or back to the departments whose part failed."""
        action = Action.PASS if verification.passed else Action.FAIL
        return changed(self, state=next_state(self.state, action), verifications=(*self.verifications, verification))

    def failing(self, assignments: tuple[UUID, ...]) -> tuple[UUID, ...]:
        """Which parts to reopen: these, or the lead's if none is named; `Invalid` for one that is not part of it."""
        unknown = set(assignments) - {part.assignment_id for part in self.present}
        if unknown:
            raise Invalid("not-part-of-case", fields={"failed": ("Names an assignment that fed back nothing here.",)})
        return tuple(dict.fromkeys(assignments)) or lead_of(self.parts)

    def contacted(self) -> Self:
        """A contact that does not decide yet: not reached, or other reporters are still to be asked."""
        return changed(self, state=next_state(self.state, Action.CONTACT))

    def objected(self) -> Self:
        """A reporter says that it is not solved."""
        return changed(self, state=next_state(self.state, Action.OBJECT))

    def closed(self, action: Action, closing: Closing) -> Self:
        """Closed (办结): confirmed by the reporters, or unreached."""
        state = next_state(self.state, action)
        return changed(self, state=state, closings=(*self.closings, closing), closed_at=closing.at)

    def appealed(self) -> Self:
        """A reporter appealed: back to rework, no longer closed."""
        return changed(self, state=next_state(self.state, Action.APPEAL), closed_at=None, archived_at=None)

    def absorbed(self) -> Self:
        """Another reporter belongs to it now; a closed case is called back once more."""
        return changed(self, state=next_state(self.state, Action.ABSORB), closed_at=None, archived_at=None)

    def evaluated(self, evaluations: tuple[Evaluation, ...]) -> Self:
        """One side has evaluated the other, once a round."""
        state = next_state(self.state, Action.EVALUATE)
        given = {(one.side, one.department) for one in self.evaluations if one.round == self.round}
        if given & {(one.side, one.department) for one in evaluations}:
            raise Conflict("evaluated-before")
        return changed(self, state=state, evaluations=(*self.evaluations, *evaluations))

    @property
    def fully_evaluated(self) -> bool:
        """Whether the street scored every department that reported in, and each of them the street."""
        given = {(one.side, one.department) for one in self.evaluations if one.round == self.round}
        return bool(self.present) and given >= {
            (side, part.department) for part in self.present for side in (STREET, DEPARTMENT)
        }

    def archived(self, now: datetime) -> Self:
        """Into the archive (归档): both evaluations are in, or enough days have passed."""
        return changed(self, state=next_state(self.state, Action.ARCHIVE), archived_at=now)

    def published(self) -> Self:
        """Its outcome is made public; the state stays."""
        return changed(self, state=next_state(self.state, Action.PUBLISH))

    def withdrawn(self, into: UUID | None, now: datetime) -> Self:
        """Merged or void (合并, 作废)."""
        return changed(self, state=next_state(self.state, Action.WITHDRAW), into=into, withdrawn_at=now)
