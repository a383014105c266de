"""A list of keys kept elsewhere, brought in line by line: all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.processes.keys.models import Key
from yingsheng.processes.keys.services.cabinet import KEEP, register_key

MOST_LINES = 2000


@dataclass(frozen=True, kw_only=True)
class KeyLine:
    """One line of a list; `row` is where it stands in the file."""

    row: int
    number: str = ""
    kind: str = ""
    name: str = ""
    room: str = ""
    building: str = ""
    cabinet: str = ""
    floor: str = ""
    hook: str = ""
    pieces: str = ""
    remark: str = ""


@transaction.atomic
def bring_in_keys(*, actor: Actor, lines: Sequence[KeyLine], at: datetime) -> int:
    """Take in the keys of a list; returns how many (K-01, K-02).

    A line that does not fit names its row and undoes all of them. Keys of owners come without their pledge, which is
    owed from then on (K-10).
    """
    demand(actor=actor, permission=KEEP)
    if not lines:
        raise Refused(gettext_noop("表里没有钥匙"), field="table")
    if len(lines) > MOST_LINES:
        raise Refused(gettext_noop("一次最多导入%(most)s把"), field="table", most=MOST_LINES)
    for line in lines:
        try:
            _bring(actor=actor, line=line, at=at)
        except Refused as refusal:
            told = gettext(refusal.text)
            words = told % refusal.params if refusal.params else told
            raise Refused(
                gettext_noop("第%(row)s行：%(why)s"), field="table", row=line.row, why=words
            ) from refusal
    return len(lines)


def _bring(*, actor: Actor, line: KeyLine, at: datetime) -> None:
    if not line.kind:
        raise Refused(gettext_noop("没有这一类钥匙"))
    if not line.name or not line.cabinet:
        raise Refused(gettext_noop("名称和钥匙柜都要写"))
    if line.pieces and not (line.pieces.isdecimal() and 1 <= int(line.pieces) <= 99):
        raise Refused(gettext_noop("把数要在1至99之间"))
    if line.hook and Key.objects.filter(site=actor.site, cabinet=line.cabinet, hook=line.hook).exists():
        raise Refused(gettext_noop("%(hook)s号钩上已有别的钥匙"), hook=line.hook)
    register_key(
        actor=actor, at=at, kind=line.kind, name=line.name[:120], cabinet=line.cabinet[:20], room=line.room,
        building=line.building[:40], floor=line.floor[:10], hook=line.hook[:20], number=line.number[:40],
        pieces=int(line.pieces or 1), remark=line.remark[:300],
    )  # fmt: skip
