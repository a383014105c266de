"""Marking text for translation where Django may not be imported."""

from __future__ import annotations


def gettext_noop(text: str) -> str:
    """Return `text` unchanged; the name is what the message extractor looks for."""
    return text
