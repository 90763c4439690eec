"""What tells who complained: kept apart from the case, for the community's intake only."""

from uuid import UUID

from msgspec import Struct

from services.intake.domain import masking


class Reporter(Struct, frozen=True):
    """Who reported it (报事人); empty texts for what they did not say."""

    name: str = ""
    phone: str = ""
    address: str = ""


class Complaint(Struct, frozen=True):
    """What somebody reported in their own words, and who they are. Its id is the case's."""

    id: UUID
    name: str
    phone: str
    address: str
    description: str
    version: int = 1

    @property
    def reporter(self) -> Reporter:
        """Who reported it."""
        return Reporter(self.name, self.phone, self.address)

    @property
    def masked_reporter(self) -> Reporter:
        """Who reported it, as far as the street may see."""
        address = masking.MASK if self.address else ""
        return Reporter(masking.masked_name(self.name), masking.masked_phone(self.phone), address)

    @property
    def summary(self) -> str:
        """The description without the complainant."""
        return self.mask(self.description)

    def mask(self, text: str) -> str:
        """A text of somebody else without this complainant."""
        return masking.mask_person(text, self.name, self.phone, self.address)


def mask(text: str, complaint: Complaint | None) -> str:
    """The text without the complainant; where a hotline keeps who called, without anything like a number."""
    return complaint.mask(text) if complaint else masking.mask_numbers(text)
