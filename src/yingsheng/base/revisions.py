"""Numbers that say "this changed": equal means unchanged, anything else means read again."""

from __future__ import annotations

import secrets


def new_revision() -> int:
    """A number that was, for all practical purposes, never given out before; below 2**48.

    Random and not counted: a counter that is rolled back hands the same number to the next change, and whoever
    remembered the first would take the second for known.
    """
    return secrets.randbits(48)
