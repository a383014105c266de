"""Who may do what, answered in one place: the actor of a request and the permissions behind him."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yingsheng.kernel.org.models import Post, Site, Staff


@dataclass(frozen=True, kw_only=True)
class HeldPost:
    """A post somebody holds now, himself or by delegation."""

    id: int
    role: str
    department_id: int | None
    rank: int


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A member of staff at one site at one moment, with all that follows from the posts held."""

    staff: Staff
    site: Site
    posts: tuple[HeldPost, ...]
    permissions: frozenset[str]

    def may(self, permission: str) -> bool:
        """Whether one of the posts held gives this permission."""
        return permission in self.permissions

    @property
    def department_ids(self) -> frozenset[int]:
        """Departments in which a post is held."""
        return frozenset(post.department_id for post in self.posts if post.department_id is not None)

    @property
    def roles(self) -> frozenset[str]:
        """Role codes held; for comparing with a post that a rule names, never for permissions."""
        return frozenset(post.role for post in self.posts)


class Forbidden(Exception):
    """The actor lacks a permission; the interfaces answer 403."""

    def __init__(self, *, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


def actor_for(*, staff: Staff, site: Site, at: datetime) -> Actor:
    """The actor for one request, in one query; an actor without posts at the site may do nothing there."""
    running = Q(appointments__staff=staff, appointments__active_from__lte=at) & (
        Q(appointments__active_to__isnull=True) | Q(appointments__active_to__gt=at)
    )
    delegated = Q(
        delegations__to_staff=staff, delegations__active_from__lte=at, delegations__active_to__gt=at
    )
    rows = (
        Post.objects.filter(running | delegated, site=site, active=True)
        .select_related("role")
        .distinct()
        .order_by("id")
    )
    posts: list[HeldPost] = []
    permissions: set[str] = set()
    for row in rows:
        posts.append(
            HeldPost(id=row.pk, role=row.role.code, department_id=row.department_id, rank=row.role.rank)
        )
        permissions.update(row.role.permissions)
    return Actor(staff=staff, site=site, posts=tuple(posts), permissions=frozenset(permissions))


def demand(*, actor: Actor, permission: str) -> None:
    """Raise Forbidden unless the actor has the permission."""
    if not actor.may(permission):
        raise Forbidden(permission=permission)
