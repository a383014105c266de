"""The library as declared: permissions, menu, what it offers beside a form and puts on the first page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yingsheng.base.process import MenuEntry, Milestone, Permission, Process, processes
from yingsheng.base.shown import (
    ROUTINE,
    TOLD_TODAY,
    Answers,
    Offer,
    OnTheLine,
    ReadyAnswer,
    Related,
    TodayLine,
    TodayList,
)
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.knowledge.models import Article
from yingsheng.processes.knowledge.process import forms
from yingsheng.processes.knowledge.process.books import (
    APPROVE,
    ARTICLES,
    BOOKS,
    GAPS,
    OPEN_GAP,
    PROMISED,
    SEE,
    WRITE,
)
from yingsheng.processes.knowledge.process.saying import (
    address_words,
    addressed,
    headed,
    spoken,
    title_of,
    values_for,
)
from yingsheng.processes.knowledge.queries import (
    list_gaps,
    list_shared,
    meetings_with,
    owed_by,
    suggest,
    waiting_for_approval,
)
from yingsheng.processes.knowledge.rules.address import EITHER, YOU
from yingsheng.processes.knowledge.services.uses import use_article

__all__ = ["APPROVE", "ARTICLES", "BOOKS", "GAPS", "KNOWLEDGE", "SEE", "WRITE", "suggest_for"]

MILESTONES = {"review_article": N("复审知识条目"), "answer_open": N("解答遗留问题")}
PAGES = {"knowledge.article": "knowledge:knowledge_one", "knowledge.gap": "knowledge:gaps_one"}
LOOK_AHEAD = timedelta(days=7)
TODAY_LINES = 6
BESIDE_CASE = 3
TONES = {"answer": "met", "script": "met", "tip": "soon"}


def _ready(row: Article, values: dict[str, str]) -> ReadyAnswer:
    kinds, parts = dict(forms.KINDS), dict(forms.PARTS)
    is_short = row.kind not in (Article.Kind.ANSWER, Article.Kind.SCRIPT)
    word = parts[row.part] if is_short and row.part else kinds[row.kind]
    return ReadyAnswer(
        id=row.pk,
        question=headed(row=row, values=values),
        answer=spoken(row=row, values=values),
        url_name="knowledge:knowledge_one",
        url_args=(row.pk,),
        word=_(word),
        tone=TONES.get(row.kind, "plain"),
        takes=row.kind == Article.Kind.ANSWER,
        line=row.line,
        is_short=is_short,
    )


def suggest_for(
    *, actor: Actor, text: str, now: datetime, process: str = "", category: str = "", who: OnTheLine | None = None
) -> Offer:  # fmt: skip
    """What fits the form and the words typed so far, with the person's form of address filled in (W-24, W-32)."""
    if not actor.may(SEE):
        return Offer(address="", note="", rows=())
    person = who or OnTheLine()
    values = values_for(actor=actor, who=person, at=now)
    rows = tuple(
        _ready(row, values) for row in suggest(site=actor.site, text=text, process=process, category=category)
    )
    address = addressed(who=person, site=actor.site, at=now)
    return Offer(
        address=address_words(address=address),
        note=_name_to_ask(actor=actor, who=person, now=now) if address.manner in (YOU, EITHER) else "",
        rows=rows,
    )


def _name_to_ask(*, actor: Actor, who: OnTheLine, now: datetime) -> str:
    """From which meeting on the name has to be known, for somebody whose form of address nobody noted (W-24)."""
    known_at = figure(path="W-24.name_known_at_meeting", site=actor.site, at=now)
    if who.person_id is None or known_at is None:
        return ""
    number = meetings_with(site=actor.site, person_id=who.person_id) + 1
    if number < int(known_at):
        return ""
    return _("这是第%(number)s次打交道，请问清怎么称呼并记进档案") % {"number": number}


def _use(*, actor: Actor, id: int, at: datetime, who: OnTheLine | None = None) -> ReadyAnswer | None:
    found = use_article(actor=actor, pk=id, at=at)
    if found is None:
        return None
    return _ready(found, values_for(actor=actor, who=who or OnTheLine(), at=at))


def _related(case: Any) -> list[Related]:
    """Beside the forms of an open matter: the answers and scripts that fit its words (W-34).

    An emergency has its own checklist and its own words to reassure; there nobody reads on.
    """
    if case.closed_at is not None or processes.get(case.process).urgent:
        return []
    found = suggest(site=case.site, text=case.title, process=case.process, category=case.category)
    spoken_ = [row for row in found if row.kind in (Article.Kind.ANSWER, Article.Kind.SCRIPT)]
    return [
        Related(
            title=_(dict(forms.KINDS)[row.kind]), icon="message", text=title_of(row), permission=SEE,
            url_name="knowledge:knowledge_one", url_args=(row.pk,),
        )
        for row in spoken_[:BESIDE_CASE]
    ]  # fmt: skip


def _today(*, actor: Actor, now: datetime) -> list[TodayList]:
    """Reviews and open questions this person owes, drafts to approve, gaps to fill, what colleagues shared."""
    found = []
    if actor.may(WRITE) or actor.may(APPROVE):
        found += [*_owed(actor=actor, now=now), *_gaps(actor=actor)]
    if actor.may(APPROVE):
        found += _drafts(actor=actor)
    if actor.may(SEE):
        found += _shared(actor=actor, now=now)
    return found


def _owed(*, actor: Actor, now: datetime) -> list[TodayList]:
    owed = owed_by(actor=actor, until=now + LOOK_AHEAD, limit=TODAY_LINES)
    lines = [
        TodayLine(
            text=f"{_(MILESTONES[one.milestone])} · {one.name}",
            note=(_("%(due)s前") if one.due_at > now else _("%(due)s前，已超时"))
            % {"due": timezone.localtime(one.due_at).strftime("%m-%d %H:%M")},
            url_name=PAGES[one.subject_type],
            url_args=(one.subject_id,),
        )
        for one in owed
    ]
    return _listed(_("知识库要做的"), "book", "B-09", lines, more="knowledge:knowledge", state="approved")


def _drafts(*, actor: Actor) -> list[TodayList]:
    rows = list(waiting_for_approval(site=actor.site)[:TODAY_LINES])
    lines = [_line(row, f"{timezone.localtime(row.written_at):%m-%d}") for row in rows]
    return _listed(_("待批的知识条目"), "check", "B-09", lines, more="knowledge:knowledge", state="draft")


def _gaps(*, actor: Actor) -> list[TodayList]:
    # a promised answer is owed by somebody already and stands among what he owes
    rows = list_gaps(actor=actor).filter(state=OPEN_GAP).exclude(source=PROMISED)
    rows = rows.order_by("-count", "-last_at")[:TODAY_LINES]
    lines = [
        TodayLine(
            text=row.words,
            note=_("%(count)s次") % {"count": row.count},
            url_name="knowledge:gaps_one",
            url_args=(row.pk,),
        )
        for row in rows
    ]
    return _listed(_("知识缺口"), "help", "W-26", lines, more="knowledge:gaps", state="open")


def _shared(*, actor: Actor, now: datetime) -> list[TodayList]:
    """Expertise and news of the trade, for so many days after they were approved (Z-08)."""
    days = figure(path="Z-08.shown_days", site=actor.site, at=now)
    rows = [] if days is None else list_shared(site=actor.site, since=now - timedelta(days=int(days)))
    lines = [_line(row, row.written_by.name) for row in rows]
    return _listed(
        _("同事分享"), "bulb", "Z-08", lines, more="knowledge:knowledge", rank=TOLD_TODAY, kind="news"
    )


def _listed(
    title: str, icon: str, rule: str, lines: list[TodayLine], *, more: str, rank: int = ROUTINE, **asked: str
) -> list[TodayList]:
    """A list with the way to all of it; none where there is no line."""
    if not lines:
        return []
    return [
        TodayList(
            title=title, icon=icon, rule=rule, count=len(lines), lines=tuple(lines), rank=rank,
            more_url=f"{reverse(more)}?{urlencode(asked)}",
        )
    ]  # fmt: skip


def _line(row: Any, note: str) -> TodayLine:
    return TodayLine(text=title_of(row), note=note, url_name="knowledge:knowledge_one", url_args=(row.pk,))


KNOWLEDGE = Process(
    code="knowledge",
    title=N("知识库"),
    module="W",
    complete_modules=("W",),
    number_prefix="ZK",
    permissions=(
        Permission(code="knowledge.see", label=N("查阅知识库、标记有没有帮助")),
        Permission(code="knowledge.write", label=N("写知识条目、补缺口")),
        Permission(code="knowledge.approve", label=N("批准知识条目")),
    ),
    menu=(
        MenuEntry(
            group=N("接待"), label=N("知识库"), icon="book", url_name="knowledge:knowledge", permission="knowledge.see",
            order=25,
        ),
    ),
    milestones=tuple(Milestone(code=code, label=label) for code, label in MILESTONES.items()),
    codes={
        "article_kind": dict(forms.KINDS), "topic": dict(forms.CATEGORIES), "situation": dict(forms.SITUATIONS),
        "mood": dict(forms.MOODS), "part": dict(forms.PARTS), "gap_source": dict(forms.SOURCES),
    },
    related=_related,
    today=_today,
    answers=Answers(
        suggest=suggest_for,
        use=_use,
        home_url="knowledge:knowledge",
        mark_url="knowledge:mark",
        missed_url="knowledge:missed",
        permission=SEE,
    ),
)  # fmt: skip
