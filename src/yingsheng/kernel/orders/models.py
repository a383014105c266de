"""WorkOrder: one sheet of 派工单. WorkerProfile: what somebody can do and when he is there. Material: what was used."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.keys import new_key


class Trade(models.TextChoices):
    """What kind of hands work needs."""

    WATER = "water", N("水暖")
    ELECTRIC = "electric", N("电工")
    CARPENTRY = "carpentry", N("木工")
    MASONRY = "masonry", N("泥瓦")
    LOCK = "lock", N("门锁")
    LIFT = "lift", N("电梯")
    APPLIANCE = "appliance", N("家电")
    CLEANING = "cleaning", N("保洁")
    GREENING = "greening", N("绿化")
    PUBLIC = "public", N("公共设施")
    OTHER = "other", N("其他")


class WorkOrder(models.Model):
    """Work under a case given to a unit and a person. Its number is accounted for until its form is back (R-05)."""

    class State(models.TextChoices):
        WAITING = "waiting", N("待签收")
        ACCEPTED = "accepted", N("已签收")
        WORKING = "working", N("施工中")
        PAUSED = "paused", N("已暂停")
        DONE = "done", N("已完成")
        RETURNED = "returned", N("已收回")
        VOID = "void", N("已作废")

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=16, unique=True, default=new_key)  # what stands in addresses
    number = models.CharField(max_length=40)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="orders")
    redo_of = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="redone_by", db_index=False
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    version = models.PositiveIntegerField(default=1)

    trade = models.CharField(max_length=12, choices=Trade)
    task = models.CharField(max_length=300)
    outdoor = models.BooleanField(default=False)  # decides which of the manners of R-17 are on the checklist
    urgent = models.BooleanField(default=False)
    department = models.ForeignKey(
        "org.Department", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    outside = models.CharField(max_length=80, blank=True)  # a firm that does it, where nobody of ours does
    visit_at = models.DateTimeField(null=True)  # when the household expects somebody
    due_at = models.DateTimeField(null=True)  # what was promised for the work

    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    given_at = models.DateTimeField(null=True)  # when its present worker got it
    signed_at = models.DateTimeField(null=True)  # when the receiver signed for it
    started_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)
    checklist = models.JSONField(default=list)  # codes of what was ticked
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="order_one_number"),
            models.CheckConstraint(
                condition=~Q(state__in=("accepted", "working", "paused", "done"))
                | Q(worker__isnull=False)
                | ~Q(outside=""),
                name="order_at_work_has_worker",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=False) | ~Q(state__in=("done", "returned")),
                name="order_done_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="void") | ~Q(void_reason=""), name="order_void_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="paused") | (Q(paused_at__isnull=False) & ~Q(pause_reason="")),
                name="order_paused_has_reason",
            ),
        ]
        indexes: ClassVar = [
            # a worker's list
            models.Index(
                fields=["worker", "due_at", "id"],
                condition=Q(state__in=("waiting", "accepted", "working", "paused")),
                name="order_open_of",
            ),
            # the pool and the board of a site
            models.Index(
                fields=["site", "state", "due_at", "id"],
                condition=Q(state__in=("waiting", "accepted", "working", "paused")),
                name="order_open_at",
            ),
            # forms that are still out
            models.Index(fields=["site", "done_at"], condition=Q(state="done"), name="order_to_recover"),
            # the register of numbers
            models.Index(fields=["site", "-issued_at", "-id"], name="order_register"),
        ]

    def __str__(self) -> str:
        return self.number


class WorkerProfile(models.Model):
    """What a member of staff can do at a site and in which hours work is given to him."""

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="worker_profiles", db_index=False
    )
    trades = models.JSONField(default=list)
    shift_from = models.TimeField()
    shift_to = models.TimeField()  # earlier than `shift_from`: over midnight; equal: round the clock
    weekdays = models.JSONField(default=list)  # 0 Monday … 6 Sunday
    away_until = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "staff"], name="worker_once_at_site")
        ]


class Material(models.Model):
    """What was taken for an order, and how much of it came back."""

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="materials")
    code = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=10, blank=True)
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    returned = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    price_fen = models.BigIntegerField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(returned__gte=0) & Q(returned__lte=models.F("quantity")),
                name="material_returns_no_more_than_taken",
            )
        ]
