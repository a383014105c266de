"""What the library should hold and does not: parts that the rules count, documents known by title only (Z-14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.knowledge.models import Article
from yingsheng.processes.knowledge.queries import parts_written


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """One set of parts: how many the rule asks for, how many there are, and the parts with their counts."""

    title: str
    rule: str
    wanted: int
    there: int
    parts: tuple[tuple[str, str, int], ...]  # code, words, usable articles

    @property
    def is_full(self) -> bool:
        """Whether nothing is missing."""
        return self.there >= self.wanted


def shelves(*, site: Site, at: datetime) -> list[Shelf]:
    """Every set of the library with what it lacks (W-11, W-24, W-27, W-34, Z-14); one statement."""
    written = parts_written(site=site)
    words = {code: str(label) for code, label in Article.Part.choices}
    titles = str(figure(path="Z-14.documents", site=site, at=at) or "")
    documents = [f"doc_{one.strip()}" for one in titles.split(",") if one.strip()]

    def shelf(title: str, rule: str, wanted: int | None, codes: list[str]) -> Shelf:
        parts = tuple((code, words[code], written[code]) for code in codes if code in words)
        there = sum(1 for _code, _words, count in parts if count)
        return Shelf(
            title=title, rule=rule, wanted=len(parts) if wanted is None else wanted, there=there, parts=parts
        )

    def named(prefix: str) -> list[str]:
        return [code for code in words if code.startswith(prefix)]

    def count(path: str) -> int | None:
        found = figure(path=path, site=site, at=at)
        return None if found is None else int(found)

    return [
        shelf(N("用语的种类"), "W-11", count("W-11.category_count"), named("phrase_")),
        shelf(N("贴士的种类"), "W-34", count("W-34.tip_kinds"), named("tip_")),
        shelf(N("服务技巧"), "W-24", count("W-24.skill_count"), named("skill_")),
        shelf(N("来访者的需要"), "W-27", count("W-27.need_count"), named("need_")),
        shelf(N("规范要点"), "W-26", None, named("std_")),
        shelf(N("本项目的文件"), "Z-14", None, documents),
    ]
