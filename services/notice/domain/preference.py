"""What a person chose (通知偏好): channels beside the in-app list, and which notices come by which of them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from msgspec import Struct

from shared.engine.work import Scope, changed


class Kind(StrEnum):
    """What a channel is."""

    WEBHOOK = "webhook"
    EMAIL = "email"
    DINGTALK = "dingtalk"  # 钉钉群机器人
    WECOM = "wecom"  # 企业微信群机器人
    FEISHU = "feishu"  # 飞书群机器人
    APPRISE = "apprise"  # any other service that Apprise speaks to


class Channel(Struct, frozen=True):
    """A way to a person, under the `name` they gave it. A webhook's `secret` signs what is sent there."""

    name: str
    kind: Kind
    address: str
    secret: str = ""

    def __repr__(self) -> str:
        return f"Channel({self.name!r}, {self.kind!r})"


class Preference(Struct, frozen=True):
    """One person's choice, by their id: which `channels` they have, and which of them are `chosen` for each template.

    Where nothing is chosen there is the in-app list alone.
    """

    id: str
    language: str = "zh"
    channels: tuple[Channel, ...] = ()
    chosen: Mapping[str, tuple[str, ...]] = {}
    version: int = 0

    @property
    def scope(self) -> Scope:
        """It is its person's own."""
        return Scope(author=self.id)

    def channel(self, name: str) -> Channel | None:
        """The channel of this name."""
        return next((one for one in self.channels if one.name == name), None)

    def chosen_for(self, template: str) -> tuple[Channel, ...]:
        """By which channels this notice comes, beside the in-app list."""
        names = self.chosen.get(template, ())
        return tuple(one for one in self.channels if one.name in names)

    def choosing(self, language: str, channels: tuple[Channel, ...], chosen: Mapping[str, tuple[str, ...]]) -> Self:
        """Another choice. What is there already keeps its secret; at another address it would be known to two."""
        kept = {(one.name, one.kind, one.address): one for one in self.channels}
        return changed(
            self,
            language=language,
            channels=tuple(kept.get((one.name, one.kind, one.address), one) for one in channels),
            chosen=chosen,
        )
