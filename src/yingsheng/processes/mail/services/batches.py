"""Ordinary letters and papers by the batch: taken in, the area clerk told on time, fetched and signed for."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.files.services import sign
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.mail.models import Batch
from yingsheng.processes.mail.queries.items import area_named
from yingsheng.processes.mail.rules import TELL_BATCH, batch_due
from yingsheng.processes.mail.services.writing import area_clerk

FETCH = gettext_noop("信件报刊%(count)s件到了前台，请来领取签名（%(rule)s）")


@transaction.atomic
def take_in_batch(
    *,
    actor: Actor,
    at: datetime,
    area: str = "",
    letters: int | None = None,
    papers: int | None = None,
    magazines: int | None = None,
    others: int | None = None,
    damaged: int | None = None,
    damage: str = "",
    brought_by: str = "",
) -> Batch:
    """Take in the letters and papers of one area: looked over, sorted, counted (M-01, M-02).

    The area clerk is told by the hour of the rule. Refused where the post delivers ordinary mail itself (M-14), for
    nothing, and for damage that is not described.
    """
    demand(actor=actor, permission="mail.take_in")
    site = actor.site
    if not figure(path="M-14.ordinary_enabled", site=site, at=at):
        raise Refused(gettext_noop("本项目现在不代收平信，由邮局直接投递"), rule="M-14")
    where = area_named(site=site, name=area) if area.strip() else None
    if area.strip() and where is None:
        raise Refused(gettext_noop("没有这个片区"), field="area", rule="M-01")
    counts = {
        "letters": letters or 0,
        "papers": papers or 0,
        "magazines": magazines or 0,
        "others": others or 0,
    }
    total = sum(counts.values())
    if not total:
        raise Refused(gettext_noop("请填收到几件"), field="letters", rule="M-02")
    if (damaged or 0) > total:
        raise Refused(gettext_noop("破损的不会比收到的多"), field="damaged", rule="M-02")
    if damaged and not damage.strip():
        raise Refused(gettext_noop("请写明破损的样子"), field="damage", rule="M-02")
    row = Batch.objects.create(
        site=site, area=where, damaged=damaged or 0, damage=damage.strip(), brought_by=brought_by.strip(),
        received_at=at, received_by=actor.staff, **counts,
    )  # fmt: skip
    notice_at = figure(path="M-01.notice_at", site=site, at=at)
    if notice_at is not None:
        here = at.astimezone(ZoneInfo(settings.TIME_ZONE))
        due = batch_due(received_at=here, notice_at=time.fromisoformat(str(notice_at)))
        owe(
            site=site, subject=row, milestone=TELL_BATCH, path="M-01",
            role=owed_role(path="M-15.taken_in_by", site=site, at=at), at=at, until=due,
        )  # fmt: skip
    tell(
        record=row, kind="mail.batch_received", actor=actor, at=at, rule="M-02", count=total, damaged=row.damaged,
        area=where.name if where is not None else "",
    )  # fmt: skip
    return row


@transaction.atomic
def tell_of_batch(
    *, actor: Actor, record: Batch, at: datetime, officer: Staff, seen: int | None = None
) -> Batch:
    """Tell the area clerk to fetch letters and papers (M-01)."""
    row = hold(actor=actor, record=record, permission="mail.take_in", seen=seen, states=("sorted",))
    clerk = area_clerk(actor=actor, staff=officer, at=at)
    queue(
        site_id=actor.site.pk, subject=row, at=at,
        drafts=[
            Draft(
                text=FETCH, params={"count": row.count, "rule": "M-01"}, to_staff=clerk, rule="M-01",
                dedup_key=f"mail-batch:{row.pk}:{clerk.pk}",
            )
        ],
    )  # fmt: skip
    change(record=row, state="told", told_at=at)
    timers.meet(subject=row, milestones=[TELL_BATCH], by=actor.staff, at=at)
    tell(record=row, kind="mail.batch_told", actor=actor, at=at, rule="M-01", who=clerk.name)
    return row


@transaction.atomic
def fetch_batch(
    *,
    actor: Actor,
    record: Batch,
    at: datetime,
    officer: Staff,
    signature: str,
    seen: int | None = None,
) -> Batch:
    """The area clerk takes letters and papers at the desk and signs for them (M-03)."""
    row = hold(actor=actor, record=record, permission="mail.take_in", seen=seen, states=("sorted", "told"))
    clerk = area_clerk(actor=actor, staff=officer, at=at)
    if not signature.strip():
        raise Refused(gettext_noop("请签名"), field="signature", rule="M-03")
    drawn = sign(
        site_id=actor.site.pk, subject=row, value=signature, signer=clerk.name, by=actor.staff, at=at
    )
    change(
        record=row, state="fetched", fetched_at=at, fetched_by=clerk,
        signed_by=clerk.name if drawn is not None else signature.strip()[:60],
    )  # fmt: skip
    timers.meet(subject=row, milestones=[TELL_BATCH], by=actor.staff, at=at)
    tell(record=row, kind="mail.batch_fetched", actor=actor, at=at, rule="M-03", who=clerk.name)
    return row


@transaction.atomic
def cancel_batch(*, actor: Actor, record: Batch, at: datetime, reason: str, seen: int | None = None) -> Batch:
    """Strike an entry that was made by mistake; it stays readable with the reason (M-02)."""
    row = hold(actor=actor, record=record, permission="mail.take_in", seen=seen, states=("sorted", "told"))
    if not reason.strip():
        raise Refused(gettext_noop("请写明原因"), field="reason", rule="M-02")
    change(record=row, state="cancelled", reason=reason.strip()[:200])
    timers.void(subject=row, by=actor.staff, at=at, reason=gettext_noop("登记有误"))
    tell(record=row, kind="mail.batch_cancelled", actor=actor, at=at, rule="M-02", reason=row.reason)
    return row
