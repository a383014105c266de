"""Pages of the duty log, the shift to be taken over next, open items, spot checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from yingsheng.kernel.events.models import ChainHead, Event
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.rosters.models import DutyPost
from yingsheng.kernel.rosters.queries import Slot, slots_of
from yingsheng.processes.duty.models import OpenItem, Page, SpotCheck

OPEN = (Page.State.ON_DUTY, Page.State.HANDING)
EARLIEST = timedelta(hours=2)  # nobody takes over earlier than this before his shift begins


def list_pages(*, actor: Actor, text: str = "") -> QuerySet[Page]:
    """The pages of the site, the latest shift first; scheduled ones are among them."""
    rows = (
        Page.objects.filter(site=actor.site)
        .select_related("post", "shift", "opened_by", "closed_by", "checked_by", "handed", "taken")
        .prefetch_related("people")
        .order_by("-starts_at", "-pk")
    )
    if text:
        rows = rows.filter(Q(people__name__icontains=text) | Q(post__name__icontains=text)).distinct()
    return rows


def find_page(*, actor: Actor, pk: int) -> Page | None:
    """A page of the actor's site."""
    return list_pages(actor=actor).filter(pk=pk).first()


def open_pages(*, site: Site) -> list[Page]:
    """The shifts that are on duty now, by post."""
    rows = Page.objects.filter(site=site, state__in=OPEN).select_related("post", "shift")
    return list(rows.prefetch_related("people").order_by("post__order", "post__pk"))


def waiting_pages(*, site: Site, at: datetime) -> list[Page]:
    """Shifts that should have begun and that nobody has taken over (D-05)."""
    rows = Page.objects.filter(site=site, state=Page.State.SCHEDULED, starts_at__lte=at, ends_at__gt=at)
    return list(rows.select_related("post", "shift").order_by("starts_at", "post__order"))


def to_be_signed(*, site: Site) -> QuerySet[Page]:
    """Pages that were handed over and await the supervisor's signature, the oldest first (D-21)."""
    rows = Page.objects.filter(site=site, state=Page.State.SIGNED).select_related(
        "post", "shift", "closed_by"
    )
    return rows.prefetch_related("people").order_by("closed_at", "pk")


def is_main(*, post: DutyPost) -> bool:
    """Whether this is the centre's own post, whose log tells of every call and visit, whoever took it."""
    first = DutyPost.objects.filter(site_id=post.site_id, active=True).order_by("order", "pk").first()
    return first is not None and first.pk == post.pk


def local_day(at: datetime) -> date:
    """The day at the site's place."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def slots_near(*, site: Site, at: datetime) -> list[Slot]:
    """The shifts of yesterday, today and tomorrow, by the hour they begin."""
    today = local_day(at)
    found = slots_of(site=site, first=today - timedelta(days=1), last=today + timedelta(days=1))
    return sorted(found, key=lambda slot: (slot.starts_at, slot.post.order, slot.post.pk))


def next_slot(*, slots: Sequence[Slot], page: Page, at: datetime) -> Slot | None:
    """The shift that follows on a page: of the same post, begun later, not over yet; None if none is near."""
    for slot in slots:
        if slot.post.pk != page.post_id or slot.starts_at <= page.starts_at or slot.ends_at <= at:
            continue
        return slot if slot.starts_at - at <= EARLIEST else None
    return None


def follows_directly(*, slots: Sequence[Slot], page: Page) -> bool:
    """Whether the post goes on to be manned when the shift of a page ends."""
    return any(slot.post.pk == page.post_id and slot.starts_at == page.ends_at for slot in slots)


def list_items(*, actor: Actor, text: str = "") -> QuerySet[OpenItem]:
    """Lines something is to come of, the latest first."""
    rows = (
        OpenItem.objects.filter(site=actor.site)
        .select_related("line__page__post", "line__by", "line__room", "ended_by", "case")
        .order_by("-line__at", "-pk")
    )
    return rows.filter(line__content__icontains=text) if text else rows


def find_item(*, actor: Actor, pk: int) -> OpenItem | None:
    """One of them, at the actor's site."""
    return list_items(actor=actor).filter(pk=pk).first()


def list_checks(*, actor: Actor, text: str = "") -> QuerySet[SpotCheck]:
    """Spot checks, the latest first (D-22)."""
    rows = SpotCheck.objects.filter(site=actor.site).select_related(
        "by", "person", "page__shift", "page__post"
    )
    rows = rows.order_by("-at", "-pk")
    return rows.filter(found__icontains=text) if text else rows


def find_check(*, actor: Actor, pk: int) -> SpotCheck | None:
    """One of them, at the actor's site."""
    return list_checks(actor=actor).filter(pk=pk).first()


def book_end(*, site: Site) -> tuple[int, str]:
    """Number and fingerprint of the last event in the site's book."""
    head = ChainHead.objects.get(site=site)
    return head.seq, head.hash


def count_prints(*, page: Page, view: str) -> int:
    """How often this record of a page was printed."""
    return Event.objects.filter(
        site_id=page.site_id, kind="duty.page_printed", subject_type=page._meta.label_lower, subject_id=page.pk,
        data__view=view,
    ).count()  # fmt: skip
