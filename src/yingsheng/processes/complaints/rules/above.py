"""Who stands above a post, for a complaint about whoever holds it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

SITE_HEAD = "SITE_HEAD"
ABOVE_THE_SITE = frozenset({"DIV_MGR", "CO_MGR"})  # on no rung themselves, and higher than the site head


def posts_above(*, role: str, ladder: Sequence[str]) -> tuple[str, ...]:
    """The posts that take over from this one, the nearest first, by the ladder of C-53.

    A post of the site that stands on no rung is under the site head; one of the company is under those above him.
    """
    rungs = tuple(dict.fromkeys(ladder))
    if role in rungs:
        return rungs[rungs.index(role) + 1 :]
    if SITE_HEAD not in rungs:
        return (SITE_HEAD, *rungs)
    start = rungs.index(SITE_HEAD)
    return rungs[start + 1 :] if role in ABOVE_THE_SITE else rungs[start:]
