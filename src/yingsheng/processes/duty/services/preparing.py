"""Before the handover: tidied and told, let go by the supervisor, or not taken over (D-16, D-18, D-19, D-20)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.duty.models import Handover, Page
from yingsheng.processes.duty.queries.carrying import CarriedItem, carried_over
from yingsheng.processes.duty.queries.pages import OPEN
from yingsheng.processes.duty.rules import TIDY, signature_gap
from yingsheng.processes.duty.services.holding import move, one_of_them, record_event, role_of, take

REFUSED_TO_TAKE = gettext_noop("%(who)s没有接%(shift)s的班：%(reason)s（%(rule)s）")
SIGN_GAPS = {
    "evidence": gettext_noop("记录没有写好、凭证没有收齐，不能交班"),
    "told": gettext_noop("还有未完的事，要如实写明再交班"),
}


@transaction.atomic
def prepare_handover(
    *,
    actor: Actor,
    record: Page,
    at: datetime,
    property: list[str] | None = None,
    property_note: str = "",
    evidence: bool = False,
    told: str = "",
    tidied: bool = False,
    seen: int | None = None,
) -> Page:
    """Whoever hands over tidies, completes records and evidence and tells what is unfinished (D-18, D-19)."""
    demand(actor=actor, permission="duty.log")
    page = take(actor=actor, record=record, seen=seen, states=OPEN)
    one_of_them(page=page, staff=actor.staff)
    items = carried_over(page=page, at=at)
    gap = signature_gap(
        evidence_complete=evidence, told=told, open_count=sum(1 for one in items if one.fact.important)
    )
    if gap:
        raise Refused(SIGN_GAPS[gap], field=gap, rule="D-19")
    if not tidied:
        raise Refused(gettext_noop("交班前先整理公共物品和桌面"), field="tidied", rule="D-18")
    handover, _made = Handover.objects.get_or_create(before=page, defaults={"site": page.site})
    handover.tidied_at, handover.prepared_by = at, actor.staff
    handover.property, handover.property_note = list(property or []), property_note.strip()
    handover.evidence, handover.told = evidence, told.strip()
    handover.save(update_fields=["tidied_at", "prepared_by", "property", "property_note", "evidence", "told"])
    move(page=page, state=Page.State.HANDING)
    timers.meet(subject=page, milestones=[TIDY], by=actor.staff, at=at)
    record_event(
        page=page, kind="duty.prepared", actor=actor, at=at, rule="D-18",
        data={
            "told": told.strip(), "property": list(property or []), "note": property_note.strip(), "open": len(items),
        },
    )  # fmt: skip
    return page


@transaction.atomic
def accept_open(
    *, actor: Actor, record: Page, at: datetime, reason: str, numbers: str = "", seen: int | None = None
) -> Page:
    """The supervisor lets important work go over to the next shift: by its number on the list, or all of it (D-20)."""
    demand(actor=actor, permission="duty.check")
    page = take(actor=actor, record=record, seen=seen, states=OPEN)
    items = carried_over(page=page, at=at)
    chosen = _chosen(items=items, numbers=numbers)
    waiting = [item for item in chosen if item.fact.important and not item.fact.accepted]
    if not waiting:
        raise Refused(gettext_noop("没有要放行的事项"), field="numbers", rule="D-20")
    handover, _made = Handover.objects.get_or_create(before=page, defaults={"site": page.site})
    handover.accepted = [
        *handover.accepted, *([item.key, actor.staff.name, reason.strip()[:200]] for item in waiting)
    ]  # fmt: skip
    handover.save(update_fields=["accepted"])
    move(page=page, state=page.state)
    record_event(
        page=page, kind="duty.open_accepted", actor=actor, at=at, rule="D-20",
        data={"items": "；".join(item.text for item in waiting), "reason": reason.strip(), "count": len(waiting)},
    )  # fmt: skip
    return page


@transaction.atomic
def refuse_handover(
    *, actor: Actor, record: Page, at: datetime, incoming: Staff, reason: str, seen: int | None = None
) -> Page:
    """Whoever comes does not take over as things are; the shift goes on, and the supervisor is told (D-16, D-20)."""
    demand(actor=actor, permission="duty.log")
    page = take(actor=actor, record=record, seen=seen, states=(Page.State.HANDING,))
    handover = Handover.objects.select_for_update(no_key=True).get(before=page)
    handover.refusals = [*handover.refusals, [at.isoformat(), incoming.name, reason.strip()]]
    handover.save(update_fields=["refusals"])
    move(page=page, state=Page.State.ON_DUTY)
    owe(
        site=page.site, subject=page, milestone=TIDY, path="D-18.tidy_before", role=role_of(page), staff=actor.staff,
        at=at, climbs=True,
    )  # fmt: skip
    params = {"who": incoming.name, "shift": page.shift.name, "reason": reason.strip()[:80], "rule": "D-20"}
    role = owed_role(path="D-21.signed_by", site=page.site, at=at)
    queue(
        site_id=page.site_id, subject=page, at=at,
        drafts=[
            Draft(
                text=REFUSED_TO_TAKE, params=params, to_staff=one, rule="D-20", tone="late",
                dedup_key=f"duty:refused:{page.pk}:{page.version}:{one.pk}",
            )
            for one in list_holders_or_above(site_id=page.site_id, role=role, at=at)
        ],
    )  # fmt: skip
    record_event(
        page=page, kind="duty.handover_refused", actor=actor, at=at, rule="D-20",
        data={"who": incoming.name, "reason": reason.strip()},
    )  # fmt: skip
    return page


def _chosen(*, items: list[CarriedItem], numbers: str) -> list[CarriedItem]:
    """Those whose numbers are named, counted from the top of the list; all if none is."""
    words = numbers.replace("、", " ").replace("，", " ").replace(",", " ").split()
    if not words:
        return items
    places = [int(word) for word in words if word.isdecimal()]
    if len(places) != len(words) or not all(1 <= place <= len(items) for place in places):
        raise Refused(gettext_noop("写清单上的编号，用空格分开"), field="numbers")
    return [items[place - 1] for place in places]
