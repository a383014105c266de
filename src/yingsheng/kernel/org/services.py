"""Writing the organisation: sites, posts, appointments, delegation, passwords, tokens."""

from __future__ import annotations

import hashlib
import secrets
import tomllib
from datetime import datetime
from importlib import resources

from django.db import transaction
from django.db.models import F

from yingsheng.base.process import processes
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, Forbidden, demand
from yingsheng.kernel.org.login import check_new_password
from yingsheng.kernel.org.models import (
    ApiClient,
    Appointment,
    Delegation,
    Department,
    Post,
    Role,
    RoleAlias,
    Site,
    Staff,
)
from yingsheng.kernel.org.permissions import PERMISSIONS, Allow

DEPARTMENTS = (
    ("service", gettext_noop("客户服务中心")),
    ("engineering", gettext_noop("工程维修部")),
    ("security", gettext_noop("秩序维护部")),
    ("environment", gettext_noop("环境管理部")),
    ("finance", gettext_noop("财务部")),
)


@transaction.atomic
def load_roles() -> int:
    """Bring the canonical roles in the database in line with the content; returns how many there are."""
    text = resources.files("yingsheng.content").joinpath("roles.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["role"]
    for row in rows:
        Role.objects.update_or_create(
            code=row["code"],
            defaults={
                "name_zh": row["zh"],
                "name_en": row["en"],
                "rank": row["rank"],
                "permissions": row["permissions"],
            },
        )
    return len(rows)


@transaction.atomic
def open_site(
    *, code: str, name: str, kind: str, at: datetime, is_drill: bool = False, **contacts: str
) -> Site:
    """Create a site with its book of events and its usual departments."""
    site = Site.objects.create(code=code, name=name, kind=kind, is_drill=is_drill, **contacts)
    events.open_chain(site_id=site.pk)
    Department.objects.bulk_create(
        Department(site=site, code=department, name=label) for department, label in DEPARTMENTS
    )
    events.record(site_id=site.pk, kind="org.site_opened", subject=site, by=None, at=at, data={"code": code})
    return site


@transaction.atomic
def hire(
    *,
    site: Site,
    username: str,
    name: str,
    password: str | None,
    by: Staff | None,
    at: datetime,
    phone: str = "",
    must_change: bool = False,
) -> Staff:
    """Add a member of staff; without a password he cannot log in until one is set.

    `must_change` makes him choose his own password before anything else. Refused for a user name in use and a
    weak password.
    """
    if Staff.objects.filter(username=username).exists():
        raise Refused(gettext_noop("登录名“%(username)s”已被使用"), field="username", username=username)
    staff = Staff(username=username, name=name, phone=phone, must_change_password=must_change)
    if password is None:
        staff.set_unusable_password()
    else:
        check_new_password(password=password, staff=staff)
        staff.set_password(password)
    staff.save(force_insert=True)
    events.record(site_id=site.pk, kind="org.hired", subject=staff, by=by, at=at, data={"name": name})
    return staff


@transaction.atomic
def appoint(
    *,
    staff: Staff,
    site: Site,
    role: str,
    department: str | None,
    by: Staff | None,
    at: datetime,
    name: str = "",
) -> Appointment:
    """Give somebody a post of this role from now on; the post is created if the site has none like it."""
    role_row = Role.objects.get(code=role)
    unit = Department.objects.get(site=site, code=department) if department else None
    post, _ = Post.objects.get_or_create(
        site=site, role=role_row, department=unit, defaults={"name": name or role_row.name_zh}
    )
    appointment = Appointment.objects.create(post=post, staff=staff, active_from=at)
    events.record(
        site_id=site.pk,
        kind="org.appointed",
        subject=staff,
        by=by,
        at=at,
        data={"role": role, "post": post.name},
    )
    return appointment


@transaction.atomic
def delegate(
    *,
    post: Post,
    to_staff: Staff,
    active_from: datetime,
    active_to: datetime,
    reason: str,
    by: Staff,
    at: datetime,
) -> Delegation:
    """Let somebody stand in for a post during leave; needs an end and a reason."""
    if active_to <= active_from:
        raise Refused(gettext_noop("代理的结束时间要晚于开始时间"), field="active_to")
    if not reason.strip():
        raise Refused(gettext_noop("请写明代理的原因"), field="reason")
    row = Delegation.objects.create(
        post=post, to_staff=to_staff, by=by, active_from=active_from, active_to=active_to, reason=reason
    )
    events.record(
        site_id=post.site_id,
        kind="org.delegated",
        subject=to_staff,
        by=by,
        at=at,
        data={"post": post.name, "until": active_to.isoformat(), "reason": reason},
    )
    return row


@transaction.atomic
def rename_role(*, site: Site, role: Role, name: str, by: Staff, at: datetime, name_en: str = "") -> None:
    """Use the site's own name for a role; an empty name returns to the canonical one.

    `name_en` is what English pages say; without it they show `name` too. Refused for an English name alone.
    """
    if name_en and not name:
        raise Refused(gettext_noop("请先填写中文名称"), field="name")
    if name:
        RoleAlias.objects.update_or_create(site=site, role=role, defaults={"name": name, "name_en": name_en})
    else:
        RoleAlias.objects.filter(site=site, role=role).delete()
    events.record(
        site_id=site.pk,
        kind="org.role_renamed",
        subject=role,
        by=by,
        at=at,
        data={"role": role.code, "name": name, "name_en": name_en},
    )


@transaction.atomic
def change_password(*, staff: Staff, site: Site, password: str, by: Staff, at: datetime) -> None:
    """Set a new password and end every session of that person."""
    check_new_password(password=password, staff=staff)
    staff.set_password(password)
    staff.must_change_password = False
    staff.save(update_fields=["password", "must_change_password"])
    events.record(site_id=site.pk, kind="org.password_changed", subject=staff, by=by, at=at, data={})


@transaction.atomic
def end_sessions(*, staff: Staff, site: Site, by: Staff, at: datetime) -> None:
    """Log somebody out everywhere."""
    Staff.objects.filter(pk=staff.pk).update(session_epoch=F("session_epoch") + 1)
    events.record(site_id=site.pk, kind="org.sessions_ended", subject=staff, by=by, at=at, data={})


@transaction.atomic
def set_preferences(
    *, staff: Staff, site: Site, language: str, density: str, single_keys: bool, at: datetime
) -> None:
    """Keep how somebody wants to see pages."""
    staff.language, staff.density, staff.single_keys = language, density, single_keys
    staff.save(update_fields=["language", "density", "single_keys"])
    events.record(
        site_id=site.pk,
        kind="org.preferences_set",
        subject=staff,
        by=staff,
        at=at,
        data={"language": language, "density": density},
    )


@transaction.atomic
def issue_token(
    *,
    site: Site,
    name: str,
    acts_as: Staff,
    scopes: list[str],
    by: Actor | None,
    at: datetime,
    expires_at: datetime | None = None,
) -> tuple[ApiClient, str]:
    """Create an API client; the token is returned once and only its hash is kept.

    It works until `expires_at` (exclusive), or until it is revoked. Whoever issues it (None: the operator of the
    machine, who may do anything) gives no power that he lacks, whoever it acts as. Raises Forbidden for a scope of
    which the issuer lacks a permission, and for another site; Refused for an end that has passed and for a scope
    that does not exist.
    """
    if by is not None:
        _check_scopes(actor=by, site=site, scopes=scopes)
    if expires_at is not None and expires_at <= at:
        raise Refused(gettext_noop("有效期要晚于现在"), field="expires_at")
    token = f"ys_{secrets.token_urlsafe(32)}"
    client = ApiClient.objects.create(
        site=site,
        name=name,
        acts_as=acts_as,
        token_hash=hash_token(token=token),
        scopes=scopes,
        created_at=at,
        expires_at=expires_at,
    )
    events.record(
        site_id=site.pk,
        kind="org.token_issued",
        subject=client,
        by=by.staff if by is not None else None,
        at=at,
        data={
            "name": name,
            "scopes": scopes,
            "acts_as": acts_as.name,
            "expires": expires_at.isoformat() if expires_at else "",
        },
    )
    return client, token


def _check_scopes(*, actor: Actor, site: Site, scopes: list[str]) -> None:
    """Refuse unknown scopes, forbid those beyond the issuer; a family asks for each of its permissions.

    The powers of `acts_as` at this moment do not decide: he may be given more tomorrow, and the token would follow.
    """
    demand(actor=actor, permission=Allow.MANAGE_ORG)
    if actor.site.pk != site.pk:
        raise Forbidden(permission=Allow.MANAGE_ORG)
    known = sorted(
        {str(one.code) for one in PERMISSIONS}
        | {str(one.code) for process in processes for one in process.permissions}
    )
    for scope in scopes:
        named = [
            code for code in known if code == scope or (scope.endswith(".*") and code.startswith(scope[:-1]))
        ]
        if not named:
            raise Refused(gettext_noop("没有“%(scope)s”这项权限"), field="scopes", scope=scope)
        for code in named:
            demand(actor=actor, permission=code)


@transaction.atomic
def revoke_token(*, client: ApiClient, by: Staff, at: datetime) -> None:
    """Make a token useless from now on; Refused for one that was revoked before."""
    client.refresh_from_db(fields=["active"])
    if not client.active:
        raise Refused(gettext_noop("这个令牌已经停用"))
    client.active = False
    client.save(update_fields=["active"])
    events.record(
        site_id=client.site_id,
        kind="org.token_revoked",
        subject=client,
        by=by,
        at=at,
        data={"name": client.name},
    )


def hash_token(*, token: str) -> str:
    """What is stored of a token: it is random and long, so a plain SHA-256 does not invite guessing."""
    return hashlib.sha256(token.encode()).hexdigest()
