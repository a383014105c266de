"""Reading the library: the register by words and letters, what fits while somebody types, what is missing or due."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from django.db.models import Case as Choice
from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, When

from yingsheng.base.pinyin import initials
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.search.queries import find_ids
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.knowledge.models import Article, Gap
from yingsheng.processes.knowledge.rules.fitting import NEWS, Candidate, choose

LOOKED_THROUGH = 500  # articles in use that one look-up weighs, those used most first
FOUND = 300
ARTICLE, GAP = "knowledge.article", "knowledge.gap"


def list_articles(*, actor: Actor, text: str = "") -> QuerySet[Article]:
    """The library of the actor's site, the latest first; words of two characters and letters find alike (W-34).

    What is not approved, or no longer, only for whoever writes or approves.
    """
    rows = (
        Article.objects.filter(site=actor.site)
        .select_related("owner", "written_by", "approved_by")
        .order_by("-written_at", "-pk")
    )
    if not (actor.may("knowledge.write") or actor.may("knowledge.approve")):
        rows = rows.filter(state=Article.State.APPROVED)
    if not text:
        return rows
    ids = find_ids(site_id=actor.site.pk, subject_type=ARTICLE, query=text, limit=FOUND)
    return rows.filter(pk__in=ids)


def find_article(*, actor: Actor, pk: int) -> Article | None:
    """An article that the actor may see."""
    return list_articles(actor=actor).filter(pk=pk).first()


def list_usable(*, site: Site) -> QuerySet[Article]:
    """What may be used at the desk: approved articles."""
    return Article.objects.filter(site=site, state=Article.State.APPROVED).order_by("-use_count", "pk")


def suggest(*, site: Site, text: str, process: str = "", category: str = "") -> list[Article]:
    """The articles that fit a form and the words typed into it, in the order of their kinds; one statement."""
    rows = {row.pk: row for row in list_usable(site=site)[:LOOKED_THROUGH]}
    chosen = choose(
        rows=(_weighed(row) for row in rows.values()), text=text, process=process, category=category
    )
    return [rows[pk] for pk in chosen]


def _weighed(row: Article) -> Candidate:
    return Candidate(
        id=row.pk, kind=row.kind, title=f"{row.title} {row.title_en}", keywords=tuple(row.keywords),
        initials=row.initials, category=row.category, situation=row.situation, mood=row.mood, part=row.part,
        line=row.line,
    )  # fmt: skip


def list_hung_on(*, article: Article) -> list[Article]:
    """The tips of a dialogue line; for a tip, the line it hangs on (W-34)."""
    if not article.line:
        return []
    rows = list_usable(site=article.site).filter(line=article.line).exclude(pk=article.pk)
    wanted = Article.Kind.SCRIPT if article.kind == Article.Kind.TIP else Article.Kind.TIP
    return list(rows.filter(kind=wanted)[:12])


def list_shared(*, site: Site, since: datetime) -> list[Article]:
    """What colleagues shared lately (Z-08)."""
    rows = list_usable(site=site).filter(kind=NEWS, approved_at__gte=since)
    return list(rows.select_related("written_by").order_by("-approved_at", "-pk")[:5])


def parts_written(*, site: Site) -> Counter[str]:
    """How many usable articles there are of each part; one statement."""
    rows = list_usable(site=site).order_by().exclude(part="").values("part").annotate(found=Count("pk"))
    return Counter({row["part"]: row["found"] for row in rows})


def chapter(*, site: Site, code: str) -> list[Article]:
    """The usable articles of one chapter of the handbook: a kind, in the order of situation, part and line."""
    rows = list_usable(site=site).filter(kind=code).select_related("owner", "approved_by")
    return list(rows.order_by("part", "situation", "line", "pk"))


def list_gaps(*, actor: Actor, text: str = "") -> QuerySet[Gap]:
    """The gaps of the actor's site, the latest first (W-26)."""
    rows = (
        Gap.objects.filter(site=actor.site)
        .select_related("owner", "asked_in", "about", "article", "last_by")
        .order_by("-first_at", "-pk")
    )
    return rows.filter(words__icontains=text) if text else rows


def find_gap(*, actor: Actor, pk: int) -> Gap | None:
    """A gap of the actor's site."""
    return list_gaps(actor=actor).filter(pk=pk).first()


def letters_of(*, title: str, keywords: list[str]) -> str:
    """The initials by which an article is found."""
    return " ".join(initials(text=word) for word in (title, *keywords))[:400]


def texts_of(row: Article) -> list[str]:
    """What an article is found by; its letters from each place on, as the index knows only how words begin."""
    letters = [
        word[at:] for word in row.initials.split() for at in range(min(len(word), 30)) if len(word) - at > 1
    ]
    return [
        row.title, " ".join(row.keywords), row.title_en, row.line, row.body, row.body_en, " ".join(letters)
    ]  # fmt: skip


def meetings_with(*, site: Site, person_id: int) -> int:
    """How often somebody has raised a matter here before (W-24)."""
    return Case.objects.filter(site=site, person_id=person_id).count()


class Owed(NamedTuple):
    """What somebody owes the library: which kind of record, about what, until when."""

    subject_type: str
    subject_id: int
    milestone: str
    due_at: datetime
    name: str


def owed_by(*, actor: Actor, until: datetime, limit: int) -> list[Owed]:
    """The reviews and open questions this person owes until a moment, the earliest first; one statement."""
    rows = Obligation.objects.filter(
        site=actor.site, state=Obligation.State.ARMED, responsible_staff=actor.staff, due_at__lte=until,
        subject_type__in=(ARTICLE, GAP),
    )  # fmt: skip
    this = OuterRef("subject_id")
    name = Choice(
        When(subject_type=ARTICLE, then=Subquery(Article.objects.filter(pk=this).values("title"))),
        default=Subquery(Gap.objects.filter(pk=this).values("words")),
        output_field=CharField(),
    )
    found = rows.annotate(name=name).order_by("due_at", "pk").values_list(*Owed._fields)
    return [Owed._make(row) for row in found[:limit]]


def waiting_for_approval(*, site: Site) -> QuerySet[Article]:
    """Drafts, the longest waiting first."""
    return Article.objects.filter(site=site, state=Article.State.DRAFT).order_by("written_at", "pk")
