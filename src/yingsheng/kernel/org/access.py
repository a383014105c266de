"""Who may do what, answered in one place: the actor of a request and the permissions behind him."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yingsheng.kernel.org.models import Site, Staff


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


# Part of every request; building it from parts would cost four times what running it does.
HELD = """
SELECT s.*, p.id AS post_id, p.department_id AS post_department_id,
       r.code AS role_code, r.rank AS role_rank, r.permissions AS role_permissions
FROM org_post p JOIN org_site s ON s.id = p.site_id JOIN org_role r ON r.id = p.role_id
WHERE p.active AND p.id IN (
    SELECT post_id FROM org_appointment
    WHERE staff_id = %(staff)s AND active_from <= %(at)s AND (active_to IS NULL OR active_to > %(at)s)
    UNION SELECT post_id FROM org_delegation
    WHERE to_staff_id = %(staff)s AND active_from <= %(at)s AND active_to > %(at)s)
ORDER BY s.id, p.id
"""


def list_actors(*, staff: Staff, at: datetime) -> list[Actor]:
    """What somebody may do at each site where he holds a post now, in the order of the sites, in one statement.

    Posts are held by appointment or by standing in for somebody (DESIGN 7).
    """
    held: dict[Site, list[Any]] = {}
    for row in Site.objects.raw(HELD, {"staff": staff.pk, "at": at}):
        held.setdefault(row, []).append(row)
    return [_actor(staff=staff, site=site, rows=rows) for site, rows in held.items()]


def actor_for(*, staff: Staff, site: Site, at: datetime) -> Actor:
    """The actor at one site, in one statement; without posts there he may do nothing."""
    found = (actor for actor in list_actors(staff=staff, at=at) if actor.site == site)
    return next(found, Actor(staff=staff, site=site, posts=(), permissions=frozenset()))


def _actor(*, staff: Staff, site: Site, rows: Iterable[Any]) -> Actor:
    held: list[HeldPost] = []
    permissions: set[str] = set()
    for row in rows:
        held.append(
            HeldPost(
                id=row.post_id, role=row.role_code, department_id=row.post_department_id, rank=row.role_rank
            )
        )
        permissions.update(json.loads(row.role_permissions))
    return Actor(staff=staff, site=site, posts=tuple(held), permissions=frozenset(permissions))


def demand(*, actor: Actor, permission: str) -> None:
    """Raise Forbidden unless the actor has the permission."""
    if not actor.may(permission):
        raise Forbidden(permission=permission)
