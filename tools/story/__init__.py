"""The story of the leaking restaurant, played through the API on a running system: what `make demo` shows."""

from tools.story.play import Played, play

__all__ = ["Played", "play"]
