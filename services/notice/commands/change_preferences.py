"""Choose by which channels one gets which notices (通知偏好)."""

from collections.abc import Mapping

from msgspec import Struct

from services.notice.domain.addresses import flaw
from services.notice.domain.preference import Channel, Preference
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, one
from shared.errors import Invalid


class ChangePreferences(Struct, frozen=True):
    """The whole choice. The door gives each webhook a fresh secret, which counts if the webhook is new.

    `private` and `mail` are what the system's settings say: whether addresses may lead back to this machine, and
    whether there is a mail server.
    """

    language: str
    channels: tuple[Channel, ...]
    chosen: Mapping[str, tuple[str, ...]]
    actor: Actor
    version: int | None = None
    private: bool = False
    mail: bool = False


class Chosen(Struct, frozen=True):
    """What is chosen now, and those webhooks whose `secrets` are told, for they are new."""

    language: str
    channels: tuple[Channel, ...]
    chosen: Mapping[str, tuple[str, ...]]
    version: int
    secrets: tuple[Channel, ...]


def needs(command: ChangePreferences) -> Needs:
    """What the person chose before."""
    yield one(Preference, command.actor.id)


def decide(command: ChangePreferences, loaded: Loaded, context: Context) -> Outcome:
    """The new choice in place of the old one; what is on its way by a channel that is gone is given up."""
    found = loaded.find(Preference, command.actor.id)
    before = found or Preference(command.actor.id)
    context.allow(command, before.scope)
    expect_version(before, command.version)
    if flaws := _flaws(command):
        raise Invalid(fields=flaws)
    after = before.choosing(command.language, command.channels, command.chosen)
    new = tuple(channel for channel in after.channels if channel.secret and channel not in before.channels)
    result = Chosen(after.language, after.channels, after.chosen, after.version, new)
    return Outcome(changed=(after,), result=result) if found else Outcome(new=(after,), result=result)


def _flaws(command: ChangePreferences) -> dict[str, list[str]]:
    """What is wrong in which field."""
    names = [channel.name for channel in command.channels]
    flaws = {
        f"channels.{number}.name": ["Given more than once."]
        for number, name in enumerate(names)
        if names.index(name) < number
    }
    for number, channel in enumerate(command.channels):
        if wrong := flaw(channel.kind, channel.address, private=command.private, mail=command.mail):
            flaws[f"channels.{number}.address"] = [wrong]
    for template, chosen in command.chosen.items():
        if not set(chosen) <= set(names):
            flaws[f"chosen.{template}"] = ["No channel has this name."]
    return flaws
