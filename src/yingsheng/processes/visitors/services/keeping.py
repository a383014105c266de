"""What the worker does by itself: passes run out, names are forgotten when their time is over (V-02, V-09)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.visitors.models import Pass, Visitor
from yingsheng.processes.visitors.rules.passes import ENDED, EXPIRED, OPEN
from yingsheng.processes.visitors.rules.visits import ENDED as VISIT_ENDED
from yingsheng.processes.visitors.rules.visits import forget_before

AT_ONCE = 500


def keep_gate(*, now: datetime) -> int:
    """Let passes run out and forget names that were kept long enough, at every site; returns how many records."""
    count = 0
    for site in Site.objects.order_by("pk"):
        count += run_out(site=site, now=now)
        count += forget_visitors(site=site, now=now)
        count += forget_applicants(site=site, now=now)
    return count


def run_out(*, site: Site, now: datetime) -> int:
    """Passes whose time is over and that nobody used are expired, each with its event (V-02)."""
    rows = Pass.objects.filter(site=site, state__in=OPEN, valid_until__lt=now).order_by("pk")
    return sum(_expire(pk=pk, site=site, now=now) for pk in rows.values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _expire(*, pk: int, site: Site, now: datetime) -> int:
    row = Pass.objects.select_for_update(no_key=True).get(pk=pk)
    if row.state not in OPEN or row.valid_until >= now:
        return 0
    row.state, row.ended_at = EXPIRED, row.valid_until
    row.version += 1
    row.save(update_fields=["state", "ended_at", "version"])
    timers.void(subject=row, by=None, at=now, reason="expired")
    events.record(
        site_id=site.pk, kind="visitors.pass_expired", subject=row, by=None, at=now, rule="V-02",
        data={"number": row.number},
    )  # fmt: skip
    return 1


@transaction.atomic
def forget_visitors(*, site: Site, now: datetime) -> int:
    """Names, purposes and messages of visits that were over long ago go; the visit stays counted (V-09).

    Also what was told to a host of it. One event for all of a round, and none where nothing is forgotten.
    """
    days = figure(path="V-09.visit_kept_days", site=site, at=now)
    if days is None:
        return 0
    before = forget_before(now=now, kept_days=int(days))
    rows = Visitor.objects.filter(
        site=site, forgotten_at__isnull=True, registered_at__lt=before, state__in=VISIT_ENDED
    )
    gone = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    if not gone:
        return 0
    Visitor.objects.filter(pk__in=gone).update(
        name="", purpose="", message="", led_by="", leader="", forgotten_at=now
    )
    Message.objects.filter(subject_type="visitors.visitor", subject_id__in=gone).update(
        params={"when": "", "host": "", "message": "…"}
    )
    events.record(
        site_id=site.pk, kind="visitors.names_forgotten", subject=site, by=None, at=now, rule="V-09",
        data={"count": len(gone), "days": int(days)},
    )  # fmt: skip
    return len(gone)


@transaction.atomic
def forget_applicants(*, site: Site, now: datetime) -> int:
    """Who asked for a pass, which owner agreed and the plate go once a pass is old; the pass stays (V-02)."""
    days = figure(path="V-02.kept_days", site=site, at=now)
    if days is None:
        return 0
    before = forget_before(now=now, kept_days=int(days))
    rows = Pass.objects.filter(site=site, forgotten_at__isnull=True, issued_at__lt=before, state__in=ENDED)
    gone = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    if not gone:
        return 0
    Pass.objects.filter(pk__in=gone).update(
        applicant="", consent_name="", plate="", arrears_remark="", forgotten_at=now
    )
    events.record(
        site_id=site.pk, kind="visitors.applicants_forgotten", subject=site, by=None, at=now, rule="V-02",
        data={"count": len(gone), "days": int(days)},
    )  # fmt: skip
    return len(gone)
