"""Who stands for the department that a case is given to."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min, Q

from yingsheng.kernel.org.models import Department, Staff


def leaders_of(*, department: Department, at: datetime) -> list[Staff]:
    """Those who hold the highest post of a department now; empty where nobody does."""
    running = (
        Q(appointments__post__department=department)
        & Q(appointments__active_from__lte=at)
        & (Q(appointments__active_to__isnull=True) | Q(appointments__active_to__gt=at))
    )
    people = list(
        Staff.objects.filter(running, is_active=True)
        .annotate(rank=Min("appointments__post__role__rank"))
        .order_by("rank", "pk")
    )
    return [one for one in people if one.rank == people[0].rank]
