"""What is still to come when a shift ends: open lines, matters in hand, broken promises, what other processes tell."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yingsheng.base.process import processes
from yingsheng.base.shown import Told
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import SUBJECT
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.duty.models import Handover, OpenItem, Page
from yingsheng.processes.duty.rules import Carried, is_important, stopping

MOST = 80
REMEMBERED = 60  # handovers back in which an acceptance still counts while the matter is open


@dataclass(frozen=True, kw_only=True)
class CarriedItem:
    """One thing that goes over: what stands on the list, and where it is done."""

    fact: Carried
    word: str  # message id of what it is
    text: str
    note: str
    url_name: str
    url_args: tuple[object, ...]
    due_at: datetime | None = None

    @property
    def key(self) -> str:
        """Its stable name."""
        return self.fact.key


def carried_over(*, page: Page, at: datetime) -> list[CarriedItem]:
    """The list for the next shift, what stops the handover first (D-15, D-19, D-20)."""
    people = [one.pk for one in page.people.all()]
    accepted = _accepted(page=page)
    items = [
        *_cases(page=page, people=people, at=at, accepted=accepted),
        *_lines(page=page, accepted=accepted),
    ]
    for process in processes:
        if process.handed_on is not None:
            items += [_told(one=one) for one in process.handed_on(site=page.site, now=at)]
        if process.must_settle is not None and page.opened_at is not None:
            items += [
                _told(one=one, important=True, accepted=one.key in accepted)
                for one in process.must_settle(
                    site=page.site, since=page.opened_at, now=at, roles=frozenset(page.post.roles)
                )
            ]
    return sorted(items, key=lambda item: (not item.fact.important, item.fact.accepted))[:MOST]


def stoppers(*, page: Page, items: Collection[CarriedItem], at: datetime) -> list[str]:
    """The keys of what stops the handover of a page now."""
    blocks = bool(figure(path="D-20.block_on_important", site=page.site, at=at))
    return stopping(items=[item.fact for item in items], block_on_important=blocks)


def _accepted(*, page: Page) -> set[str]:
    """What a supervisor has let go over at this post lately; it need not be accepted at every shift anew."""
    rows = Handover.objects.filter(before__post=page.post).order_by("-pk").values_list("accepted", flat=True)
    return {key for one in rows[:REMEMBERED] for key, _who, _why in one}


def _cases(*, page: Page, people: list[int], at: datetime, accepted: set[str]) -> list[CarriedItem]:
    """Matters in the hands of those on duty, those they took in and gave to nobody, and every emergency."""
    urgent = [one.code for one in processes if one.urgent]
    taken_in = Q(received_by__in=people, received_at__gte=page.opened_at, handler__isnull=True)
    rows = list(
        Case.objects.filter(site_id=page.site_id, closed_at__isnull=True)
        .filter(taken_in | Q(handler__in=people) | Q(process__in=urgent))
        .select_related("room")
        .order_by("next_due_at", "pk")[:MOST]
    )
    broken = set(
        Obligation.objects.filter(
            subject_type=SUBJECT, subject_id__in=[one.pk for one in rows], state=Obligation.State.ARMED,
            due_at__lt=at, responsible_staff__in=people,
        ).values_list("subject_id", flat=True)
    )  # fmt: skip
    found = []
    for case in rows:
        key = f"case:{case.pk}"
        is_sealed = case.confidentiality == Case.Confidentiality.SEALED
        fact = Carried(
            key=key, accepted=key in accepted,
            important=is_important(
                severity=case.severity, is_urgent=case.process in urgent, is_overdue_own=case.pk in broken
            ),
        )  # fmt: skip
        found.append(
            CarriedItem(
                fact=fact, word=processes.get(case.process).title, due_at=case.next_due_at,
                text=case.number if is_sealed else f"{case.number} {case.title}",
                note="" if is_sealed or case.room is None else case.room.label, url_name="ui:case",
                url_args=(case.key,),
            )
        )  # fmt: skip
    return found


def _lines(*, page: Page, accepted: set[str]) -> list[CarriedItem]:
    rows = OpenItem.objects.filter(
        site_id=page.site_id, state=OpenItem.State.OPEN, line__page__post=page.post
    ).select_related("line__room")
    found = []
    for item in rows.order_by("pk")[:MOST]:
        key = f"line:{item.pk}"
        found.append(
            CarriedItem(
                fact=Carried(key=key, important=item.line.important, accepted=key in accepted),
                word=item.line.get_kind_display(), text=item.line.content[:120],
                note=item.line.room.label if item.line.room is not None else "", url_name="duty:items_one",
                url_args=(item.pk,),
            )
        )  # fmt: skip
    return found


def _told(*, one: Told, important: bool = False, accepted: bool = False) -> CarriedItem:
    return CarriedItem(
        fact=Carried(key=one.key, important=important, accepted=accepted), word=one.word, text=one.text, note=one.note,
        url_name=one.url_name, url_args=one.url_args,
    )  # fmt: skip
