"""Reading the organisation."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from yingsheng.kernel.org.models import Department, Role, RoleAlias, Site, Staff


def list_sites_of(*, staff: Staff, at: datetime) -> QuerySet[Site]:
    """The sites where somebody holds a post now, himself or by delegation."""
    running = Q(posts__appointments__staff=staff, posts__appointments__active_from__lte=at) & (
        Q(posts__appointments__active_to__isnull=True) | Q(posts__appointments__active_to__gt=at)
    )
    delegated = Q(
        posts__delegations__to_staff=staff,
        posts__delegations__active_from__lte=at,
        posts__delegations__active_to__gt=at,
    )
    return Site.objects.filter(running | delegated, posts__active=True).distinct().order_by("id")


def list_holders(*, site_id: int, role: str, at: datetime) -> list[Staff]:
    """Who answers for a role at a site now: appointed, or standing in for somebody on leave."""
    running = Q(appointments__post__site_id=site_id, appointments__post__role__code=role) & (
        Q(appointments__active_from__lte=at)
        & (Q(appointments__active_to__isnull=True) | Q(appointments__active_to__gt=at))
    )
    delegated = Q(
        delegations__post__site_id=site_id,
        delegations__post__role__code=role,
        delegations__active_from__lte=at,
        delegations__active_to__gt=at,
    )
    return list(Staff.objects.filter(running | delegated, is_active=True).distinct().order_by("id"))


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
    return {**names, **role_names(site_id=site_id)}


def role_names(*, site_id: int) -> dict[str, str]:
    """What this site calls each role it renamed."""
    return {
        alias.role.code: alias.name
        for alias in RoleAlias.objects.filter(site_id=site_id).select_related("role").order_by("id")
    }
