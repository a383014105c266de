"""告知单: what a household was told, on paper. Printing is counted, handing over says who got it (C-81)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.apps import apps
from django.db import models, transaction
from django.db.models import F

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.channels import COUNTER
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.access import Actor, Forbidden, demand
from yingsheng.kernel.org.permissions import Allow

MOST_SLIPS = 100


@transaction.atomic
def print_slips(*, actor: Actor, messages: Sequence[Message], at: datetime) -> list[Message]:
    """Count the printing of these slips and give them back in their order, each with its new `print_count`.

    The first print is no reprint. One event of the site for the whole stack. Raises Forbidden without the
    permission; Refused for none, too many, or what is not for the counter of this site.
    """
    demand(actor=actor, permission=Allow.HAND_OVER)
    wanted = list(dict.fromkeys(message.pk for message in messages))
    if not wanted:
        raise Refused(gettext_noop("请先勾选要打印的告知单"))
    if len(wanted) > MOST_SLIPS:
        raise Refused(gettext_noop("一次最多打印%(most)s份告知单"), most=MOST_SLIPS)
    rows = Message.objects.filter(pk__in=wanted, site=actor.site, channel=COUNTER)
    if rows.update(print_count=F("print_count") + 1) != len(wanted):
        raise Refused(gettext_noop("其中有不能在本项目打印的告知单"))
    events.record(
        site_id=actor.site.pk,
        kind="notify.slips_printed",
        subject=actor.site,
        by=actor.staff,
        at=at,
        data={"count": len(wanted), "messages": wanted},
    )
    found = rows.select_related("to_household__room", "site").in_bulk(wanted)
    return [found[pk] for pk in wanted]


@transaction.atomic
def hand_over(*, actor: Actor, message: Message, to: str, at: datetime) -> Message:
    """The slip was given to somebody, by name; told on the record it is about, and never twice.

    Raises Forbidden without the permission or for another site; Refused without a name or when it was handed
    over before. Rule C-81.
    """
    demand(actor=actor, permission=Allow.HAND_OVER)
    rows = Message.objects.select_for_update(no_key=True, of=("self",))
    held = rows.filter(pk=message.pk, site=actor.site, channel=COUNTER).first()
    if held is None:
        raise Forbidden(permission=Allow.HAND_OVER)
    if not to.strip():
        raise Refused(gettext_noop("请写明交给了谁"), field="to", rule="C-81")
    if held.handed_over_at is not None:
        raise Refused(gettext_noop("这份告知单已经交给%(to)s"), code="handed_over", to=held.handed_over_to)
    held.handed_over_at, held.handed_over_by, held.handed_over_to = at, actor.staff, to.strip()[:60]
    held.save(update_fields=["handed_over_at", "handed_over_by", "handed_over_to"])
    events.record(
        site_id=held.site_id,
        kind="notify.handed_over",
        subject=_subject(message=held),
        by=actor.staff,
        at=at,
        rule="C-81",
        data={
            "to": held.handed_over_to,
            "message": held.pk,
            "title": str(held.params.get("number", "") or held.params.get("title", "")),
        },
    )
    return held


def _subject(*, message: Message) -> models.Model:
    """The record the message is about; the message itself where that is gone."""
    found: models.Model | None = (
        apps.get_model(message.subject_type)._default_manager.filter(pk=message.subject_id).first()
    )
    return found or message
