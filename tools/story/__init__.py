"""The story of the leaking restaurant, played through the API on a running system: what `make demo` shows."""

from tools.story.play import Played, play
from tools.story.silence import silence
from tools.story.stage import Stage

__all__ = ["Played", "Stage", "play", "silence"]
