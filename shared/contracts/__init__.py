"""The events that services exchange: frozen dataclasses in the past tense, their version in their name.

One module a publisher. Nothing personal is in any of them. A published event never changes but by a new field with a
default; anything else is a new version beside the old one (`docs/new-event.md`). `tests/contract/schemas` pins them.
"""
