"""Reading the items and the batches, and what the day asks of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from yingsheng.kernel.custody.models import Item, Stocktake
from yingsheng.kernel.custody.queries import list_items, list_stocktakes
from yingsheng.kernel.estate.models import Area, Household, Member, Room
from yingsheng.kernel.estate.queries import find_household, find_room_named
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.mail.models import Batch

PROCESS = "mail"
SHELVED, TOLD, KEPT, UNDELIVERABLE = "shelved", "told", "kept", "undeliverable"
OPEN = (SHELVED, TOLD, KEPT, UNDELIVERABLE)


def local_day(*, at: datetime) -> date:
    """The day of a moment as people here count it."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def list_mail(*, actor: Actor, text: str = "") -> QuerySet[Item]:
    """Registered items and parcels of the actor's site, the latest first (M-04, M-10)."""
    rows = list_items(site=actor.site, process=PROCESS).select_related(
        "mail__received_by", "mail__told_by", "mail__accepted_by"
    )
    if not text:
        return rows
    return rows.filter(
        Q(number__icontains=text)
        | Q(mail__tracking_number__icontains=text)
        | Q(mail__addressee__icontains=text)
        | Q(mail__pickup_code=text)
        | Q(place__icontains=text)
        | Q(room__label__icontains=text)
        | Q(room__key__icontains=text)
    )


def find_mail(*, actor: Actor, pk: int) -> Item | None:
    """An item of the actor's site."""
    return list_mail(actor=actor).prefetch_related("mail__attempts__by").filter(pk=pk).first()


def open_mail(*, site: Site) -> QuerySet[Item]:
    """What waits here for somebody, the oldest first."""
    rows = list_items(site=site, process=PROCESS).filter(mail__closed_at__isnull=True)
    return rows.select_related("mail").order_by("mail__received_at", "pk")


def untold(*, site: Site) -> QuerySet[Item]:
    """Whose household does not know yet (M-11)."""
    return open_mail(site=site).filter(mail__stage=SHELVED)


def for_the_area(*, site: Site) -> QuerySet[Item]:
    """What lies at the desk and the area clerk was not told of (M-05)."""
    return open_mail(site=site).filter(state=Item.State.HELD, mail__area_told_at__isnull=True)


def at_the_desk(*, site: Site) -> QuerySet[Item]:
    """What the area clerk may sign for: it lies here and does not go back (M-03, M-05)."""
    return open_mail(site=site).filter(state=Item.State.HELD).exclude(mail__stage=UNDELIVERABLE)


def overdue(*, site: Site, now: datetime) -> QuerySet[Item]:
    """What nobody collected in time and is neither kept nor on its way back (M-07)."""
    return open_mail(site=site).filter(mail__overdue_at__lte=now, mail__stage__in=(SHELVED, TOLD))


def going_back(*, site: Site) -> QuerySet[Item]:
    """What was verified as undeliverable and lies here still (M-13)."""
    return open_mail(site=site).filter(mail__stage=UNDELIVERABLE)


def waiting_of(*, household: Household) -> Sequence[Item]:
    """What waits for a home."""
    rows = Item.objects.filter(household=household, process=PROCESS, mail__closed_at__isnull=True)
    return list(rows.select_related("mail").order_by("mail__received_at", "pk"))


def list_batches(*, actor: Actor, text: str = "") -> QuerySet[Batch]:
    """Letters and papers that came to the actor's site, the latest first (M-01, M-03)."""
    rows = (
        Batch.objects.filter(site=actor.site)
        .select_related("area", "received_by", "fetched_by")
        .order_by("-received_at", "-pk")
    )
    if not text:
        return rows
    return rows.filter(
        Q(area__name__icontains=text) | Q(brought_by__icontains=text) | Q(signed_by__icontains=text)
    )


def find_batch(*, actor: Actor, pk: int) -> Batch | None:
    """A batch of the actor's site."""
    return list_batches(actor=actor).filter(pk=pk).first()


def batches_waiting(*, site: Site) -> QuerySet[Batch]:
    """Letters and papers that nobody fetched yet, the oldest first."""
    rows = Batch.objects.filter(site=site, state__in=(Batch.State.SORTED, Batch.State.TOLD))
    return rows.select_related("area").order_by("received_at", "pk")


def signatures_of(*, batches: Sequence[Batch]) -> QuerySet[Attachment]:
    """What was drawn on glass under these batches; one statement."""
    return Attachment.objects.filter(
        subject_type=Batch._meta.label_lower, subject_id__in=[row.pk for row in batches],
        purpose=Attachment.Purpose.SIGNATURE,
    ).order_by("pk")  # fmt: skip


def room_named(*, site: Site, text: str) -> Room | None:
    """The room as typed or written on an item, None for none."""
    return find_room_named(site=site, text=text)


def household_in(*, room: Room) -> Household | None:
    """Who lives there now."""
    return find_household(room=room)


def members_of(*, household: Household | None) -> list[tuple[str, str]]:
    """(name, relation) of who lives in a household, who decides first."""
    if household is None:
        return []
    rows = Member.objects.filter(household=household, active_to__isnull=True).order_by("-decides", "pk")
    return list(rows.values_list("person__name", "relation"))


def area_named(*, site: Site, name: str) -> Area | None:
    """The area with this name."""
    return Area.objects.filter(site=site, name=name.strip()).first()


def area_names(*, site: Site) -> list[tuple[str, str]]:
    """The areas of a site, as a line may be filled with."""
    return [
        (name, name)
        for name in Area.objects.filter(site=site).order_by("name").values_list("name", flat=True)
    ]


def area_hours(*, site: Site, at: datetime) -> tuple[time, time] | None:
    """Between which hours the area clerk is told of items; None where the regulation leaves it out (M-05)."""
    opens = figure(path="M-05.notice_from", site=site, at=at)
    closes = figure(path="M-05.notice_until", site=site, at=at)
    if opens is None or closes is None:
        return None
    return time.fromisoformat(str(opens)), time.fromisoformat(str(closes))


def find_labelled(*, actor: Actor, key: str) -> Item | None:
    """The item whose label was scanned."""
    return list_mail(actor=actor).filter(key=key).first()


def open_stocktake(*, site: Site) -> Stocktake | None:
    """The count that goes on now."""
    return list_stocktakes(site=site, process=PROCESS).filter(state=Stocktake.State.OPEN).first()
