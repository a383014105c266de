"""Reading the organisation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Q, QuerySet

from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.models import (
    ApiClient,
    Delegation,
    Department,
    Post,
    Role,
    RoleAlias,
    Staff,
)

# Asked at every write that tells somebody; building it from parts would cost several times what running it does.
HOLDERS = """
SELECT * FROM org_staff WHERE is_active AND id IN (
    SELECT a.staff_id FROM org_appointment a JOIN org_post p ON p.id = a.post_id JOIN org_role r ON r.id = p.role_id
    WHERE p.site_id = %(site)s AND r.code = %(role)s
      AND a.active_from <= %(at)s AND (a.active_to IS NULL OR a.active_to > %(at)s)
    UNION
    SELECT d.to_staff_id FROM org_delegation d JOIN org_post p ON p.id = d.post_id JOIN org_role r ON r.id = p.role_id
    WHERE p.site_id = %(site)s AND r.code = %(role)s AND d.active_from <= %(at)s AND d.active_to > %(at)s)
ORDER BY id
"""


def list_holders(*, site_id: int, role: str, at: datetime) -> list[Staff]:
    """Who answers for a role at a site now: appointed, or standing in for somebody on leave."""
    return list(Staff.objects.raw(HOLDERS, {"site": site_id, "role": role, "at": at}))


def list_holders_or_above(*, site_id: int, role: str, at: datetime) -> list[Staff]:
    """The holders of a role; if the post is empty, those of the next higher one that is not (DESIGN 6)."""
    people = list_holders(site_id=site_id, role=role, at=at)
    if people:
        return people
    rank = Role.objects.filter(code=role).values_list("rank", flat=True).first()
    if rank is None:
        return []
    higher = (
        Role.objects.filter(rank__lt=rank, posts__site_id=site_id, posts__active=True)
        .distinct()
        .order_by("-rank", "code")
    )
    for candidate in higher:
        people = list_holders(site_id=site_id, role=candidate.code, at=at)
        if people:
            return people
    return []


def role_may(*, codes: Collection[str], permission: str) -> bool:
    """Whether one of these roles gives a permission."""
    found = Role.objects.filter(code__in=codes).values_list("permissions", flat=True)
    return any(permission in permissions for permissions in found)


def list_staff(*, site_id: int, at: datetime) -> QuerySet[Staff]:
    """All active staff with a post at the site now."""
    return (
        Staff.objects.filter(
            Q(appointments__active_to__isnull=True) | Q(appointments__active_to__gt=at),
            appointments__post__site_id=site_id,
            appointments__active_from__lte=at,
            is_active=True,
        )
        .distinct()
        .order_by("name", "id")
    )


def list_departments(*, site_id: int) -> QuerySet[Department]:
    """The site's departments in use."""
    return Department.objects.filter(site_id=site_id, active=True).order_by("id")


def role_titles(*, site_id: int, english: bool) -> dict[str, str]:
    """Every role's name by code: the site's own name for it, else the canonical one."""
    names = {role.code: role.name_en if english else role.name_zh for role in Role.objects.order_by("id")}
    return {**names, **role_names(site_id=site_id, english=english)}


def role_names(*, site_id: int, english: bool = False) -> dict[str, str]:
    """What this site calls each role it renamed; in English its English name where it gave one."""
    return {
        alias.role.code: (alias.name_en or alias.name) if english else alias.name
        for alias in RoleAlias.objects.filter(site_id=site_id).select_related("role").order_by("id")
    }


def list_people(*, site_id: int) -> QuerySet[Staff]:
    """Everybody this site has to do with: who holds or held a post here, stands in here, or was added here."""
    added = Event.objects.filter(site_id=site_id, kind="org.hired").values("subject_id")
    return (
        Staff.objects.filter(
            Q(appointments__post__site_id=site_id) | Q(delegations__post__site_id=site_id) | Q(pk__in=added)
        )
        .distinct()
        .order_by("-is_active", "name", "pk")
    )


def list_own_posts(*, staff: Staff, site_id: int, at: datetime) -> QuerySet[Post]:
    """The posts somebody was appointed to and holds now; those he only stands in for are not his to pass on."""
    return (
        Post.objects.filter(
            Q(appointments__active_to__isnull=True) | Q(appointments__active_to__gt=at),
            appointments__staff=staff,
            appointments__active_from__lte=at,
            site_id=site_id,
            active=True,
        )
        .select_related("role", "department")
        .distinct()
        .order_by("role__rank", "pk")
    )


def list_delegations(*, site_id: int, at: datetime) -> QuerySet[Delegation]:
    """Who stands in for whom now or later, the earliest end first."""
    return (
        Delegation.objects.filter(post__site_id=site_id, active_to__gt=at)
        .select_related("post__role", "post__department", "to_staff", "by")
        .order_by("active_to", "pk")
    )


def list_tokens(*, site_id: int) -> QuerySet[ApiClient]:
    """The API clients of a site, those in use first."""
    return (
        ApiClient.objects.filter(site_id=site_id).select_related("acts_as").order_by("-active", "name", "pk")
    )


def locked_usernames() -> set[str]:
    """The user names that mistyped their password too often, whatever the address they came from."""
    limit = int(settings.AXES_FAILURE_LIMIT)
    rows = AccessAttempt.objects.filter(failures_since_start__gte=limit).values_list("username", flat=True)
    return {name for name in rows if name}
