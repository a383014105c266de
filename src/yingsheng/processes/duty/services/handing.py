"""Handing over: signed by both, a post that was empty, the end of the last shift (D-05, D-15, D-16, D-17)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, actor_for, demand
from yingsheng.kernel.org.identity import prove
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.rosters.queries import Slot
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.duty.models import Handover, Page
from yingsheng.processes.duty.queries.carrying import carried_over, stoppers
from yingsheng.processes.duty.queries.pages import EARLIEST, OPEN, follows_directly, next_slot, slots_near
from yingsheng.processes.duty.rules import ARRIVE, MAN_POST, TIDY, area_gap, arrival, may_stand
from yingsheng.processes.duty.services.holding import one_of_them, record_event, role_of, take, words_of
from yingsheng.processes.duty.services.scheduling import lay_out, mark_missed

TOOK_COMPLAINTS = gettext_noop("%(shift)s受理投诉%(count)s件，请接着处理（%(rule)s）")
AREA_GAPS = {
    "area_note": gettext_noop("区域有异常，写明是什么"),
    "area_explained": gettext_noop("区域有异常，要由交班人说明"),
}


def hand_over(
    *,
    actor: Actor,
    record: Page,
    at: datetime,
    outgoing: Staff,
    outgoing_password: str,
    incoming: Staff,
    incoming_password: str,
    arrived_at: datetime | None = None,
    has_read: bool = False,
    area: str = "normal",
    area_note: str = "",
    area_explained: str = "",
    to_follow: str = "",
    seen: int | None = None,
) -> Page:
    """Both sign with their passwords, and the next page is opened (D-15, D-16, D-17, D-19); returns the new page.

    Refused while important work is open that no supervisor accepted (D-20), while the outgoing has not prepared, to
    somebody whose post does not fit, or more than two hours early.
    """
    demand(actor=actor, permission="duty.log")
    if outgoing == incoming:
        raise Refused(gettext_noop("交班人和接班人不能是同一个人"), field="incoming", rule="D-17")
    signatures = int(figure(path="D-17.signatures", site=actor.site, at=at) or 2)
    if signatures > 1:
        prove(
            staff=outgoing, password=outgoing_password, site=actor.site, by=actor.staff, at=at,
            field="outgoing_password",
        )  # fmt: skip
    prove(
        staff=incoming, password=incoming_password, site=actor.site, by=actor.staff, at=at,
        field="incoming_password",
    )  # fmt: skip
    return sign_over(
        actor=actor, record=record, at=at, outgoing=outgoing, incoming=incoming, arrived_at=arrived_at or at,
        has_read=has_read, area=area, area_note=area_note, area_explained=area_explained, to_follow=to_follow,
        seen=seen,
    )  # fmt: skip


@transaction.atomic
def sign_over(
    *,
    actor: Actor,
    record: Page,
    at: datetime,
    outgoing: Staff,
    incoming: Staff,
    arrived_at: datetime,
    has_read: bool,
    area: str,
    area_note: str = "",
    area_explained: str = "",
    to_follow: str = "",
    seen: int | None = None,
) -> Page:
    """The handover itself, once both are known to be who they are; see `hand_over`."""
    page = take(actor=actor, record=record, seen=seen, states=(Page.State.HANDING,))
    one_of_them(page=page, staff=outgoing)
    _check_incoming(page=page, incoming=incoming, at=at, arrived_at=arrived_at, has_read=has_read)
    normal = area == "normal"
    gap = area_gap(area_is_normal=normal, found=area_note, explained=area_explained)
    if gap:
        raise Refused(AREA_GAPS[gap], field=gap, rule="D-16")
    items = carried_over(page=page, at=at)
    stopping = stoppers(page=page, items=items, at=at)
    if stopping:
        first = next(item for item in items if item.key == stopping[0])
        raise Refused(
            gettext_noop("还有%(count)s件重要的事没有办完，不能交班，例如：%(first)s。办完，或请主管放行"),
            rule="D-20", count=len(stopping), first=first.text,
        )  # fmt: skip
    slots = slots_near(site=page.site, at=at)
    slot = next_slot(slots=slots, page=page, at=at)
    if slot is None:
        raise Refused(gettext_noop("现在没有要接的下一班；提前两小时之内才能接班"), rule="D-15")
    taken = lay_out(slot=slot, site=page.site, at=at)
    handover = Handover.objects.select_for_update(no_key=True).get(before=page)
    handover.after, handover.incoming, handover.outgoing, handover.signed_at = taken, incoming, outgoing, at
    handover.arrived_at, handover.has_read, handover.to_follow = arrived_at, has_read, to_follow.strip()
    handover.area_is_normal, handover.area_note = normal, area_note.strip()
    handover.area_explained, handover.carried = area_explained.strip(), words_of(items)
    handover.is_rostered = incoming in slot.people
    event = record_event(
        page=page, kind="duty.handed_over", actor=actor, at=at, rule="D-17",
        data={
            "outgoing": outgoing.name, "incoming": incoming.name, "shift": slot.shift.name, "carried": len(items),
            "arrived": arrived_at.isoformat(), "area": area, "area_note": area_note.strip(),
            "area_explained": area_explained.strip(), "rostered": handover.is_rostered,
        },
    )  # fmt: skip
    handover.save(update_fields=HANDOVER_SIGNED)
    _close(page=page, event=event, by=outgoing, at=at)
    _open(page=taken, slot=slot, event=event, incoming=incoming, at=at, arrived_at=arrived_at)
    _skip_passed(page=page, taken=taken, at=at)
    _hand_complaints(page=page, event=event, at=at)
    return taken


HANDOVER_SIGNED = [
    "after", "incoming", "outgoing", "signed_at", "arrived_at", "has_read", "to_follow", "area_is_normal", "area_note",
    "area_explained", "carried", "is_rostered",
]  # fmt: skip


def open_post(
    *,
    actor: Actor,
    at: datetime,
    password: str,
    post: str = "",
    arrived_at: datetime | None = None,
    has_read: bool = False,
    area: str = "normal",
    area_note: str = "",
    to_follow: str = "",
) -> Page:
    """Take over a post that is empty: the first shift of a day, or after one that nobody took over (D-05, D-15)."""
    demand(actor=actor, permission="duty.log")
    prove(staff=actor.staff, password=password, site=actor.site, by=actor.staff, at=at)
    return begin_post(
        actor=actor, at=at, post=post, arrived_at=arrived_at or at, has_read=has_read, area=area, area_note=area_note,
        to_follow=to_follow,
    )  # fmt: skip


@transaction.atomic
def begin_post(
    *,
    actor: Actor,
    at: datetime,
    arrived_at: datetime,
    has_read: bool,
    post: str = "",
    area: str = "normal",
    area_note: str = "",
    to_follow: str = "",
) -> Page:
    """Begin at an empty post, once it is known who begins; see `open_post`."""
    slot = _empty_slot(actor=actor, post=post, at=at)
    page = lay_out(slot=slot, site=actor.site, at=at)
    _check_incoming(page=page, incoming=actor.staff, at=at, arrived_at=arrived_at, has_read=has_read)
    normal = area == "normal"
    if not normal and not area_note.strip():
        raise Refused(AREA_GAPS["area_note"], field="area_note", rule="D-16")
    event = record_event(
        page=page, kind="duty.begun", actor=actor, at=at, rule="D-15",
        data={
            "incoming": actor.staff.name, "shift": slot.shift.name, "arrived": arrived_at.isoformat(), "area": area,
            "area_note": area_note.strip(),
        },
    )  # fmt: skip
    Handover.objects.create(
        site=actor.site, after=page, incoming=actor.staff, signed_at=at, arrived_at=arrived_at, has_read=has_read,
        area_is_normal=normal, area_note=area_note.strip(), to_follow=to_follow.strip(),
        is_rostered=actor.staff in slot.people,
    )  # fmt: skip
    _open(page=page, slot=slot, event=event, incoming=actor.staff, at=at, arrived_at=arrived_at)
    _skip_passed(page=page, taken=page, at=at)
    return page


def close_post(*, actor: Actor, record: Page, at: datetime, password: str, seen: int | None = None) -> Page:
    """End the last shift where no other follows at once; whoever leaves signs alone (D-02, D-19)."""
    demand(actor=actor, permission="duty.log")
    prove(staff=actor.staff, password=password, site=actor.site, by=actor.staff, at=at)
    return end_post(actor=actor, record=record, at=at, seen=seen)


@transaction.atomic
def end_post(*, actor: Actor, record: Page, at: datetime, seen: int | None = None) -> Page:
    """The end itself; see `close_post`. Refused while the post has to be manned, or with important work open."""
    page = take(actor=actor, record=record, seen=seen, states=(Page.State.HANDING,))
    one_of_them(page=page, staff=actor.staff)
    if follows_directly(slots=slots_near(site=page.site, at=at), page=page) or at < page.ends_at - EARLIEST:
        raise Refused(gettext_noop("这个岗后面还有人接班，要当面交接，不能离岗"), rule="D-05")
    items = carried_over(page=page, at=at)
    if stoppers(page=page, items=items, at=at):
        raise Refused(gettext_noop("还有重要的事没有办完，办完或请主管放行后再下班"), rule="D-20")
    handover = Handover.objects.select_for_update(no_key=True).get(before=page)
    handover.outgoing, handover.signed_at, handover.carried = actor.staff, at, words_of(items)
    handover.save(update_fields=["outgoing", "signed_at", "carried"])
    event = record_event(
        page=page, kind="duty.ended", actor=actor, at=at, rule="D-19",
        data={"outgoing": actor.staff.name, "carried": len(items)},
    )  # fmt: skip
    _close(page=page, event=event, by=actor.staff, at=at)
    _hand_complaints(page=page, event=event, at=at)
    return page


def _check_incoming(
    *, page: Page, incoming: Staff, at: datetime, arrived_at: datetime, has_read: bool
) -> None:
    if not has_read:
        raise Refused(gettext_noop("先看上一班的记录，问清办到哪一步，再接班"), field="has_read", rule="D-15")
    if arrived_at > at:
        raise Refused(gettext_noop("到岗时间不能在将来"), field="arrived_at", rule="D-15")
    held = actor_for(staff=incoming, site=page.site, at=at).roles
    if not may_stand(roles=page.post.roles, held=held):
        raise Refused(
            gettext_noop("%(who)s的岗位不能在“%(post)s”值班"), field="incoming", rule="D-04", who=incoming.name,
            post=page.post.name,
        )  # fmt: skip


def _empty_slot(*, actor: Actor, post: str, at: datetime) -> Slot:
    """The shift that runs now or begins soon at a post where nobody is on duty."""
    busy = set(Page.objects.filter(site=actor.site, state__in=OPEN).values_list("post_id", flat=True))
    fitting = []
    for slot in slots_near(site=actor.site, at=at):
        if slot.ends_at <= at or slot.starts_at - at > EARLIEST or slot.post.pk in busy:
            continue
        if post.strip() and post.strip() not in (slot.post.name, slot.post.name_en, slot.post.code):
            continue
        if not post.strip() and not may_stand(roles=slot.post.roles, held=actor.roles):
            continue
        fitting.append(slot)
    own = [slot for slot in fitting if actor.staff in slot.people]
    if fitting:
        return (own or fitting)[0]
    raise Refused(
        gettext_noop("现在没有空着的岗要接；有人在岗时由他交班给您"),
        code="nothing_empty",
        field="post",
        rule="D-05",
    )


def _open(
    *, page: Page, slot: Slot, event: Event, incoming: Staff, at: datetime, arrived_at: datetime
) -> None:
    last = Page.objects.filter(post=page.post).aggregate(last=Max("number"))["last"] or 0
    page.number, page.opened_at, page.opened_by, page.first_seq = last + 1, at, incoming, event.seq
    page.state, page.version = Page.State.ON_DUTY, page.version + 1
    page.save(update_fields=["number", "opened_at", "opened_by", "first_seq", "state", "version"])
    page.people.set({incoming, *slot.people} if incoming in slot.people else {incoming})
    ahead = figure(path="D-15.arrive_before", site=page.site, at=at)
    if ahead is not None:
        early = arrival(arrived_at=arrived_at, starts_at=page.starts_at, ahead_minutes=int(ahead))
        by_then = min(arrived_at, at)
        timers.meet(
            subject=page, milestones=[ARRIVE], by=incoming, at=by_then if early.is_in_time else arrived_at
        )
    timers.meet(subject=page, milestones=[MAN_POST], by=incoming, at=at)
    before = figure(path="D-18.tidy_before", site=page.site, at=at)
    if before is not None:
        owe(
            site=page.site, subject=page, milestone=TIDY, path="D-18.tidy_before", role=role_of(page), staff=incoming,
            at=at, until=max(at, page.ends_at - timedelta(minutes=int(before))),
        )  # fmt: skip


def _close(*, page: Page, event: Event, by: Staff, at: datetime) -> None:
    page.state, page.version = Page.State.SIGNED, page.version + 1
    page.closed_at, page.closed_by, page.last_seq, page.digest = at, by, event.seq, event.hash
    page.save(update_fields=["state", "version", "closed_at", "closed_by", "last_seq", "digest"])
    page.absences.filter(back_at__isnull=True).update(back_at=at)


def _skip_passed(*, page: Page, taken: Page, at: datetime) -> None:
    """Shifts of this post that lie between and that nobody took over."""
    passed = Page.objects.filter(
        post=page.post, state=Page.State.SCHEDULED, starts_at__lt=taken.starts_at
    ).exclude(pk=taken.pk)
    for one in passed:
        mark_missed(page=one, at=at)


def _hand_complaints(*, page: Page, event: Event, at: datetime) -> None:
    """What was taken in as complaints in this shift is put before the post that duty staff help with them (D-26)."""
    taken_in = Event.objects.filter(
        site_id=page.site_id, kind="complaints.registered", seq__gt=page.first_seq, seq__lte=event.seq,
        by__in=page.people.all(),
    ).count()  # fmt: skip
    if not taken_in:
        return
    role = owed_role(path="D-26.assisted_role", site=page.site, at=at)
    params = {"shift": page.shift.name, "count": taken_in, "rule": "D-26"}
    queue(
        site_id=page.site_id, subject=page, at=at,
        drafts=[
            Draft(
                text=TOOK_COMPLAINTS, params=params, to_staff=one, rule="D-26",
                dedup_key=f"duty:complaints:{page.pk}:{one.pk}",
            )
            for one in list_holders_or_above(site_id=page.site_id, role=role, at=at)
        ],
    )  # fmt: skip
