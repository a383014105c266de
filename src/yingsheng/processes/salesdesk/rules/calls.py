"""Whose resource a caller is (J-06). Pure."""

from __future__ import annotations

from yingsheng.processes.salesdesk.rules.figures import ANSWERER, COLLEAGUE


def owner_of_call(*, answerer: str, helped: str = "", named: str = "", choice: str = ANSWERER) -> str:
    """Whose customer a caller becomes: who answered, unless he asks for a colleague (J-06, CF-50).

    `helped` is the busy or absent colleague before whose telephone the answerer sat, "" for his own. [I] A helped
    call is the answerer's; a site may choose the colleague. A name the caller gives goes before both. ValueError for
    an unknown choice.
    """
    if choice not in (ANSWERER, COLLEAGUE):
        raise ValueError(f"unknown choice: {choice!r}")
    if named:
        return named
    return helped if helped and choice == COLLEAGUE else answerer
