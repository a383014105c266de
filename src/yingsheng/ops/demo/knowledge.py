"""Stories of the library: our own content, answers the site wrote, what helped, and what nobody has written yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yingsheng.kernel.org.access import Actor, actor_for
from yingsheng.kernel.org.models import Site
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import Story, Timeline
from yingsheng.processes.knowledge.models import Article, Gap
from yingsheng.processes.knowledge.services.articles import approve_article, rewrite_article, write_article
from yingsheng.processes.knowledge.services.gaps import note_gap
from yingsheng.processes.knowledge.services.stocking import stock_library
from yingsheng.processes.knowledge.services.uses import mark_helped, mark_unhelpful, use_article

SPOKEN_OF = ("script-A1", "script-F2", "script-H2", "script-D1", "answer-2")


@dataclass(frozen=True, kw_only=True)
class Library:
    """The library of the demonstration site."""

    line: Timeline
    site: Site
    cast: Cast

    def start(self, *, since: datetime) -> None:
        """Let the library have its past."""
        words = texts("knowledge")
        stock_library(site=self.site, owner=self.cast["supervisor"], at=since)
        now = self.line.now
        for number, entry in enumerate(words["knowledge"]):
            self.line.start(story=self.entry(words=entry, at=since + timedelta(hours=10 + number)))
        for number, entry in enumerate(words["draft"]):
            self.line.start(story=self.entry(words=entry, at=now - timedelta(days=1 + number), draft=True))
        for number, entry in enumerate(words["share"]):
            self.line.start(story=self.share(words=entry, at=now - timedelta(days=5 - 2 * number)))
        for entry in words["gap"]:
            self.line.start(story=self.gap(words=entry, at=now - timedelta(days=9)))
        for number, entry in enumerate(words["fill"]):
            self.line.start(story=self.fill(words=entry, at=now - timedelta(days=2, hours=-number)))
        self.line.start(story=self.marks(at=since + timedelta(days=3, hours=9)))
        self.line.start(story=self.wording(at=since + timedelta(days=30, hours=10)))

    def entry(self, *, words: dict[str, Any], at: datetime, draft: bool = False) -> Story:
        """An answer is written, approved and used (B-09)."""
        yield at
        row = write_article(
            actor=self._actor("assistant", at), at=at, kind="answer", title=words["question"], body=words["answer"],
            keywords=words["keywords"], category=words["category"],
        )  # fmt: skip
        if draft:
            return
        at = self.line.work_later(at=at, low=60, high=900)
        yield at
        row = approve_article(actor=self._actor("supervisor", at), record=row, at=at)
        for _use in range(self.line.rng.randrange(2, 9)):
            at = self.line.work_later(at=at, low=1440, high=14 * 1440)
            yield at
            use_article(actor=self._actor("front", at), pk=row.pk, at=at)

    def share(self, *, words: dict[str, Any], at: datetime) -> Story:
        """Somebody shares what he learned; it stands on everybody's first page for a while (Z-08)."""
        yield at
        row = write_article(
            actor=self._actor("assistant", at), at=at, kind="news", title=words["title"], body=words["body"],
            title_en=words["title_en"], body_en=words["body_en"],
        )  # fmt: skip
        at = self.line.work_later(at=at, low=60, high=600)
        yield at
        approve_article(actor=self._actor("supervisor", at), record=row, at=at)

    def gap(self, *, words: dict[str, Any], at: datetime) -> Story:
        """The same words are looked for again and again, and there is nothing (W-26)."""
        for _time in range(words["times"]):
            at = self.line.work_later(at=at, low=300, high=1800)
            yield at
            note_gap(actor=self._actor("front", at), at=at, words=words["words"])

    def fill(self, *, words: dict[str, Any], at: datetime) -> Story:
        """What was promised to somebody again and again is written at last, and the gap closed (B-09)."""
        yield at
        gap = Gap.objects.filter(site=self.site, words=words["words"], state=Gap.State.OPEN).first()
        row = write_article(
            actor=self._actor("supervisor", at), at=at, kind="answer", title=words["words"], body=words["body"],
            category=words["category"], gap=gap.pk if gap is not None else None,
        )  # fmt: skip
        at = self.line.work_later(at=at, low=10, high=300)
        yield at
        approve_article(actor=self._actor("supervisor", at), record=row, at=at)

    def marks(self, *, at: datetime) -> Story:
        """The desk says what helped, and once what did not (W-34)."""
        for number in range(24):
            at = self.line.work_later(at=at, low=900, high=4000)
            yield at
            row = Article.objects.get(site=self.site, origin=SPOKEN_OF[number % len(SPOKEN_OF)])
            mark = mark_unhelpful if number == 17 else mark_helped
            mark(
                actor=self._actor("front2", at), record=row, at=at, words="楼上装修震下来的墙皮" if number == 17 else ""
            )  # fmt: skip

    def wording(self, *, at: datetime) -> Story:
        """The site words one of our texts in its own way; the first wording is kept (B-09)."""
        yield at
        row = Article.objects.get(site=self.site, origin="script-L2")
        row = rewrite_article(
            actor=self._actor("assistant", at), record=row, at=at, kind=row.kind, title=row.title,
            body="您慢走，出门左手有坡道。有事随时来，也可以打{服务电话}。", title_en=row.title_en,
            body_en="Goodbye; there is a ramp on your left. Come again any time, or ring {phone}.",
            situation=row.situation, mood=row.mood, line=row.line, keywords=" ".join(row.keywords),
        )  # fmt: skip
        at = self.line.work_later(at=at, low=60, high=600)
        yield at
        approve_article(actor=self._actor("supervisor", at), record=row, at=at)

    def _actor(self, username: str, at: datetime) -> Actor:
        return actor_for(staff=self.cast[username], site=self.site, at=at)
