"""What a duty post or shift is called."""

from __future__ import annotations

from django.utils.translation import get_language

from yingsheng.kernel.rosters.models import DutyPost, Shift


def own_name(thing: DutyPost | Shift) -> str:
    """The name of a post or shift in the reader's language."""
    is_english = (get_language() or "").startswith("en")
    return thing.name_en if is_english and thing.name_en else thing.name
