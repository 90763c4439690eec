"""What every review has in common: a case that somebody else wrote, and a reason that does not name the complainant."""

from typing import Protocol
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from services.intake.domain.case import Case
from services.intake.domain.complaint import Complaint, mask
from shared.engine.work import Actor, Context, Loaded, Needs, expect_version, one


class ReviewCommand(Protocol):
    """What a reviewer's command says at least."""

    @property
    def case_id(self) -> UUID: ...
    @property
    def actor(self) -> Actor: ...
    @property
    def version(self) -> int | None: ...


class Reviewed(Struct, frozen=True):
    """The case under review, and its complaint unless a hotline keeps that."""

    case: Case
    complaint: Complaint | None

    def masked(self, reason: str) -> str:
        """The reason without the complainant."""
        return mask(reason, self.complaint)


def needs_of(command: ReviewCommand) -> Needs:
    """The case and its complaint."""
    yield one(Case, command.case_id)
    yield one(Complaint, command.case_id)


def reviewed(command: ReviewCommand, loaded: Loaded, context: Context) -> Reviewed:
    """The case, if this reviewer may review it: neither who registered it nor who asked for the whistle."""
    case = loaded.one(Case, command.case_id)
    for author in case.authors:
        context.allow(command, replace(case.scope, author=author))
    expect_version(case, command.version)
    return Reviewed(case, loaded.find(Complaint, case.id))
