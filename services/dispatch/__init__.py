"""Dispatch (派遣): one whistle summons every responsible department, and none leaves before the matter is settled."""
