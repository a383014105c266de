"""People come, go and stand in for one another: ending posts, accounts, delegation by the holder himself."""

from __future__ import annotations

from datetime import datetime

from axes.handlers.proxy import AxesProxyHandler
from django.db import transaction
from django.db.models import F, Q
from django_otp.plugins.otp_totp.models import TOTPDevice

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.events.queries import list_events
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.login import check_new_password
from yingsheng.kernel.org.models import Appointment, Delegation, Post, Site, Staff
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.org.queries import list_own_posts

NEEDS_REASON = gettext_noop("请写明原因")


@transaction.atomic
def end_appointment(*, appointment: Appointment, by: Staff, at: datetime, reason: str) -> Appointment:
    """Let somebody hold a post no longer, from now on; an appointment that has not begun is withdrawn altogether.

    Refused without a reason, for an appointment that has ended, and for the last one that may manage the site.
    """
    if not reason.strip():
        raise Refused(NEEDS_REASON, field="reason")
    _hold_site(site_id=appointment.post.site_id)
    row = (
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("post__role", "post__department", "post__site", "staff")
        .filter(pk=appointment.pk)
        .first()
    )
    if row is None or (row.active_to is not None and row.active_to <= at):
        raise Refused(gettext_noop("这项任职已经结束"))
    if row.active_from >= at:
        # nobody ever acted under it; its events tell that it was planned
        Appointment.objects.filter(pk=row.pk).delete()
        row.active_to = row.active_from
    else:
        row.active_to = at
        row.save(update_fields=["active_to"])
        _keep_a_manager(site=row.post.site, at=at)
    events.record(
        site_id=row.post.site_id,
        kind="org.appointment_ended",
        subject=row.staff,
        by=by,
        at=at,
        data={"post": row.post.name, "reason": reason.strip()[:200]},
    )
    return row


@transaction.atomic
def deactivate(*, staff: Staff, site: Site, by: Staff, at: datetime, reason: str) -> Staff:
    """Close an account: no log-in, no session and no token in that name works any more; posts stay on record.

    Refused without a reason, for oneself, for somebody who also works at another site, and for the last person
    who may manage this one.
    """
    if not reason.strip():
        raise Refused(NEEDS_REASON, field="reason")
    if staff.pk == by.pk:
        raise Refused(gettext_noop("不能停用自己的账户"))
    _hold_site(site_id=site.pk)
    row = _lock(staff=staff, site=site, at=at)
    if not row.is_active:
        raise Refused(gettext_noop("这个账户已经停用"))
    row.is_active = False
    row.session_epoch += 1
    row.save(update_fields=["is_active", "session_epoch"])
    _keep_a_manager(site=site, at=at)
    _note(kind="deactivated", staff=row, site=site, by=by, at=at, reason=reason.strip()[:200])
    return row


@transaction.atomic
def reactivate(*, staff: Staff, site: Site, by: Staff, at: datetime) -> Staff:
    """Open a closed account again, with the password it had."""
    row = _lock(staff=staff, site=site, at=at)
    if row.is_active:
        raise Refused(gettext_noop("这个账户没有停用"))
    row.is_active = True
    row.save(update_fields=["is_active"])
    _note(kind="reactivated", staff=row, site=site, by=by, at=at)
    return row


@transaction.atomic
def give_password(*, staff: Staff, site: Site, password: str, by: Staff, at: datetime) -> Staff:
    """Give somebody a password for one log-in, after which he chooses his own; ends his sessions.

    Refused for a weak password, for oneself (the account page asks for the old one) and for somebody who also
    works at another site: his powers there are not this site's to give away.
    """
    if staff.pk == by.pk:
        raise Refused(gettext_noop("自己的密码请在“我的账户”里修改"))
    row = _lock(staff=staff, site=site, at=at)
    check_new_password(password=password, staff=row)
    row.set_password(password)
    row.must_change_password = True
    row.save(update_fields=["password", "must_change_password"])
    _note(kind="password_given", staff=row, site=site, by=by, at=at)
    return row


@transaction.atomic
def unlock(*, staff: Staff, site: Site, by: Staff, at: datetime) -> int:
    """Let somebody try again who mistyped his password too often; returns how many failures were forgotten."""
    row = _lock(staff=staff, site=site, at=at)
    count = AxesProxyHandler.reset_attempts(username=row.username)
    if not count:
        raise Refused(gettext_noop("这个账户没有被锁定"))
    _note(kind="unlocked", staff=row, site=site, by=by, at=at)
    return int(count)


@transaction.atomic
def drop_second_factor(*, staff: Staff, site: Site, by: Staff, at: datetime, reason: str) -> None:
    """Take the second factor from somebody who lost his phone; he logs in with the password alone until he has
    a new one. Refused without a reason, for oneself and for somebody without a factor.
    """
    if not reason.strip():
        raise Refused(NEEDS_REASON, field="reason")
    if staff.pk == by.pk:
        raise Refused(gettext_noop("自己的第二重验证请在“我的账户”里停用"))
    row = _lock(staff=staff, site=site, at=at)
    count, _ = TOTPDevice.objects.filter(user=row).delete()
    if not count:
        raise Refused(gettext_noop("这个账户没有第二重验证"))
    _note(kind="factor_dropped", staff=row, site=site, by=by, at=at, reason=reason.strip()[:200])


@transaction.atomic
def end_other_sessions(*, staff: Staff, site: Site, at: datetime) -> Staff:
    """Log oneself out everywhere; the interface logs this window in anew. Returns the row with its new epoch."""
    Staff.objects.filter(pk=staff.pk).update(session_epoch=F("session_epoch") + 1)
    _note(kind="sessions_ended", staff=staff, site=site, by=staff, at=at)
    staff.refresh_from_db(fields=["session_epoch"])
    return staff


@transaction.atomic
def delegate_post(
    *,
    actor: Actor,
    post: Post,
    to_staff: Staff,
    active_from: datetime,
    active_to: datetime,
    reason: str,
    at: datetime,
) -> Delegation:
    """Let somebody stand in for a post of the site during leave: the manager for any post, a holder for his own.

    Whoever only stands in may not pass the post on. Raises Forbidden for anybody else; Refused for a person who
    holds the post himself or stands in already in that time, an end that has passed, no reason.
    """
    if not list_own_posts(staff=actor.staff, site_id=actor.site.pk, at=at).filter(pk=post.pk).exists():
        demand(actor=actor, permission=Allow.MANAGE_ORG)
    if post.site_id != actor.site.pk or not post.active:
        raise Refused(gettext_noop("本项目没有这个岗位"), field="post")
    if active_to <= at:
        raise Refused(gettext_noop("代理的结束时间要晚于现在"), field="active_to")
    if not Staff.objects.filter(pk=to_staff.pk, is_active=True).exists():
        raise Refused(gettext_noop("这个账户已经停用"), field="to_staff")
    Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    if list_own_posts(staff=to_staff, site_id=post.site_id, at=at).filter(pk=post.pk).exists():
        raise Refused(gettext_noop("%(name)s本来就担任这个岗位"), field="to_staff", name=to_staff.name)
    overlapping = Delegation.objects.filter(
        post=post, to_staff=to_staff, active_from__lt=active_to, active_to__gt=active_from
    )
    if overlapping.exists():
        raise Refused(
            gettext_noop("%(name)s在这段时间已经代理这个岗位"), field="to_staff", name=to_staff.name
        )
    return org.delegate(
        post=post,
        to_staff=to_staff,
        active_from=active_from,
        active_to=active_to,
        reason=reason.strip()[:200],
        by=actor.staff,
        at=at,
    )


@transaction.atomic
def end_delegation(*, actor: Actor, delegation: Delegation, at: datetime) -> None:
    """Take a post back before the agreed end; one that has not begun is withdrawn altogether.

    The manager of the site may, who gave it, and who holds the post. Raises Forbidden for anybody else, Refused
    for one that has ended.
    """
    row = (
        Delegation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("post", "to_staff")
        .get(pk=delegation.pk)
    )
    own = list_own_posts(staff=actor.staff, site_id=row.post.site_id, at=at).filter(pk=row.post_id)
    if row.by_id != actor.staff.pk and not own.exists():
        demand(actor=actor, permission=Allow.MANAGE_ORG)
    if row.active_to <= at:
        raise Refused(gettext_noop("这项代理已经结束"))
    if row.active_from >= at:
        row.delete()  # nobody ever acted under it; its events tell that it was planned
    else:
        row.active_to = at
        row.save(update_fields=["active_to"])
    events.record(
        site_id=row.post.site_id,
        kind="org.delegation_ended",
        subject=row.to_staff,
        by=actor.staff,
        at=at,
        data={"post": row.post.name},
    )


def works_elsewhere(*, staff: Staff, site: Site, at: datetime) -> bool:
    """Whether another site has to do with somebody, so that his account is not this site's alone.

    It has if he holds a post there or stands in for one, now or later, or was added there and still waits for his
    first post.
    """
    appointed = Appointment.objects.filter(Q(active_to__isnull=True) | Q(active_to__gt=at), staff=staff)
    delegated = Delegation.objects.filter(to_staff=staff, active_to__gt=at)
    if any(rows.exclude(post__site=site).exists() for rows in (appointed, delegated)):
        return True
    posted = Appointment.objects.filter(staff=staff).values("post__site")
    added = list_events(subject=staff).filter(kind="org.hired").exclude(site=site)
    return added.exclude(site__in=posted).exists()


def _lock(*, staff: Staff, site: Site, at: datetime) -> Staff:
    if works_elsewhere(staff=staff, site=site, at=at):
        raise Refused(
            gettext_noop("%(name)s还在别的项目任职，账户请由公司的系统管理员处理"),
            code="works_elsewhere",
            name=staff.name,
        )
    return Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)


def _hold_site(*, site_id: int) -> None:
    """Put those who take powers away at one site in a row: two managers must not end each other at once."""
    Site.objects.select_for_update(no_key=True).get(pk=site_id)


def _keep_a_manager(*, site: Site, at: datetime) -> None:
    """Refuse to leave a site without anybody who may manage it."""
    running = Appointment.objects.filter(
        Q(active_to__isnull=True) | Q(active_to__gt=at),
        post__site=site,
        post__active=True,
        active_from__lte=at,
        staff__is_active=True,
    ).select_related("post__role")
    if not any(Allow.MANAGE_ORG in row.post.role.permissions for row in running):
        raise Refused(gettext_noop("这样就没有人能管理人员与岗位了，请先任命另一位"), code="last_manager")


def _note(*, kind: str, staff: Staff, site: Site, by: Staff, at: datetime, **data: object) -> None:
    events.record(site_id=site.pk, kind=f"org.{kind}", subject=staff, by=by, at=at, data=data)
