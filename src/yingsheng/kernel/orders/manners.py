"""How work is done in front of residents (R-17), as the checklist of an order. Pure; texts are message ids."""

from __future__ import annotations

from dataclasses import dataclass

from yingsheng.base.words import gettext_noop as N


@dataclass(frozen=True, kw_only=True)
class Manner:
    """One line of the checklist; `where` is "" for everywhere, indoor or outdoor."""

    code: str
    text: str
    where: str = ""


MANNERS = (
    Manner(code="sign", text=N("施工处已放警示牌"), where="outdoor"),
    Manner(code="cover", text=N("地面已铺垫布保护"), where="indoor"),
    Manner(code="clean", text=N("家具、墙面、地面没有弄脏"), where="indoor"),
    Manner(code="restored", text=N("现场已清扫，物品已复原")),
    Manner(code="quiet", text=N("走动、施工、说话都放轻")),
    Manner(code="way", text=N("住户经过时停手让路、微笑致意")),
    Manner(code="floor", text=N("没有坐在地上")),
    Manner(code="gifts", text=N("没有收礼，没有动与施工无关的东西")),
)


def manners_for(*, outdoor: bool) -> tuple[Manner, ...]:
    """The checklist of an order indoors or outdoors (R-17)."""
    away = "indoor" if outdoor else "outdoor"
    return tuple(item for item in MANNERS if item.where != away)
