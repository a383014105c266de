"""Facts typed into the form that tries the articles out, as the rules take them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.salesdesk.process.attribution import CLAIMS
from yingsheng.processes.salesdesk.rules.days import Relation
from yingsheng.processes.salesdesk.rules.facts import Claim, Deal, Facts, Noticed, Public, PublicKind, Record
from yingsheng.processes.salesdesk.rules.matching import Key


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """What is wrong with what was typed, and where."""

    field: str
    text: str


NO_FLAW = Flaw(field="", text="")


def facts_of_trial(*, values: Mapping[str, Any]) -> tuple[Facts | None, Flaw]:
    """The facts of a filled form, or what is wrong with them: days that contradict one another, an entry half told."""
    claims = []
    for number in CLAIMS:
        claim, flaw = _claim(values=values, number=number)
        if flaw.text:
            return None, flaw
        if claim is not None:
            claims.append(claim)
    if values["closer"] and not (values["deposit_day"] or values["signed_day"]):
        return None, Flaw(field="deposit_day", text=N("写了成交者，请写交定金或签认购书的日子"))
    try:
        return _facts(values=values, claims=tuple(claims)), NO_FLAW
    except ValueError:
        return None, Flaw(field="visit_day", text=N("日子前后矛盾：登记不晚于来访，发现和成交不早于来访"))


def _facts(*, values: Mapping[str, Any], claims: tuple[Claim, ...]) -> Facts:
    kind = values["public_kind"]
    public = (
        Public(
            kind=PublicKind(kind), card_given=values["card_given"],
            recognised=Noticed.AFTER if values["recognised_after"] else Noticed.DURING,
        )
        if kind
        else None
    )  # fmt: skip
    deal = (
        Deal(closer=values["closer"], deposit_day=values["deposit_day"], signed_day=values["signed_day"])
        if values["closer"]
        else None
    )
    return Facts(
        receiver=values["receiver"].strip(), visit_day=values["visit_day"], claims=claims,
        present=_several(values["present"]), named=values["named"].strip(),
        named_too_late=values["named_too_late"], brought_by=values["brought_by"].strip(),
        help_of=values["help_of"].strip(), group_purchase=values["group_purchase"], public=public,
        knew=values["knew"], went_on=values["went_on"], consented=_several(values["consented"]), deal=deal,
    )  # fmt: skip


def _several(text: str) -> frozenset[str]:
    return frozenset(piece.strip() for piece in re.split(r"[、,，;；\s]+", text) if piece.strip())


def _claim(*, values: Mapping[str, Any], number: int) -> tuple[Claim | None, Flaw]:
    at = f"claim{number}"
    agent = values[f"{at}_agent"].strip()
    if not agent:
        return None, NO_FLAW
    for name in ("record", "day", "noticed"):
        if not values[f"{at}_{name}"]:
            return None, Flaw(field=f"{at}_{name}", text=N("写了是谁的登记，这一项也要填"))
    noticed = Noticed(values[f"{at}_noticed"])
    found = values[f"{at}_discovered"]
    if noticed is Noticed.AFTER and not found:
        return None, Flaw(field=f"{at}_discovered", text=N("接待后才发现的，请写发现日"))
    record = Record(values[f"{at}_record"])
    day = values[f"{at}_day"]
    return (
        Claim(
            agent=agent, record=record, registered_day=day, keys=frozenset(Key(one) for one in values[f"{at}_keys"]),
            relation=Relation(values[f"{at}_relation"] or Relation.SELF), entry=number,
            received_day=day if record is Record.VISIT else None, closed_day=values[f"{at}_closed"], noticed=noticed,
            discovered_day=found if noticed is Noticed.AFTER else None,
        ),
        NO_FLAW,
    )  # fmt: skip
