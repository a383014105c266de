"""Leave and substitution, swaps, wishes, attempts to reach somebody on call, and runs of the planner."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yingsheng.base.words import gettext_noop as N


def _staff(*, null: bool = False) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=null, on_delete=models.PROTECT, related_name="+", db_index=False
    )


def _site() -> Any:
    return models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)


def _turn(*, null: bool = False) -> Any:
    return models.ForeignKey(
        "rosters.Assignment", null=null, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class Leave(models.Model):
    """Somebody asks to be away; the supervisor decides and names who stands in (D-11)."""

    class Kind(models.TextChoices):
        PERSONAL = "personal", N("事假")
        SICK = "sick", N("病假")
        ANNUAL = "annual", N("年休假")
        COVER = "cover", N("临时替班")
        OTHER = "other", N("其它")

    class State(models.TextChoices):
        ASKED = "asked", N("待批准")
        APPROVED = "approved", N("已批准")
        REFUSED = "refused", N("未批准")
        WITHDRAWN = "withdrawn", N("已撤回")

    site = _site()
    staff = _staff()
    kind = models.CharField(max_length=10, choices=Kind)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = _staff(null=True)
    decision = models.CharField(max_length=200, blank=True)
    open_turns = models.PositiveSmallIntegerField(default=0)  # taken off him, and nobody stands in yet
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="leave_lasts"),
            models.CheckConstraint(
                condition=~Q(state__in=("approved", "refused"))
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="leave_decided_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-asked_at", "-id"], name="leave_register"),
            models.Index(
                fields=["staff", "starts_at"], condition=Q(state="approved"), name="leave_of_person"
            ),
        ]


class Cover(models.Model):
    """A turn, or a part of it, that a leave takes off somebody, and who stands in; each part once (D-11, D-28)."""

    leave = models.ForeignKey(Leave, on_delete=models.PROTECT, related_name="covers")
    turn = _turn()  # as it was before the leave
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    substitute = _staff(null=True)
    made = _turn(null=True)  # the turn the substitute got

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["leave", "turn"], name="cover_once_for_each_turn"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="cover_lasts"),
        ]


class Swap(models.Model):
    """Two people want to change turns; the colleague agrees, the supervisor approves, never in private (D-11)."""

    class State(models.TextChoices):
        ASKED = "asked", N("待对方同意")
        AGREED = "agreed", N("待主管批准")
        APPROVED = "approved", N("已换班")
        DECLINED = "declined", N("对方不同意")
        REFUSED = "refused", N("未批准")
        WITHDRAWN = "withdrawn", N("已撤回")

    site = _site()
    staff = _staff()
    turn = _turn()
    colleague = _staff()
    other_turn = _turn(null=True)  # None: the colleague takes the turn and gives none
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = _staff(null=True)
    decision = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["turn"],
                condition=Q(state__in=("asked", "agreed")),
                name="swap_of_a_turn_once_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(staff=F("colleague")), name="swap_with_somebody_else"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(agreed_at__isnull=False, decided_by__isnull=False),
                name="swap_agreed_and_approved",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-asked_at", "-id"], name="swap_register")]


class Wish(models.Model):
    """A day that somebody would like to have free; the planner keeps it where it can (D-01)."""

    class State(models.TextChoices):
        OPEN = "open", N("已登记")
        WITHDRAWN = "withdrawn", N("已撤回")

    site = _site()
    staff = _staff()
    day = models.DateField()
    note = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "staff", "day"], condition=Q(state="open"), name="wish_once_for_a_day"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-asked_at", "-id"], name="wish_register")]


class CallAttempt(models.Model):
    """Somebody on call was rung up after hours: reached or not, and whether he came back to the site (D-13)."""

    class State(models.TextChoices):
        MISSED = "missed", N("没有接通")
        REACHED = "reached", N("已接通")
        COMING = "coming", N("正在赶来")
        CAME = "came", N("已回到现场")

    site = _site()
    staff = _staff()
    phone = models.CharField(max_length=20)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State)
    called_at = models.DateTimeField()
    called_by = _staff()
    came_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(state="came") | Q(came_at__isnull=False), name="call_came_at")
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-called_at", "-id"], name="call_register")]


class PlanRun(models.Model):
    """One run of the planner for a month: asked for, worked on by the worker, answered with a proposal (D-01)."""

    class State(models.TextChoices):
        WAITING = "waiting", N("等待计算")
        RUNNING = "running", N("正在计算")
        DONE = "done", N("已有方案")
        FAILED = "failed", N("没有算成")

    site = _site()
    month = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    asked_by = _staff()
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    asked = models.JSONField(default=dict)  # what the planner was told
    answer = models.JSONField(default=dict)  # what it proposes
    accepted_at = models.DateTimeField(null=True)
    accepted_by = _staff(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "month"],
                condition=Q(state__in=("waiting", "running")),
                name="plan_run_one_at_a_time",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at"], condition=Q(state__in=("waiting", "running")), name="plan_run_waiting"
            ),
            models.Index(fields=["site", "month", "-id"], name="plan_run_of_month"),
        ]
