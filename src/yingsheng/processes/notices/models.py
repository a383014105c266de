"""Notice: what happens where and when. NoticeRead: who of the staff has seen it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yingsheng.base.words import gettext_noop as N


class Notice(models.Model):
    """One notice; who reported it, what it says, whom it concerns, and how it ended."""

    class Kind(models.TextChoices):
        WATER = "water", N("停水")
        POWER = "power", N("停电")
        GAS = "gas", N("停气")
        LIFT = "lift", N("电梯检修")
        PEST = "pest", N("消杀")
        CLEANING = "cleaning", N("清洁养护")
        MEASURES = "measures", N("公布措施")
        TIP = "tip", N("温馨提示")
        OTHER = "other", N("其它通知")

    class State(models.TextChoices):
        REPORTED = "reported", N("待发布")
        PUBLISHED = "published", N("已发布")
        ENDED = "ended", N("已结束")
        CANCELLED = "cancelled", N("已取消")

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.REPORTED)
    title = models.CharField(max_length=80)
    text = models.TextField()
    contact = models.CharField(max_length=80, blank=True)
    sudden = models.BooleanField(default=False)
    whole_site = models.BooleanField(default=True)
    buildings = models.ManyToManyField("estate.Building", related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    department = models.ForeignKey(
        "org.Department", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)  # why it was changed last, or cancelled
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="notice_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(reason=""), name="notice_cancelled_with_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-reported_at", "-id"], name="notice_register"),
            # what is told at the desk: few rows, whatever the years behind
            models.Index(fields=["site", "starts_at"], condition=Q(state="published"), name="notice_running"),
        ]

    def __str__(self) -> str:
        return self.title


class NoticeRead(models.Model):
    """Somebody of the staff has seen a notice."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="reads")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["notice", "staff"], name="notice_read_once")]
